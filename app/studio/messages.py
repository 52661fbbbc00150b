"""Messages from the browser, validated before processing.

No message names a file by anything but its name in the folder of the studio, which `Folder` checks, and none is ever
run as code.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from shequn.app.serving.messages import Message, read_message
from shequn.app.studio.limits import MAX_PAIRS
from shequn.sim.scenario.reading import MAX_BYTES

_Name = Annotated[str, Field(max_length=300)]
_Pointer = Annotated[str, Field(max_length=2_000)]


class Hello(Message):
    """The page has loaded and can draw; with the text and the file name that it had before it was loaded again."""

    do: Literal["hello"]
    text: str = Field("", max_length=MAX_BYTES)
    name: _Name = ""


class Write(Message):
    """The text has changed; ``number`` counts such messages."""

    do: Literal["write"]
    text: str = Field(max_length=MAX_BYTES)
    number: int = Field(ge=0, le=2**53)


class SetValue(Message):
    """Set the value of a key, by its JSON pointer; nothing typed takes the key away."""

    do: Literal["set"]
    pointer: _Pointer
    typed: str = Field(max_length=20_000)
    is_text: bool


class Remove(Message):
    """Take a key away; in a variant, what the scenario has of this name."""

    do: Literal["remove"]
    pointer: _Pointer


class Rename(Message):
    """Give a key another name."""

    do: Literal["rename"]
    pointer: _Pointer
    name: _Name


class AddCard(Message):
    """Add a card's entry."""

    do: Literal["card"]
    card: _Name


class ChooseVariant(Message):
    """Edit and explain a variant; an empty name is the scenario itself."""

    do: Literal["variant"]
    name: _Name


class AddVariant(Message):
    """Add a variant."""

    do: Literal["add_variant"]
    name: _Name


class RemoveVariant(Message):
    """Take a variant away."""

    do: Literal["remove_variant"]
    name: _Name


class Undo(Message):
    """Take the last change back."""

    do: Literal["undo"]


class Start(Message):
    """Start from a shipped scenario; an empty name is the commented template."""

    do: Literal["start"]
    scenario: _Name


class Open(Message):
    """Open a file of the folder."""

    do: Literal["open"]
    name: _Name


class Import(Message):
    """Use a file that the browser has read: a scenario, or a shared file with one inside."""

    do: Literal["import"]
    name: _Name
    text: str = Field(max_length=MAX_BYTES)


class Save(Message):
    """Save the text under a name; ``replace`` is the answer to the question whether to overwrite."""

    do: Literal["save"]
    name: _Name
    replace: bool


class Run(Message):
    """Run the scenario, or the variant that is chosen."""

    do: Literal["run"]


class Compare(Message):
    """Compare variants with the scenario; their names, one per line, or all if there are none.

    ``assumed``: try the assumed numbers, too, for which there must be one variant.
    """

    do: Literal["compare"]
    variants: str = Field(max_length=20_000)
    pairs: int = Field(ge=2, le=MAX_PAIRS)
    assumed: bool


class Stop(Message):
    """Stop the run or comparison."""

    do: Literal["stop"]


Request = (
    Hello
    | Write
    | SetValue
    | Remove
    | Rename
    | AddCard
    | ChooseVariant
    | AddVariant
    | RemoveVariant
    | Undo
    | Start
    | Open
    | Import
    | Save
    | Run
    | Compare
    | Stop
)
_READER: TypeAdapter[Request] = TypeAdapter(Annotated[Request, Field(discriminator="do")])


def parse_message(data: Any) -> Request | None:
    """Validate a message; None if it is not one of these."""
    return read_message(_READER, data)
