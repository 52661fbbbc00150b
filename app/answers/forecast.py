"""A forecast in words: the table of weeks, and what a change does to it."""

import datetime
from collections.abc import Mapping

from shequn.experiments.forecasting.bands import LEVELS
from shequn.experiments.forecasting.forecast import Forecast
from shequn.experiments.forecasting.weeks import WEEK, Numbers
from shequn.sim.language import N_, _
from shequn.sim.text_width import left, right

#: What each series counts.
SERIES_NAMES = {"active": N_("people who write in a week"), "joins": N_("first posts in a week")}
#: Arms of a forecast.
ARM_NAMES = {"as_is": N_("as it is"), "changed": N_("with the change")}
_HORIZONS = (4, 13, 26)  # weeks at which the effect is reported
_CELL = 7


def summary(
    title: str, arms: Mapping[str, Forecast], first: datetime.date, change: str | None, runs: int
) -> str:
    """The forecast as text: a table for each arm, then what the change does.

    Parameters
    ----------
    title : str
        Of the log.
    arms : mapping
        ``as_is``; with a change also ``changed`` and ``factor``.
    first : date
        First day of the first week.
    change : str or None
        File of the change.
    runs : int
        Pairs of runs that the factor is from.
    """
    parts = []
    for arm, words in ARM_NAMES.items():
        if arm in arms:
            parts += [_("{title}, {arm}:").format(title=title, arm=_(words)), *_table(arms[arm], first), ""]
    parts.append(
        _(
            "Columns are quantiles: in half of the cases a week lies between 25 % and 75 %, in nine of ten between "
            "5 % and 95 %. Each week is judged by itself."
        )
    )
    if "factor" in arms:
        parts += ["", *_effect_lines(arms["factor"], str(change), runs)]
    return "\n".join(parts)


def _table(forecast: Forecast, first: datetime.date) -> list[str]:
    """A row for each week: its first day, then the quantiles of both series."""
    width = _CELL * len(LEVELS)
    head = left("", 18) + "  ".join(right(_(SERIES_NAMES[name]), width) for name in ("active", "joins"))
    quantiles = "".join(right(f"{level:.0%}".replace("%", " %"), _CELL) for level in LEVELS)
    lines = [head, right(_("week"), 4) + "  " + left(_("from"), 12) + quantiles + "  " + quantiles]
    for week in range(forecast.active.shape[1]):
        day = first + datetime.timedelta(WEEK * week)
        cells = "  ".join(_cells(series[:, week]) for series in (forecast.active, forecast.joins))
        lines.append(f"{week + 1:>4}  {day!s:12}{cells}")
    return lines


def _cells(values: Numbers) -> str:
    return "".join(f"{value:>{_CELL}.{0 if values[-1] >= 20 else 1}f}" for value in values)


def _effect_lines(factor: Forecast, change: str, runs: int) -> list[str]:
    """What the change does after 4, 13 and 26 weeks, with 90 % intervals."""
    weeks = factor.active.shape[1]
    lines = [
        _(
            "What {change} does, by {runs} pairs of runs of the calibrated community with the same people and the "
            "same luck (factor, and 90 % of the pairs):"
        ).format(change=change, runs=runs)
    ]
    for week in sorted({h for h in _HORIZONS if h < weeks} | {weeks}):
        for name, series in (("active", factor.active), ("joins", factor.joins)):
            low, middle, high = (series[LEVELS.index(q), week - 1] for q in (0.05, 0.5, 0.95))
            verdict = _("clear") if low > 1 or high < 1 else _("not clear: 1 lies inside")
            lines.append(
                _("  week {week}, {series}: × {middle:.2f} ({low:.2f} to {high:.2f}), {verdict}").format(
                    week=week,
                    series=_(SERIES_NAMES[name]),
                    middle=middle,
                    low=low,
                    high=high,
                    verdict=verdict,
                )
            )
    return [
        *lines,
        _(
            "The level is from the log; the factor is what the model says, as far as its rules hold for this group."
        ),
    ]
