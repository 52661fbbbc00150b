"""What the operator's levers act through: drivers of members, or one of a few direct channels.

A lever (an operation, a gate) declares both. With the declared drivers at 0 for everybody and the declared
channels neutral it must change nothing, to the byte; with them on it must change something
(``tests/sim/test_levers.py``).
"""

from enum import Enum
from typing import NamedTuple

from shequn.agents.drivers import Driver


class Direct(Enum):
    """What a lever may change without a driver."""

    PURSE = "money that a person can spend"
    ATTENTION = "posts that a member reads at a visit"
    WORKING_TIME = "minutes that staff have"
    CAPACITY = "how many may be in"
    REACH = "which strangers come to the door"
    ADMISSION = "whom the door lets in, and who must leave"
    LEVEL = "the quality that members perceive"
    PERMISSION = "what members may do"
    SETTING = "a key of the scenario, whatever that acts through"


class Through(NamedTuple):
    """What a lever acts through."""

    drivers: tuple[Driver, ...] = ()
    direct: tuple[Direct, ...] = ()
