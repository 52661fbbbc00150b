"""Writing the journal: one row an event, into a buffer that Python empties."""

from agents.compiled import compiled
from sim.params import FULL
from sim.state import JournalKind
from sim.world import World


@compiled
def write(
    world: World, time: float, kind: int, person: int, other: int, room: int, detail: int, value: float
) -> None:
    """Add a row; rows of kinds above RETURN only when the journal is full."""
    if kind > JournalKind.RETURN and world.params[0]["journal"] < FULL:
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
