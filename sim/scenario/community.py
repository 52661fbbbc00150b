"""The community: its rooms, what members see, and how strangers find it."""

import math
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from shequn.sim.fields import MAX_PEOPLE, MOST_DAYS, NotNegative, NumberOr, Share, Strict, WholeNumber

HOURS_OF_DAY, HOURS_OF_WEEK = 24, 168


def _rhythm(value: Any) -> Any:
    if isinstance(value, str) and value in ("flat", "daily"):
        return value
    if isinstance(value, list | tuple) and len(value) in (HOURS_OF_DAY, HOURS_OF_WEEK):
        numbers = [x for x in value if isinstance(x, int | float) and not isinstance(x, bool)]
        if len(numbers) == len(value) and all(math.isfinite(x) and 0 <= x <= 1e9 for x in numbers):
            if sum(numbers) > 0:
                return tuple(float(x) for x in numbers)
            raise PydanticCustomError("rhythm", "has no hour above 0")
    raise PydanticCustomError("rhythm", "is not a rhythm")


_HOUR = {"type": "number", "minimum": 0}
Rhythm = Annotated[
    str | tuple[float, ...],
    PlainValidator(_rhythm),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": ["flat", "daily"]},
                {"type": "array", "items": _HOUR, "minItems": HOURS_OF_DAY, "maxItems": HOURS_OF_DAY},
                {"type": "array", "items": _HOUR, "minItems": HOURS_OF_WEEK, "maxItems": HOURS_OF_WEEK},
            ]
        }
    ),
]


class Mood(Strict):
    """What all members share: more or less drawn to the community than usual, for days or months, by no doing of it."""

    log_sd: float = Field(
        0.0,
        ge=0,
        le=3,
        description="Standard deviation of the logarithm of a factor on visits and discovery by strangers; 0 = none. "
        "Its mean is 1.",
    )
    half_life: Annotated[float, NumberOr("never", 0.0, MOST_DAYS, above=True)] = Field(
        30.0, description="Days in which the logarithm comes half of the way back to its mean, or never."
    )
    now: float | None = Field(
        None, ge=-10, le=10, description="The logarithm on the first day; null = drawn."
    )


class Community(Strict):
    """How the community is built and run."""

    rooms: Annotated[int, WholeNumber(1, 1_000_000)] = Field(1, description="Groups that members sit in.")
    capacity: Annotated[int, WholeNumber(1, MAX_PEOPLE)] | None = Field(
        None, description="Most members per room; null = unlimited."
    )
    placing: Literal["random", "topic", "fill"] = Field(
        "random",
        description="Room given to strangers and founders: random, topic (the nearest), fill (first with space).",
    )
    shown: Annotated[int, WholeNumber(8, 1024)] = Field(64, description="Posts that a room keeps in view.")
    order: Literal["newest", "hot", "interest", "followed", "official"] = Field(
        "newest", description="Which posts members read first."
    )
    openness: Share = Field(
        0.3,
        description="How open to strangers: 0 = only invitees, 1 = anybody. Sets both visibility and bypass.",
    )
    visibility: Share | None = Field(
        None, description="How visible to strangers: a factor on discovery; null = openness."
    )
    bypass: Share | None = Field(
        None, description="Share of strangers who find it that bypass the gates; null = openness."
    )
    strangers_per_day: NotNegative | None = Field(
        None,
        description="Strangers per day who would find a fully open community of average reputation while "
        "everybody is still outside (5 if neither this nor reach is given).",
    )
    reach: NotNegative | None = Field(
        None, description="Hazard of finding the community, per day and person outside."
    )
    mixing: Literal["graph", "complete"] = Field(
        "graph", description="Whom a member can invite: people they know (graph) or anybody (complete)."
    )
    rhythm: Rhythm = Field("daily", description="Visits by hour: flat, daily, or 24 or 168 weights.")
    mood: Mood = Mood()
    return_after: Annotated[float, NumberOr("never")] = Field(
        60.0, description="Days until somebody who left may return, or never."
    )
