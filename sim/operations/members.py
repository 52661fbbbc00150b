"""Operations on members."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from shequn.sim.choice import OfMembers, unknown_space
from shequn.sim.fields import Fault
from shequn.sim.operations.operation import Operation

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content


class OnMembers(OfMembers, Operation):
    """An operation on members."""

    def whom(self, operator: "Operator", key: int, occurrence: int) -> npt.NDArray[np.int64]:
        """The members concerned now, in order."""
        space = None if self.in_ is None else operator.space_number(self.in_)
        return self.chosen(operator.machine, space, key ^ occurrence)

    def faults(self, content: "Content") -> Iterator[Fault]:
        """An unknown space."""
        yield from unknown_space(self.in_, "in", content)
