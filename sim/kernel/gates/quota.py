"""The gate *quota*: a number of admissions per day, with a waiting list (its rules are in ``entry.py``)."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from shequn.agents.compiled import compiled
from shequn.sim.fields import NEVER, NotNegative, NumberOr
from shequn.sim.kernel.gates.gate import COST, Gate
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through


class QuotaGate(Gate):
    """A number of admissions per day, with a waiting list that people give up on."""

    acts_through: ClassVar[Through] = Through(direct=(Direct.ADMISSION,))

    kind: Literal["quota"]
    per_day: float = Field(gt=0, le=1e6, description="Admissions per day: one every 1/per_day days.")
    patience: Annotated[float, NumberOr("never", 0, 36_500)] = Field(
        14.0, description="Mean number of days until a waiting person gives up, or never."
    )
    cost: NotNegative = Field(0.0, description=COST)

    def in_words(self) -> str:
        """The gate in a few words."""
        wait = (
            _("wait forever")
            if self.patience == NEVER
            else _("wait {patience:g} days on average").format(patience=self.patience)
        )
        return _("a quota of {per_day:g} admissions a day, for which people {wait}").format(
            per_day=self.per_day, wait=wait
        )


@compiled
def lets_through(gate: Any, who: Any, world: Any, count: int) -> bool:
    """Always; the waiting list decides when."""
    return True


@compiled
def interval(gate: Any) -> float:
    """Time between two admissions, in days."""
    return 1.0 / gate["quota_per_day"]
