"""Making a finished run again from its manifest and its scenario, and comparing the bytes."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq

from shequn.agents.compiled import source_digest
from shequn.experiments.replicates.course import Course
from shequn.experiments.replicates.replicates import Simulate, write_run
from shequn.experiments.replicates.saved_run import STATES, SavedRun, saved_run, state_name
from shequn.experiments.replicates.workers import Workers
from shequn.sim.language import _
from shequn.sim.results.folder import DamagedError, is_complete, result_folder
from shequn.sim.results.manifest import DIGESTS, environment, read_manifest
from shequn.sim.saving.state_file import StateError, read_about, state_digest
from shequn.sim.scenario import Scenario, ScenarioError
from shequn.sim.version import __version__

SCENARIO = "scenario.yaml"


class CannotReproduceError(ValueError):
    """A run that cannot be made again here; ``reasons`` says exactly why."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


class Recipe(NamedTuple):
    """All that a finished run follows from."""

    scenario: Scenario
    course: Course
    manifest: dict[str, Any]


class Comparison(NamedTuple):
    """A run beside the one made again.

    Attributes
    ----------
    same : list of str
        Files of the run that are the same, byte for byte.
    differing : dict
        Of each other file, where it differs first.
    elsewhere : list of str
        How this machine and its packages differ from those of the run.
    """

    same: list[str]
    differing: dict[str, str]
    elsewhere: list[str]


def recipe(folder: Path) -> Recipe:
    """Read how a finished run was made.

    Raises
    ------
    CannotReproduceError
        It is no run, of another version or other sources, or a file that it was made from is missing or changed.
    DamagedError
        Its manifest or its tables were changed.
    """
    manifest = read_manifest(folder)
    if not {"run", "seeds", "runs_in", "journal"} <= set(manifest):
        words = _(
            "{folder} has the results of a sweep or comparison, not of a run: "
            "the same command with --force makes them again"
        )
        raise CannotReproduceError([words.format(folder=folder)])
    reasons = list(_other_versions(manifest))
    missing = [name for name in _expected(manifest) if not (folder / name).is_file()]
    reasons += [_("{path} is missing").format(path=folder / name) for name in missing]
    if reasons:
        raise CannotReproduceError(reasons)
    try:
        scenario = Scenario.load(folder / SCENARIO)
    except ScenarioError as error:  # a file that it names is gone
        raise CannotReproduceError([str(error)]) from None
    past = _past(folder, manifest)
    for course in _courses(scenario, past, manifest):
        if result_folder(scenario, folder.parent.parent, course.key()).name == manifest["run"]:
            return Recipe(scenario, course, manifest)
    files = [path for path in (scenario.graph_path, scenario.group_path) if path is not None]
    if files:
        words = _("{path} is not as it was when the run was made")
        raise CannotReproduceError([words.format(path=path) for path in files])
    raise CannotReproduceError(
        [_("its scenario does not give the run of this name ({run})").format(run=manifest["run"])]
    )


def _other_versions(manifest: dict[str, Any]) -> Iterator[str]:
    if manifest["shequn"] != __version__:
        yield _("it was made by shequn {version}, and this is {ours}: pip install shequn=={version}").format(
            version=manifest["shequn"], ours=__version__
        )
    elif manifest["sources"] != source_digest():
        commit = manifest.get("commit") or "?"
        yield _(
            "it was made by other sources of shequn {version} ({sources}, commit {commit}; now {ours})"
        ).format(version=__version__, sources=manifest["sources"], commit=commit, ours=source_digest())


def _expected(manifest: dict[str, Any]) -> list[str]:
    """The files that a run is made from and compared by."""
    return [name for name in manifest[DIGESTS] if name == SCENARIO or name.startswith("tables/")]


