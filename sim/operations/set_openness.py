"""The operation *set openness*: open or close the community."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from shequn.sim.fields import Fault, Share
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through
from shequn.sim.operations.operation import Operation

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content


class SetOpenness(Operation):
    """Open or close the community."""

    acts_through: ClassVar[Through] = Through(direct=(Direct.REACH, Direct.ADMISSION))

    do: Literal["set_openness"]
    to: Share | None = Field(None, description="The new openness: sets both visibility and bypass.")
    visibility: Share | None = Field(None, description="The new visibility to strangers.")
    bypass: Share | None = Field(None, description="The new share of strangers that bypass the gates.")

    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Set them now."""
        for name, value in self._new().items():
            operator.machine.params[name] = value
        operator.machine.parameters_changed()
        return None

    def _new(self) -> dict[str, float]:
        """The new values of visibility and bypass, of those that change."""
        values = {"visibility": self.visibility, "bypass": self.bypass}
        return {
            name: new
            for name, value in values.items()
            if (new := self.to if value is None else value) is not None
        }

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        parts = [_("openness becomes {to:g}").format(to=self.to)] if self.to is not None else []
        if self.visibility is not None:
            parts.append(_("visibility becomes {to:g}").format(to=self.visibility))
        if self.bypass is not None:
            parts.append(_("the share that bypasses the gates becomes {to:g}").format(to=self.bypass))
        return _(", ").join(parts)

    def label(self) -> str:
        """What it does, in a few words."""
        if self.to is not None:
            return _("openness {to:g}").format(to=self.to)
        if self.visibility is not None:
            return _("visibility {to:g}").format(to=self.visibility)
        return _("bypass {to:g}").format(to=self.bypass)

    def faults(self, content: "Content") -> Iterator[Fault]:
        """It sets nothing."""
        if not self._new():
            yield (), _("give at least one of to, visibility, bypass")
