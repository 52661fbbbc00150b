"""Catalogues of translations: collected from the code, brought up to date, compiled.

``python -m shequn.app.catalogues`` is the one command. New texts then stand in
``sim/locale/<language>/LC_MESSAGES/<domain>.po`` with an empty ``msgstr``, or with that of a similar text,
marked ``fuzzy``: fill or correct it, remove the mark, and run the command again. It never loses a
translation: where a text is gone, its translation stays at the end of the file (``#~``) and returns with
the text. Babel is required (``pip install -e '.[test]'``); shequn itself does not need it.
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

from shequn.app.language import AS_IT_IS, help_texts
from shequn.app.template import comments
from shequn.sim.language import CATALOGUES, LANGUAGES

ROOT = Path(__file__).parent.parent
_KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "plural": (1, 2)}
_METHODS = [
    ("**.py", "python"),
    ("**.html", "jinja2"),
    ("**.jinja", "jinja2"),
    ("lessons/*.yaml", "shequn.app.classroom.lessons:extracted"),
]
_WHEN = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)  # no dates: the same texts give the same file
_WIDTH = 100

#: Folders of a domain, where it is not everything else.
_OWN = {"report": "app/report", "class": "app/classroom"}
_EVERYTHING = ("agents", "sim", "experiments", "app")
_TOLD = ("title", "question", "description")  # what a scenario says of itself


def domains() -> list[str]:
    """The domains there are: one for each part of shequn that has texts, and that of click.

    All but click's are looked up as one, so a text stands only in the first of them that has it: two
    translations of it would be one that nobody sees.
    """
    return ["shequn", *(domain for domain, folder in _OWN.items() if (ROOT / folder).is_dir()), "click"]


@cache
def collected(domain: str) -> Catalog:
    """All texts of a domain as they stand in the code now, without translations."""
    found = Catalog(domain=domain, project="shequn", creation_date=_WHEN, revision_date=_WHEN)
    before = domains()[: domains().index(domain)] if domain != "click" else []
    elsewhere = {message.id for one in before for message in collected(one)}
    for message, place in sorted(_messages(domain), key=lambda one: (str(one[1]), str(one[0]))):
        if message not in elsewhere:
            found.add(message, locations=[(place, 0)])
    return found


def _messages(domain: str) -> Iterator[tuple[str | tuple[str, ...], str]]:
    """Each text, or pair of singular and plural, and the file that it stands in."""
    if domain == "click":
        yield from _in_folder(Path(click.__file__).parent, "click")
    elif domain in _OWN:
        yield from _in_folder(ROOT / _OWN[domain], _OWN[domain])
        if domain == "class":
            yield from _in_lessons()
    else:
        for folder in _EVERYTHING:
            for message, place in _in_folder(ROOT / folder, folder):
                if not place.startswith(tuple(f"{own}/" for own in _OWN.values())):
                    yield message, place
        yield from _in_help()
        yield from ((comment, "app/template.py") for comment in comments())
        yield from _in_scenarios()


def _in_folder(folder: Path, name: str) -> Iterator[tuple[str | tuple[str, ...], str]]:
    for place, _line, message, _comments, _context in extract_from_dir(
        folder, _METHODS, keywords=_KEYWORDS, options_map={}
    ):
        yield message, f"{name}/{Path(place).as_posix()}"


def _in_help() -> Iterator[tuple[str, str]]:
    """What `--help` says: paragraphs of commands, and their options."""
    from shequn.app.cli import COMMANDS, cli

    commands = [cli]
    for address, _line in COMMANDS.values():
        module, attribute = address.split(":")
        commands.append(getattr(importlib.import_module(module), attribute))
    for command in commands:
        for text in help_texts(command):
            for part in text.split("\n\n"):
                if not part.strip().startswith(AS_IT_IS):
                    yield " ".join(part.split()), "app"


def _in_scenarios() -> Iterator[tuple[str, str]]:
    """What the scenarios that come with shequn say of themselves and of their variants."""
    from shequn.sim.scenario.nodes import plain
    from shequn.sim.scenario.places import shipped
    from shequn.sim.scenario.reading import parse, read_text

    for name, path in shipped().items():
        scenario = plain(parse(read_text(path)[0], path.name)[0])
        for said in (scenario, *(scenario.get("variants") or {}).values()):
            for key in _TOLD:
                if said.get(key):
                    yield " ".join(str(said[key]).split()), f"scenarios/{name}.yaml"


def _in_lessons() -> Iterator[tuple[str, str]]:
    """What the lessons of the class page ask and tell."""
    from shequn.app.classroom.lessons import lessons

    for lesson in lessons().values():
        for text in (lesson.title, lesson.question, lesson.look, *lesson.answers):
            yield text, f"{_OWN['class']}/lessons"


def file_of(language: str, domain: str, ending: str = ".po") -> Path:
    """Where a catalogue lies."""
    return CATALOGUES / language / "LC_MESSAGES" / f"{domain}{ending}"


def read(path: Path, language: str, domain: str) -> Catalog:
    """A catalogue of translations; an empty one where there is no file yet."""
    if not path.exists():
        return Catalog(locale=language, domain=domain)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=domain)


def compiled(catalogue: Catalog) -> bytes:
    """A catalogue as gettext reads it."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def translations(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """What a catalogue answers: text by text, without the header, which names the version of Babel."""
    return {
        _forms(one.id): _forms(one.string) for one in catalogue if one.id and one.string and not one.fuzzy
    }


def _forms(words: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Singular and plural as a tuple; a text without a plural is a tuple of one."""
    return tuple(words) if isinstance(words, list | tuple) else (words,)


