"""What one run hands over to the tables."""

from collections.abc import Callable
from typing import Any, NamedTuple

from shequn.sim.community import Community
from shequn.sim.kernel.world import Records
from shequn.sim.scenario import Scenario


class Outcome(NamedTuple):
    """The end of a run.

    ``people`` has a record for everybody (``person_dtype``), ``days`` the rows 0 … D
    (``day_dtype``), ``membership`` the journal's rows of comings and goings in time order.
    """

    scenario: Scenario
    seed: int
    people: Records
    labels: list[str] | None  # names of the nodes, if the graph has any
    days: Records
    membership: Records
    notes: tuple[str, ...]
    edges: Callable[[], tuple[Any, Any, Any]]  # all ties now: one end, the other, strength


def outcome_of(community: Community) -> Outcome:
    """The outcome of a community as it stands."""
    machine = community.machine
    membership = machine.membership()
    return Outcome(
        scenario=community.settings,
        seed=community.run_seed,
        people=machine.world.people,
        labels=machine.graph.labels,
        days=machine.days.copy(),
        membership=membership,
        notes=machine.graph.notes,
        edges=machine.edges,
    )
