"""Telegram, as its desktop program writes it: ``result.json`` of one chat."""

from collections.abc import Iterator
from typing import Any

from shequn.experiments.logs.exports.export import (
    MESSAGE,
    NOTICE,
    JsonExport,
    Message,
    listed,
    place_of,
    text_or_none,
)


def _chats(document: Any) -> list[dict[str, Any]]:
    """The chat of an export of one, or all of an export of everything."""
    if listed(document, "messages"):
        return [document]
    chats = document.get("chats") if isinstance(document, dict) else None
    return [chat for chat in listed(chats, "list") if listed(chat, "messages")]


def _recognises(document: Any) -> bool:
    first = next((row for chat in _chats(document) for row in listed(chat, "messages")), {})
    return "date" in first and first.get("type") in ("message", "service")


def _messages(document: Any) -> Iterator[Message]:
    chats = _chats(document)
    for chat in chats:
        within = f"{chat.get('id')}/" if len(chats) > 1 else ""  # numbers count within a chat
        for number, row in enumerate(listed(chat, "messages")):
            person = row.get("from_id") or row.get("actor_id") or row.get("from") or row.get("actor")
            answered = text_or_none(row.get("reply_to_message_id"))
            yield Message(
                place_of(number),
                text_or_none(person),
                text_or_none(row.get("date_unixtime") or row.get("date")),
                f"{within}{row.get('id')}",
                within + answered if answered else None,
                MESSAGE if row.get("type") == "message" else NOTICE,
            )


EXPORT = JsonExport("telegram", "Telegram", _recognises, _messages)
