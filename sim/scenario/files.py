"""Files that a scenario names (a graph, a real group): where they are, and whether they exist."""

from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from shequn.sim import hints
from shequn.sim.language import N_, _
from shequn.sim.scenario.errors import ScenarioError, scenario_error
from shequn.sim.scenario.nodes import Mapping, Mark, descend, location
from shequn.sim.scenario.population import FileGraph, FromLog


def graph_file(root: Mapping, graph: Any, folder: Path | None) -> Path | None:
    """Absolute path of the graph's file; None when a generator makes the ties. See `resolve_file`."""
    if not isinstance(graph, FileGraph):
        return None
    return resolve_file(
        root, ("population", "graph", "file"), graph.file, folder, N_("graph"), "--graph FILE"
    )


def group_file(root: Mapping, from_log: FromLog | None, folder: Path | None) -> Path | None:
    """Absolute path of the table of members of a real group, if the scenario names one. See `resolve_file`."""
    if from_log is None:
        return None
    at = ("population", "from_log", "file")
    return resolve_file(root, at, from_log.file, folder, N_("group"), "--set population.from_log.file=FILE")


def resolve_file(
    root: Mapping, at: tuple[str, ...], name: str, folder: Path | None, what: str, option: str
) -> Path:
    """Absolute path of a file that a scenario names.

    A path written in a scenario file is relative to that file's folder (or, for a resolved copy among
    the results, to the current folder). It may not lead outside that folder, so that a scenario from
    somebody else cannot read other files. A path given as an option or in Python is the user's own: it is
    relative to the current folder and may lead anywhere.

    Parameters
    ----------
    root : Mapping
        The scenario.
    at : tuple of str
        Path of the key that names the file.
    name : str
        The file's path as the scenario writes it.
    folder : Path, optional
        Folder of the scenario file.
    what, option : str
        For messages: what the file is, and the option that accepts a file from anywhere.

    Raises
    ------
    ScenarioError
        The file is missing, is not a regular file, or is outside the folder.
    """
    mark = location(root, at)
    in_file = any(node.mark.source.is_file for key, node in descend(root, at) if key == "file")
    if in_file and _leads_outside(name):
        raise scenario_error(
            _("{at} leads outside the scenario's folder: {name}").format(at=".".join(at), name=name),
            mark,
            _("put it beside the scenario, or give it as an option: {value}").format(
                value=option.replace("FILE", name)
            ),
        )
    here = Path(name)
    candidates = [folder / here, here] if in_file and folder is not None else [here]
    try:
        for path in candidates:
            if path.is_file():
                return path.resolve()
        raise _missing(candidates[0], mark, what)
    except (OSError, ValueError) as error:
        if isinstance(error, ScenarioError):
            raise
        raise scenario_error(
            _("the {what}'s file cannot be read: {error}").format(what=_(what), error=error), mark
        ) from None


def _leads_outside(text: str) -> bool:
    for kind in (PurePosixPath, PureWindowsPath):
        path = kind(text)
        if path.is_absolute() or path.drive or path.root or ".." in path.parts:
            return True
    return False


def _missing(path: Path, mark: Mark, what: str) -> Exception:
    if path.is_dir():
        return scenario_error(_("the {what}'s file {path} is a folder").format(what=_(what), path=path), mark)
    if path.exists():
        return scenario_error(
            _("the {what}'s file {path} is not a regular file").format(what=_(what), path=path), mark
        )
    near = None
    if path.parent.is_dir():
        near = hints.nearest(path.name, [other.name for other in path.parent.iterdir()])
    tail = _("; did you mean {near}?").format(near=path.parent / near) if near else ""
    return scenario_error(
        _("there is no {what} file {path}{tail}").format(what=_(what), path=path, tail=tail), mark
    )
