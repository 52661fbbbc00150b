"""The gate *task*: a task to complete first; the operator sees its quality with noise."""

from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from shequn.agents.compiled import compiled
from shequn.sim.fields import NotNegative, Share
from shequn.sim.kernel.chance import Purpose, normal
from shequn.sim.kernel.gates.gate import COST, Gate
from shequn.sim.language import _
from shequn.sim.levers import Direct, Through


class TaskGate(Gate):
    """A task to complete first; the operator sees its quality with noise."""

    acts_through: ClassVar[Through] = Through(direct=(Direct.ADMISSION,))

    kind: Literal["task"]
    sees: Literal["quality"] = "quality"
    noise: Share = Field(0.15, description="Standard deviation of the noise in the quality seen.")
    at_least: Share = Field(0.5, description="Least quality seen with which a candidate passes.")
    cost: NotNegative = Field(0.4, description=COST)

    def in_words(self) -> str:
        """The gate in a few words."""
        return _("a task (quality seen, with noise {noise:g}, of at least {at_least:g})").format(
            noise=self.noise, at_least=self.at_least
        )


@compiled
def lets_through(gate: Any, who: Any, world: Any, count: int) -> bool:
    """Whether the candidate's quality, as seen with noise, is high enough."""
    error = normal(world.totals[0]["seed"], Purpose.GATE_SEES, who["key"], count)
    return bool(np.float64(who["quality"]) + gate["task_noise"] * error >= gate["task_at_least"])
