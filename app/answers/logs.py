"""The statistics of logs in print: names, formatted numbers, and the table."""

import math
from collections.abc import Sequence

import pandas as pd

from shequn.experiments.logs.activity import DAY, Activity
from shequn.experiments.logs.description import Description, lines
from shequn.experiments.logs.log import Log
from shequn.experiments.logs.ranges import ranges
from shequn.experiments.logs.statistic_names import PUBLISHED, Line, Unit
from shequn.sim.language import N_, _, plural

_SIDE_SIGNS = {"below": "<", "above": ">"}

#: Kinds of real communities in words.
KINDS = {"all": N_("all"), "chat": N_("chats"), "forum": N_("forums"), "list": N_("lists")}


def understood(log: Log, activity: Activity) -> str:
    """What was read, in one line: people, messages, days, time zone, and how many rows were left out."""
    first = pd.Timestamp(activity.epoch_day * DAY, unit="s").date()
    last = pd.Timestamp((activity.epoch_day + activity.days - 1) * DAY, unit="s").date()
    words = _("{n_people}, {n}, {first} to {last}, times {clock}").format(
        n_people=plural("{n:,} person", "{n:,} people", activity.n_people).format(n=activity.n_people),
        n=plural("{n:,} message", "{n:,} messages", len(log.person)).format(n=len(log.person)),
        first=first,
        last=last,
        clock=log.clock,
    )
    parts = [_left_out(kind, n) for kind, n in log.left_out.items()]
    return words + (_("; {listed} left out").format(listed=_(", ").join(parts)) if parts else "")


def _left_out(kind: str, n: int) -> str:
    """How many rows of a kind were left out."""
    words = {
        "notices": plural("{n:,} notice", "{n:,} notices", n),
        "bots": plural("{n:,} message of a bot", "{n:,} messages of bots", n),
        "deleted": plural("{n:,} of a deleted account", "{n:,} of deleted accounts", n),
        "repeats": plural("{n:,} repetition", "{n:,} repetitions", n),
        "without": plural("{n:,} without a person or a time", "{n:,} without a person or a time", n),
        "odd": plural("{n:,} that cannot be read", "{n:,} that cannot be read", n),
    }
    return words[kind].format(n=n)


def table(descriptions: Sequence[Description], kind: str = "all", width: int | None = None) -> str:
    """Format the statistics as a table; values outside the real range are marked < or >.

    Parameters
    ----------
    descriptions : sequence of Description
    kind : str
        Kind of the real communities: all, chat, forum or list.
    width : int, optional
        Width in characters; by default as wide as needed.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    real_ranges = ranges(kind)
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    grid.add_column("")
    for description in descriptions:
        grid.add_column(Text(description.log.title), justify="right", overflow="fold")
        grid.add_column("n", justify="right")
    grid.add_column(_("real: {kind}").format(kind=_(KINDS[kind])), justify="right")
    last_group = ""
    for group, line in lines(descriptions):
        if line.unit == "error":  # beside its coefficient
            continue
        if group != last_group:
            grid.add_row(*[""] * (2 * len(descriptions) + 2))
            grid.add_row(Text(_(group), style="bold"))
            last_group = group
        cells = []
        for description in descriptions:
            value = description.values.get(line.name)
            error = description.values.get(f"{line.name}_se")
            cells += [_marked_value(value, line, kind, error), _number(description, line.name, value)]
        if line.name in real_ranges:
            low, high = real_ranges[line.name].low, real_ranges[line.name].high
            range_text = f"{value_text(low, line.unit).removesuffix(' %')} – {value_text(high, line.unit)}"
        else:
            range_text = value_text(PUBLISHED.get(line.name), line.unit) if line.name in PUBLISHED else ""
        grid.add_row("  " + _(line.text).format(n=line.n), *cells, range_text)
    console = Console(width=width or 10_000, highlight=False, no_color=True, legacy_windows=False)
    with console.capture() as output:
        console.print(grid)
    return "\n".join(text.rstrip() for text in output.get().splitlines())


def _number(description: Description, name: str, value: float | None) -> str:
    """How many people a value is over; nothing where there is no value or it is not over people."""
    n = description.people.get(name)
    return "" if n is None or value is None or math.isnan(value) else f"{n:,}"


def _marked_value(value: float | None, line: Line, kind: str, error: float | None) -> str:
    text = value_text(value, line.unit)
    if line.unit == "coefficient" and error is not None and not math.isnan(error):
        text += f" ± {error:.2f}"
    real_ranges = ranges(kind).get(line.name)
    if real_ranges is None or value is None or math.isnan(value):
        return f"{text}  "
    side = "below" if value < real_ranges.low - 5e-5 else "above" if value > real_ranges.high + 5e-5 else ""
    return f"{text} {_SIDE_SIGNS.get(side, ' ')}"


def value_text(value: float | None, unit: Unit) -> str:
    """Format a value; a dash if it is unknown."""
    if value is None or math.isnan(value):
        return "–"
    if unit == "share":
        return f"{100 * value:.1f} %"
    if unit == "coefficient":
        return f"{value:+.2f}"
    return f"{value:.0f}" if unit == "days" and value >= 100 else f"{value:.{1 if unit == 'days' else 2}f}"
