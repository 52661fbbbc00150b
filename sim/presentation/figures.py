"""The four figures of a result, each drawn from its tables only.

Every figure shows all replicates: the median as a line, the range from lowest to highest as a band, and single
runs as thin lines. The tables must have the column ``run``.
"""

import datetime
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure, FigureBase
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from shequn.sim.language import _, current_language, translate
from shequn.sim.presentation import style
from shequn.sim.presentation.formats import date_text
from shequn.sim.presentation.marks import Mark, by_kind
from shequn.sim.presentation.style import add_dates, add_legend, by_run, draw_band, weekly_mean
from shequn.sim.results.retention import cohort_groups, retention_column, retention_percent
from shequn.sim.text_width import fold

Tables = Mapping[str, pd.DataFrame]

_SIZE = (9.0, 5.6)  # inches
#: Fixed margins, with room for tick labels up to 1,000,000 at the left and the legend at the right.
#: (matplotlib's constrained layout would take as long as the drawing itself.)
_MARGINS = {"left": 0.115, "right": 0.745, "top": 0.885, "bottom": 0.09, "hspace": 0.07}
_DPI = 130
_ROW_HEIGHT = 0.045  # of a row of ticks, as a share of the panel
_NEAR = 0.08  # of the time axis: days whose numbers would touch side by side
_NUMBER_HEIGHT = 0.06  # of the panel
_MAX_NAMED = 6  # operations in a legend
_LABEL_COLUMNS = 26  # of a name in a legend


def _two_panels(figure: FigureBase, title: str, days: pd.DataFrame, start: datetime.date) -> list[Axes]:
    runs = days["run"].nunique()
    spread = (
        _("   (line: median of {runs} runs, band: lowest to highest)").format(runs=runs) if runs > 1 else ""
    )
    style.add_title(figure, title + spread)
    upper, lower = figure.subplots(2, 1, sharex=True, gridspec_kw=_MARGINS)
    last = max(float(days["day"].max()), 1.0)
    upper.set_xlim(0, last)
    add_dates(upper, start, last)
    lower.set_xlabel(_("days since the start"))
    lower.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    for axes in (upper, lower):
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    return [upper, lower]


def draw_size(figure: FigureBase, tables: Tables, title: str, start: datetime.date) -> None:
    """Size and activity: members, those seen in a month and a week; visits and posts a day."""
    days = tables["days"]
    upper, lower = _two_panels(
        figure, _("{title}: size and activity").format(title=translate(title)), days, start
    )
    for column, colour, label in (
        ("members", style.BLACK, _("members")),
        ("active_month", style.BLUE, _("seen in the last 30 days")),
        ("active_week", style.ORANGE, _("seen in the last 7 days")),
    ):
        width = 2.8 if column == "members" else 1.6  # visible even where both lines coincide
        draw_band(upper, *by_run(days, column), colour, label, width=width)
    upper.set_ylabel(_("people"))
    for column, colour, label in (
        ("visits", style.GREEN, _("visits")),
        ("posts", style.VERMILION, _("posts and replies")),
    ):
        day, values = by_run(days[days["day"] > 0], column)
        draw_band(lower, day, weekly_mean(values), colour, label)
    lower.set_ylabel(_("per day, mean of 7 days"))
    for axes in (upper, lower):
        axes.set_ylim(bottom=0)
        add_legend(axes)


def draw_temperature(figure: FigureBase, tables: Tables, title: str, start: datetime.date) -> None:
    """Temperature, and its change since the start by dilution, evaporation and pruning."""
    days = tables["days"]
    upper, lower = _two_panels(figure, _("{title}: temperature").format(title=translate(title)), days, start)
    draw_band(upper, *by_run(days, "temperature"), style.BLACK, _("all members"))
    draw_band(upper, *by_run(days, "temperature_active"), style.BLUE, _("seen in the last 30 days"))
    upper.set_ylabel(_("mean quality (0 to 1)"))
    for column, colour, label, line in (
        ("dilution", style.SKY, _("dilution (joins)"), "-"),
        ("evaporation", style.VERMILION, _("evaporation (departures)"), "-"),
        ("evaporation_control", style.BLACK, _("the same number of departures,\nblind to quality"), "--"),
        ("pruning", style.GREEN, _("pruning (removals)"), "-"),
    ):
        if column != "pruning" or days["pruning"].abs().max() > 0:
            draw_band(lower, *by_run(days, column), colour, label, line)
    lower.axhline(0, color=style.GREY, linewidth=0.8)
    lower.set_ylabel(_("change of mean quality\nsince the start"))
    for axes in (upper, lower):
        add_legend(axes)


