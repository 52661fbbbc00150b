"""The language of texts for users: English as written in the code, or another from a catalogue.

Texts are marked in the code, ``_("…")``, and looked up when they are shown. The language is a context
variable, so that two sessions of one process can use different languages. The catalogues are gettext's,
``sim/locale/<language>/LC_MESSAGES/*.po``, maintained with Babel.
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

#: The available languages, and what each calls itself.
LANGUAGES = {"en": "English", "zh": "中文"}

#: Environment variable that names a language; child processes of a command inherit it.
ENVIRONMENT_VARIABLE = "SHEQUN_LANG"

#: Folder of the catalogues, in gettext's layout.
CATALOGUES = Path(__file__).parent / "locale"

_language: ContextVar[str | None] = ContextVar("language", default=None)


def set_language(language: str) -> None:
    """Use a language from now on, in this context.

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


def current_language() -> str:
    """The language of this context: the one chosen, else that of ``SHEQUN_LANG``, else English."""
    return _language.get() or _named(os.environ.get(ENVIRONMENT_VARIABLE, "")) or "en"


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Use a language inside a ``with`` block, in this context.

    Raises
    ------
    ValueError
        There is no such language.
    """
    before = _language.get()
    set_language(language)
    try:
        yield
    finally:
        _language.set(before)


def environment_language() -> str:
    """The language set in the environment; English if it is not available.

    ``SHEQUN_LANG`` has priority over the locale of the process.
    """
    for name in (ENVIRONMENT_VARIABLE, "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            break
    else:
        value = locale.getlocale()[0]  # Windows sets no variable
    return _named(value or "") or "en"


def _named(locale_name: str) -> str | None:
    """The language of a locale (``zh_CN.UTF-8``, ``Chinese_China``); None if it is not available."""
    start = locale_name.replace("_", "-").split("-")[0].split(".")[0].lower()
    language = {"chinese": "zh"}.get(start, start)
    return language if language in LANGUAGES else None


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """All catalogues of a language as one."""
    texts = gettext.NullTranslations()
    for path in sorted((CATALOGUES / language / "LC_MESSAGES").glob("*.mo")):
        with path.open("rb") as file:
            catalogue = gettext.GNUTranslations(file)
        catalogue.add_fallback(texts)
        texts = catalogue
    return texts


def _(message: str) -> str:
    """The message in the current language, or unchanged if it has no translation."""
    return _catalogue(current_language()).gettext(message) if message else ""


def translate(text: str) -> str:
    """A text of a scenario: translated if the scenario is shipped with shequn, else as its author wrote it."""
    words = " ".join(text.split())
    translation = _(words)
    return text if translation == words else translation


def ngettext(singular: str, plural: str, count: int) -> str:
    """The message for a whole number, in the current language."""
    return _catalogue(current_language()).ngettext(singular, plural, count)


def date_text(date: datetime.date) -> str:
    """A date in a sentence: ``2026-01-31``, in Chinese ``2026年1月31日``."""
    return f"{date.year}年{date.month}月{date.day}日" if current_language() == "zh" else date.isoformat()


def paragraph(sentences: Iterable[str]) -> str:
    """Sentences as one text, separated by spaces except in Chinese."""
    if current_language() != "zh":
        return " ".join(sentences)
    return "".join(sentences).replace("） ", "）")  # no space after a full-width bracket


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """The message, unchanged: marks a constant for translation, which ``_`` looks up when it is shown."""
    return message


def plural(singular: str, plural_form: str, number: float) -> str:
    """The message for a number that may have decimals, in the current language."""
    return ngettext(singular, plural_form, 1 if number == 1 else 2)
