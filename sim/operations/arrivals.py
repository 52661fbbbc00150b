"""The operation *arrivals*: fresh people come to the door as a Poisson process."""

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field

from shequn.sim.fields import Days
from shequn.sim.kernel.chance import Draws, Purpose, exponentials
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through
from shequn.sim.operations.fresh_people import FreshPeople

if TYPE_CHECKING:
    from shequn.sim.operator import Operator

_AT_A_TIME = 1024  # gaps drawn at a time


class Arrivals(FreshPeople):
    """Fresh people come to the door as a Poisson process."""

    acts_through: ClassVar[Through] = Through(direct=(Direct.REACH,))

    do: Literal["arrivals"]
    per_day: float = Field(gt=0, le=1e6, description="Mean arrivals a day.")
    days: Days | None = Field(None, description="Number of days; null = to the end.")

    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Let people come from now on."""
        now, end = operator.machine.time, float(operator.scenario.days)
        last = end if self.days is None else min(end, now + self.days)
        seed = int(operator.machine.totals["seed"])
        operator.bring(self, key, occurrence, _poisson(seed, key ^ occurrence, now, last, self.per_day))
        return None

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        length = _("to the end") if self.days is None else _("for {days:g} days").format(days=self.days)
        return _("{per_day:g} fresh people a day come to the door {length}{traits}").format(
            per_day=self.per_day, length=length, traits=self.traits_in_words()
        )

    def label(self) -> str:
        """What it does, in a few words."""
        return _("{n:g} people a day arrive").format(n=self.per_day)


def _poisson(seed: int, key: int, begin: float, end: float, rate: float) -> Draws:
    """Times of a Poisson process from ``begin`` to ``end`` (days), from keyed exponential gaps."""
    chunks: list[Draws] = []
    last, n_gaps = begin, 0
    while last < end:
        counts = np.arange(n_gaps, n_gaps + _AT_A_TIME, dtype=np.uint64)
        keys = np.full(_AT_A_TIME, key, dtype=np.uint64)
        gaps = exponentials(seed, Purpose.ARRIVAL, keys, counts)
        chunks.append(last + np.cumsum(gaps) / rate)
        last, n_gaps = float(chunks[-1][-1]), n_gaps + _AT_A_TIME
    times = np.concatenate(chunks) if chunks else np.zeros(0)
    return times[times < end]
