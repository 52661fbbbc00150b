"""The language of a command: asked for by ``--lang``, by ``SHEQUN_LANG``, or the locale's."""

import gettext
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import click

from shequn.sim.language import CATALOGUES, LANGUAGES, VARIABLE, of_surroundings, speaking, translated
from shequn.sim.text_width import columns, fold, left

OPTION = "--lang"
AS_IT_IS = "\b"
_FIRST = 30  # columns of the terms in a list, at most


def asked_language(args: Sequence[str]) -> str | None:
    """The language that ``--lang`` names, wherever it stands; none if there is no such language."""
    named = None
    for place, argument in enumerate(_before_dashes(args)):
        if argument.startswith(f"{OPTION}="):
            named = argument.removeprefix(f"{OPTION}=")
        elif argument == OPTION and place + 1 < len(args):
            named = args[place + 1]
    return named if named in LANGUAGES else None


def without_language(args: Sequence[str]) -> list[str]:
    """The arguments without ``--lang``.

    Raises
    ------
    click.UsageError
        It names no language, or one that there is not.
    """
    before = _before_dashes(args)
    rest: list[str] = []
    place = 0
    while place < len(before):
        name, equals, named = before[place].partition("=")
        place += 1
        if name != OPTION:
            rest.append(before[place - 1])
            continue
        if not equals and place < len(before):
            named = before[place]
            place += 1
        if named not in LANGUAGES:
            raise click.UsageError(f"{OPTION} {named}: {_allowed()}")
    return [*rest, *args[len(before) :]]


def _before_dashes(args: Sequence[str]) -> Sequence[str]:
    return args[: args.index("--")] if "--" in args else args


def _allowed() -> str:
    return ", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())


@contextmanager
def spoken(asked: str | None) -> Iterator[None]:
    """Speak the language asked for, or that of the surroundings, in this command and its processes.

    click looks its own words up with gettext; its catalogue lies beside ours.
    """
    language = asked or of_surroundings()
    before = {name: os.environ.get(name) for name in (VARIABLE, "LANGUAGE")}
    domain = gettext.textdomain()
    os.environ.update({VARIABLE: language, "LANGUAGE": language})
    gettext.bindtextdomain("click", str(CATALOGUES))
    gettext.textdomain("click")
    try:
        with speaking(language):
            yield
    finally:
        gettext.textdomain(domain)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def help_texts(command: click.Command) -> Iterator[str]:
    """What a command's help says: its own text, and that of its options."""
    if command.help:
        yield command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            yield parameter.help


@contextmanager
def helped(command: click.Command) -> Iterator[None]:
    """A command whose help is in the language spoken here while the block runs."""
    options = [option for option in command.params if isinstance(option, click.Option) and option.help]
    before = command.help, [option.help for option in options]
    command.help = _paragraphs(command.help or "")
    for option in options:
        option.help = translated(option.help or "")
    try:
        yield
    finally:
        command.help = before[0]
        for option, text in zip(options, before[1], strict=True):
            option.help = text


class FoldingFormatter(click.HelpFormatter):
    """Help in lines that fit the terminal, also where characters take two columns."""

    def write_text(self, text: str) -> None:
        """A paragraph."""
        indent = " " * self.current_indent
        for part in text.split("\n\n"):
            as_it_is = part.strip().startswith(AS_IT_IS)  # click's mark of lines that are not folded
            lines = part.splitlines()[1:] if as_it_is else fold(part, self.width, indent, indent)
            self.write("\n".join(indent + line if as_it_is else line for line in lines) + "\n\n")
        self.buffer[-1] = self.buffer[-1].removesuffix("\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = _FIRST, col_spacing: int = 2) -> None:
        """A list of terms, each with what it means."""
        indent = " " * self.current_indent
        rows = list(rows)
        first = min(max(columns(term) for term, _ in rows), col_max) + col_spacing
        rest = indent + " " * first
        for term, text in rows:
            head = indent + term
            if columns(term) > first - col_spacing:
                self.write(head + "\n")
                head = rest
            self.write("\n".join(fold(text, self.width, left(head, len(rest)), rest)) + "\n")


class FoldingContext(click.Context):
    """A context whose help is folded so."""

    formatter_class = FoldingFormatter


def _paragraphs(text: str) -> str:
    return "\n\n".join(
        part if part.strip().startswith(AS_IT_IS) else translated(part) for part in text.split("\n\n")
    )
