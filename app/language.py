"""The language of a command: from ``--lang``, else ``SHEQUN_LANG``, else the locale."""

import gettext
import inspect
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import click

from shequn.sim.language import (
    CATALOGUES,
    ENVIRONMENT_VARIABLE,
    LANGUAGES,
    environment_language,
    in_language,
    translate,
)
from shequn.sim.text_width import columns, fold, left

OPTION = "--lang"
VERBATIM = "\b"  # click's mark of a paragraph that is not folded
_MAX_TERM_COLUMNS = 30  # most columns of the terms in a list


def language_option(args: Sequence[str]) -> str | None:
    """The language given with ``--lang`` anywhere in the arguments; None if it is missing or unknown."""
    language = None
    for position, argument in enumerate(_before_dashes(args)):
        if argument.startswith(f"{OPTION}="):
            language = argument.removeprefix(f"{OPTION}=")
        elif argument == OPTION and position + 1 < len(args):
            language = args[position + 1]
    return language if language in LANGUAGES else None


def without_language(args: Sequence[str]) -> list[str]:
    """The arguments without ``--lang``.

    Raises
    ------
    click.UsageError
        ``--lang`` has no language, or one that is not available.
    """
    before = _before_dashes(args)
    rest: list[str] = []
    position = 0
    while position < len(before):
        name, equals, language = before[position].partition("=")
        position += 1
        if name != OPTION:
            rest.append(before[position - 1])
            continue
        if not equals and position < len(before):
            language = before[position]
            position += 1
        if language not in LANGUAGES:
            raise click.UsageError(f"{OPTION} {language}: {_allowed()}")
    return [*rest, *args[len(before) :]]


def _before_dashes(args: Sequence[str]) -> Sequence[str]:
    return args[: args.index("--")] if "--" in args else args


def _allowed() -> str:
    return ", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())


@contextmanager
def use_language(language_code: str | None) -> Iterator[None]:
    """Use the chosen language, or else that of the environment, in this command and its processes.

    click looks up its own messages with gettext; their catalogue is beside shequn's.
    """
    language = language_code or environment_language()
    before = {name: os.environ.get(name) for name in (ENVIRONMENT_VARIABLE, "LANGUAGE")}
    domain = gettext.textdomain()
    os.environ.update({ENVIRONMENT_VARIABLE: language, "LANGUAGE": language})
    gettext.bindtextdomain("click", str(CATALOGUES))
    gettext.textdomain("click")
    try:
        with in_language(language):
            yield
    finally:
        gettext.textdomain(domain)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def help_texts(command: click.Command) -> Iterator[str]:
    """The texts of a command's help: its own, and those of its options."""
    if command.help:
        yield command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            yield parameter.help


@contextmanager
def translate_help(command: click.Command) -> Iterator[None]:
    """Translate a command's help inside a ``with`` block."""
    options = [option for option in command.params if isinstance(option, click.Option) and option.help]
    before = command.help, [option.help for option in options]
    command.help = _paragraphs(inspect.cleandoc(command.help or ""))
    for option in options:
        option.help = translate(option.help or "")
    try:
        yield
    finally:
        command.help = before[0]
        for option, text in zip(options, before[1], strict=True):
            option.help = text


class FoldingFormatter(click.HelpFormatter):
    """Help whose lines fit the terminal even if characters take two columns."""

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        indent = " " * self.current_indent
        for part in text.split("\n\n"):
            is_verbatim = part.strip().startswith(VERBATIM)
            lines = part.splitlines()[1:] if is_verbatim else fold(part, self.width, indent, indent)
            self.write("\n".join(indent + line if is_verbatim else line for line in lines) + "\n\n")
        self.buffer[-1] = self.buffer[-1].removesuffix("\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = _MAX_TERM_COLUMNS, col_spacing: int = 2
    ) -> None:
        """Write a list of terms with their explanations."""
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
    """A context that formats help with `FoldingFormatter`."""

    formatter_class = FoldingFormatter


def _paragraphs(text: str) -> str:
    return "\n\n".join(
        part if part.strip().startswith(VERBATIM) else translate(part) for part in text.split("\n\n")
    )
