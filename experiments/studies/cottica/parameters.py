"""The parameters of Cottica's community, named as in the published table."""

from typing import Annotated, Any, Literal, Self, get_args

import numpy as np
import numpy.typing as npt
from pydantic import BeforeValidator, Field, model_validator

from shequn.sim.fields import Strict

Chattiness = Literal["none", "halves", "logit-normal"]
#: How members' chattiness differs, by the number that compiled code knows it by.
CHATTINESS: tuple[Chattiness, ...] = get_args(Chattiness)
#: What the published table says of it: a yes is the program's of June 2017, with which the table was made.
TABLE_WORDS = {"false": "none", "true": "halves"}


def _named(value: Any) -> Any:
    """The name of a yes or no of the published table."""
    return TABLE_WORDS.get(str(value).lower(), value)


#: The parameters for compiled code, as a record, so that a change of values does not recompile it.
RULES = np.dtype(
    [
        ("members", np.int64),  # number at which the run ends, including founders
        ("founders", np.int64),
        ("chattiness", np.float64),  # probability of posting in a tick
        ("randomised", np.int64),  # how members' chattiness differs: position in `CHATTINESS`
        ("bonus", np.float64),  # added to it after a comment
        ("bonus_always", np.bool_),  # whether it is always added, as in the published program
        ("intimacy", np.float64),  # β
        ("decay", np.float64),  # a tie's strength is divided by 1 + this each tick
        ("threshold", np.float64),  # strength below which a member leaves
        ("grace", np.int64),  # … after this number of ticks since joining
        ("onboard", np.bool_),
        ("engage", np.bool_),
        ("newer", np.bool_),  # whether the newest are engaged first, or else the most active
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
        "as published", description="Whether the bonus is always added, or only after a comment."
    )
    global_chattiness: Annotated[float, Field(gt=0, lt=1)] = Field(
        0.1, description="Probability that a member posts in a tick, without the bonus."
    )
    randomised_chattiness: Annotated[Chattiness, BeforeValidator(_named)] = Field(
        "none",
        description="How members differ in it: halves (times 1.5 or .5 by the toss of a coin, the program of June "
        "2017; true in the table) or logit-normal (sd 1, the later program).",
    )
    bonus: Annotated[float, Field(ge=0, le=1)] = Field(
        0.2, description="Added to the probability after a comment in the last tick."
    )
    intimacy_strength: Annotated[float, Field(ge=0, le=1e6)] = Field(
        1.0, description="Additional weight of mutual strength for comments (β)."
    )
    policy: Literal["none", "onboard", "engage", "both"] = Field("both", description="What the manager does.")
    priority: Literal["newer", "more active"] = Field(
        "newer", description="Whom the manager engages first when there are more than the capacity."
    )
    capacity: Annotated[int, Field(ge=0, le=100_000)] = Field(
        10, description="Largest number of members engaged in a tick."
    )
    members: Annotated[int, Field(ge=2, le=20_000)] = Field(
        700, description="Members, founders and dropouts included, at which a run ends."
    )
    founders: Annotated[int, Field(ge=1, le=20_000)] = Field(2, description="Members at the start.")
    decay: Annotated[float, Field(ge=0, le=100)] = Field(
        0.01, description="Strengths are divided by 1 plus this after each tick."
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
        values = {
            "members": self.members,
            "founders": self.founders,
            "chattiness": self.global_chattiness,
            "randomised": CHATTINESS.index(self.randomised_chattiness),
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
        for name, value in values.items():
            rules[name] = value
        return rules
