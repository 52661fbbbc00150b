"""Catalogues of translations: collects texts from the code, updates the catalogues, compiles them.

``python -m shequn.app.catalogues`` does all of this. New texts then appear in
``sim/locale/<language>/LC_MESSAGES/<domain>.po`` with an empty ``msgstr``, or with the translation of a similar
text, marked ``fuzzy``. Write or correct the translation, remove the mark, and run the command again.

No translation is ever lost: if a text disappears, its translation stays at the end of the file (``#~``) and
returns with the text. The command needs Babel (``pip install -e '.[test]'``); shequn itself does not.
"""

import datetime
import importlib
import io
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path

import click
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from shequn.app.language import VERBATIM, help_texts
from shequn.app.template import comments
from shequn.sim.language import CATALOGUES, LANGUAGES

ROOT = Path(__file__).parent.parent
_KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "plural": (1, 2)}
_METHODS = [
    ("**.py", "python"),
    ("**.html", "jinja2"),
    ("**.jinja", "jinja2"),
    ("lessons/*.yaml", "shequn.app.classroom.lessons:extract_texts"),
]
_FIXED_DATE = datetime.datetime(
    2026, 1, 1, tzinfo=datetime.UTC
)  # fixed, so that the same texts give the same file
_WIDTH = 100

#: Folders of the domains; the domain ``shequn`` has all other folders.
_DOMAIN_FOLDERS = {
    "report": "app/report",
    "class": "app/classroom",
    "studio": "app/studio",
    "reference": "app/reference",
}
_ALL_FOLDERS = ("agents", "sim", "experiments", "app")
_TRANSLATED_KEYS = ("title", "description")  # of a scenario and its variants, besides the question


def domains() -> list[str]:
    """All domains: one for each part of shequn with texts, and one for click.

    All except click's are looked up together, so a text is only in the first domain that uses it; a second
    translation would never be shown.
    """
    return [
        "shequn",
        *(domain for domain, folder in _DOMAIN_FOLDERS.items() if (ROOT / folder).is_dir()),
        "click",
    ]


@cache
def code_texts(domain: str) -> Catalog:
    """All texts that a domain has in the code now, without translations."""
    catalogue = Catalog(domain=domain, project="shequn", creation_date=_FIXED_DATE, revision_date=_FIXED_DATE)
    earlier = domains()[: domains().index(domain)] if domain != "click" else []
    other_texts = {message.id for other in earlier for message in code_texts(other)}
    for message, source_file in sorted(_messages(domain), key=lambda pair: (str(pair[1]), str(pair[0]))):
        if message not in other_texts:
            catalogue.add(message, locations=[(source_file, 0)])
    return catalogue


def _messages(domain: str) -> Iterator[tuple[str | tuple[str, ...], str]]:
    """Each text, or pair of singular and plural, and the file that contains it."""
    if domain == "click":
        yield from _folder_messages(Path(click.__file__).parent, "click")
    elif domain in _DOMAIN_FOLDERS:
        yield from _folder_messages(ROOT / _DOMAIN_FOLDERS[domain], _DOMAIN_FOLDERS[domain])
        if domain == "class":
            yield from _lesson_messages()
        elif domain == "studio":
            yield from _key_messages()
        elif domain == "reference":
            yield from _table_messages()
    else:
        for folder in _ALL_FOLDERS:
            for message, source_file in _folder_messages(ROOT / folder, folder):
                if not source_file.startswith(tuple(f"{other}/" for other in _DOMAIN_FOLDERS.values())):
                    yield message, source_file
        yield from _help_messages()
        yield from ((comment, "app/template.py") for comment in comments())
        yield from _scenario_messages()


def _folder_messages(folder: Path, name: str) -> Iterator[tuple[str | tuple[str, ...], str]]:
    for source_file, _line, message, _comments, _context in extract_from_dir(
        folder, _METHODS, keywords=_KEYWORDS, options_map={}
    ):
        yield message, f"{name}/{Path(source_file).as_posix()}"


def _help_messages() -> Iterator[tuple[str, str]]:
    """The texts of `--help`: paragraphs of the commands, and their options."""
    from shequn.app.cli import COMMANDS, cli

    commands = [cli]
    for address, _line in COMMANDS.values():
        module, attribute = address.split(":")
        commands.append(getattr(importlib.import_module(module), attribute))
    for command in commands:
        for text in help_texts(command):
            for part in text.split("\n\n"):
                if not part.strip().startswith(VERBATIM):
                    yield " ".join(part.split()), "app"


def _scenario_messages() -> Iterator[tuple[str, str]]:
    """Titles, questions and descriptions of the shipped scenarios and their variants."""
    from shequn.sim.scenario.locations import shipped
    from shequn.sim.scenario.nodes import plain
    from shequn.sim.scenario.question import Question
    from shequn.sim.scenario.reading import parse, read_text

    for name, path in shipped().items():
        scenario = plain(parse(read_text(path)[0], path.name)[0])
        for values in (scenario, *(scenario.get("variants") or {}).values()):
            texts = [str(values.get(key, "")) for key in _TRANSLATED_KEYS]
            question = Question.read(values.get("question"))
            for text in (*texts, str(question), question.base):
                if text:
                    yield " ".join(text.split()), f"scenarios/{name}.yaml"