def draw_growth(figure: FigureBase, tables: Tables, title: str, start: datetime.date) -> None:
    """Growth by channel, and K and R: the number of joins that each membership causes."""
    days, growth = tables["days"], tables["growth"]
    upper, lower = _two_panels(
        figure, _("{title}: growth by channel").format(title=translate(title)), days, start
    )
    for column, colour, label in (
        ("joins_stranger", style.BLUE, _("found it by themselves")),
        ("joins_invitation", style.VERMILION, _("invited by a member")),
        ("joins_arrival", style.GREEN, _("brought by an operation")),
    ):
        if days[column].sum() > 0:
            day, values = by_run(days, column)
            draw_band(upper, day, np.cumsum(values, axis=1), colour, label)
    if days["joins"].sum() == 0:
        style.add_remark(upper, _("Nobody joined after the start."))
    upper.set_ylabel(_("joins since the start"))
    upper.set_ylim(bottom=0)

    week, values = by_run(growth, "r", "week")
    draw_band(lower, 7 * week + 3.5, values, style.PURPLE, _("R: caused so far,\nby week of join"))
    draw_band(
        lower, *by_run(days, "k"), style.BLACK, _("K: weeks whose members have\nall left, or 90 days past")
    )
    lower.axhline(1, color=style.GREY, linewidth=0.8, linestyle=":")
    lower.set_ylabel(_("joins caused\nper membership"))
    lower.set_ylim(bottom=0, top=max(1.1, lower.get_ylim()[1]))
    for axes in (upper, lower):
        if axes.get_legend_handles_labels()[0]:
            add_legend(axes)


def draw_retention(figure: FigureBase, tables: Tables, title: str, start: datetime.date) -> None:
    """Retention: the share of each group of newcomers that is seen again, week by week."""
    cohorts = tables["cohorts"]
    runs = tables["days"]["run"].nunique()
    spread = (
        _("   (line: median of {runs} runs, band: lowest to highest)").format(runs=runs) if runs > 1 else ""
    )
    text = _("{title}: retention by cohort").format(title=translate(title)) + spread
    style.add_title(figure, text)
    axes = figure.subplots(gridspec_kw=_MARGINS | {"top": 0.92})
    column = retention_column(cohorts)
    if len(cohorts) == 0:
        style.add_remark(axes, _("The run is too short for a cohort, which needs two weeks."))
    for group in cohort_groups(cohorts):
        first, final = date_text(start, group.first_day), date_text(start, group.last_day)
        week, values = by_run(retention_percent(group.rows, column, ("run", "week")), "share", "week")
        shade = np.linspace(0, 0.95, group.n_stretches)[group.number]
        colour = matplotlib.colors.to_hex(matplotlib.colormaps["cividis"](shade))
        draw_band(axes, week, values, colour, _("{first} to {final}").format(first=first, final=final))
    founders = cohorts[cohorts["founder"]]
    if len(founders):
        week, values = by_run(retention_percent(founders, column, ("run", "week")), "share", "week")
        draw_band(axes, week, values, style.VERMILION, _("founders"), "--")
    axes.set_xlabel(_("weeks since joining"))
    measure = _("seen in that week") if column == "active" else _("still members after that week")
    axes.set_ylabel(_("{measure}, % of those who joined").format(measure=measure))
    axes.set_ylim(0, 105)
    axes.set_xlim(left=0)
    axes.xaxis.set_major_locator(MaxNLocator(10, integer=True))
    if axes.get_legend_handles_labels()[0]:
        add_legend(axes, title=_("joined from ... to"))


Draw = Callable[[FigureBase, Tables, str, datetime.date], None]
FIGURES: dict[str, Draw] = {
    "size": draw_size,
    "temperature": draw_temperature,
    "growth": draw_growth,
    "retention": draw_retention,
}


