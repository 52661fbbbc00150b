"""Kinds of values that keys of a scenario take: whole numbers, shares, days or `never`.

Values come from YAML, so the checks are strict (no text taken for a number), except that
`1e4` is a whole number and `never` is infinity. Every kind carries its JSON Schema, from
which the error messages say what is allowed.
"""

import math
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

NEVER = math.inf


class Strict(BaseModel):
    """A mapping of a scenario: unknown keys refused, values not converted, unchangeable."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, validate_default=False
    )


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _day(value: Any) -> Any:
    """A date from its ISO text; a datetime is refused, as times of day are not meant."""
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


def _infinite(word: str) -> BeforeValidator:
    return BeforeValidator(lambda value: NEVER if isinstance(value, str) and value == word else value)


def _word(word: str) -> PlainSerializer:
    return PlainSerializer(lambda value: word if value == NEVER else value)


def number_or(word: str, **bounds: Any) -> Any:
    """A finite number within ``bounds``, or ``word``, which means infinity.

    Parameters
    ----------
    word : str
        What stands for infinity in the file (``never``, ``uniform``).
    **bounds
        ``ge``, ``gt``, ``le``, ``lt`` as pydantic knows them.
    """
    names = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
    number = {"type": "number", **{names[key]: bound for key, bound in bounds.items()}}
    return Annotated[
        float,
        Field(allow_inf_nan=True, **bounds),
        _infinite(word),
        BeforeValidator(_not_nan),
        _word(word),
        WithJsonSchema({"anyOf": [number, {"const": word}]}),
    ]


def _not_nan(value: Any) -> Any:
    if isinstance(value, float) and math.isnan(value):
        raise PydanticCustomError("finite_number", "is not a number")
    return value


Whole = Annotated[int, BeforeValidator(_whole)]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, le=1e9)]
NotNegative = Annotated[float, Field(ge=0, le=1e9)]
Days = Annotated[float, Field(gt=0, le=36_500)]
DaysOrNone = Annotated[float, Field(ge=0, le=36_500)]  # a delay, or a day of the run: 0 is allowed
Never = number_or("never", ge=0)
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Text = Annotated[str, Field(max_length=20_000)]
