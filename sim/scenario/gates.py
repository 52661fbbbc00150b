"""The gates of a community: what one has to pass, in order, to become a member."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from shequn.sim.scenario.fields import NotNegative, NumberOr, Share, Strict, WholeNumber
from shequn.sim.scenario.population import MAX_PEOPLE

MAX_GATES = 16  # rows of the engine's table of gates
_COST = "Deters candidates with 1 − exp(−cost); who passes is bound by it."


class InvitationGate(Strict):
    """Only the invited pass."""

    kind: Literal["invitation"]
    cost: NotNegative = Field(0.0, description=_COST)


class FeeGate(Strict):
    """An entrance fee."""

    kind: Literal["fee"]
    amount: NotNegative = Field(description="Money paid at entry: the operator's income.")
    cost: NotNegative = Field(0.5, description=_COST)


class IdentityGate(Strict):
    """A check of who one is: near enough by place or by topic."""

    kind: Literal["identity"]
    sees: Literal["place", "topic"] = Field(description="place: km from the city's centre; topic.")
    within: NotNegative = Field(description="Largest distance: km, or on the circle of topics (0 to 0.5).")
    cost: NotNegative = Field(0.0, description=_COST)


class PurchaseGate(Strict):
    """Customers only."""

    kind: Literal["purchase"]
    share: Share = Field(description="Share of people who are customers.")
    cost: NotNegative = Field(0.0, description=_COST)


class TaskGate(Strict):
    """A task to complete first; the operator sees its quality, with noise."""

    kind: Literal["task"]
    sees: Literal["quality"] = "quality"
    noise: Share = Field(0.15, description="Standard deviation of what is seen.")
    at_least: Share = Field(0.5, description="Quality seen that is needed.")
    cost: NotNegative = Field(0.4, description=_COST)


class RulesGate(Strict):
    """Rules to accept."""

    kind: Literal["rules"]
    cost: NotNegative = Field(0.1, description=_COST)


class QuotaGate(Strict):
    """So many a day, in a waiting line that people give up on."""

    kind: Literal["quota"]
    per_day: float = Field(gt=0, le=1e6, description="Admissions a day, one each 1/per_day day.")
    patience: Annotated[float, NumberOr("never", 0, 36_500)] = Field(
        14.0, description="Mean days until one gives up, or never."
    )
    cost: NotNegative = Field(0.0, description=_COST)


class CapacityGate(Strict):
    """A limit to the members of the whole community."""

    kind: Literal["capacity"]
    members: Annotated[int, WholeNumber(1, MAX_PEOPLE)] = Field(description="Full at so many members.")
    cost: NotNegative = Field(0.0, description=_COST)


GATE_KINDS: dict[str, str] = {
    "invitation": "InvitationGate",
    "fee": "FeeGate",
    "identity": "IdentityGate",
    "purchase": "PurchaseGate",
    "task": "TaskGate",
    "rules": "RulesGate",
    "quota": "QuotaGate",
    "capacity": "CapacityGate",
}


def _tag(value: Any) -> str:
    word = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return GATE_KINDS.get(str(word), "?")


Gate = Annotated[
    Annotated[InvitationGate, Tag("InvitationGate")]
    | Annotated[FeeGate, Tag("FeeGate")]
    | Annotated[IdentityGate, Tag("IdentityGate")]
    | Annotated[PurchaseGate, Tag("PurchaseGate")]
    | Annotated[TaskGate, Tag("TaskGate")]
    | Annotated[RulesGate, Tag("RulesGate")]
    | Annotated[QuotaGate, Tag("QuotaGate")]
    | Annotated[CapacityGate, Tag("CapacityGate")],
    Discriminator(_tag),
]
Gates = Annotated[tuple[Gate, ...], Field(strict=False, max_length=MAX_GATES)]
