"""The argument and options that choose and change a scenario, shared by several commands."""

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
        help="Change one value, for example community.openness=0.5; may be repeated.",
    ),
    click.option(
        "--graph",
        metavar="FILE",
        help="Ties from a file: edge list (txt, csv, tsv, .gz), matrix, GraphML, GEXF, GML or Pajek.",
    ),
    click.option(
        "--graph-header",
        type=click.Choice(["auto", "true", "false"]),
        help="Whether the first line of that file is a header.",
    ),
    click.option(
        "--graph-delimiter", metavar="SIGN", help="What stands between its columns: comma, tab, space, …"
    ),
    click.option(
        "--graph-columns", metavar="A,B", help="Its two columns of names, by name or number; or matrix."
    ),
    click.option("--graph-weight", metavar="COLUMN", help="Its column of weights; none for no weights."),
    click.option(
        "--graph-repeats",
        type=click.Choice(["largest", "sum"]),
        help="Weight of a tie that is listed more than once; default: largest.",
    ),
    click.option(
        "--graph-bad-weights",
        type=click.Choice(["refuse", "drop"]),
        help="What becomes of ties whose weight is not above 0; default: refuse.",
    ),
    click.option(
        "--graph-mutual", is_flag=True, default=None, help="Whether a tie must be listed in both directions."
    ),
    click.option("--days", metavar="N", help="Length of a run in days."),
    click.option("--seed", metavar="N", help="Seed of all random draws."),
    click.option("--runs", metavar="N", help="Number of replicates."),
)


def changing_options(command: Command) -> Command:
    """Add the options that change a scenario to a click command; they are the parameters of `overrides`."""
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
    **graph_options: str | bool | None,
) -> "list[Override]":
    """The changes that the options make to a scenario; see `resolved_scenario` for parameters and order.

    Raises
    ------
    ScenarioError
        An option cannot be read.
    """
    from shequn.sim.scenario.merging import assignment_override, option_override, value_override

    changes = [value_override("--graph", "population.graph", {"file": graph})] if graph is not None else []
    for name, value in graph_options.items():
        if value is None:
            continue
        key, typed = name.removeprefix("graph_"), {"true": True, "false": False}.get(str(value), value)
        option = f"--graph-{key.replace('_', '-')}"
        changes.append(value_override(option, f"population.graph.{key}", typed))
    for key, text in (("days", days), ("seed", seed), ("runs", runs)):
        if text is not None:
            changes.append(option_override(f"--{key}", key, text))
    return changes + [assignment_override(assignment) for assignment in assignments]


def resolved_scenario(scenario: str, assignments: tuple[str, ...] = (), **options: Any) -> "Scenario":
    """The scenario that the command line describes, read, checked and resolved.

    Options are applied after the variant, in this order: ``--graph`` and those that begin with it, ``--days``,
    ``--seed``, ``--runs``, then each ``--set``; later ones win. Notes about the scenario go to stderr.

    Parameters
    ----------
    scenario : str
        ``SCENARIO`` or ``SCENARIO:VARIANT``.
    assignments : tuple of str
        ``key=value`` of each ``--set``.
    graph : str, optional
        Path of a graph file, relative to the current folder.
    days, seed, runs : str, optional
        Numbers as typed.
    graph_header, graph_delimiter, graph_columns, graph_weight, graph_repeats, graph_bad_weights, graph_mutual
        Keys of a graph from a file, if they are given.

    Raises
    ------
    UserError
        Anything is wrong with the scenario or the options (exit code 2).
    """
    from shequn.sim.scenario import Scenario
    from shequn.sim.scenario.locations import split_variant

    with show_user_errors():
        name, variant = split_variant(scenario)
        resolved = Scenario.load(name, variant, overrides(assignments, **options))
    for remark in resolved.notes:
        note(remark)
    return resolved
