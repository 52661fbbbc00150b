"""Operations on members."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from shequn.sim.choice import OfMembers, faults_of_choice
from shequn.sim.fields import Fault
from shequn.sim.operations.operation import Operation

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content


class OnMembers(OfMembers, Operation):
    """An operation on members."""

    def whom(self, operator: "Operator", key: int, occurrence: int) -> npt.NDArray[np.int64]:
        """The members concerned now, in order."""
        return self.chosen(operator, key ^ occurrence)

    def faults(self, content: "Content") -> Iterator[Fault]:
        """An unknown space or unit."""
        yield from faults_of_choice(self, content)


class OnAllMembers(OnMembers):
    """An operation on all members, unless it says which."""

    who: Literal[
        "inactive", "lowest_quality", "highest_quality", "most_recognised", "last_room", "random"
    ] = Field("random", description="Which members; random with share 1 = all.")
