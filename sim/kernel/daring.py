"""Whether a member dares to write for the first time: what they have read of people like them."""

from typing import Any

import numpy as np

from shequn.agents import daring as rule
from shequn.agents.compiled import compiled
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.state import NOBODY
from shequn.sim.kernel.world import World


@compiled(only_with=Feature.STAFF)
def note_model(world: World, person: int, post: Any) -> None:
    """Somebody who has never written reads an answer: who got it is a model, the more they are alike."""
    p = world.params[0]
    who = world.people[person]
    member = world.members[who["member"]]
    if p["daring_alone"] >= 1.0 or member["n_posts"] > 0 or post["to"] == NOBODY or post["to"] == person:
        return
    answered = world.people[post["to"]]
    alike = rule.likeness(np.float64(who["quality"]), np.float64(answered["quality"]), p)
    world.reading[0]["models"] += alike


@compiled(only_with=Feature.STAFF, otherwise=1.0)
def share_who_dare(world: World, who: Any) -> float:
    """Factor on the chance of writing: 1 for who has written before."""
    member = world.members[who["member"]]
    p = world.params[0]
    if p["daring_alone"] >= 1.0 or member["n_posts"] > 0:
        return 1.0
    return float(rule.daring(np.float64(world.reading[0]["models"]), p))
