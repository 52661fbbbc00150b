"""Zulip: messages of an export, or as its interface gives them (JSON)."""

from collections.abc import Iterator
from typing import Any

from shequn.experiments.logs.exports.export import (
    BOT,
    MESSAGE,
    NOTICE,
    JsonExport,
    Message,
    listed,
    place_of,
    text_or_none,
)

_BOTS = {"Notification Bot", "Welcome Bot", "Reminder Bot"}


def _rows(document: Any) -> list[dict[str, Any]]:
    return listed(document, "zerver_message") or listed(document, "messages")


def _recognises(document: Any) -> bool:
    rows = _rows(document)
    return bool(rows) and (
        {"sender", "date_sent"} <= rows[0].keys() or {"sender_id", "timestamp"} <= rows[0].keys()
    )


def _messages(document: Any) -> Iterator[Message]:
    for number, row in enumerate(_rows(document)):
        person, time = row.get("sender_id", row.get("sender")), row.get("timestamp", row.get("date_sent"))
        moved = row.get("type") in ("resolve_topic_notification", 2)
        kind = NOTICE if moved else MESSAGE
        yield Message(
            place_of(number),
            text_or_none(person),
            text_or_none(time),
            text_or_none(row.get("id")),
            None,
            BOT if row.get("sender_full_name") in _BOTS else kind,
        )


EXPORT = JsonExport("zulip", "Zulip", _recognises, _messages)
