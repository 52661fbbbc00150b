"""Hints for common mistakes in scenario files."""

import difflib
import re
import unicodedata
from collections.abc import Iterable

from shequn.sim.language import N_, _

_TRUE_WORDS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
_FULL_WIDTH_KEY = re.compile(r"^\s*(?:- +)?(?:\{ *)?[\"']?\w+[\"']?\s*：")
_NAMES = {
    "：": N_("colon"),
    "，": N_("comma"),
    "。": N_("full stop"),
    "（": N_("bracket"),
    "）": N_("bracket"),
    "　": N_("a blank"),
}


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most similar to ``word``; None if no word is similar enough."""
    by_lower = {name.lower(): name for name in known}
    lower = word.lower().replace("-", "_") if any("_" in name for name in by_lower) else word.lower()
    similar = difflib.get_close_matches(lower, by_lower, n=1, cutoff=0.6)
    return by_lower[similar[0]] if similar else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``; did you mean X?`` when a known word is similar, else a list of known words (at most 30)."""
    names = list(known)
    if (name := nearest(word, names)) is not None:
        return _("; did you mean {near}?").format(near=name)
    if not names:
        return ""
    return _("; known: {names}").format(names=", ".join(names[:30] + ["…"] * (len(names) > 30)))


def near_one(word: str, known: Iterable[str]) -> str:
    """``; did you mean X?`` when a known word is similar, else nothing: for messages that list the known ones."""
    name = nearest(word, known)
    return _("; did you mean {near}?").format(near=name) if name is not None else ""


def full_width_hint(text: str) -> str:
    """A hint if a text contains a full-width character in place of an ASCII one, else an empty text."""
    for character in text:
        ascii_form = unicodedata.normalize("NFKC", character)
        if character == "。":
            ascii_form = "."
        if ascii_form != character and len(ascii_form) == 1 and ascii_form.isascii():
            name = _(_NAMES[character]) if character in _NAMES else _("character")
            if character == "：":
                return _("“：” is a full-width colon; write “: ” (a colon and a space)")
            return _("“{character}” is a full-width {name}; write “{ascii_form}”").format(
                character=character, name=name, ascii_form=ascii_form
            )
    return ""


def line_with_full_width_colon(lines: Iterable[str]) -> int | None:
    """Number (from 0) of the first line with a full-width colon after its key."""
    for number, line in enumerate(lines):
        if _FULL_WIDTH_KEY.match(line):
            return number
    return None


def value_hint(text: str, expected_type: str) -> str:
    """A hint on how to write a value, given the expected type; empty if there is none.

    Parameters
    ----------
    text : str
        The value as written.
    expected_type : str
        Expected: ``number``, ``integer``, ``boolean``, ``object`` (a mapping), ``array`` (a list) or ``string``.
    """
    if expected_type in ("number", "integer"):
        ascii_text = unicodedata.normalize("NFKC", text.replace("。", ".")).strip()
        if hint := _number_hint(ascii_text):
            quoted = hint == _("remove the quotes around the number")
            return (
                _("write {text}").format(text=ascii_text) if quoted and ascii_text != text.strip() else hint
            )
    if hint := full_width_hint(text):
        return hint
    if expected_type == "boolean" and text.strip().lower() in _TRUE_WORDS:
        return _("write {text}").format(text=_TRUE_WORDS[text.strip().lower()])
    if expected_type == "object" and re.match(r"\w+:\S", text):
        return _("a space is needed after the colon")
    return ""


def _number_hint(text: str) -> str:
    if re.fullmatch(r"[-+]?[\d.]+ *%", text):
        try:
            return _("write {value:g} for {text}").format(value=float(text.rstrip("% ")) / 100, text=text)
        except ValueError:
            return ""
    if re.fullmatch(r"[-+]?\d{1,3}([, _']\d{3})+(\.\d+)?", text):
        return _("write {value}: no separators in numbers").format(value=re.sub(r"[, _]", "", text))
    if re.fullmatch(r"[-+]?\d+,\d+", text):
        return _("write {value}: the decimal separator is a point").format(value=text.replace(",", "."))
    if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", text, re.IGNORECASE):
        return _("remove the quotes around the number")
    if match := re.fullmatch(r"([-+]?[\d.]+) *(days?|d|km|%|people|x|天|人|元)", text):
        return _("write {match} without a unit: units are fixed").format(match=match[1])
    if match := re.fullmatch(r"([\d.]+) *([kKmM万])", text):
        return _("write {text}").format(
            text=f"{float(match[1]) * {'k': 1e3, 'm': 1e6, '万': 1e4}[match[2].lower()]:g}"
        )
    return ""