def compiled_translations(path: Path) -> dict[tuple[str, ...], tuple[str, ...]]:
    """What a compiled catalogue answers; nothing where there is no file."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return translations(read_mo(file))


def untranslated(catalogue: Catalog, texts: Catalog) -> list[Message]:
    """Texts of the code that a catalogue has no sure translation for."""
    found = []
    for message in texts:
        there = catalogue.get(message.id) if message.id else None
        words = there.string if there is not None else ""
        parts = words if isinstance(words, tuple) else (words,)
        if message.id and (there is None or there.fuzzy or not all(parts)):
            found.append(message)
    return found


def merge(catalogue: Catalog, texts: Catalog) -> None:
    """Bring a catalogue up to date with the texts of the code, without losing a translation.

    A new text gets the translation of a similar one as a suggestion, marked fuzzy. A translation whose
    text is gone becomes obsolete; it returns when its text does.
    """
    for key, message in catalogue.obsolete.items():
        if catalogue.get(message.id) is None:
            catalogue[key] = message
    before = list(catalogue)
    catalogue.obsolete.clear()
    catalogue.update(texts)
    sure = {one.string for one in before if not one.fuzzy}
    for message in before:
        is_guess = message.fuzzy and message.string in sure
        if message.id and message.string and not is_guess and texts.get(message.id) is None:
            catalogue.obsolete[_forms(message.id)[0]] = message


def update(language: str, domain: str) -> int:
    """Bring a catalogue's files up to date; returns the number of texts that wait for a translation."""
    path, compiled_path = file_of(language, domain), file_of(language, domain, ".mo")
    texts = deepcopy(collected(domain))
    catalogue = read(path, language, domain)
    if domain == "click":  # texts of every version that was ever here, not of this one alone
        for message in catalogue:
            if message.id and texts.get(message.id) is None:
                texts.add(message.id, locations=message.locations)
    merge(catalogue, texts)
    catalogue.header_comment = f"# {LANGUAGES[language]}: texts of shequn ({domain})."
    catalogue.creation_date = catalogue.revision_date = _WHEN
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written(catalogue))
    if compiled_translations(compiled_path) != translations(catalogue):
        compiled_path.write_bytes(compiled(catalogue))
    return len(untranslated(catalogue, texts))


def written(catalogue: Catalog) -> bytes:
    """A catalogue as a text file, without the version of Babel that wrote it."""
    file = io.BytesIO()
    write_po(file, catalogue, width=_WIDTH, include_lineno=False, include_previous=True)
    return b"".join(
        line for line in file.getvalue().splitlines(True) if not line.startswith(b'"Generated-By: ')
    )


@click.command()
def main() -> None:
    """Collect all texts, bring every catalogue up to date, and compile it."""
    for language in LANGUAGES:
        for domain in domains() if language != "en" else ():
            n = update(language, domain)
            click.echo(f"{file_of(language, domain).relative_to(ROOT)}: {n} texts wait for a translation")


if __name__ == "__main__":
    main()
