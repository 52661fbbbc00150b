"""What belongs to the present stage of the community."""

from typing import Any

from shequn.agents.compiled import compiled
from shequn.sim.kernel.world import World


@compiled
def is_during(world: World, entry: Any) -> bool:
    """Whether a task, an offer, an earn rule or a duty belongs to the present stage."""
    return bool((entry["during"] >> world.totals[0]["stage"]) & 1)
