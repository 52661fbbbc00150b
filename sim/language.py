"""The language that people read: English as it stands in the code, or another from a catalogue.

Texts for users are marked where they stand, ``_("…")``, and looked up when they are shown; the
language is a context variable, so that two sessions of one process can read different ones.
Catalogues are gettext's, ``sim/locale/<language>/LC_MESSAGES/*.po``, kept with Babel.
"""

import gettext
import locale
import os
from contextvars import ContextVar
from functools import cache
from pathlib import Path

#: Languages there are, and their own names for themselves.
LANGUAGES = {"en": "English", "zh": "中文"}

_CATALOGUES = Path(__file__).parent / "locale"
_language: ContextVar[str] = ContextVar("language", default="en")


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
    """The language spoken in this context."""
    return _language.get()


def of_surroundings() -> str:
    """The language that the locale of the process asks for; English if there is none of it."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        asked = os.environ.get(name)
        if asked:
            break
    else:
        asked = locale.getlocale()[0]  # Windows sets no variable
    start = (asked or "").replace("_", "-").split("-")[0].split(".")[0].lower()
    return {"chinese": "zh"}.get(start, start if start in LANGUAGES else "en")


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """All catalogues of a language as one."""
    texts = gettext.NullTranslations()
    for path in sorted((_CATALOGUES / language / "LC_MESSAGES").glob("*.mo")):
        with path.open("rb") as file:
            found = gettext.GNUTranslations(file)
        found.add_fallback(texts)
        texts = found
    return texts


def _(message: str) -> str:
    """The message in the language spoken here; without a translation, as it is."""
    return _catalogue(_language.get()).gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """The message for so many, in the language spoken here."""
    return _catalogue(_language.get()).ngettext(singular, plural, count)
