"""GEXF, GML and Pajek, read by networkx, after a look for what could harm."""

import io
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shequn.sim.graphs import files as graph_files
from shequn.sim.graphs.graph import Graph, GraphError, from_networkx
from shequn.sim.graphs.graphml import refuse_doctype
from shequn.sim.graphs.options import FileOptions
from shequn.sim.language import _

_MOST = 200 << 20  # bytes: networkx needs some twenty times as much memory


def _gexf(path: Path, data: bytes) -> Any:
    import networkx as nx

    refuse_doctype(path, data)
    return nx.read_gexf(io.BytesIO(data), relabel=False)


def _gml(path: Path, data: bytes) -> Any:
    import networkx as nx

    lines = data.decode("utf-8").split("\n")
    try:
        return nx.parse_gml(lines, label="label")
    except nx.NetworkXError as error:
        if "label" not in str(error):
            raise
        return nx.parse_gml(lines, label="id")  # no labels, or two nodes with the same


def _pajek(path: Path, data: bytes) -> Any:
    import networkx as nx

    return nx.parse_pajek(data.decode("utf-8").split("\n"))


READERS: dict[str, tuple[str, Callable[[Path, bytes], Any]]] = {
    ".gexf": ("GEXF", _gexf),
    ".gml": ("GML", _gml),
    ".net": ("Pajek", _pajek),
    ".paj": ("Pajek", _pajek),
}


def read_other(path: Path | str, ending: str, options: FileOptions) -> Graph:
    """The graph of a GEXF, GML or Pajek file (gzipped or not), with people in the order of its nodes.

    Parameters
    ----------
    path : Path or str
    ending : str
        Ending of the file's name, a key of READERS.
    options : FileOptions

    Raises
    ------
    GraphError
        The file cannot be read, is too large, or is not of its format.
    """
    path = Path(path)
    name, reader = READERS[ending]
    data, notes = graph_files.text(path)
    if len(data) > _MOST:
        raise GraphError(
            _("{path}: {size:,} bytes; allowed in {format}: at most {most:,} (use an edge list)").format(
                path=path, size=len(data), format=name, most=_MOST
            )
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            graph = reader(path, data)
    except GraphError:
        raise
    except MemoryError:
        raise GraphError(_("{path}: not enough memory to read it").format(path=path)) from None
    except Exception as error:  # networkx raises what its parsers happen to raise: KeyError, StopIteration, …
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise GraphError(
            _("{path}: not a readable {format} file ({reason})").format(path=path, format=name, reason=reason)
        ) from None
    try:
        return from_networkx(graph, options, notes)
    except GraphError as error:
        raise GraphError(f"{path}: {error}") from None
