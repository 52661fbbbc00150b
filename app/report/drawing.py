"""The style of the charts: time axes with dates and marked operations, bands over runs, tooltips."""

import datetime
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from bokeh.models import (
    ColorBar,
    ColumnDataSource,
    DataRange1d,
    DatetimeTicker,
    DatetimeTickFormatter,
    HoverTool,
    NoOverlap,
    NumeralTickFormatter,
    Range1d,
)
from bokeh.plotting import figure

from shequn.sim.language import _
from shequn.sim.presentation import colours
from shequn.sim.presentation.formats import has_dates
from shequn.sim.presentation.marks import Mark, by_kind

Numbers = npt.NDArray[np.float64]

#: Colours of the lines and bars of a chart, in this order.
COLOURS = (
    colours.BLUE, colours.VERMILION, colours.GREEN, colours.ORANGE, colours.PURPLE, colours.SKY,
    colours.BLACK,
)  # fmt: skip
MAX_POINTS = 366  # of a line; longer lines are thinned out
FONT = (
    "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
)
_INK = "#1f2933"
_DAY = 86_400_000.0  # milliseconds
_EPOCH = datetime.date(1970, 1, 1)
_HEIGHT = 300
_MARKS = "marks"  # name of the renderers that are not measures
_N_TICKS = 5  # these also fit on a phone
_MIN_MARK_DISTANCE = 0.08  # share of the axis, 20 pixels of a phone; marks closer than this share one label
_MAX_MARK_LABELS = 24  # labels; if there are more, none is written
_ROW_HEIGHT = 0.06  # of a row of ticks at the bottom, as a share of the figure
_MAX_ROWS = 5  # rows of ticks
_MAX_TICKS = 120  # in a row; more become a band


class Line(NamedTuple):
    """A daily measure to draw."""

    column: str
    name: str
    colour: str
    dash: str = "solid"
    band: bool = True


class Clock(NamedTuple):
    """The time axis that all charts of a report share."""

    start: datetime.date
    days: int
    marks: list[Mark]

    @property
    def has_dates(self) -> bool:
        """Whether the last day still has a calendar date (before the year 9999)."""
        return has_dates(self.start, self.days)

    def x(self, days: Any) -> Numbers:
        """Positions on the axis: milliseconds since 1970, or days if there are no dates."""
        day = np.asarray(days, dtype=np.float64)
        return day * _DAY + (self.start - _EPOCH).days * _DAY if self.has_dates else day

    def date(self, day: float) -> str:
        """The date of a day in ISO format; empty if there are no dates."""
        if not self.has_dates:
            return ""
        return (self.start + datetime.timedelta(days=int(day))).isoformat()


def escape_math(text: str) -> str:
    """Make a user's text safe for a chart: Bokeh would read $$ as the start of a formula."""
    return text.replace("$", "＄").replace("\\", "＼")


def new_chart(height: int = _HEIGHT, **options: Any) -> Any:
    """An empty figure in our style."""
    plot = figure(
        height=height,
        sizing_mode="stretch_width",
        tools="",
        toolbar_location=None,
        min_border_right=14,
        output_backend="canvas",
        **options,
    )
    plot.outline_line_color = None
    plot.background_fill_color = None
    plot.border_fill_color = None
    for axis in plot.axis:
        axis.axis_line_color = "#9aa5b1"
        axis.major_tick_line_color = "#9aa5b1"
        axis.minor_tick_line_color = None
        axis.major_label_policy = NoOverlap(min_distance=6)  # a phone has room for few
        axis.major_label_text_color = _INK
        axis.axis_label_text_color = _INK
        axis.axis_label_text_font_style = "normal"
        axis.major_label_text_font = axis.axis_label_text_font = FONT
        axis.major_label_text_font_size = axis.axis_label_text_font_size = "13px"
    plot.grid.grid_line_color = "#e4e7eb"
    plot.xgrid.grid_line_color = None
    return plot


