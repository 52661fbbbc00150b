"""The curves beside the pictures: size, temperature, evaporation and posts of both communities."""

from typing import TYPE_CHECKING, Any

import numpy as np
from bokeh.models import ColumnDataSource, CrosshairTool, DataRange1d, HoverTool, Range1d
from bokeh.models.annotations import Span
from bokeh.plotting import figure

from shequn.app.classroom.settings import SIDES
from shequn.sim.language import _

if TYPE_CHECKING:
    from shequn.app.classroom.pair import Pair

#: Okabe & Ito's blue and vermilion; the second is dashed, so that colour is not the only difference.
_LINE_STYLES: dict[str, dict[str, Any]] = {
    "A": {"line_color": "#0072B2", "line_width": 2.5},
    "B": {"line_color": "#D55E00", "line_width": 2.5, "line_dash": [7, 3]},
}
_MEASURES = ("members", "temperature", "evaporation", "posts")
_WEEK = 7
_TEXT = "13px"  # readable from the last row of a classroom
_DAYS_TICKS, _TICKS = 3, 4  # these fit into a quarter of a small screen


class Curves:
    """Four small plots that grow with the run.

    Attributes
    ----------
    plots : dict of str to bokeh.plotting.figure
        By measure; the page has their titles.
    """

    def __init__(self) -> None:
        self._source = ColumnDataSource(self._initial_data())
        self._n_days = 0
        self._days = Range1d(start=0, end=365)
        crosshair = Span(dimension="height", line_color="#9ca3af", line_width=1)
        self.plots = {measure: self._plot(measure, crosshair) for measure in _MEASURES}

    @property
    def titles(self) -> dict[str, str]:
        """What each plot shows, in the current language, by the name ``<measure>_title``."""
        titles = {
            "members": _("Members"),
            "temperature": _("Temperature (mean quality)"),
            "evaporation": _("Evaporation (by departures)"),
            "posts": _("Posts a day, mean of a week"),
        }
        return {f"{measure}_title": titles[measure] for measure in _MEASURES}

    def _plot(self, measure: str, crosshair: Span) -> Any:
        plot = figure(
            sizing_mode="stretch_both",
            x_range=self._days,
            toolbar_location=None,
            tools="",
            min_border_right=10,
        )
        digits = "0,0" if measure in ("members", "posts") else "0.000"
        tooltips = [(_("day"), "@day")] + [(side, f"@{measure}_{side}{{{digits}}}") for side in SIDES]
        for side in SIDES:
            line = plot.line("day", f"{measure}_{side}", source=self._source, **_LINE_STYLES[side])
            if side == "A":
                plot.add_tools(HoverTool(renderers=[line], tooltips=tooltips, mode="vline"))
        plot.add_tools(CrosshairTool(overlay=crosshair))
        if measure in ("members", "posts"):
            plot.y_range = DataRange1d(start=0)
        else:
            plot.y_range = DataRange1d(default_span=0.1)  # while the level has not changed yet
        plot.axis.major_label_text_font_size = plot.axis.axis_label_text_font_size = _TEXT
        plot.axis.minor_tick_line_color = None
        plot.xaxis.ticker.desired_num_ticks, plot.yaxis.ticker.desired_num_ticks = _DAYS_TICKS, _TICKS
        return plot

    @staticmethod
    def _initial_data() -> dict[str, Any]:
        return {"day": [0], **{f"{m}_{side}": [0.0] for m in _MEASURES for side in SIDES}}

    def start_run(self, pair: "Pair") -> None:
        """Show a run from its day 0."""
        self._n_days = 0
        self._days.end = pair.last
        self._source.data = self._new_rows(pair)

    def append_days(self, pair: "Pair") -> None:
        """Append the days simulated since the last call."""
        rows = self._new_rows(pair)
        if len(rows["day"]):
            self._source.stream(rows)

    def _new_rows(self, pair: "Pair") -> dict[str, Any]:
        first, self._n_days = self._n_days, pair.day + 1
        rows: dict[str, Any] = {"day": np.arange(first, self._n_days)}
        for name, side in pair.sides.items():
            days = side.days
            for measure in _MEASURES:
                values = days[measure].astype(float)
                if measure == "temperature":
                    values[days["members"] == 0] = np.nan  # nobody, as before the first students of a camp
                if measure == "posts":
                    cumulative = np.concatenate([[0.0], np.cumsum(values)])
                    ends = np.arange(1, len(cumulative))
                    starts = np.maximum(ends - _WEEK, 0)
                    values = (cumulative[ends] - cumulative[starts]) / (ends - starts)
                rows[f"{measure}_{name}"] = values[first : self._n_days]
        return rows