def new_figure(
    draw: Draw,
    tables: Tables,
    title: str,
    start: datetime.date,
    branching_day: float | None = None,
    marks: Sequence[Mark] = (),
) -> Figure:
    """One of the figures, ready to be saved or shown, with the moments at which the operator did something.

    For a branch, a line marks the day on which it begins.
    """
    with matplotlib.rc_context(style.settings()):
        figure = Figure(figsize=_SIZE, dpi=_DPI)
        FigureCanvasAgg(figure)
        draw(figure, tables, title, start)
        if draw is not draw_retention:  # its axis counts weeks of membership
            _draw_marks(figure.axes[:2], marks)
        if branching_day is not None and draw is not draw_retention:
            for axes in figure.axes[:2]:
                axes.axvline(branching_day, color=style.GREY, linewidth=1.2, linestyle=(0, (1, 2)), zorder=0)
    return figure


def _draw_marks(panels: list[Axes], marks: Sequence[Mark]) -> None:
    """Mark single operations by dotted lines, and those that repeat by a row of ticks at the bottom.

    Their names are in the legend of the upper panel.
    """
    kinds = by_kind(marks)
    single: dict[int, list[Mark]] = {}
    for mark in kinds.single:
        single.setdefault(mark.number, []).append(mark)
    named = [*single.items(), *kinds.repeated.items()]
    for axes in panels:
        for mark in kinds.single:
            axes.axvline(mark.day, color=style.GREY, linewidth=0.9, linestyle=":", zorder=0)
        for row, moments in enumerate(kinds.repeated.values()):
            days = [mark.day for mark in moments]
            y = [(row + 0.5) * _ROW_HEIGHT] * len(days)
            axes.plot(days, y, "|", color=style.GREY, markersize=5, transform=axes.get_xaxis_transform())
    if not named or not panels:
        return
    upper, text = panels[0], panels[0].get_xaxis_transform()
    for day, row, words in _numbers(kinds.single, upper.get_xlim()[1] * _NEAR):
        top = 0.99 - _NUMBER_HEIGHT * row
        upper.text(day, top, f" {words}", transform=text, fontsize=7, color=style.GREY, va="top")
    handles, labels = upper.get_legend_handles_labels()
    for number, moments in named[:_MAX_NAMED]:
        repeats = number in kinds.repeated
        handles.append(
            Line2D([], [], color=style.GREY, marker="|" if repeats else "", linestyle="" if repeats else ":")
        )
        labels.append("\n".join(fold(moments[0].label, _LABEL_COLUMNS)))
    add_legend(upper, handles=handles, labels=labels)


def _numbers(single: Sequence[Mark], near: float) -> Iterator[tuple[float, int, str]]:
    """Where the numbers of single moments stand: days, rows from the top, and what is written there.

    Those of one day stand together, and those of days that are ``near`` each other in rows below each other.
    """
    row, last = 0, -np.inf
    for day, of_day in groupby(single, key=lambda mark: mark.day):
        row = row + 1 if day - last < near else 0
        last = day
        yield day, row, " ".join(str(mark.number) for mark in of_day)


def overview_figure(tables: Tables, title: str, start: datetime.date) -> Figure:
    """The four figures on one sheet."""
    with matplotlib.rc_context(style.settings()):
        figure = Figure(figsize=(2 * _SIZE[0], 2 * _SIZE[1]), dpi=80)
        FigureCanvasAgg(figure)
        parts: Any = figure.subfigures(2, 2)
        for part, draw in zip(parts.flat, FIGURES.values(), strict=True):
            draw(part, tables, title, start)
    return figure


def write_figures(
    folder: Path,
    tables: Tables,
    title: str,
    start: datetime.date,
    names: Iterable[str] = tuple(FIGURES),
    branching_day: float | None = None,
    marks: Sequence[Mark] = (),
) -> None:
    """Write the figures of these names as PNG files; the same tables give the same bytes."""
    for name in names:
        with warnings.catch_warnings(), matplotlib.rc_context(style.settings()):
            warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from font")
            figure = new_figure(FIGURES[name], tables, title, start, branching_day, marks)
            figure.savefig(folder / f"{name}.png", metadata={"Software": None})


def remarks(title: str) -> list[str]:
    """Remarks about figures with this title: that a font is missing."""
    if style.lacks_cjk_font() and (
        current_language() == "zh" or any(ord(letter) > 0x2E80 for letter in title)
    ):
        return [
            _(
                "No font with Chinese characters is installed, so the figures show boxes instead. Install Noto "
                "Sans CJK (Debian: fonts-wqy-microhei) and run again with --force."
            )
        ]
    return []
