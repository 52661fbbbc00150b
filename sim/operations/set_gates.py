"""The operation *set gates*: replace the list of gates."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from shequn.sim.kernel.gates.kinds import Gates, gate_faults
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through
from shequn.sim.operations.operation import Operation
from shequn.sim.operations.timed import Fault

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content


class SetGates(Operation):
    """Replace the list of gates."""

    acts_through: ClassVar[Through] = Through(direct=(Direct.ADMISSION,))

    do: Literal["set_gates"]
    gates: Gates = Field(description="The new list; [] = no gates.")

    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Replace the gates now."""
        operator.machine.replace_gates(self.gates)
        return None

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        kinds = _(", ").join(gate.kind for gate in self.gates)
        return _("the gates become: {kinds}").format(kinds=kinds) if kinds else _("all gates are removed")

    def label(self) -> str:
        """What it does, in a few words."""
        if not self.gates:
            return _("no more gates")
        return _("gates: {kinds}").format(kinds=", ".join(gate.kind for gate in self.gates))

    def faults(self, content: "Content") -> Iterator[Fault]:
        """Contradictions in the new gates."""
        for path, message in gate_faults(self.gates, content):
            yield ("gates", *path), message
