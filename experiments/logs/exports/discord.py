"""Discord, as DiscordChatExporter writes it: a table, or a JSON document."""

from collections.abc import Iterator
from typing import Any

from shequn.experiments.logs.exports.export import (
    BOT,
    MESSAGE,
    NOTICE,
    JsonExport,
    Message,
    TableExport,
    listed,
    place_of,
    text_or_none,
)

_MESSAGES = {"Default", "Reply", "ChatInputCommand", "ContextMenuCommand", "ThreadStarterMessage", "0", "19"}


def _recognises(document: Any) -> bool:
    rows = listed(document, "messages")
    return {"guild", "channel"} <= document.keys() if isinstance(document, dict) and rows else False


def _messages(document: Any) -> Iterator[Message]:
    for number, row in enumerate(listed(document, "messages")):
        author, answered = row.get("author") or {}, row.get("reference") or {}
        kind = MESSAGE if str(row.get("type", "Default")) in _MESSAGES else NOTICE
        yield Message(
            place_of(number),
            text_or_none(author.get("id")),
            text_or_none(row.get("timestamp")),
            text_or_none(row.get("id")),
            text_or_none(answered.get("messageId")),
            BOT if author.get("isBot") else kind,
        )


TABLE = TableExport(
    "discord-csv",
    "Discord (DiscordChatExporter)",
    ("AuthorID", "Author", "Date", "Content"),
    {"person": "AuthorID", "time": "Date"},
)
JSON = JsonExport("discord", "Discord (DiscordChatExporter)", _recognises, _messages)
