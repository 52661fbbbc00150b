"""Reads nodes, edges and weights from GraphML, in one pass that rejects dangerous XML."""

import re
from pathlib import Path
from typing import Any
from xml.parsers import expat

import numpy as np

from shequn.sim.graphs import files as graph_files
from shequn.sim.graphs.graph import Graph, GraphError, from_pairs
from shequn.sim.graphs.options import NO_WEIGHT, FileOptions, by_option
from shequn.sim.language import _

_GB = re.compile(rb"^<\?xml[^>]*encoding=['\"](?:gb2312|gbk|gb18030)['\"]", re.IGNORECASE)
_STRENGTHS = ("strength", "weight")  # in order of preference


def refuse_doctype(path: Path, data: bytes) -> None:
    """Refuse XML with a document type or entities, which can exhaust a parser's memory.

    Raises
    ------
    GraphError
        It has one, or is not well-formed.
    """
    parser = expat.ParserCreate()

    def refuse(*_ignored: Any) -> None:
        raise GraphError(
            _("{path}: line {line}: found a document type or entities, which are not allowed").format(
                path=path, line=parser.CurrentLineNumber
            )
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise GraphError(
            _("{path}: line {lineno}: not well-formed XML ({problem})").format(
                path=path, lineno=error.lineno, problem=expat.ErrorString(error.code)
            )
        ) from None


def read_graphml(path: Path | str, options: FileOptions | None = None) -> Graph:
    """The graph of a GraphML file (gzipped or not), with people in the order of its nodes.

    An edge's ``strength``, or else ``weight``, is the strength of the tie; where it is missing, the key's
    default or 1. A directed edge makes a tie.

    Parameters
    ----------
    path : Path or str
    options : FileOptions, optional

    Raises
    ------
    GraphError
        The file cannot be read, is not GraphML, or has nested graphs or hyperedges. A document type or
        entities are an error too: they can exhaust a parser's memory, and GraphML needs none.
    """
    path, options = Path(path), options or FileOptions()
    data = graph_files.content(path)
    encoding = None
    if _GB.match(data):
        data, encoding = graph_files.text(path)[0], "utf-8"
    reader = _Reader(path, encoding, options)
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        problem = expat.ErrorString(error.code)
        raise GraphError(
            _("{path}: line {lineno}: not well-formed GraphML ({problem})").format(
                path=path, lineno=error.lineno, problem=problem
            )
        ) from None
    except (ValueError, LookupError) as error:
        if isinstance(error, GraphError):
            raise
        raise GraphError(
            _("{path}: not well-formed GraphML ({error})").format(path=path, error=error)
        ) from None
    return reader.graph()


class _Reader:
    """Collects nodes and edges while the parser reads them."""

    def __init__(self, path: Path, encoding: str | None, options: FileOptions) -> None:
        self.path, self.options = path, options
        self.strengths: tuple[str, ...] = _STRENGTHS  # attributes, in order of preference
        if options.weight != "auto":
            self.strengths = () if options.weight == NO_WEIGHT else (options.weight.lower(),)
        self.depth: list[str] = []
        self.nodes: dict[str, int] = {}
        self.ends: list[str] = []
        self.edge_lines: list[int] = []
        self.directed: list[bool] = []
        self.values: dict[str, dict[int, float]] = {}  # key's id -> edge -> value
        self.keys: dict[str, str] = {}  # id -> name, of the edges' keys
        self.defaults: dict[str, float] = {}
        self.all_directed = False
        self.key, self.text = "", ""
        self.parser = expat.ParserCreate(encoding)
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _error(self, message: str, line: int | None = None) -> GraphError:
        return GraphError(
            _("{path}: line {line}: {message}").format(
                path=self.path, line=line or self.parser.CurrentLineNumber, message=message
            )
        )

    def _doctype(self, *ignored: Any) -> None:
        raise self._error(_("found a document type or entities, which are not allowed: GraphML needs none"))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if not self.depth and tag != "graphml":
            raise self._error(_("found <{tag}>, not GraphML").format(tag=tag))
        self.text = ""
        if tag == "graph":
            if "graph" in self.depth or self.nodes:
                raise self._error(_("found a second or nested graph; expected one graph"))
            self.all_directed = attributes.get("edgedefault") == "directed"
        elif tag == "node":
            name = self._needed(tag, attributes, "id")
            if name in self.nodes:
                raise self._error(_("node {name!r} appears twice").format(name=name))
            self.nodes[name] = len(self.nodes)
        elif tag == "edge":
            self.ends += [self._needed(tag, attributes, "source"), self._needed(tag, attributes, "target")]
            self.edge_lines.append(self.parser.CurrentLineNumber)
            directed = attributes.get("directed")
            self.directed.append(self.all_directed if directed is None else directed in ("true", "1"))
        elif tag == "hyperedge":
            raise self._error(_("found a hyperedge; expected edges between two nodes"))
        elif tag == "key":
            self.key = attributes.get("id", "")
            if attributes.get("for", "all") in ("edge", "all"):
                self.keys[self.key] = attributes.get("attr.name", "").lower()
        elif tag == "data":
            self.key = attributes.get("key", "")
        self.depth.append(tag)

    def _needed(self, tag: str, attributes: dict[str, str], name: str) -> str:
        if not attributes.get(name, "").strip():
            raise self._error(_("<{tag}> has no {name}").format(tag=tag, name=name))
        return attributes[name].strip()

    def _characters(self, data: str) -> None:
        if self.depth[-1] in ("data", "default"):
            self.text += data

    def _end(self, _: str) -> None:
        tag = self.depth.pop()
        inside = self.depth[-1] if self.depth else ""
        if self.keys.get(self.key) not in self.strengths:
            return
        if tag == "default" and inside == "key":
            self.defaults[self.key] = self._number()
        elif tag == "data" and inside == "edge":
            self.values.setdefault(self.key, {})[len(self.directed) - 1] = self._number()

    def _number(self) -> float:
        try:
            number = float(self.text)
        except ValueError:
            number = 0.0
        if not 0 < number < float("inf") and self.options.bad_weights == "refuse":
            raise self._error(
                _("{keys} {strip!r} is not a number above 0; {option}").format(
                    keys=self.keys[self.key], strip=self.text.strip(), option=by_option("bad_weights", "drop")
                )
            )
        return number

    def _strength(self) -> Any:
        for name in self.strengths:
            for key, attribute in self.keys.items():
                if attribute == name and (key in self.values or key in self.defaults):
                    strength = np.full(len(self.directed), self.defaults.get(key, 1.0))
                    values = self.values.get(key, {})
                    strength[list(values)] = list(values.values())
                    return strength
        return None

    def graph(self) -> Graph:
        """The graph of the nodes and edges read."""
        places = [self.nodes.get(name, -1) for name in self.ends]
        if -1 in places:
            at = places.index(-1)
            raise self._error(
                _("edge to {ends!r}, which is not a node").format(ends=self.ends[at]),
                self.edge_lines[at // 2],
            )
        ends = np.array(places, dtype=np.int64).reshape(-1, 2)
        strength, directed, notes = self._strength(), np.array(self.directed, dtype=bool), []
        if self.options.mutual:  # an undirected edge counts in both directions
            back = ends[~directed][:, ::-1]
            ends = np.concatenate([ends, back])
            strength = None if strength is None else np.concatenate([strength, strength[~directed]])
        elif directed.any():
            notes.append(_("directed: a tie wherever either direction exists"))
        try:
            return from_pairs(
                list(self.nodes), ends[:, 0], ends[:, 1], strength, notes, self.options.mutual,
                repeats=self.options.repeats, bad_weights=self.options.bad_weights,
            )  # fmt: skip
        except GraphError as error:
            raise GraphError(f"{self.path}: {error}") from None
