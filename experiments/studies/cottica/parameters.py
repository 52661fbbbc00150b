"""Parameters of Cottica's community: what a run may change, with names of the published table."""

from typing import Annotated, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from shequn.sim.fields import Strict

#: A run's parameters as compiled code sees them: a record, so that a change needs no new compilation.
RULES = np.dtype(
    [
        ("members", np.int64),  # at which the run ends, founders among them
        ("founders", np.int64),
        ("chattiness", np.float64),  # probability of posting in a tick
        ("randomised", np.bool_),  # each member has an own chattiness
        ("bonus", np.float64),  # added to it after a comment
        ("bonus_always", np.bool_),  # … or always, as in the published program
        ("intimacy", np.float64),  # β
        ("decay", np.float64),  # a tie's strength is divided by 1 + this each tick
        ("threshold", np.float64),  # whose strength is below leaves
        ("grace", np.int64),  # … when more than this many ticks have passed since joining
        ("onboard", np.bool_),
        ("engage", np.bool_),
        ("newer", np.bool_),  # the newest are engaged first, else the most active
        ("capacity", np.int64),  # members engaged in a tick, at most
    ]
)


class Parameters(Strict):
    """A parameter set; the defaults are those that all published cells share.

    Raises
    ------
    pydantic.ValidationError
        A value is out of its range, or there is no such parameter.
    """

    mode: Literal["as published", "as intended"] = Field(
        "as published", description="Whether the bonus is given always, or after a comment."
    )
    global_chattiness: Annotated[float, Field(gt=0, lt=1)] = Field(
        0.1, description="Probability that a member posts in a tick, without the bonus."
    )
    randomised_chattiness: bool = Field(
        False, description="Each member's own chattiness: standard normal around it on the logit scale."
    )
    bonus: Annotated[float, Field(ge=0, le=1)] = Field(
        0.2, description="Added to the probability of one who got a comment in the last tick."
    )
    intimacy_strength: Annotated[float, Field(ge=0, le=1e6)] = Field(
        1.0, description="How much more a friend draws a comment than a stranger (β)."
    )
    policy: Literal["none", "onboard", "engage", "both"] = Field("both", description="What the manager does.")
    priority: Literal["newer", "more active"] = Field(
        "newer", description="Whom the manager engages first when there are more than the capacity."
    )
    capacity: Annotated[int, Field(ge=0, le=100_000)] = Field(
        10, description="Most members engaged in a tick."
    )
    members: Annotated[int, Field(ge=2, le=20_000)] = Field(
        700, description="Members, founders and dropouts included, at which a run ends."
    )
    founders: Annotated[int, Field(ge=1, le=20_000)] = Field(2, description="Members at the start.")
    decay: Annotated[float, Field(ge=0, le=100)] = Field(
        0.01, description="Strengths are divided by one more than this after each tick."
    )
    threshold: Annotated[float, Field(ge=0, le=1e6)] = Field(
        4.0, description="Members with less strength than this leave."
    )
    grace: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        50, description="Ticks since joining in which nobody leaves."
    )

    @model_validator(mode="after")
    def _founders_are_members(self) -> Self:
        if self.founders > self.members:
            raise ValueError(f"founders ({self.founders}) are members; there are only {self.members}")
        return self

    def record(self) -> npt.NDArray[np.void]:
        """The parameters as an array of one `RULES` record."""
        rules = np.zeros(1, dtype=RULES)
        given = {
            "members": self.members,
            "founders": self.founders,
            "chattiness": self.global_chattiness,
            "randomised": self.randomised_chattiness,
            "bonus": self.bonus,
            "bonus_always": self.mode == "as published",
            "intimacy": self.intimacy_strength,
            "decay": self.decay,
            "threshold": self.threshold,
            "grace": self.grace,
            "onboard": self.policy in ("onboard", "both"),
            "engage": self.policy in ("engage", "both"),
            "newer": self.priority == "newer",
            "capacity": self.capacity,
        }
        for name, value in given.items():
            rules[name] = value
        return rules
