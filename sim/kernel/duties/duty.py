"""What all kinds of duties have in common."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import Field

from shequn.sim.fields import Days, DaysOrNone, Fault, Period, Share, StageNames, Strict, WholeNumber
from shequn.sim.hints import did_you_mean
from shequn.sim.kernel.state import Occasion
from shequn.sim.language import _
from shequn.sim.levers import Through

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content

Minutes = Annotated[float, Field(gt=0, le=1440)]


class Round(NamedTuple):
    """The work of one round, in order: for each piece the desk, the member, the room and the number of the post.

    Member and room are NOBODY where there is none.
    """

    desks: npt.NDArray[np.int64]
    people: npt.NDArray[np.int64]
    rooms: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.int64]


def at_most(most: int | None, desks: Any, people: Any, rooms: Any, numbers: Any) -> Round:
    """The round of these pieces of work, of which the first ``most`` are kept at each desk (None: all)."""
    columns = [np.asarray(column, dtype=np.int64) for column in (desks, people, rooms, numbers)]
    if most is not None:
        order = np.argsort(columns[0], kind="stable")
        in_order = columns[0][order]
        first = np.searchsorted(in_order, in_order, side="left")
        keep = np.zeros(len(order), dtype=bool)
        keep[order] = np.arange(len(order)) - first < most
        columns = [column[keep] for column in columns]
    return Round(*columns)


class Duty(Strict):
    """A duty of a job. Duties listed first come first; within one, who came first."""

    if TYPE_CHECKING:  # each kind declares its own
        do: str
        minutes: float
        acts_through: ClassVar[Through]

    job: str = Field(description="Whose duty it is: a name under staff.")
    during: StageNames | None = Field(
        None, description="Only in these stages is there anything to do; null = in all."
    )

    @abstractmethod
    def occasion(self) -> Occasion:
        """What gives occasion to it."""

    @abstractmethod
    def in_words(self) -> str:
        """What is done, in a few words."""

    def faults(self, content: "Content") -> Iterator[Fault]:
        """Contradictions, given the rest of the scenario (a ``Content``)."""
        if self.job not in content.staff:
            near = did_you_mean(self.job, content.staff) or _("; this scenario has no staff")
            yield ("job",), _("there is no job {job}{near}").format(job=self.job, near=near)
            return
        job = content.staff[self.job]
        most = min(job.minutes, 60 * (job.hours[1] - job.hours[0]))
        if self.minutes > most:
            yield (
                ("minutes",),
                _("takes {minutes:g} minutes, but {job} works {most:g} minutes a day").format(
                    minutes=self.minutes, job=self.job, most=most
                ),
            )


class OnOccasion(Duty):
    """A duty that something gives occasion to."""

    share: Share = Field(1.0, description="Share of the occasions that are taken up.")
    within: Days = Field(
        7.0, description="Days that it may wait before somebody begins it; then it is left undone (assumed)."
    )


class InRounds(Duty):
    """A duty that comes round at fixed times."""

    every: Period = Field(
        1.0, description="Days from one round to the next; what is not done by then is left."
    )
    first: DaysOrNone = Field(0.375, description="Day of the first round; a fraction is a time of day.")
    until: DaysOrNone | None = Field(None, description="The last possible day; null = to the end.")
    most: Annotated[int, WholeNumber(1, 10_000)] | None = Field(
        None, description="Most pieces of work in one round, for the staff of each room; null = no limit."
    )

    def occasion(self) -> Occasion:
        """The calendar."""
        return Occasion.CALENDAR

    def rounds(self, days: float) -> tuple[float, ...]:
        """Times of its rounds before ``days``."""
        last = days if self.until is None else self.until
        times: list[float] = []
        while (time := self.first + len(times) * self.every) < days and time <= last:
            times.append(time)
        return tuple(times)

    @abstractmethod
    def work(self, operator: "Operator", duty: int, key: int) -> Round:
        """The work of a round that begins now; ``duty`` is its number, ``key`` names its draws."""
