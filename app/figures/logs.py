"""A page of figures for logs side by side: retention, gaps, inequality, activity, the week."""

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from shequn.experiments.logs.description import Description
from shequn.experiments.logs.lifetimes import survival_band
from shequn.experiments.logs.participation import active_within, ever_joined
from shequn.experiments.logs.retention import share_seen
from shequn.sim.language import _
from shequn.sim.presentation import style

#: One colour and line style for each log, distinct for any colour vision.
_COLOURS = (style.BLUE, style.VERMILION, style.GREEN, style.PURPLE, style.BLACK, style.ORANGE, style.SKY)
_LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
_MAX_TITLE = 40  # letters of a title in the legend
_WEEKS = 29  # last week observed for everyone who joined 213 days before the end
_DPI = 130

DrawPanel = Callable[[Axes, Description, dict[str, Any]], None]


def _draw_retention(axes: Axes, description: Description, line_style: dict[str, Any]) -> None:
    """Draw the share of people who are active in each week after joining."""
    weeks = range(1, _WEEKS + 1)
    shares = np.array([share_seen(description.activity, 7 * week, 7 * week + 6) for week in weeks])
    if np.nan_to_num(shares).any():
        axes.plot(weeks, np.where(shares > 0, 100 * shares, np.nan), **line_style)


def _draw_lifetimes(axes: Axes, description: Description, line_style: dict[str, Any]) -> None:
    """Draw the Kaplan–Meier curve with its 95 % band."""
    life = description.activity.last_day - description.activity.first_day
    days, share, low, high = survival_band(life, description.activity.has_left(description.silence))
    axes.step(days, 100 * share, where="post", **line_style)
    axes.fill_between(
        days, 100 * low, 100 * high, step="post", color=line_style["color"], alpha=0.15, linewidth=0
    )


def _draw_gaps(axes: Axes, description: Description, line_style: dict[str, Any]) -> None:
    """Draw the share of gaps that are at least as long."""
    if len(description.activity.gaps) == 0:
        return
    days, count = np.unique(description.activity.gaps, return_counts=True)
    axes.plot(days, 100 * count[::-1].cumsum()[::-1] / count.sum(), **line_style)


def _draw_inequality(axes: Axes, description: Description, line_style: dict[str, Any]) -> None:
    """Draw the Lorenz curve: share of events by the share of people who write least."""
    ordered = np.sort(description.activity.events)
    people = np.linspace(0, 100, len(ordered) + 1)
    axes.plot(people, np.concatenate(([0], 100 * ordered.cumsum() / ordered.sum())), **line_style)


