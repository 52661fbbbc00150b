"""The command line ``shequn``: its commands, each loaded only when used."""

import importlib
import sys

import click

from app.interrupts import remember_interrupts
from sim.version import __version__

#: Command: where it is, and its line in `shequn --help` (so that help loads none of them).
_COMMANDS = {
    "run": ("app.run:run", "Run a scenario and write its results."),
    "show": ("app.run:show", "Show the results of a run again."),
    "describe": ("app.describe:describe", "Measure activity logs and runs by the same statistics."),
    "report": ("app.report.command:report", "Make one HTML file of finished results."),
    "compare": ("app.compare:compare", "Compare scenarios or variants, run by run."),
    "sweep": ("app.sweep:sweep", "Run a design: many parameter sets, many times."),
    "calibrate": ("app.calibrate:calibrate", "Fit a scenario to a log, and start it from the group."),
    "search": ("app.search:search", "Search a design for the best, under constraints."),
    "sensitivity": ("app.sensitivity:sensitivity", "Say which factors of a design move its responses most."),
    "class": ("app.classroom.command:classroom", "Open the class page: two communities side by side in the browser."),
    "check": ("app.scenario_commands:check", "Check a scenario and explain it in words."),
    "new": ("app.scenario_commands:new", "Write a commented scenario to start from."),
    "list": ("app.scenario_commands:list_shipped", "List the scenarios that come with shequn."),
    "schema": ("app.scenario_commands:schema", "Print the JSON Schema of scenario files."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands, as help lists them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now."""
        if cmd_name not in _COMMANDS:
            return None
        module, attribute = _COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name; of an unknown one the nearest is told."""
        if args[0] not in _COMMANDS and not args[0].startswith("-"):
            from sim.scenario.hints import did_you_mean

            raise click.UsageError(f"there is no command {args[0]!r}{did_you_mean(args[0], _COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="shequn")
def cli() -> None:
    """Simulate the life of a community (社群): growth, cooling, gates and openness.

    SCENARIO is a shipped name (see `shequn list`) or the path of a YAML file;
    SCENARIO:VARIANT chooses one of its variants.
    """


def main() -> None:
    """Entry point: as `cli`, on a console of any encoding."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a legacy console shows ? instead of failing
    remember_interrupts()
    cli()


if __name__ == "__main__":
    main()
