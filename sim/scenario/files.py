"""The graph's file that a scenario names: where it lies, and whether it is there."""

from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from sim.scenario import hints
from sim.scenario.errors import ScenarioError, fault
from sim.scenario.nodes import Mapping, Mark, descend, place
from sim.scenario.population import FileGraph


def graph_file(root: Mapping, graph: Any, folder: Path | None) -> Path | None:
    """Absolute path of the graph's file; none when the ties come from a generator.

    A path in a scenario's file is relative to its folder (or, for a resolved copy among the
    results, to the current one) and may not lead outside: a scenario that somebody sends you
    reads nothing else. One given as an option or in Python is the user's own and
    relative to the current folder.

    Raises
    ------
    ScenarioError
        The file is missing, no file, or outside.
    """
    if not isinstance(graph, FileGraph):
        return None
    at = ("population", "graph", "file")
    mark = place(root, at)
    in_file = any(node.mark.source.is_file for key, node in descend(root, at) if key == "file")
    if in_file and _leads_outside(graph.file):
        raise fault(
            f"population.graph.file leads outside the scenario's folder: {graph.file}",
            mark,
            f"put it beside the scenario, or give it as an option: --graph {graph.file}",
        )
    here = Path(graph.file)
    places = [folder / here, here] if in_file and folder is not None else [here]
    try:
        for path in places:
            if path.is_file():
                return path.resolve()
        raise _missing(places[0], mark)
    except (OSError, ValueError) as error:
        if isinstance(error, ScenarioError):
            raise
        raise fault(f"the graph's file cannot be read: {error}", mark) from None


def _leads_outside(text: str) -> bool:
    for kind in (PurePosixPath, PureWindowsPath):
        path = kind(text)
        if path.is_absolute() or path.drive or path.root or ".." in path.parts:
            return True
    return False


def _missing(path: Path, mark: Mark) -> Exception:
    if path.is_dir():
        return fault(f"the graph's file {path} is a folder", mark)
    if path.exists():
        return fault(f"the graph's file {path} is not a regular file", mark)
    near = None
    if path.parent.is_dir():
        near = hints.nearest(path.name, [other.name for other in path.parent.iterdir()])
    tail = f"; did you mean {path.parent / near}?" if near else ""
    return fault(f"there is no graph file {path}{tail}", mark)
