"""The messages that a visitor's browser may send, every field within bounds.

Everything else is rejected before it is processed. No field is a text that could name a file or a piece of
code. The only free text is the code of a setting, which `sharing` reads letter by letter.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from shequn.app.classroom.limits import MAX_DAYS_PER_UPDATE
from shequn.app.serving.messages import Message, read_message


class Hello(Message):
    """The page has loaded and can draw."""

    do: Literal["hello"]


class Move(Message):
    """Move a knob of one community or both."""

    do: Literal["move"]
    side: Literal["A", "B", "AB"]
    key: str = Field(max_length=20)
    position: int = Field(ge=0, le=10_000)


class Play(Message):
    """Play or pause."""

    do: Literal["play"]
    on: bool


class Step(Message):
    """Run one day."""

    do: Literal["step"]


class Skip(Message):
    """Run to the end as fast as possible."""

    do: Literal["skip"]


class Reset(Message):
    """Start again with the current settings of the sliders."""

    do: Literal["reset"]


class AsInFile(Message):
    """Put every slider back to what the file says."""

    do: Literal["file"]


class RunTen(Message):
    """Run ten pairs with ten seeds, or stop that."""

    do: Literal["ten"]
    on: bool


class Pace(Message):
    """Set the number of days between two pictures."""

    do: Literal["pace"]
    days: int = Field(ge=1, le=MAX_DAYS_PER_UPDATE)


class ChooseLesson(Message):
    """Open a lesson; an empty name closes it."""

    do: Literal["choose"]
    lesson: str = Field(max_length=20)


class CommitGuess(Message):
    """Commit to an answer to the lesson's question, which sets up its experiment."""

    do: Literal["guess"]
    answer: int = Field(ge=0, le=9)


class ShowStory(Message):
    """Show a person's story."""

    do: Literal["tell"]
    side: Literal["A", "B"]
    person: int = Field(ge=0, le=32_766)


class UseCode(Message):
    """Use the settings of a code."""

    do: Literal["read"]
    code: str = Field(max_length=80)


class PictureDrawn(Message):
    """A picture has been drawn."""

    do: Literal["drawn"]
    number: int = Field(ge=0, le=2**53)


Request = (
    Hello
    | Move
    | Play
    | Step
    | Skip
    | Reset
    | AsInFile
    | RunTen
    | Pace
    | ChooseLesson
    | CommitGuess
    | ShowStory
    | UseCode
    | PictureDrawn
)
_READER: TypeAdapter[Request] = TypeAdapter(Annotated[Request, Field(discriminator="do")])


def parse_message(data: Any) -> Request | None:
    """Validate a message; None if it is not one of these."""
    return read_message(_READER, data)
