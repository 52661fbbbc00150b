"""A community's state to and from a file: what is saved, and under which names."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shequn.sim.graphs.graph import Graph, without_ties
from shequn.sim.kernel.features import Feature, marker
from shequn.sim.machine import Machine, Sink
from shequn.sim.saving.restoring import (
    MEMBERSHIP,
    check_membership,
    restore_membership,
    restore_world,
    snapshot_world,
)
from shequn.sim.saving.state_file import SavedState, StateError, write_state
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.merging import Override

if TYPE_CHECKING:
    from shequn.sim.community import Community

_RECORDED = "recorded."  # prefix of the names of a recorder's arrays
_WORLD = "world."


def save_community(
    community: "Community", path: Path, instant_is_done: bool, ends: list[float], recorded: Mapping[str, Any]
) -> str:
    """Write the state of a community between two steps: see :meth:`shequn.sim.community.Community.save`.

    Parameters
    ----------
    instant_is_done : bool
        Whether the operations of exactly this time have been carried out.
    ends : list of float
        Times at which current campaigns end.
    """
    machine = community.machine
    membership = machine.membership()  # empties the journal
    world = snapshot_world(machine.world)
    about = {
        "time": machine.time,
        "seed": community.run_seed,
        "instant_is_done": instant_is_done,
        "ends": ends,
        "people": machine.graph.people,
        "labels": machine.graph.labels,
        "notes": list(machine.graph.notes),
        "scenario": community.settings.to_record(),
        "operator": community.operator.snapshot(),
        "room": world.room,
    }
    arrays = {_WORLD + name: array for name, array in world.arrays.items()}
    arrays[MEMBERSHIP] = membership
    arrays |= {_RECORDED + name: array for name, array in recorded.items()}
    return write_state(path, about, arrays)


def machine_of(past: SavedState, features: Feature, sink: Sink | None) -> Machine:
    """The machine of a saved state, compiled with these features and those that it needs.

    Raises
    ------
    StateError
        Its arrays do not fit each other.
    """
    about = past.about
    try:
        world = restore_world(_with_prefix(past.arrays, _WORLD), about["room"])
        membership = restore_membership(past.arrays)
        check_membership(membership, len(world.people))
        graph = _graph_without_ties(int(about["people"]), about["labels"], about["notes"])
        world = world._replace(features=marker(features))
        return Machine.restored(world, graph, membership, float(about["time"]), sink)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise StateError(f"the saved state does not fit together ({error})") from None


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
    """
    record = about["scenario"]
    chosen = record["variant"] if variant is None and file is None else variant
    return Scenario.from_record(record, chosen, overrides, file)


def _with_prefix(arrays: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def _graph_without_ties(people: int, labels: list[str] | None, notes: list[str]) -> Graph:
    return without_ties(people)._replace(labels=labels, notes=tuple(notes))
