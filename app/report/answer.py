"""The first screen of a run's report: three sentences, four numbers, one chart."""

import math
from typing import assert_never

import numpy as np
import pandas as pd
from bokeh.models import ColumnDataSource, LinearColorMapper

from shequn.app.report.drawing import (
    Clock,
    Key,
    add_legend,
    by_run,
    colour_bar,
    days_to_draw,
    hover,
    over_time,
    spread,
)
from shequn.app.report.parts import Chart, Figure, Table
from shequn.experiments.intervals import mean_interval
from shequn.sim.language import _
from shequn.sim.presentation import colours, formats
from shequn.sim.results.cooling import LeftFirst, left_first

_MIN_RANGE = 0.1  # of quality: smaller changes must not look like large ones


def sentences(runs: pd.DataFrame) -> list[str]:
    """Three sentences, in medians over runs: how size changed, how quality changed, and what caused both."""
    return [_size(runs), _quality(runs), _causes(runs)]


def _median(values: pd.Series, form: formats.Format) -> str:
    known = values.dropna()
    return form(float(known.median()) if len(known) else math.nan)


def _size(runs: pd.DataFrame) -> str:
    start, end = _median(runs["start"], formats.count), _median(runs["end"], formats.count)
    n_died = int(runs["empty_day"].notna().sum())
    if n_died == len(runs):
        return _("It started with {start} members and died out: from day {day} nobody was left.").format(
            start=start, day=_median(runs["empty_day"], formats.count)
        )
    peak, day = _median(runs["peak"], formats.count), _median(runs["peak_day"], formats.count)
    if n_died:
        return _(
            "It started with {start} members and had {end} at the end; in {died} of {n} runs it died out."
        ).format(start=start, end=end, died=n_died, n=len(runs))
    has_grown = runs["end"].median() > runs["start"].median()
    is_past_its_peak = runs["end"].median() < 0.9 * runs["peak"].median()
    if has_grown and not is_past_its_peak:
        return _("It grew from {start} to {end} members.").format(start=start, end=end)
    if has_grown:
        return _("It grew from {start} to {peak} members on day {day} and shrank to {end}.").format(
            start=start, peak=peak, day=day, end=end
        )
    return _("It shrank from {start} to {end} members.").format(start=start, end=end)


def _quality(runs: pd.DataFrame) -> str:
    start, end = runs["temperature_start"], runs["temperature_end"]
    values = {
        "start": _median(start, formats.level),
        "end": _median(end, formats.level),
        "dilution": _median(runs["dilution"], formats.change),
        "evaporation": _median(runs["evaporation"], formats.change),
        "pruning": _median(runs["pruning"], formats.change),
    }
    if not runs["start"].any():
        return _("Nobody was a member at the start; the mean quality at the end was {end}.").format(**values)
    if end.isna().all():
        return _("Its mean quality was {start} at the start; at the end there was nobody to measure.").format(
            **values
        )
    change = mean_interval((end - start).to_numpy(dtype=float))
    if runs["removals"].any():
        text = (
            _("Its mean quality went from {start} to {end}: joins changed it by {dilution}, departures by {evaporation}, removals by {pruning}.")  # noqa: E501
            if change.low <= 0.0 <= change.high
            else _("Its mean quality fell from {start} to {end}: joins changed it by {dilution}, departures by {evaporation}, removals by {pruning}.")  # noqa: E501
            if change.mean < 0
            else _("Its mean quality rose from {start} to {end}: joins changed it by {dilution}, departures by {evaporation}, removals by {pruning}.")  # noqa: E501
        )  # fmt: skip
    else:
        text = (
            _("Its mean quality went from {start} to {end}: joins changed it by {dilution}, departures by {evaporation}.")  # noqa: E501
            if change.low <= 0.0 <= change.high
            else _("Its mean quality fell from {start} to {end}: joins changed it by {dilution}, departures by {evaporation}.")  # noqa: E501
            if change.mean < 0
            else _("Its mean quality rose from {start} to {end}: joins changed it by {dilution}, departures by {evaporation}.")  # noqa: E501
        )  # fmt: skip
    return text.format(**values)


def _causes(runs: pd.DataFrame) -> str:
    who = _left_first(left_first(runs))
    k = runs["k"]
    if not runs["invitations"].any():
        word_of_mouth = _("nobody was invited, so nobody joined by word of mouth")
    elif k.isna().all():
        word_of_mouth = _("the run is too short to show how many others each membership brings in")
    elif _is_near_one(k):
        word_of_mouth = _(
            "each membership brought in {k} others; whether that sustains growth is not shown"
        ).format(k=_median(k, formats.level))
    elif k.median() > 1:
        word_of_mouth = _("each membership brought in {k} others, so growth sustained itself").format(
            k=_median(k, formats.level)
        )
    else:
        word_of_mouth = _(
            "each membership brought in {k} others, too few to grow by word of mouth alone"
        ).format(k=_median(k, formats.level))
    return _("{who}; {word}.").format(who=who, word=word_of_mouth)


