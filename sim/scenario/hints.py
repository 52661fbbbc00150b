"""Hints for the mistakes that people make in scenario files."""

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
    "　": N_("space"),
}


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like ``word``, or none that is close enough."""
    by_lower = {name.lower(): name for name in known}
    asked = word.lower().replace("-", "_") if any("_" in name for name in by_lower) else word.lower()
    found = difflib.get_close_matches(asked, by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``; did you mean X?`` when a known word is near, else the first of all that are known."""
    names = list(known)
    if (name := nearest(word, names)) is not None:
        return _("; did you mean {near}?").format(near=name)
    if not names:
        return ""
    return _("; known: {names}").format(names=", ".join(names[:30] + ["…"] * (len(names) > 30)))


def full_width(text: str) -> str:
    """A hint when a text holds a full-width character that was meant as an ASCII one."""
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
    """Number (from 0) of the first line that has a full-width colon after its key."""
    for number, line in enumerate(lines):
        if _FULL_WIDTH_KEY.match(line):
            return number
    return None


def for_value(text: str, wanted: str) -> str:
    """How a value could have been meant, given what kind was wanted.

    Parameters
    ----------
    text : str
        The value as written.
    wanted : str
        ``number``, ``integer``, ``boolean``, ``object`` (a mapping), ``array`` (a list) or ``string``.
    """
    if wanted in ("number", "integer"):
        ascii_text = unicodedata.normalize("NFKC", text.replace("。", ".")).strip()
        if hint := _for_number(ascii_text):
            quoted = hint == _("remove the quotes around the number")
            return (
                _("write {text}").format(text=ascii_text) if quoted and ascii_text != text.strip() else hint
            )
    if hint := full_width(text):
        return hint
    if wanted == "boolean" and text.strip().lower() in _TRUE_WORDS:
        return _("write {text}").format(text=_TRUE_WORDS[text.strip().lower()])
    if wanted == "object" and re.match(r"\w+:\S", text):
        return _("a space is needed after the colon")
    return ""


def _for_number(text: str) -> str:
    if re.fullmatch(r"[-+]?[\d.]+ *%", text):
        try:
            return _("write {value:g} for {text}").format(value=float(text.rstrip("% ")) / 100, text=text)
        except ValueError:
            return ""
    if re.fullmatch(r"[-+]?\d{1,3}([, _']\d{3})+(\.\d+)?", text):
        return _("write {value}: no separators in numbers").format(value=re.sub(r"[, _]", "", text))
    if re.fullmatch(r"[-+]?\d+,\d+", text):
        return _("write {value}: decimals take a point").format(value=text.replace(",", "."))
    if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", text, re.IGNORECASE):
        return _("remove the quotes around the number")
    if match := re.fullmatch(r"([-+]?[\d.]+) *(days?|d|km|%|people|x|天|人|元)", text):
        return _("write {match} alone: units are fixed").format(match=match[1])
    if match := re.fullmatch(r"([\d.]+) *([kKmM万])", text):
        return _("write {text}").format(
            text=f"{float(match[1]) * {'k': 1e3, 'm': 1e6, '万': 1e4}[match[2].lower()]:g}"
        )
    return ""
