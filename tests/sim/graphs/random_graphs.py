"""Graphs of known ties in random dress: names, delimiter, header, order of columns, weights, encoding, format."""

import csv
import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx
import numpy as np

_NAMES: dict[str, Callable[[int], str]] = {
    "numbers": str,
    "codes": lambda i: f"n{i}",
    "Chinese": lambda i: f"成员{i}",
    "comma": lambda i: f"Li, Ann {i}",
    "space": lambda i: f"Ann Lee {i}",
    "mail": lambda i: f"p{i}@example.org",
    "long": lambda i: str(10_000_000_000_000 + 17 * i),
}
_HEADERS = (
    None, None, ("source", "target"), ("from", "to"), ("member_a", "member_b"), ("user_id", "friend_id"),
    ("用户A", "用户B"), ("来源", "目标"), ("User 1", "User 2"),
)  # fmt: skip
_SHAPES = ("list", "list", "list", "list", "arrows", "matrix", "graphml", "gexf", "gml", "pajek")


class RandomGraph(NamedTuple):
    """A graph's file and what is to be found in it."""

    path: Path
    shape: str
    names: set[str]
    ties: set[frozenset[str]]
    weights: dict[frozenset[str], float]  # the largest of each tie; empty where there are none


def random_graph(seed: int, folder: Path) -> RandomGraph:
    """Write a graph of random ties in random dress."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(8, 50))
    made = nx.gnm_random_graph(n, int(rng.integers(n, 3 * n)), seed=seed)
    made.remove_nodes_from(list(nx.isolates(made)))  # an edge list cannot have them
    name = _NAMES[str(rng.choice(list(_NAMES)))]
    pairs = [(name(a), name(b)) for a, b in made.edges]
    shape = str(rng.choice(_SHAPES))
    weighted = bool(rng.random() < 0.4) and shape in ("list", "matrix", "graphml", "gexf", "gml")
    weight = [float(w) for w in (rng.integers(1, 100, len(pairs)) / 100 if weighted else np.ones(len(pairs)))]
    stem = folder / f"graph-{seed}"
    match shape:
        case "list":
            path = _list(rng, pairs, weight if weighted else None, stem)
        case "arrows":
            path = _arrows(rng, pairs, stem)
        case "matrix":
            path = _matrix(rng, pairs, weight, stem)
        case _:
            path = _networkx(shape, pairs, weight, stem)
    ties = [frozenset(pair) for pair in pairs]
    return RandomGraph(
        path, shape, {person for pair in pairs for person in pair}, set(ties),
        dict(zip(ties, weight, strict=True)) if weighted else {},
    )  # fmt: skip


def _list(
    rng: np.random.Generator, pairs: list[tuple[str, str]], weight: list[float] | None, stem: Path
) -> Path:
    header = _HEADERS[rng.integers(len(_HEADERS))]
    delimiter = str(rng.choice([",", ";", "\t", "|", " "]))
    point = "," if weight is not None and delimiter in (";", "\t") and rng.random() < 0.4 else "."
    columns: list[tuple[str, list[str]]] = [
        (header[0] if header else "", [a for a, _b in pairs]), (header[1] if header else "", [b for _a, b in pairs])
    ]  # fmt: skip
    if weight is not None:
        columns.append(("weight", [f"{w:.2f}".replace(".", point) for w in weight]))
    elif rng.random() < 0.2:
        columns.append(("timestamp", [str(1_082_040_961 + 60 * i) for i in range(len(pairs))]))
    if header and rng.random() < 0.3:
        columns.insert(0, ("id", [str(i) for i in range(len(pairs))]))
    table = [[name for name, _texts in columns]] if header else []
    table += [list(row) for row in zip(*(texts for _name, texts in columns), strict=True)]
    out = io.StringIO()
    if rng.random() < 0.2:
        out.write("# made for a test\n")
    quoting = csv.QUOTE_ALL if rng.random() < 0.2 else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=quoting).writerows(table)
    return _written(rng, out.getvalue(), stem)


def _arrows(rng: np.random.Generator, pairs: list[tuple[str, str]], stem: Path) -> Path:
    arrow = str(rng.choice([" -> ", "->", " --> ", " → ", " <-> ", " -- "]))
    return _written(rng, "".join(f"{a}{arrow}{b}\n" for a, b in pairs), stem)


def _matrix(rng: np.random.Generator, pairs: list[tuple[str, str]], weight: list[float], stem: Path) -> Path:
    names = list(dict.fromkeys(person for pair in pairs for person in pair))
    cells = {frozenset(pair): w for pair, w in zip(pairs, weight, strict=True)}
    table: list[list[Any]] = [["", *names]]
    table += [[a, *(f"{cells.get(frozenset((a, b)), 0):g}" for b in names)] for a in names]
    out = io.StringIO()
    csv.writer(out, delimiter=str(rng.choice([",", ";", "\t"])), lineterminator="\n").writerows(table)
    return _written(rng, out.getvalue(), stem)


def _networkx(shape: str, pairs: list[tuple[str, str]], weight: list[float], stem: Path) -> Path:
    graph = nx.Graph()
    for (a, b), w in zip(pairs, weight, strict=True):
        graph.add_edge(a, b, weight=w)
    path = stem.with_suffix({"graphml": ".graphml", "gexf": ".gexf", "gml": ".gml", "pajek": ".net"}[shape])
    getattr(nx, f"write_{shape}")(graph, path)
    return path


def _written(rng: np.random.Generator, text: str, stem: Path) -> Path:
    if rng.random() < 0.2:
        text = text.replace("\n", "\r\n")
    data = text.encode(str(rng.choice(["utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16"])))
    ending = str(rng.choice([".csv", ".txt", ".tsv"]))
    if rng.random() < 0.2:
        data, ending = gzip.compress(data), ending + ".gz"
    path = stem.with_name(stem.name + ending)
    path.write_bytes(data)
    return path
