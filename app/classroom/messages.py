"""What a visitor's browser may ask for: these messages and no others, every field within bounds.

Everything else is refused before any of it is looked at: nothing here is a text that could name a
file or a piece of code, but for the code of a setting, which `sharing` reads letter by letter.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from shequn.app.classroom.limits import DAYS_AN_UPDATE


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Hello(_Message):
    """The page is there and can draw."""

    do: Literal["hello"]


class Move(_Message):
    """Move a knob of one community or both."""

    do: Literal["move"]
    side: Literal["A", "B", "AB"]
    key: str = Field(max_length=20)
    position: int = Field(ge=0, le=10_000)


class Play(_Message):
    """Run on, or pause."""

    do: Literal["play"]
    on: bool


class Step(_Message):
    """Run one day."""

    do: Literal["step"]


class Skip(_Message):
    """Run to the end as fast as it goes."""

    do: Literal["skip"]


class Reset(_Message):
    """Begin anew, with the settings as the sliders stand."""

    do: Literal["reset"]


class Pace(_Message):
    """Days that pass from one picture to the next."""

    do: Literal["pace"]
    days: int = Field(ge=1, le=DAYS_AN_UPDATE)


class Choose(_Message):
    """Open a lesson, or none."""

    do: Literal["choose"]
    lesson: str = Field(max_length=20)


class Guess(_Message):
    """Commit to an answer of the lesson's question; then its experiment is set up."""

    do: Literal["guess"]
    answer: int = Field(ge=0, le=9)


class Tell(_Message):
    """Tell a person's story."""

    do: Literal["tell"]
    side: Literal["A", "B"]
    person: int = Field(ge=0, le=32_766)


class Read(_Message):
    """Take over the settings of a code."""

    do: Literal["read"]
    code: str = Field(max_length=80)


class Drawn(_Message):
    """A picture has been drawn."""

    do: Literal["drawn"]
    number: int = Field(ge=0, le=2**53)


Asked = Hello | Move | Play | Step | Skip | Reset | Pace | Choose | Guess | Tell | Read | Drawn
_READER: TypeAdapter[Asked] = TypeAdapter(Annotated[Asked, Field(discriminator="do")])


def parse_message(data: Any) -> Asked | None:
    """The message, or none if it is not one of these."""
    try:
        return _READER.validate_python(data)
    except (ValidationError, RecursionError):
        return None
