"""Rows of tables, and their texts in the current language."""

from collections.abc import Hashable
from typing import Any

from shequn.sim.language import current_language

Row = dict[Hashable, Any]


def in_words(row: Row, name: str) -> str:
    """A text of a row in the current language (``name_en``, ``name_zh``); empty if there is none."""
    text = row[f"{name}_{current_language()}"]
    return text if isinstance(text, str) else ""


def joined(texts: list[str]) -> str:
    """Sentences one after another; Chinese has no space between them."""
    return ("" if current_language() == "zh" else " ").join(texts)
