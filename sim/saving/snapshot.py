"""A community's state to and from a file: what is saved, and under which names."""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shequn.sim.graphs.graph import Nodes
from shequn.sim.kernel.features import Feature
from shequn.sim.machine import Machine, Sink
from shequn.sim.saving.checks.cohorts import check_cohorts
from shequn.sim.saving.checks.ranges import require
from shequn.sim.saving.checks.traces import check_traces
from shequn.sim.saving.restoring import MEMBERSHIP, restore_world, snapshot_world
from shequn.sim.saving.state_file import SavedState, refusing_forgeries, write_state
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.merging import Override
from shequn.sim.scenario.model import MAX_SEED

if TYPE_CHECKING:
    from shequn.sim.course import Course

_RECORDED = "recorded."  # prefix of the names of a recorder's arrays
_WORLD = "world."


def save_course(
    course: "Course", path: Path, instant_is_done: bool, ends: list[float], recorded: Mapping[str, Any]
) -> str:
    """Write the state of a community between two steps: see :meth:`shequn.sim.community.Community.save`.

    Parameters
    ----------
    instant_is_done : bool
        Whether the operations of exactly this time have been carried out.
    ends : list of float
        Times at which current campaigns end.
    """
    machine = course.machine
    membership = machine.membership()  # empties the journal
    world = snapshot_world(machine.world)
    about = {
        "time": machine.time,
        "seed": course.run_seed,
        "instant_is_done": instant_is_done,
        "ends": ends,
        "people": machine.nodes.people,
        "labels": machine.nodes.labels,
        "notes": list(machine.nodes.notes),
        "scenario": course.settings.to_record(),
        "operator": course.operator.snapshot(),
        "room": world.room,
    }
    arrays = {_WORLD + name: array for name, array in world.arrays.items()}
    arrays[MEMBERSHIP] = membership
    arrays |= {_RECORDED + name: array for name, array in recorded.items()}
    return write_state(path, about, arrays)


def machine_of(past: SavedState, before: Scenario, features: Feature, sink: Sink | None) -> Machine:
    """The machine of a saved state, which was written in a run of ``before``, compiled with these features.

    Raises
    ------
    StateError
        A number in it is impossible, or its records do not fit each other.
    """
    about = past.about
    with refusing_forgeries():
        time, seed, people = float(about["time"]), seed_of(about), about["people"]
        require(math.isfinite(time) and 0.0 <= time <= before.days + 1.0, "time")
        arrays = {**_with_prefix(past.arrays, _WORLD), MEMBERSHIP: past.arrays[MEMBERSHIP]}
        require(type(people) is int and 0 < people <= len(past.arrays[_WORLD + "people"]), "people")
        world, membership = restore_world(arrays, about["room"], before, features, people, time, seed)
        check_cohorts(recorded_in(past), membership, time)
        check_traces(recorded_in(past), world, membership, time)
        labels, notes = about["labels"], about["notes"]
        require(labels is None or (len(labels) == people and _are_texts(labels)), "labels")
        require(_are_texts(notes), "notes")
        return Machine.restored(world, Nodes(people, labels, tuple(notes)), membership, time, sink)


def _are_texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def seed_of(about: Mapping[str, Any]) -> int:
    """Seed of the run; raises ``StateError`` if it is none."""
    with refusing_forgeries():
        seed = about["seed"]
        require(type(seed) is int and 0 <= seed <= MAX_SEED, "seed")
        return int(seed)


def recorded_in(past: SavedState) -> dict[str, Any]:
    """The arrays that the recorder of the run added."""
    return _with_prefix(past.arrays, _RECORDED)


def scenario_of(
    about: Mapping[str, Any],
    variant: str | None = None,
    overrides: Iterable[Override] = (),
    file: str | Path | None = None,
) -> Scenario:
    """The scenario run so far, or another variant of it; parameters as in :meth:`Scenario.from_record`.

    Raises
    ------
    ScenarioError
        There is no such variant, or it cannot be used.
    StateError
        There is no scenario in the description.
    """
    with refusing_forgeries():
        record = about["scenario"]
        chosen = record["variant"] if variant is None and file is None else variant
        return Scenario.from_record(record, chosen, overrides, file)


def _with_prefix(arrays: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
