"""Types of scenario values: whole numbers, shares, days or `never`.

Values come from YAML. The checks are strict (no text is taken for a number), except that `1e4` is a
whole number and `never` is infinity. Every type has its JSON Schema, from which error messages take
what is allowed.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

Fault = tuple[tuple[str | int, ...], str]  # keys to the value to change, and a message
NEVER = math.inf
MAX_PEOPLE = (1 << 28) - 1  # a tag in a queue has 28 bits for a person
MAX_GROUPS = 16  # of the population
MAX_STAGES = 16


class Strict(BaseModel):
    """A mapping of a scenario: unknown keys are refused, values are not converted, and it is immutable."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, validate_default=False
    )


def _day(value: Any) -> Any:
    """A date from its ISO text; a datetime is refused, as a time of day has no meaning here."""
    if isinstance(value, str):
        try:
            if len(value) != 10:
                raise ValueError(value)
            return date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("not_a_date", "is not a date") from None
    if isinstance(value, datetime) or not isinstance(value, date):
        raise PydanticCustomError("not_a_date", "is not a date")
    return value


@dataclass(frozen=True)
class WholeNumber:
    """A whole number from ``low`` to ``high``; ``1e4`` is one too."""

    low: int
    high: int

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        number = core_schema.int_schema(ge=self.low, le=self.high, strict=True)
        return core_schema.no_info_before_validator_function(self._read, number)

    @staticmethod
    def _read(value: Any) -> Any:
        return int(value) if isinstance(value, float) and value.is_integer() else value


@dataclass(frozen=True)
class NumberOr:
    """A finite number within bounds, or a word that means infinity (``never``, ``uniform``).

    ``low`` is exclusive when ``above`` is set.
    """

    word: str
    low: float = 0.0
    high: float = NEVER
    above: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        bounds: dict[str, Any] = {"gt" if self.above else "ge": self.low}
        return core_schema.no_info_before_validator_function(
            self._read,
            core_schema.float_schema(strict=True, allow_inf_nan=True, **bounds),
            serialization=core_schema.plain_serializer_function_ser_schema(self._write),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        number: dict[str, Any] = {"type": "number", "exclusiveMinimum" if self.above else "minimum": self.low}
        if self.high < NEVER:
            number["maximum"] = self.high
        return {"anyOf": [number, {"const": self.word}]}

    def _read(self, value: Any) -> Any:
        if isinstance(value, str) and value == self.word:
            return NEVER
        if isinstance(value, int | float) and not isinstance(value, bool) and value != NEVER:
            if math.isnan(value):
                raise PydanticCustomError("finite_number", "is not a number")
            if value > self.high:
                raise PydanticCustomError("less_than_equal", "is too large")
        return value

    def _write(self, value: float) -> float | str:
        return self.word if value == NEVER else value


@dataclass(frozen=True)
class OneOf:
    """One of several words that are computed, and so cannot be written as a ``Literal``."""

    words: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.literal_schema(list(self.words))


@dataclass(frozen=True)
class OrWord:
    """A value for which a word may stand; reading a file puts the value in its place (`ready_made.py`)."""

    words: tuple[str, ...]

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        return {"anyOf": [handler(schema), {"enum": list(self.words)}]}


StageNames = Annotated[list[str], Field(min_length=1, max_length=MAX_STAGES)]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, le=1e9)]
NotNegative = Annotated[float, Field(ge=0, le=1e9)]
MOST_DAYS = 36_500  # of a run
Days = Annotated[float, Field(gt=0, le=MOST_DAYS)]
DaysOrNone = Annotated[float, Field(ge=0, le=MOST_DAYS)]  # a delay, or a day of the run: 0 is allowed
Period = Annotated[float, Field(ge=0.01, le=36_500)]  # shorter ones would give millions of times
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Text = Annotated[str, Field(max_length=20_000)]


class ByName(dict[str, Any]):
    """Values by name, in the order written. Two are equal when their values are, in this order, whatever the names."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ByName) and list(self.values()) == list(other.values())

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None


def by_name(kind: Any, most: int) -> Any:
    """The type of a map from names to values of one type, at most ``most`` of them."""
    return Annotated[dict[str, kind], Field(max_length=most), AfterValidator(ByName)]


def union_of(kinds: Mapping[str, type[BaseModel]], key: str) -> Any:
    """The type of a value that is any of these kinds, distinguished by the word under ``key``."""

    def tag(value: Any) -> str:
        word = value.get(key) if isinstance(value, dict) else getattr(value, key, None)
        kind = kinds.get(str(word))
        return "?" if kind is None else kind.__name__

    tagged = (Annotated[kind, Tag(kind.__name__)] for kind in kinds.values())
    return Annotated[reduce(or_, tagged), Discriminator(tag)]