def over_time(clock: Clock, label: str, numerals: str = "0,0", height: int = _HEIGHT) -> Any:
    """An empty figure with time on the horizontal axis and the operations marked."""
    ends = clock.x([0, max(clock.days, 1)])
    plot = new_chart(
        height,
        x_axis_type="datetime" if clock.has_dates else "linear",
        x_range=Range1d(float(ends[0]), float(ends[1]), bounds="auto"),
    )
    if clock.has_dates:
        plot.xaxis.ticker = DatetimeTicker(desired_num_ticks=_N_TICKS)
        plot.xaxis.formatter = DatetimeTickFormatter(
            hours="%m-%d %H:%M", days="%m-%d", months="%Y-%m", years="%Y"
        )
    else:
        plot.xaxis.axis_label = _("days since the start")
    plot.yaxis.axis_label = label
    plot.yaxis.formatter = NumeralTickFormatter(format=numerals)
    _draw_marks(plot, clock)
    return plot


def _draw_marks(plot: Any, clock: Clock) -> None:
    """Draw a vertical line for each single operation, a row of ticks at the bottom for each that repeats.

    Each has its number; a row of very many ticks is a band.
    """
    if not clock.marks:
        return
    plot.extra_y_ranges = {_MARKS: Range1d(0.0, 1.0)}
    marks = by_kind(clock.marks)
    for row, (number, moments) in enumerate(list(marks.repeated.items())[:_MAX_ROWS]):
        low, high = (row + 0.15) * _ROW_HEIGHT, (row + 0.85) * _ROW_HEIGHT
        x = clock.x([mark.day for mark in moments])
        if len(x) > _MAX_TICKS:
            plot.quad(
                left=x[0], right=x[-1], bottom=low, top=high, y_range_name=_MARKS, fill_color="#7b8794",
                fill_alpha=0.45, line_color=None, name=_MARKS,
            )  # fmt: skip
        else:
            plot.segment(
                x0=x,
                x1=x,
                y0=low,
                y1=high,
                y_range_name=_MARKS,
                line_color="#52606d",
                line_width=1.4,
                name=_MARKS,
            )
        plot.text(
            x=x[-1:], y=[(low + high) / 2], text=[str(number)], y_range_name=_MARKS, text_font_size="11px",
            text_color="#52606d", text_baseline="middle", x_offset=5, text_font={"value": FONT}, name=_MARKS,
        )  # fmt: skip
    if not marks.single:
        return
    plot.vspan(
        x=clock.x([mark.day for mark in marks.single]), line_color="#7b8794", line_width=1, line_dash=[3, 3]
    )
    texts = mark_labels(clock)
    if len(texts) <= _MAX_MARK_LABELS:
        at = clock.x([day for day, _text in texts])
        source = ColumnDataSource({"x": at, "text": [text for _day, text in texts]})
        plot.text(
            x="x", y=1.0, text="text", source=source, y_range_name="marks", text_font_size="11px",
            text_color="#52606d", text_baseline="top", x_offset=2, text_font={"value": FONT}, name=_MARKS,
        )  # fmt: skip


def mark_labels(clock: Clock) -> list[tuple[float, str]]:
    """Labels of single marks as (day, operation numbers); marks close together share one label."""
    texts: list[tuple[float, list[int]]] = []
    for mark in by_kind(clock.marks).single:
        if not texts or mark.day - texts[-1][0] > _MIN_MARK_DISTANCE * clock.days:
            texts.append((mark.day, []))
        texts[-1][1].append(mark.number)
    return [(day, _numbers(numbers)) for day, numbers in texts]


def _numbers(numbers: Sequence[int]) -> str:
    """Numbers of operations as text, consecutive ones as a range: 1–3,5."""
    ordered, texts = sorted(set(numbers)), []
    while ordered:
        n = 1
        while n < len(ordered) and ordered[n] == ordered[0] + n:
            n += 1
        texts.append(str(ordered[0]) if n == 1 else f"{ordered[0]}–{ordered[n - 1]}")
        ordered = ordered[n:]
    return ",".join(texts)


