"""Discourse: posts as its data explorer writes them (a table), or as its pages give them (JSON)."""

from collections.abc import Iterator
from typing import Any

from shequn.experiments.logs.exports.export import (
    MESSAGE,
    NOTICE,
    JsonExport,
    Message,
    TableExport,
    listed,
    place_of,
    text_or_none,
)

_SMALL_ACTIONS = {2, 3}  # post types: a moderator's action, a small action


def _posts(document: Any) -> list[dict[str, Any]]:
    stream = document.get("post_stream") if isinstance(document, dict) else None
    return listed(document, "latest_posts") or listed(stream, "posts")


def _recognises(document: Any) -> bool:
    posts = _posts(document)
    return bool(posts) and {"post_number", "created_at", "topic_id"} <= posts[0].keys()


def _messages(document: Any) -> Iterator[Message]:
    for number, row in enumerate(_posts(document)):
        answered = row.get("reply_to_post_number")
        yield Message(
            place_of(number),
            text_or_none(row.get("username") or row.get("user_id")),
            text_or_none(row.get("created_at")),
            f"{row.get('topic_id')}/{row.get('post_number')}",
            f"{row.get('topic_id')}/{answered}" if answered else None,
            NOTICE if row.get("post_type") in _SMALL_ACTIONS else MESSAGE,
        )


TABLE = TableExport(
    "discourse-csv",
    "Discourse",
    ("topic_id", "post_number", "user_id", "created_at"),
    {"person": "user_id", "time": "created_at", "id": "post_number", "reply_to": "reply_to_post_number",
     "kind": "post_type"},
    notices=r"^[23](\.0)?$",
    within="topic_id",
)  # fmt: skip
JSON = JsonExport("discourse", "Discourse", _recognises, _messages)