def _past(folder: Path, manifest: dict[str, Any]) -> SavedRun | None:
    """The saved run that this one continued; it lies beside it, or in the folder of another scenario beside that."""
    origin = manifest.get("branching")
    if origin is None:
        return None
    for path in sorted(folder.parent.parent.glob(f"*/{origin['run']}")):
        if is_complete(path):
            try:
                past = saved_run(path)
            except (StateError, DamagedError) as error:
                raise CannotReproduceError([str(error)]) from None
            if past.digest == origin["states"]:
                return past
    words = _("it continues the saved run {run}, which is not in {folder}")
    raise CannotReproduceError([words.format(run=origin["run"], folder=folder.parent.parent)])


def _courses(scenario: Scenario, past: SavedRun | None, manifest: dict[str, Any]) -> Iterator[Course]:
    """The courses that the run may have had: whether its last day was named is not in the manifest."""
    saved = "state" in manifest
    network = tuple(manifest.get("network", ()))
    if not saved or int(manifest["state"]["day"]) == scenario.days:
        yield Course(past, None, saved, network)
    if saved:
        yield Course(past, int(manifest["state"]["day"]), saved, network)


def reproduce(
    folder: Path,
    made_from: Recipe,
    again: Path,
    simulate: Simulate,
    progress: Callable[[int, float], None],
    workers: Workers | None = None,
) -> Comparison:
    """Make a run again in the folder ``again``, which must not exist, and compare the two.

    Raises
    ------
    OSError, WorkerDiedError, GraphError, StateError
        As in :func:`shequn.experiments.replicates.replicates.write_run`.
    """
    scenario, course, manifest = made_from
    write_run(scenario, again, simulate, progress, workers=workers, course=course)
    other = read_manifest(again)
    same, differing = [], {}
    for name in _expected(manifest):
        if other[DIGESTS].get(name) == manifest[DIGESTS][name]:
            same.append(name)
        else:
            differing[name] = _first_difference(folder / name, again / name)
    for run, digest in enumerate(manifest.get("state", {}).get("sha256", [])):
        name = f"{STATES}/{state_name(run)}"
        if state_digest(folder / name) != digest:
            raise DamagedError.changed(folder / name)
        if _content(folder / name) == _content(again / name):
            same.append(name)
        else:
            differing[name] = _("another state")
    return Comparison(same, differing, _elsewhere(manifest))


def _content(state: Path) -> dict[str, Any]:
    """What a state holds, with the digests of its arrays, but for the names and files of its scenario."""
    return {key: value for key, value in read_about(state).items() if key != "scenario"}


def _first_difference(one: Path, two: Path) -> str:
    """Where two tables differ first."""
    if not two.is_file():
        return _("was not written")
    if one.suffix != ".parquet":
        return _("another text")
    a, b = pq.read_table(one), pq.read_table(two)
    if a.schema.names != b.schema.names or len(a) != len(b):
        return _("{n:,} rows, now {m:,}").format(n=len(a), m=len(b))
    for name in a.schema.names:
        left, right = a.column(name).to_pylist(), b.column(name).to_pylist()
        for row, (x, y) in enumerate(zip(left, right, strict=True)):
            if x != y and not (x != x and y != y):
                return _("first in row {row}, column {name}: {x}, now {y}").format(
                    row=row, name=name, x=x, y=y
                )
    return _("the same values in other bytes: another version of pyarrow or of its compression")


def _elsewhere(manifest: dict[str, Any]) -> list[str]:
    """How Python, packages and machine differ from those of the run."""
    here = environment()
    there = {"python": manifest["python"], "packages": manifest["packages"], "machine": manifest["machine"]}
    differences = []
    if there["python"] != here["python"]:
        differences.append(f"Python {there['python']} → {here['python']}")
    for name, version in there["packages"].items():
        if here["packages"].get(name) != version:
            differences.append(f"{name} {version} → {here['packages'].get(name)}")
    machines = [(there["machine"].get(name), here["machine"][name]) for name in ("system", "processor")]
    return differences + [f"{one} → {two}" for one, two in machines if one != two]