def _is_near_one(k: pd.Series) -> bool:
    """Whether the interval of the mean over runs contains 1, so that neither side of it is shown."""
    interval = mean_interval(k.to_numpy(dtype=float))
    return interval.n > 1 and interval.low <= 1.0 <= interval.high


def _left_first(answer: LeftFirst) -> str:
    """Who left first."""
    match answer:
        case LeftFirst.BETTER:
            return _("The better members left first, which is evaporative cooling")
        case LeftFirst.WORSE:
            return _("The weaker members left first, the opposite of evaporative cooling")
        case LeftFirst.ALIKE:
            return _(
                "No evaporative cooling is shown: on average, the better members left hardly sooner or later than "
                "the others"
            )
        case LeftFirst.UNKNOWN:
            return _("Not known whether the better members leave first")
    assert_never(answer)


def figures(runs: pd.DataFrame) -> list[Figure]:
    """Four key figures with their meanings."""
    change = runs["temperature_end"] - runs["temperature_start"]
    return [
        _figure(
            runs["end"],
            formats.count,
            _("members at the end"),
            _("{start} at the start, {peak} at the peak").format(
                start=formats.count(runs["start"].median()), peak=formats.count(runs["peak"].median())
            ),
        ),
        _figure(
            change,
            formats.change,
            _("change of temperature"),
            _("mean quality of members (0 to 1), last day minus first day"),
        ),
        _figure(
            runs["k"],
            formats.level,
            "K",
            _("new members that each membership brings in; above 1, growth sustains itself"),
        ),
        _figure(
            runs["matched_rank"],
            formats.level,
            _("matched rank"),
            _(
                "quality rank of departing members among those who joined at about the same time; above 0.50,"
                " the better ones leave first"
            ),
        ),
    ]


def _figure(values: pd.Series, form: formats.Format, name: str, meaning: str) -> Figure:
    known = values.dropna()
    if not len(known):
        return Figure(_("unknown"), "", name, meaning)
    middle, low, high = (form(float(value)) for value in (known.median(), known.min(), known.max()))
    range_text = (
        "" if low == high else _("{low} to {high} in {n} runs").format(low=low, high=high, n=len(values))
    )
    return Figure(middle, range_text, name, meaning)


def picture(days: pd.DataFrame, clock: Clock) -> Chart:
    """Chart of the number of members over time, coloured by temperature."""
    days = days[days["day"].isin(days_to_draw(clock.days))]
    members, active = spread(by_run(days, "members")), spread(by_run(days, "active_month"))
    temperature = by_run(days, "temperature").median(axis=1)
    day = members.index.to_numpy(dtype=float)
    x = clock.x(day)
    step = float(np.median(np.diff(x))) if len(x) > 1 else 1.0
    table = pd.DataFrame(
        {
            "day": day,
            **({"date": [clock.date(d) for d in day]} if clock.has_dates else {}),
            "members": members["median"].to_numpy(),
            "members_low": members["low"].to_numpy(),
            "members_high": members["high"].to_numpy(),
            "active_month": active["median"].to_numpy(),
            "temperature": temperature.to_numpy(),
        }
    )
    plot = over_time(clock, _("number of people"), height=320)
    low, high = float(temperature.min()), float(temperature.max())
    if not math.isfinite(low):
        low, high = 0.0, 1.0
    middle, half = (low + high) / 2, max(high - low, _MIN_RANGE) / 2
    mapper = LinearColorMapper("Cividis256", low=middle - half, high=middle + half, nan_color="#cbd2d9")
    columns = [name for name in table.columns if name not in ("day", "date")]
    data = {
        "x": x,
        "day": day.astype(np.float32),
        **{name: table[name].to_numpy(np.float32) for name in columns},
    }
    if clock.has_dates:
        data["date"] = table["date"].to_numpy()
    source = ColumnDataSource(data)
    temperature_colour = {"field": "temperature", "transform": mapper}
    bars = plot.vbar(
        "x", step, "members", source=source, fill_color=temperature_colour, line_color=temperature_colour
    )
    keys = [Key(_("members seen in the last 30 days"), colours.VERMILION, "line")]
    if days["run"].nunique() > 1:
        for name in ("members_low", "members_high"):
            plot.line("x", name, source=source, line_color=colours.BLACK, line_width=1, line_dash="dotted")
        keys.append(Key(_("lowest and highest run"), colours.BLACK, "dotted"))
    plot.line("x", "active_month", source=source, line_color=colours.VERMILION, line_width=2.4)
    add_legend(plot, keys)
    plot.y_range.start = 0
    colour_bar(plot, mapper, "0.00")
    tips = [
        (_("day"), "@day{0.[0]}" + (" (@date)" if clock.has_dates else "")),
        (_("members"), "@members{0,0} (@members_low{0,0} – @members_high{0,0})"),
        (_("seen in 30 days"), "@active_month{0,0}"),
        (_("mean quality"), "@temperature{0.000}"),
    ]
    hover(plot, tips, [bars], "vline")
    caption = _(
        "Height: members. Colour: their mean quality, the temperature; bright is high. "
        "Line: how many of them were seen in the last 30 days."
    )
    return Chart(_("Size and temperature"), plot, caption, Table("size", _("Size and temperature"), table))
