"""The operation *set gates*: replace all gates; and the type of gates by name."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from shequn.sim.choice import unknown_space
from shequn.sim.fields import ByName, Fault, by_name
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.gates.kinds import MAX_GATES, AnyGate, features_of_gates, gate_faults, recorded_gates
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through
from shequn.sim.operations.operation import Operation

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content


if TYPE_CHECKING:
    GatesByName = ByName
else:
    GatesByName = by_name(AnyGate, MAX_GATES)


def faults_of_gates(gates: ByName, content: "Content") -> Iterator[Fault]:
    """What is contradictory in gates by name, given the rest of the scenario."""
    names = list(gates)
    for (number, *keys), message in gate_faults(tuple(gates.values()), content):
        yield (names[int(number)], *keys), message


class SetGates(Operation):
    """Replace all gates."""

    acts_through: ClassVar[Through] = Through(direct=(Direct.ADMISSION,))

    do: Literal["set_gates"]
    gates: GatesByName = Field(description="The new gates by name, in order; {} = no gates.")
    space: str | None = Field(None, description="The space; null = the one entered from outside.")

    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Replace the gates now."""
        operator.machine.replace_gates(tuple(self.gates.values()), operator.space_number(self.space))
        return None

    def features(self) -> Feature:
        """Those of the new gates."""
        return features_of_gates(recorded_gates(tuple(self.gates.values())))

    def costs_money(self) -> bool:
        """Whether any of the gates has a price."""
        return any(gate.price() > 0 for gate in self.gates.values())

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        kinds = _(", ").join(gate.kind for gate in self.gates.values())
        return _("the gates become: {kinds}").format(kinds=kinds) if kinds else _("all gates are removed")

    def label(self) -> str:
        """What it does, in a few words."""
        if not self.gates:
            return _("no more gates")
        return _("gates: {kinds}").format(kinds=", ".join(gate.kind for gate in self.gates.values()))

    def faults(self, content: "Content") -> Iterator[Fault]:
        """Contradictions in the new gates, or an unknown space."""
        yield from unknown_space(self.space, "space", content)
        for path, message in faults_of_gates(self.gates, content):
            yield ("gates", *path), message
