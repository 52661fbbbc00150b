"""The six drivers 驱动: why a member joins, acts and stays.

A driver is a file with a ``GROUP`` of coefficients and a function ``signal(observation, p)`` in
[0, 1]. To add a seventh, write its file and name it in three lines here: the import, ``Driver`` and
``signal``. Everything else (scenario keys, schema, records, tables) follows from ``Driver``.
"""

from enum import IntEnum
from typing import Any

from shequn.agents import (
    benefit,
    event,
    honor,
    interest,
    locality,
    relationship,
)
from shequn.agents.compiled import compiled
from shequn.agents.observation import Observation


class Driver(IntEnum):
    """The drivers, in the order in which their weights are stored."""

    HONOR = 0
    INTEREST = 1
    BENEFIT = 2
    RELATIONSHIP = 3
    EVENT = 4
    LOCALITY = 5


N_DRIVERS = len(Driver)


@compiled
def signal(driver: int, observation: Observation, p: Any) -> float:
    """The signal of one driver at a visit, in [0, 1]."""
    # fmt: off
    match driver:
        case Driver.HONOR: return honor.signal(observation, p)
        case Driver.INTEREST: return interest.signal(observation, p)
        case Driver.BENEFIT: return benefit.signal(observation, p)
        case Driver.RELATIONSHIP: return relationship.signal(observation, p)
        case Driver.EVENT: return event.signal(observation, p)
        case Driver.LOCALITY: return locality.signal(observation, p)
    # fmt: on
    return 0.0
