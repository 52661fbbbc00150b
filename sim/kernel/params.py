"""The parameters of the compiled loop: the rules' coefficients and the community's settings."""

from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.agents.drivers import N_DRIVERS
from shequn.agents.rules import GROUPS

GRAPH, COMPLETE = 0, 1  # mixing
RANDOM, TOPIC, FILL, PLACE = 0, 1, 2, 3  # placing
NEWEST, HOT, INTEREST, FOLLOWED, OFFICIAL = 0, 1, 2, 3, 4  # order of reading

#: Coefficients as ``<group>_<name>``, then the settings. Between two segments visibility, bypass, reach, what
#: campaigns and events set, and most coefficients may change (then call
#: ``Machine.parameters_changed``). Parameters on which existing records depend may not: shown, mixing, city,
#: locality_reach, the modes of leaving and inviting, and return_after from or to never.
params_dtype = np.dtype(
    [(f"{group.name}_{c.name}", "f8") for group in GROUPS for c in group.coefficients]
    + [
        ("visibility", "f8"),  # [0, 1], factor on discovery
        ("bypass", "f8"),  # [0, 1], share of strangers who skip the gates
        ("reach", "f8"),  # hazard of discovery per person outside and day
        ("season", "f8"),  # factor on it of current seasons
        ("bought_reach", "f8"),  # of current campaigns, as a multiple of the community's own
        ("stranger_price", "f8"),  # money for each stranger reached by them
        ("event_reach", "f8"),  # of current hot events, as a multiple, for one who cares for events alone
        ("reminders", "f8"),  # of current campaigns, at each visit
        ("pay_inviter", "f8"),  # money for each join by invitation
        ("pay_invited", "f8"),
        ("purse_mean", "f8"),  # money per period; inf = nobody minds a price
        ("purse_log_sd", "f8"),
        ("purse_days", "f8"),  # length of the period
        ("return_after", "f8"),  # days; inf = never
        ("population_level", "f8"),  # expected quality of a person: it does not depend on who was drawn
        ("centre", "f8"),  # the community's topic
        ("city", "f8"),  # side of the square city, km; 0 without places
        ("mixing", "f8"),
        ("shown", "f8"),  # posts a room keeps in view
        ("journal", "f8"),  # the last JournalKind that is written
        ("possible", "f8", (N_DRIVERS,)),  # 1 for drivers whose signal this setting can give at all
    ]
)


def default_params() -> npt.NDArray[Any]:
    """One record with every coefficient at its default and every setting at 0 (purses infinite)."""
    params = np.zeros(1, dtype=params_dtype)
    for group in GROUPS:
        for c in group.coefficients:
            params[f"{group.name}_{c.name}"] = c.number(c.default)
    params["possible"] = params["season"] = 1.0
    params["purse_mean"], params["purse_days"] = np.inf, 1.0
    return params
