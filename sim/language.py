"""The language that people read: English as it stands in the code, or another from a catalogue.

Texts for users are marked where they stand, ``_("…")``, and looked up when they are shown; the
language is a context variable, so that two sessions of one process can read different ones.
Catalogues are gettext's, ``sim/locale/<language>/LC_MESSAGES/*.po``, kept with Babel.
"""

import datetime
import gettext
import locale
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

#: Languages there are, and their own names for themselves.
LANGUAGES = {"en": "English", "zh": "中文"}

#: Variable of the environment that names a language; processes begun by a command inherit it.
VARIABLE = "SHEQUN_LANG"

#: Folder of the catalogues, as gettext wants it.
CATALOGUES = Path(__file__).parent / "locale"

_language: ContextVar[str | None] = ContextVar("language", default=None)


def use(language: str) -> None:
    """Speak a language from now on, in this context.

    Parameters
    ----------
    language : str
        A key of :data:`LANGUAGES`.

    Raises
    ------
    ValueError
        There is no such language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"there is no language {language!r}; allowed: {', '.join(LANGUAGES)}")
    _language.set(language)


def current() -> str:
    """The language spoken in this context: the one chosen, else that of ``SHEQUN_LANG``, else English."""
    return _language.get() or _named(os.environ.get(VARIABLE, "")) or "en"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language while the block runs, in this context.

    Raises
    ------
    ValueError
        There is no such language.
    """
    before = _language.get()
    use(language)
    try:
        yield
    finally:
        _language.set(before)


def of_surroundings() -> str:
    """The language that the environment asks for; English if there is none of it.

    ``SHEQUN_LANG`` comes before the locale of the process.
    """
    for name in (VARIABLE, "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        asked = os.environ.get(name)
        if asked:
            break
    else:
        asked = locale.getlocale()[0]  # Windows sets no variable
    return _named(asked or "") or "en"


def _named(asked: str) -> str | None:
    """The language that a locale's name means (``zh_CN.UTF-8``, ``Chinese_China``); none if there is none."""
    start = asked.replace("_", "-").split("-")[0].split(".")[0].lower()
    found = {"chinese": "zh"}.get(start, start)
    return found if found in LANGUAGES else None


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """All catalogues of a language as one."""
    texts = gettext.NullTranslations()
    for path in sorted((CATALOGUES / language / "LC_MESSAGES").glob("*.mo")):
        with path.open("rb") as file:
            found = gettext.GNUTranslations(file)
        found.add_fallback(texts)
        texts = found
    return texts


def _(message: str) -> str:
    """The message in the language spoken here; without a translation, as it is."""
    return _catalogue(current()).gettext(message) if message else ""


def translated(text: str) -> str:
    """A scenario's own words: translated where they come with shequn, else as its author wrote them."""
    words = " ".join(text.split())
    found = _(words)
    return text if found == words else found


def ngettext(singular: str, plural: str, count: int) -> str:
    """The message for so many, in the language spoken here."""
    return _catalogue(current()).ngettext(singular, plural, count)


def date_text(date: datetime.date) -> str:
    """A date as it stands in a sentence: ``2026-01-31``, in Chinese ``2026年1月31日``."""
    return f"{date.year}年{date.month}月{date.day}日" if current() == "zh" else date.isoformat()


def paragraph(sentences: Iterable[str]) -> str:
    """Sentences as one text: with spaces between them, but not in Chinese."""
    if current() != "zh":
        return " ".join(sentences)
    return "".join(sentences).replace("） ", "）")  # a number may end with a bracket, which needs no space


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """The message as it is: marks a text in a table, which ``_`` looks up when it is shown."""
    return message


def plural(singular: str, many: str, number: float) -> str:
    """The message for a number that need not be whole, in the language spoken here."""
    return ngettext(singular, many, 1 if number == 1 else 2)