def _draw_weekly_actives(axes: Axes, description: Description, line_style: dict[str, Any]) -> None:
    """Draw the weekly actives as a share of everyone who ever joined, over time."""
    share = 100 * active_within(description.activity, 7) / ever_joined(description.activity)
    at = np.arange(
        min(30, description.activity.days - 1),
        description.activity.days,
        max(1, description.activity.days // 200),
    )
    if share[at].any():
        axes.plot(at + 1, np.where(share[at] > 0, share[at], np.nan), **line_style)


def _draw_week(axes: Axes, description: Description, line_style: dict[str, Any]) -> None:
    """Draw the share of events in each hour of the week, in the time zone of the log."""
    local_times = pd.to_datetime(
        np.floor(description.log.time).astype(np.int64), unit="s", utc=True
    ).tz_convert(_zone(description.log.zone))
    hour = local_times.day_of_week.to_numpy() * 24 + local_times.hour.to_numpy()
    axes.plot(np.arange(168) + 0.5, 100 * np.bincount(hour, minlength=168) / len(hour), **line_style)


def _zone(name: str) -> Any:
    from shequn.experiments.logs.times import known_zone

    return known_zone(name)


def draw(figure: Figure, descriptions: Sequence[Description]) -> None:
    """Draw the page: six panels with a line for each log."""
    panels = figure.subplots(
        3,
        2,
        gridspec_kw={
            "left": 0.085,
            "right": 0.98,
            "top": 0.91,
            "bottom": 0.045,
            "hspace": 0.42,
            "wspace": 0.22,
        },
    )
    panel_specs: Sequence[tuple[Axes, DrawPanel, str, str, str]] = (
        (panels[0, 0], _draw_retention, _("Retention"), _("week after joining"), _("active in that week")),
        (panels[0, 1], _draw_lifetimes, _("Lifetime (Kaplan–Meier, 95 % band)"),
         _("days from first to last event"), _("still there")),
        (panels[1, 0], _draw_gaps, _("Gaps between a person's active days"), _("gap in days"),
         _("gaps at least as long")),
        (panels[1, 1], _draw_inequality, _("Inequality (Lorenz curve)"), _("people, from those who write least"),
         _("events they wrote")),
        (panels[2, 0], _draw_weekly_actives, _("Weekly actives of all who ever joined"),
         _("days since the first event"), _("active in the last 7 days")),
        (panels[2, 1], _draw_week, _week_title(descriptions), "", _("events in that hour of the week")),
    )  # fmt: skip
    for axes, draw_panel, title, x_label, y_label in panel_specs:
        axes.set_title(title, loc="left", fontsize=10)
        for number, description in enumerate(descriptions):
            line_style = {
                "color": _COLOURS[number % len(_COLOURS)],
                "linestyle": _LINES[number % len(_LINES)],
                "linewidth": 1.5,
                "label": _shorten(description.log.title),
            }
            draw_panel(axes, description, line_style)
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        if not axes.lines:
            style.add_remark(axes, _("the logs are too short for this"))
    _set_scales(panels)
    handles, labels = panels[1, 1].get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper left", bbox_to_anchor=(0.01, 0.995), ncols=3, fontsize=9)


def _shorten(title: str) -> str:
    """A title that fits the legend."""
    return title if len(title) <= _MAX_TITLE else f"{title[: _MAX_TITLE - 1]}…"


def _week_title(descriptions: Sequence[Description]) -> str:
    zones = sorted({description.log.zone for description in descriptions})
    return (
        _("The week ({zones})").format(zones=zones[0])
        if len(zones) == 1
        else _("The week (each log in its own time zone)")
    )


def _set_scales(panels: Any) -> None:
    retention, lifetimes, gaps, inequality, actives, week = panels.ravel()
    for axes in (retention, gaps, actives):
        if axes.lines:
            axes.set_yscale("log")
    if retention.lines:
        retention.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    lifetimes.set_xscale("symlog", linthresh=1)  # logarithmic, with a day 0
    for axes in (gaps, actives):
        if axes.lines:
            axes.set_xscale("log")
    for axes in (lifetimes, gaps, actives):
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        axes.xaxis.set_minor_formatter(NullFormatter())
    for axis in (*(axes.yaxis for axes in panels.flat), inequality.xaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} %"))
        axis.set_minor_formatter(NullFormatter())
    inequality.plot([0, 100], [0, 100], color=style.GREY, linewidth=0.8)
    inequality.text(48, 54, _("everybody writes equally much"), color=style.GREY, fontsize=8, ha="right")
    lifetimes.set_ylim(0, 100)
    lifetimes.set_xlim(left=0)
    week.set_xlim(0, 168)
    week.set_ylim(bottom=0)
    week.set_xticks(np.arange(0, 168, 24), labels=_("Mon Tue Wed Thu Fri Sat Sun").split(), ha="left")


def write_figure(path: Path, descriptions: Sequence[Description]) -> list[str]:
    """Write the page as PNG; return remarks, such as a missing font."""
    with warnings.catch_warnings(), matplotlib.rc_context(style.settings()):
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from font")
        figure = Figure(figsize=(10, 10.5))
        FigureCanvasAgg(figure)
        draw(figure, descriptions)
        figure.savefig(path, format="png", dpi=_DPI, metadata={"Software": None})
    if style.lacks_cjk_font() and any(
        ord(letter) > 0x2E80 for description in descriptions for letter in description.log.title
    ):
        return [
            _("no font with Chinese letters is installed (Debian: fonts-wqy-microhei): titles show boxes")
        ]
    return []
