"""Builds the graph of a scenario: from a file, a networkx generator, or shequn's own generator."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.sim.graphs.edge_lists import read_edge_list
from shequn.sim.graphs.generators import from_generator
from shequn.sim.graphs.graph import Graph, without_ties
from shequn.sim.graphs.graphml import read_graphml
from shequn.sim.graphs.options import FileOptions
from shequn.sim.graphs.other_formats import READERS, read_other
from shequn.sim.graphs.social import SETTINGS, social


def read(path: Path | str, options: FileOptions | None = None) -> Graph:
    """The graph in a file: of the format that its name's ending says, else an edge list.

    See :func:`shequn.sim.graphs.edge_lists.read_edge_list`, :func:`shequn.sim.graphs.graphml.read_graphml` and
    :func:`shequn.sim.graphs.other_formats.read_other`.

    Raises
    ------
    GraphError
        The file contains no readable graph; the message says where and why.
    """
    name, options = str(path).lower().removesuffix(".gz"), options or FileOptions()
    if name.endswith((".graphml", ".xml")):
        return read_graphml(path, options)
    ending = Path(name).suffix
    if ending in READERS:
        return read_other(path, ending, options)
    return read_edge_list(path, options)


def build(
    spec: Any,
    n: int,
    seed: int,
    traits: Callable[[npt.NDArray[np.uint64]], Any],
    folder: Path | None = None,
) -> Graph:
    """The graph that a scenario describes.

    Parameters
    ----------
    spec : mapping, or an object with these attributes
        ``population.graph`` of a scenario: ``generator`` (``social``, ``none`` or a networkx
        generator) with its settings, or ``file``. Missing settings have their defaults.
    n : int
        ``population.people``; ignored for a file, which has its own number of people.
    seed : int
        The scenario's seed.
    traits : function of keys
        Returns the people's fields ``quality``, ``topic``, ``x`` and ``y`` (``x`` is nan without
        places). Called only for ``social``, whose ties depend on them.
    folder : Path, optional
        Folder that a relative ``file`` starts from; default: the working folder.

    Raises
    ------
    GraphError
        The graph cannot be built; the message says why.
    """
    spec = spec if isinstance(spec, Mapping) else vars(spec)
    if spec.get("file") is not None:
        path = Path(folder or ".") / Path(str(spec["file"])).expanduser()
        return read(path, FileOptions(**{key: spec[key] for key in FileOptions._fields if key in spec}))
    name = str(spec.get("generator", "social"))
    if name == "none":
        return without_ties(n)
    if name != "social":
        return from_generator(name, spec.get("arguments") or {}, n, seed)
    keys = np.arange(n, dtype=np.uint64)
    people = traits(keys)
    x, y = people["x"], people["y"]
    has_places = x is not None and len(x) > 0 and not np.isnan(x[0])
    settings = {key: spec[key] for key in SETTINGS if spec.get(key) is not None}
    return social(
        keys, people["quality"], people["topic"], x if has_places else None, y if has_places else None,
        seed=seed, **settings,
    )  # fmt: skip
