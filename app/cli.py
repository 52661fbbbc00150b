"""The command line ``shequn``; each command is imported only when it is used."""

import importlib
import sys
from collections.abc import Sequence
from typing import Any

import click

from shequn.app.interrupts import exit_code, remember_interrupts
from shequn.app.language import (
    FoldingContext,
    language_option,
    translate_help,
    use_language,
    without_language,
)
from shequn.app.user_errors import UserError
from shequn.sim.extras import MissingExtraError
from shequn.sim.language import N_, _
from shequn.sim.version import __version__

#: Commands: module and function, and the line in `shequn --help` (so that help imports no command).
COMMANDS = {
    "run": ("shequn.app.run:run", N_("Run a scenario and write its results.")),
    "show": ("shequn.app.run:show", N_("Show the results of a run again.")),
    "reproduce": (
        "shequn.app.reproduce:reproduce",
        N_("Make a finished run again and compare the bytes."),
    ),
    "describe": (
        "shequn.app.describe:describe",
        N_("Measure activity logs and runs with the same statistics."),
    ),
    "report": ("shequn.app.report.command:report", N_("Make one HTML file from finished results.")),
    "compare": ("shequn.app.compare:compare", N_("Compare scenarios or variants, run by run.")),
    "claims": (
        "shequn.app.claims:claims",
        N_("Put what the articles claim to the test, with verdicts."),
    ),
    "playbook": (
        "shequn.app.playbook:playbook",
        N_("Rank the operator's levers in five kinds of community."),
    ),
    "sweep": ("shequn.app.sweep:sweep", N_("Run a design: many design points, with replicates.")),
    "calibrate": (
        "shequn.app.calibrate:calibrate",
        N_("Fit a scenario to the log of a real group, and start it from that group."),
    ),
    "forecast": (
        "shequn.app.forecast:forecast",
        N_("Forecast who writes in the coming weeks, and what a change would do."),
    ),
    "search": (
        "shequn.app.search:search",
        N_("Search a design for the best design point, under constraints."),
    ),
    "sensitivity": (
        "shequn.app.sensitivity:sensitivity",
        N_("Measure which factors of a design affect its responses most."),
    ),
    "discover": (
        "shequn.app.discover:discover",
        N_("Say for which parameter sets of a finished sweep an outcome was found."),
    ),
    "class": (
        "shequn.app.classroom.command:classroom",
        N_("Open the class page: two communities side by side in the browser."),
    ),
    "studio": (
        "shequn.app.studio.command:studio",
        N_("Open the studio: write, check and run a scenario in the browser."),
    ),
    "check": ("shequn.app.scenario_commands:check", N_("Check a scenario and explain it in words.")),
    "new": ("shequn.app.scenario_commands:new", N_("Write a commented scenario to start from.")),
    "list": ("shequn.app.scenario_commands:list_shipped", N_("List the shipped scenarios.")),
    "schema": ("shequn.app.scenario_commands:schema", N_("Print the JSON Schema of scenario files.")),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are used."""

    context_class = FoldingContext

    def main(self, args: Sequence[str] | None = None, *arguments: Any, **options: Any) -> Any:
        """Run in the language of ``--lang``, so that errors are in that language too."""
        with use_language(language_option(sys.argv[1:] if args is None else args)):
            return super().main(args, *arguments, **options)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments without ``--lang``, which may be anywhere and is already in use."""
        return super().parse_args(ctx, without_language(args))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; report a missing optional dependency as a user error, and an interrupt in a word."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("\n" + _("Interrupted."), err=True)
            raise SystemExit(exit_code()) from None
        except click.MissingParameter as error:
            raise _in_one_sentence(error) from None
        except MissingExtraError as error:
            raise UserError(str(error)) from None

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help in the current language."""
        with translate_help(self):
            super().format_help(ctx, formatter)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command of this name."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        command.context_class = self.context_class
        ctx.with_resource(translate_help(command))
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name; the error for an unknown one suggests a similar one."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            from shequn.sim.hints import did_you_mean

            words = _("there is no command {name!r}{near}")
            raise click.UsageError(words.format(name=args[0], near=did_you_mean(args[0], COMMANDS)), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(line)) for name, (__, line) in COMMANDS.items()])


def _in_one_sentence(error: click.MissingParameter) -> click.UsageError:
    """The error with the full stop of the current language; click's own is always that of English."""
    param = error.param
    name = error.param_hint or (param.get_error_hint(error.ctx) if param is not None else None)
    kind = error.param_type or (param.param_type_name if param is not None else None)
    if not isinstance(name, str) or kind != "argument":
        return error
    return click.UsageError(_("Missing argument {name}.").format(name=name), error.ctx)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--lang", metavar="[en|zh]", help="Language of texts and figures; default: SHEQUN_LANG, else the locale."
)
@click.version_option(__version__, prog_name="shequn")
def cli(lang: str | None) -> None:
    """Simulate the life of a community (社群): growth, cooling, gates and openness.

    SCENARIO is the name of a shipped scenario (see `shequn list`) or the path of a YAML file;
    SCENARIO:VARIANT chooses one of its variants.
    """


def main() -> None:
    """Entry point: `cli` on a console with any encoding."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a legacy console shows "?" instead of an error
    remember_interrupts()
    cli()


if __name__ == "__main__":
    main()