def days_to_draw(days: int) -> npt.NDArray[np.int64]:
    """Days to draw: all, or every n-th of a long run; always including the last."""
    step = max(1, -(-days // MAX_POINTS))
    return np.unique(np.append(np.arange(0, days + 1, step), days))


def rows_to_draw(values: pd.DataFrame) -> pd.DataFrame:
    """Keep only the rows (days) that are drawn."""
    return values[values.index.isin(days_to_draw(int(values.index.max())))]


def by_run(frame: pd.DataFrame, column: str, index: str = "day") -> pd.DataFrame:
    """Pivot a measure: one row per day (or week), one column per run."""
    return frame.pivot(index=index, columns="run", values=column)


def spread(values: pd.DataFrame) -> pd.DataFrame:
    """Median, minimum and maximum over runs, one row per day."""
    return pd.DataFrame(
        {"median": values.median(axis=1), "low": values.min(axis=1), "high": values.max(axis=1)}
    )


def lines(
    clock: Clock,
    plot: Any,
    measures: Sequence[Line],
    values: dict[str, pd.DataFrame],
    digits: str = "0,0",
) -> pd.DataFrame:
    """Draw medians over runs with bands from minimum to maximum.

    Parameters
    ----------
    values : dict of DataFrame
        By column of `measures`: one row per day (the index), one column per run.
    digits : str
        Number format of the tooltips (numeral.js).

    Returns
    -------
    DataFrame
        The numbers drawn, one row per day.
    """
    days = next(iter(values.values())).index.to_numpy(dtype=float)
    table = pd.DataFrame({"day": days})
    if clock.has_dates:
        table["date"] = [clock.date(day) for day in days]
    data: dict[str, Any] = {"x": clock.x(days), "day": days.astype(np.float32)}
    if clock.has_dates:
        data["date"] = table["date"].tolist()
    tooltips = [(_("day"), "@day{0.[0]}" + (" (@date)" if clock.has_dates else ""))]
    has_several_runs = max(frame.shape[1] for frame in values.values()) > 1
    for line in measures:
        statistics = spread(values[line.column])
        for key in ("median", "low", "high") if has_several_runs else ("median",):
            name = f"{line.column}_{key}" if has_several_runs else line.column
            table[name] = statistics[key].to_numpy()
            data[f"{line.column}_{key}"] = statistics[key].to_numpy(dtype=np.float32)
        band = (
            f" (@{line.column}_low{{{digits}}} – @{line.column}_high{{{digits}}})" if has_several_runs else ""
        )
        tooltips.append((line.name, f"@{line.column}_median{{{digits}}}{band}"))
    source = ColumnDataSource(data)
    renderers = []
    for line in measures:
        if has_several_runs and line.band:
            plot.varea(
                "x", f"{line.column}_low", f"{line.column}_high", source=source,
                fill_color=line.colour, fill_alpha=0.16,
            )  # fmt: skip
        median = plot.line(
            "x", f"{line.column}_median", source=source, line_color=line.colour, line_width=2.2,
            line_dash=line.dash,
        )  # fmt: skip
        renderers.append(median)
    add_legend(
        plot,
        [Key(line.name, line.colour, "line" if line.dash == "solid" else line.dash) for line in measures],
    )
    hover(plot, tooltips, renderers[:1], "vline")
    return table


class Key(NamedTuple):
    """One entry of a chart's legend.

    The page writes legends as HTML text, so they wrap, print and can be read by screen readers.
    """

    name: str
    colour: str
    line_style: str  # line, dashed, dotted, area


def add_legend(plot: Any, keys: Sequence[Key]) -> None:
    """Attach a legend to a chart; the page writes it above the chart."""
    plot.tags = [list(key) for key in keys]


def hover(
    plot: Any, tooltips: Sequence[tuple[str, str]], renderers: Sequence[Any], mode: str = "mouse"
) -> None:
    """Add tooltips to a chart."""
    plot.add_tools(
        HoverTool(tooltips=list(tooltips), renderers=list(renderers), mode=mode, line_policy="nearest")
    )


def colour_bar(plot: Any, mapper: Any, numerals: str) -> None:
    """Add a colour scale at the right of a figure."""
    plot.add_layout(
        ColorBar(
            color_mapper=mapper,
            width=9,
            padding=4,
            formatter=NumeralTickFormatter(format=numerals),
            border_line_color=None,
            background_fill_alpha=0.0,
            major_label_text_font=FONT,
        ),
        "right",
    )


def finish(plot: Any) -> Any:
    """Fit the vertical axis of a figure to its measures, ignoring the marks of operations."""
    if isinstance(plot.y_range, DataRange1d):
        plot.y_range.renderers = [renderer for renderer in plot.renderers if renderer.name != _MARKS]
    return plot


def zero_line(plot: Any, at: float = 0.0) -> None:
    """Draw a thin horizontal reference line."""
    plot.hspan(y=[at], line_color=colours.GREY, line_width=1)


def by_name(table: pd.DataFrame, column: str) -> list[tuple[str, pd.DataFrame]]:
    """The rows of each name in a column, in the order of the scenario."""
    return [(str(name), table[table[column] == name]) for name in dict.fromkeys(table[column])]
