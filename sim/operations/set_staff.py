"""The operation *set staff*: other minutes or pay for a job, for a while or for good."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from shequn.agents.drivers import Driver
from shequn.sim.fields import Days, Fault, NotNegative
from shequn.sim.hints import did_you_mean
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through
from shequn.sim.operations.operation import Operation

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content

FOR_GOOD = 1e6  # days: longer than any run


class SetStaff(Operation):
    """Change the minutes or the pay of a job; people who were paid and are no longer leave."""

    acts_through: ClassVar[Through] = Through(
        (Driver.HONOR, Driver.RELATIONSHIP), (Direct.WORKING_TIME, Direct.ATTENTION)
    )

    do: Literal["set_staff"]
    job: str = Field(description="The job: a name under staff.")
    minutes: float | None = Field(
        None, ge=0, le=1440, description="Minutes that each works a day from now on."
    )
    pay: NotNegative | None = Field(None, description="Money that each costs per day from now on.")
    days: Days | None = Field(None, description="How long it lasts; null = for good.")

    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Set them now."""
        end = operator.begin_for_a_while(self, FOR_GOOD if self.days is None else self.days)
        return None if self.days is None else end

    def lasts_for_good(self) -> bool:
        """Whether it never ends."""
        return self.days is None

    def costs_money(self) -> bool:
        """Whether the staff are paid from now on."""
        return bool(self.pay)

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        parts = []
        if self.minutes is not None:
            parts.append(
                _("{job} works {minutes:g} minutes a day").format(job=self.job, minutes=self.minutes)
            )
        if self.pay is not None:
            parts.append(_("{job} is paid {pay:g} a day").format(job=self.job, pay=self.pay))
        text = _(", ").join(parts)
        if self.days is None:
            return _("from now on {changes}").format(changes=text)
        return _("for {days:g} days {changes}").format(days=self.days, changes=text)

    def label(self) -> str:
        """What it does, in a few words."""
        if self.minutes is not None:
            return _("{job}: {minutes:g} min").format(job=self.job, minutes=self.minutes)
        return _("{job}: pay {pay:g}").format(job=self.job, pay=self.pay)

    def faults(self, content: "Content") -> Iterator[Fault]:
        """An unknown job, or nothing that changes."""
        if self.job not in content.staff:
            near = did_you_mean(self.job, content.staff) or _("; this scenario has no staff")
            yield ("job",), _("there is no job {job}{near}").format(job=self.job, near=near)
        if self.minutes is None and self.pay is None:
            yield (), _("give at least one of minutes, pay")
