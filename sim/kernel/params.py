"""The parameters of the compiled loop: the rules' coefficients and the community's settings."""

from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.agents.drivers import N_DRIVERS
from shequn.agents.rules import GROUPS

GRAPH, COMPLETE = 0, 1  # mixing
RANDOM, TOPIC, FILL = 0, 1, 2  # placing
NEWEST, HOT, INTEREST, FOLLOWED = 0, 1, 2, 3  # order of reading

#: Coefficients as ``<group>_<name>``, then the settings. Between two segments openness, reach, the factors
#: and rewards, welcome, staff_cost, order and most coefficients may change (then call
#: ``Machine.parameters_changed``). Parameters on which existing records depend may not: shown, mixing, city,
#: placing's rooms, locality_reach, the modes of leaving and inviting, and return_after from or to never.
params_dtype = np.dtype(
    [(f"{group.name}_{c.name}", "f8") for group in GROUPS for c in group.coefficients]
    + [
        ("openness", "f8"),  # [0, 1]
        ("reach", "f8"),  # hazard of discovery per person outside and day
        ("discovery_factor", "f8"),  # of current campaigns and hot events
        ("invitation_factor", "f8"),
        ("reward_inviter", "f8"),
        ("reward_invited", "f8"),
        ("reward_money", "f8"),  # paid per join of a stranger or by invitation
        ("return_after", "f8"),  # days; inf = never
        ("welcome_share", "f8"),
        ("welcome_delay", "f8"),  # days, mean
        ("staff_cost", "f8"),  # of all staff, per day
        ("population_level", "f8"),  # expected quality of a person: it does not depend on who was drawn
        ("centre", "f8"),  # the community's topic
        ("city", "f8"),  # side of the square city, km; 0 without places
        ("mixing", "f8"),
        ("placing", "f8"),
        ("order", "f8"),
        ("shown", "f8"),  # posts a room keeps in view
        ("journal", "f8"),  # the last JournalKind that is written
        ("possible", "f8", (N_DRIVERS,)),  # 1 for drivers whose signal this setting can give at all
    ]
)


def default_params() -> npt.NDArray[Any]:
    """One record with every coefficient at its default and every setting at 0 (factors 1)."""
    params = np.zeros(1, dtype=params_dtype)
    for group in GROUPS:
        for c in group.coefficients:
            params[f"{group.name}_{c.name}"] = c.number(c.default)
    for name in ("discovery_factor", "invitation_factor", "possible"):
        params[name] = 1.0
    return params
