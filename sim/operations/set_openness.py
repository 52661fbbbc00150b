"""The operation *set openness*: open or close the community."""

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from shequn.sim.fields import Share
from shequn.sim.language import _
from shequn.sim.operations.operation import Operation

if TYPE_CHECKING:
    from shequn.sim.operator import Operator


class SetOpenness(Operation):
    """Open or close the community."""

    do: Literal["set_openness"]
    to: Share = Field(description="The new openness.")

    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Set the openness now."""
        operator.machine.params["openness"] = self.to
        operator.machine.parameters_changed()
        return None

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        return _("openness becomes {to:g}").format(to=self.to)

    def label(self) -> str:
        """What it does, in a few words."""
        return _("openness {to:g}").format(to=self.to)
