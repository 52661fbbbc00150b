"""Slack: the messages of one day (a JSON list), or all files of an export together."""

from collections.abc import Iterator
from typing import Any

from shequn.experiments.logs.exports.export import (
    BOT,
    MESSAGE,
    NOTICE,
    JsonExport,
    Message,
    place_of,
    text_or_none,
)

_MESSAGES = {None, "", "thread_broadcast", "file_share", "file_comment", "me_message", "reply_broadcast"}


def _recognises(document: Any) -> bool:
    rows = document if isinstance(document, list) else []
    return any(isinstance(row, dict) and row.get("type") == "message" and "ts" in row for row in rows[:100])


def _messages(document: Any) -> Iterator[Message]:
    for number, row in enumerate(document):
        if not isinstance(row, dict) or row.get("type", "message") != "message":
            continue
        kind = MESSAGE if row.get("subtype") in _MESSAGES else NOTICE
        is_bot = row.get("subtype") == "bot_message" or ("bot_id" in row and not row.get("user"))
        channel, thread = row.get("channel", ""), row.get("thread_ts")  # an instant counts within a channel
        yield Message(
            place_of(number),
            text_or_none(row.get("user") or row.get("bot_id") or row.get("username")),
            text_or_none(row.get("ts")),
            f"{channel}/{row.get('ts')}",
            f"{channel}/{thread}" if thread and thread != row.get("ts") else None,
            BOT if is_bot else kind,
        )


EXPORT = JsonExport("slack", "Slack", _recognises, _messages)
