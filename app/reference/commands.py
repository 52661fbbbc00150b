"""The commands with all their options, from what ``--help`` says."""

import importlib

import click

from shequn.app.cli import COMMANDS, cli
from shequn.app.language import VERBATIM, translate_help
from shequn.app.model_tables import markdown_table
from shequn.sim.language import _


def page() -> str:
    """The whole page, in the current language."""
    parts = [
        "# " + _("Commands"),
        _(
            "Made from what `shequn --help` and `shequn COMMAND --help` say. `--lang {languages}` may stand anywhere "
            "and chooses the language. Exit codes: 0 if all went well, 1 if runs failed or results differ, 2 if "
            "something in the command or its files cannot be true, 130 after Ctrl-C."
        ).format(languages="en|zh"),
    ]
    for name, (address, summary) in COMMANDS.items():
        module, attribute = address.split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        parts += [f"## shequn {name}", _(summary), *_command(name, command)]
    return "\n\n".join(parts)


def _command(name: str, command: click.Command) -> list[str]:
    context = click.Context(command, info_name=name, parent=click.Context(cli, info_name="shequn"))
    with translate_help(command):
        usage = " ".join(["shequn", name, *command.collect_usage_pieces(context)])
        parts = [f"```text\n{usage}\n```"]
        paragraphs = (command.help or "").split("\n\n")
        if " ".join(paragraphs[0].split()) == _(COMMANDS[name][1]):
            paragraphs = paragraphs[1:]
        parts += [_paragraph(text) for text in paragraphs if text.strip()]
        records = [one.get_help_record(context) for one in command.params if isinstance(one, click.Option)]
    rows = [[f"`{one[0]}`", _escaped(one[1])] for one in records if one]
    headings = [_("option"), _("meaning")]
    return [*parts, markdown_table(headings, rows).rstrip()]


def _paragraph(text: str) -> str:
    if text.strip().startswith(VERBATIM):
        return "```text\n" + "\n".join(text.strip().splitlines()[1:]) + "\n```"
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    """A text of the help as Markdown: signs that would open a mark or a tag stand for themselves."""
    pieces = text.split("`")
    pieces[::2] = [
        piece.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_").replace("[", "\\[")
        for piece in pieces[::2]
    ]
    return "`".join(pieces)
