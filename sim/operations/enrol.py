"""The operation *enrol*: a new term begins, and graduates of earlier ones may come again."""

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from shequn.sim.kernel.state import JournalKind, Reason, State
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through
from shequn.sim.operations.operation import Operation

if TYPE_CHECKING:
    from shequn.sim.operator import Operator


class Enrol(Operation):
    """Ask all graduates to come again: who would have stayed comes to the door (S39).

    Whether one would have stayed follows from their satisfaction at the end, and from whom they know who is there now:
    so a head who is still there brings them back.
    """

    acts_through: ClassVar[Through] = Through(direct=(Direct.REACH,))

    do: Literal["enrol"]

    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Ask them now."""
        machine = operator.machine
        rows = machine.membership()
        moves = rows[rows["kind"] <= JournalKind.REMOVE]
        people, last = np.unique(moves["person"][::-1], return_index=True)
        ended = moves[::-1][last]
        is_graduate = (ended["kind"] == JournalKind.REMOVE) & (ended["detail"] == Reason.TERM)
        graduates = people[is_graduate & (machine.world.people["state"][people] == State.LEFT)]
        machine.enrol(graduates)
        return None

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        return _("graduates of earlier terms are asked to come again")

    def label(self) -> str:
        """What it does, in a few words."""
        return _("enrolment")
