"""Writing the journal: one row per event, into a buffer that Python empties."""

from shequn.agents.compiled import compiled
from shequn.sim.kernel.world import World


@compiled
def write(
    world: World, time: float, kind: int, person: int, other: int, room: int, detail: int, value: float
) -> None:
    """Add a row, unless the scenario's ``journal`` setting leaves out its kind."""
    if kind > world.params[0]["journal"]:
        return
    total = world.totals[0]
    n = total["n_journal"]
    total["n_journal"] = n + 1
    row = world.journal[n]
    row["time"] = time
    row["kind"] = kind
    row["person"] = person
    row["other"] = other
    row["room"] = room
    row["detail"] = detail
    row["value"] = value
