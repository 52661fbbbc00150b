"""The statistics of logs in print: names, formatted numbers, and the table."""

import math
from collections.abc import Sequence

import pandas as pd

from shequn.experiments.logs.activity import DAY
from shequn.experiments.logs.description import Description, lines
from shequn.experiments.logs.ranges import ranges
from shequn.experiments.logs.statistic_names import PUBLISHED, Line, Unit
from shequn.sim.language import N_, _

_OUTSIDE = {"below": "<", "above": ">"}

#: Kinds of real communities in words.
KINDS = {"all": N_("all"), "chat": N_("chats"), "forum": N_("forums"), "list": N_("lists")}


def size(described: Description) -> str:
    """How many events, people and days a log has."""
    activity = described.activity
    first = pd.Timestamp(activity.epoch_day * DAY, unit="s").date()
    last = pd.Timestamp((activity.epoch_day + activity.days - 1) * DAY, unit="s").date()
    return _("{n:,} events of {n_people:,} people, {first} to {last}").format(
        n=len(described.log.person), n_people=activity.n_people, first=first, last=last
    )


def table(described: Sequence[Description], kind: str = "all", width: int | None = None) -> str:
    """Format the statistics as a table; values outside the real range are marked < or >.

    Parameters
    ----------
    described : sequence of Description
    kind : str
        Kind of the real communities: all, chat, forum or list.
    width : int, optional
        Width in characters; by default as wide as needed.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    real = ranges(kind)
    page = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    page.add_column("")
    for one in described:
        page.add_column(Text(one.log.title), justify="right", overflow="fold")
    page.add_column(_("real: {kind}").format(kind=_(KINDS[kind])), justify="right")
    shown = ""
    for group, line in lines(described):
        if group != shown:
            page.add_row(*[""] * (len(described) + 2))
            page.add_row(Text(_(group), style="bold"))
            shown = group
        cells = [_marked(one.values.get(line.name), line, kind) for one in described]
        if line.name in real:
            low, high = real[line.name].low, real[line.name].high
            span = f"{written(low, line.unit).removesuffix(' %')} – {written(high, line.unit)}"
        else:
            span = written(PUBLISHED.get(line.name), line.unit) if line.name in PUBLISHED else ""
        page.add_row("  " + _(line.text).format(n=line.n), *cells, span)
    console = Console(width=width or 10_000, highlight=False, no_color=True, legacy_windows=False)
    with console.capture() as captured:
        console.print(page)
    return "\n".join(text.rstrip() for text in captured.get().splitlines())


def _marked(value: float | None, line: Line, kind: str) -> str:
    text = written(value, line.unit)
    real = ranges(kind).get(line.name)
    if real is None or value is None or math.isnan(value):
        return f"{text}  "
    side = "below" if value < real.low - 5e-5 else "above" if value > real.high + 5e-5 else ""
    return f"{text} {_OUTSIDE.get(side, ' ')}"


def written(value: float | None, unit: Unit) -> str:
    """Format a value; a dash if it is unknown."""
    if value is None or math.isnan(value):
        return "–"
    if unit == "share":
        return f"{100 * value:.1f} %"
    return f"{value:.0f}" if unit == "days" and value >= 100 else f"{value:.{1 if unit == 'days' else 2}f}"