def _lesson_messages() -> Iterator[tuple[str, str]]:
    """The texts of the class page's lessons."""
    from shequn.app.classroom.lessons import lessons

    for lesson in lessons().values():
        for text in (lesson.title, lesson.question, lesson.look, *lesson.answers):
            yield text, f"{_DOMAIN_FOLDERS['class']}/lessons"


def _key_messages() -> Iterator[tuple[str, str]]:
    """What the form of the studio says about the keys of scenarios: descriptions, coefficients and their units."""
    from shequn.agents.rules import GROUPS
    from shequn.app.studio.form import descriptions

    yield from ((text, "scenarios/schema.json") for text in descriptions())
    for group in GROUPS:
        for text in (group.text, *(part for one in group.coefficients for part in (one.text, one.unit))):
            if text:
                yield text, "agents/rules"


def _table_messages() -> Iterator[tuple[str, str]]:
    """What the reference pages say about tables of results and about statements of operators."""
    from shequn.app.reference import codebook, s_table

    yield from ((text, "app/reference/codebook.py") for text in codebook.texts())
    yield from ((text, "app/reference/s_table.py") for text in s_table.texts())


def catalogue_path(language: str, domain: str, suffix: str = ".po") -> Path:
    """Path of a catalogue."""
    return CATALOGUES / language / "LC_MESSAGES" / f"{domain}{suffix}"


def read(path: Path, language: str, domain: str) -> Catalog:
    """A catalogue of translations; empty if there is no file yet."""
    if not path.exists():
        return Catalog(locale=language, domain=domain)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=domain)


def mo_bytes(catalogue: Catalog) -> bytes:
    """A catalogue in gettext's compiled format."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def translations(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """A catalogue's translations by text, without the header, which contains the version of Babel."""
    return {
        _forms(message.id): _forms(message.string)
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    }


def _forms(words: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Singular and plural as a tuple; a text without a plural is a tuple of one."""
    return tuple(words) if isinstance(words, list | tuple) else (words,)


def compiled_translations(path: Path) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The translations in a compiled catalogue; empty if there is no file."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return translations(read_mo(file))


def untranslated(catalogue: Catalog, texts: Catalog) -> list[Message]:
    """Texts of the code without a translation in the catalogue, or with one that is only a guess (fuzzy)."""
    gaps = []
    for message in texts:
        entry = catalogue.get(message.id) if message.id else None
        words = entry.string if entry is not None else ""
        parts = words if isinstance(words, tuple) else (words,)
        if message.id and (entry is None or entry.fuzzy or not all(parts)):
            gaps.append(message)
    return gaps


def merge(catalogue: Catalog, texts: Catalog) -> None:
    """Update a catalogue with the texts of the code, without losing a translation.

    A new text gets the translation of a similar one as a suggestion, marked fuzzy. A translation whose text has
    disappeared becomes obsolete, and returns when the text does.
    """
    for key, message in catalogue.obsolete.items():
        if catalogue.get(message.id) is None:
            catalogue[key] = message
    previous = list(catalogue)
    catalogue.obsolete.clear()
    catalogue.update(texts)
    confirmed_strings = {message.string for message in previous if not message.fuzzy}
    for message in previous:
        is_guess = message.fuzzy and message.string in confirmed_strings
        if message.id and message.string and not is_guess and texts.get(message.id) is None:
            catalogue.obsolete[_forms(message.id)[0]] = message


def update(language: str, domain: str) -> int:
    """Update a catalogue's files; returns the number of texts without a translation."""
    path, compiled_path = catalogue_path(language, domain), catalogue_path(language, domain, ".mo")
    texts = deepcopy(code_texts(domain))
    catalogue = read(path, language, domain)
    if domain == "click":  # keep the texts of every version of click that was ever used, not only this one's
        for message in catalogue:
            if message.id and texts.get(message.id) is None:
                texts.add(message.id, locations=message.locations)
    merge(catalogue, texts)
    catalogue.header_comment = f"# {LANGUAGES[language]}: texts of shequn ({domain})."
    catalogue.creation_date = catalogue.revision_date = _FIXED_DATE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(po_bytes(catalogue))
    if compiled_translations(compiled_path) != translations(catalogue):
        compiled_path.write_bytes(mo_bytes(catalogue))
    return len(untranslated(catalogue, texts))


def po_bytes(catalogue: Catalog) -> bytes:
    """The text of a catalogue's file, without the version of Babel."""
    file = io.BytesIO()
    write_po(file, catalogue, width=_WIDTH, include_lineno=False, include_previous=True)
    return b"".join(
        line for line in file.getvalue().splitlines(True) if not line.startswith(b'"Generated-By: ')
    )


@click.command()
def main() -> None:
    """Collect all texts, update all catalogues and compile them."""
    for language in LANGUAGES:
        for domain in domains() if language != "en" else ():
            n = update(language, domain)
            click.echo(
                f"{catalogue_path(language, domain).relative_to(ROOT)}: {n} texts without a translation"
            )


if __name__ == "__main__":
    main()
