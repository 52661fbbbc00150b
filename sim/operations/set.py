"""The operation *set*: another value of a key of the scenario, for a while or for good."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from shequn.sim.fields import Days, Fault
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through
from shequn.sim.operations.operation import Operation
from shequn.sim.operations.set_staff import FOR_GOOD

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content

#: What cannot be set: texts, people, and when and how something happens.
_NEVER = ("operations", "population", "stages", "title", "description", "source", "question", "why", "what", "where",
          "who", "start", "days", "seed", "runs", "journal", "format", "variants")  # fmt: skip


class Set(Operation):
    """Give a key of the scenario another value: less effort for a post, a higher fee, more seats.

    What a branch may change can be set. When it ends, the value of the scenario holds again.
    """

    acts_through: ClassVar[Through] = Through(direct=(Direct.SETTING,))

    do: Literal["set"]
    key: str = Field(max_length=300, description="The dotted key: rules.posting.effort, gates.fee.amount.")
    to: bool | Annotated[float, Field(ge=-1e12, le=1e12)] | str | None = Field(
        description="Its value from now on."
    )
    days: Days | None = Field(None, description="How long it lasts; null = for good.")

    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Set it now."""
        end = operator.begin_for_a_while(self, FOR_GOOD if self.days is None else self.days)
        return None if self.days is None else end

    def lasts_for_good(self) -> bool:
        """Whether it never ends."""
        return self.days is None

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        text = self._value()
        if self.days is None:
            return _("{key} becomes {value}").format(key=self.key, value=text)
        return _("for {days:g} days {key} is {value}").format(days=self.days, key=self.key, value=text)

    def label(self) -> str:
        """What it does, in a few words."""
        return f"{self.key.rpartition('.')[2]} {self._value()}"

    def _value(self) -> str:
        """The value as a scenario writes it."""
        if self.to is None:
            return "null"
        if isinstance(self.to, bool):
            return str(self.to).lower()
        return f"{self.to:g}" if isinstance(self.to, float) else self.to

    def faults(self, content: "Content") -> Iterator[Fault]:
        """A key that never changes in a run; whether the value is allowed is seen with the whole scenario."""
        group = self.key.partition(".")[0]
        if group in _NEVER:
            yield ("key",), _("{key} does not change while a run goes on").format(key=self.key)
