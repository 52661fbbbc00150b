"""What an export is: a table with columns of its own, a JSON document, or text."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

MESSAGE, NOTICE, BOT = "message", "notice", "bot"  # kinds of rows


class Message(NamedTuple):
    """One message of an export.

    Attributes
    ----------
    place : int or str
        Its line, or words for where it is.
    person, time : str or None
    id, reply_to : str or None
        Its own number, and that of the message that it answers.
    kind : str
        MESSAGE, NOTICE (somebody joined, a topic was renamed) or BOT.
    """

    place: int | str
    person: str | None
    time: str | None
    id: str | None = None
    reply_to: str | None = None
    kind: str = MESSAGE


class TableExport(NamedTuple):
    """An export that is a table, recognised by the names of its columns.

    Attributes
    ----------
    name : str
        What --format takes.
    title : str
    signature : tuple of str
        Columns that all must be there.
    columns : mapping
        Column's name by what it holds: person, time, id, reply_to, kind.
    notices : str
        Pattern of the kinds of rows that are notices.
    within : str, optional
        Column of the thread within which ``id`` and ``reply_to`` count.
    zone : str, optional
        Time zone of its local times where the user names none.
    """

    name: str
    title: str
    signature: tuple[str, ...]
    columns: Mapping[str, str]
    notices: str = ""
    within: str | None = None
    zone: str | None = None


class JsonExport(NamedTuple):
    """An export that is a JSON document."""

    name: str
    title: str
    recognises: Callable[[Any], bool]
    messages: Callable[[Any], Iterable[Message]]


class TextExport(NamedTuple):
    """An export that is text for people to read; ``zone`` as for `TableExport`."""

    name: str
    title: str
    recognises: Callable[[str], bool]
    messages: Callable[[str], Iterable[Message]]
    zone: str | None = None


#: What the table holds that is made of messages.
MESSAGE_TABLE = TableExport(
    "messages",
    "",
    (),
    MappingProxyType(
        {"person": "person", "time": "time", "id": "id", "reply_to": "reply_to", "kind": "kind"}
    ),
    notices=f"^{NOTICE}$",
)


def text_or_none(value: Any) -> str | None:
    """A value of a JSON document as text."""
    return None if value is None or value == "" else str(value)


def place_of(number: int) -> str:
    """Where a message of a JSON document is, from 0."""
    from shequn.sim.language import _

    return _("message {number:,}").format(number=number + 1)


def listed(document: Any, key: str) -> list[dict[str, Any]]:
    """The objects in a list of a JSON document; none where there is no such list."""
    rows = document.get(key) if isinstance(document, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
