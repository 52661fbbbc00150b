"""Options that say which scenario is meant, shared by the commands that take one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from shequn.app.output import note
from shequn.app.user_errors import show_user_errors

if TYPE_CHECKING:
    from shequn.sim.scenario import Scenario
    from shequn.sim.scenario.merging import Override

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--set",
        "assignments",
        metavar="KEY=VALUE",
        multiple=True,
        help="Change one value, such as community.openness=0.5; may be repeated.",
    ),
    click.option(
        "--graph", metavar="FILE", help="Ties from a file: edge list (txt, csv, tsv, .gz) or GraphML."
    ),
    click.option("--days", metavar="N", help="Length of a run in days."),
    click.option("--seed", metavar="N", help="Seed of all chance."),
    click.option("--runs", metavar="N", help="Number of replicates."),
)


def changing_options(command: Command) -> Command:
    """Add the options that change a scenario to a click command: the parameters of `overrides`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def scenario_options(command: Command) -> Command:
    """Add the argument SCENARIO and the options that change a scenario to a click command.

    The command gets the keyword arguments of `resolved_scenario`.
    """
    return click.argument("scenario", metavar="SCENARIO[:VARIANT]")(changing_options(command))


def overrides(
    assignments: tuple[str, ...] = (),
    graph: str | None = None,
    days: str | None = None,
    seed: str | None = None,
    runs: str | None = None,
) -> "list[Override]":
    """What options lay over a scenario, in the order of `resolved_scenario`, whose parameters these are.

    Raises
    ------
    ScenarioError
        One of them cannot be read.
    """
    from shequn.sim.scenario.merging import assignment, literal, option

    found = [literal("--graph", "population.graph", {"file": graph})] if graph is not None else []
    for key, text in (("days", days), ("seed", seed), ("runs", runs)):
        if text is not None:
            found.append(option(f"--{key}", key, text))
    return found + [assignment(written) for written in assignments]


def resolved_scenario(scenario: str, assignments: tuple[str, ...] = (), **asked: str | None) -> "Scenario":
    """The scenario that the command line asks for, read, checked and resolved.

    Options are laid over the scenario and its variant in this order: ``--graph``, ``--days``,
    ``--seed``, ``--runs``, then each ``--set``; the later wins. Notes about it go to stderr.

    Parameters
    ----------
    scenario : str
        ``SCENARIO`` or ``SCENARIO:VARIANT``.
    assignments : tuple of str
        ``key=value`` of each ``--set``.
    graph : str, optional
        Path of a graph's file, relative to the current folder.
    days, seed, runs : str, optional
        Numbers as typed.

    Raises
    ------
    Fault
        Anything is wrong with it: exit code 2.
    """
    from shequn.sim.scenario import Scenario
    from shequn.sim.scenario.places import split_variant

    with show_user_errors():
        name, variant = split_variant(scenario)
        found = Scenario.load(name, variant, overrides(assignments, **asked))
    for remark in found.notes:
        note(remark)
    return found
