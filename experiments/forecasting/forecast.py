"""The forecast of a log: the coming weeks with quantiles, from the combined level and its own past errors."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from shequn.experiments.forecasting.bands import EVERY, LEVELS, Errors, band, past_errors
from shequn.experiments.forecasting.levels import FORECASTERS, MIN_WEEKS, Levels
from shequn.experiments.forecasting.weeks import WEEK, History, Numbers, Weekly
from shequn.experiments.logs.activity import Activity
from shequn.experiments.logs.log import LogError
from shequn.sim.language import _
from shequn.sim.results.schema import Column, Table

SERIES = ("active", "joins")
#: Factors of all widths, from all origins of real logs: `studies.backtest`.
WIDENING = {"active": 0.87, "joins": 0.93}


@dataclass(frozen=True)
class Forecast:
    """The coming weeks of a log.

    Attributes
    ----------
    active, joins : floats (len(LEVELS), n_weeks)
        Quantiles of the people active in each week, and of first posts.
    """

    active: Numbers
    joins: Numbers

    @property
    def median(self) -> Weekly:
        """The level."""
        middle = LEVELS.index(0.5)
        return Weekly(self.active[middle], self.joins[middle])


class Forecasts:
    """Forecasts of a log by one forecaster at any of its weeks, with bands.

    Parameters
    ----------
    history : History
    ahead : int
        Weeks ahead, from 1.
    forecaster : str
        A key of `levels.FORECASTERS`.
    """

    def __init__(self, history: History, ahead: int, forecaster: str = "combined") -> None:
        self.levels = Levels(history, ahead)
        self._predict = FORECASTERS[forecaster]
        self._known: dict[int, Weekly] = {}

    def level(self, origin: int) -> Weekly:
        """The forecast without a band."""
        if origin not in self._known:
            self._known[origin] = self._predict(self.levels, origin)
        return self._known[origin]

    def at(self, origin: int, widening: dict[str, float] = WIDENING) -> Forecast:
        """The forecast from a week on, with quantiles."""
        return Forecast(
            *(
                band(getattr(self.level(origin), name), errors_of(self, name, origin), widening[name])
                for name in SERIES
            )
        )


def errors_of(forecasts: Forecasts, series: str, origin: int, every: int = EVERY) -> Errors:
    """What forecasts of a series missed before an origin."""
    return past_errors(
        lambda at: getattr(forecasts.level(at), series),
        getattr(forecasts.levels.history.weekly, series),
        origin,
        forecasts.levels.ahead,
        every,
    )


def forecast(past: Activity, weeks: int) -> Forecast:
    """The weeks after the end of a log.

    Raises
    ------
    LogError
        The log has fewer than 16 whole weeks.
    """
    history = History.of(past)
    if history.n_weeks < MIN_WEEKS:
        raise LogError(
            _("the log has {n} whole weeks: a forecast needs at least {least}").format(
                n=history.n_weeks, least=MIN_WEEKS
            )
        )
    return Forecasts(history, weeks).at(history.n_weeks)


FORECAST = Table(
    "forecast",
    "One row for each series, arm and week to come, with quantiles.",
    (
        Column("series", "string", "", "active: people who write in the week; joins: their first posts."),
        Column("arm", "string", "", "as_is; with a change also changed, and factor: changed over as it is."),
        Column("week", "int64", "weeks", "Number of the week after the end of the log, from 1."),
        Column("begins", "string", "date", "Its first day."),
        *(
            Column(f"q{100 * level:02.0f}", "double", "people; a factor", f"{level:.0%} quantile.")
            for level in LEVELS
        ),
    ),
)


def forecast_table(arms: Mapping[str, Forecast], first: datetime.date) -> pd.DataFrame:
    """The table :data:`FORECAST` of one or more arms, the first week of which begins on this day."""
    rows = [
        {
            "series": series,
            "arm": arm,
            "week": week + 1,
            "begins": str(first + datetime.timedelta(WEEK * week)),
        }
        | {f"q{100 * level:02.0f}": values[k, week] for k, level in enumerate(LEVELS)}
        for arm, forecast in arms.items()
        for series in SERIES
        for values in (getattr(forecast, series),)
        for week in range(values.shape[1])
    ]
    return FORECAST.frame(pd.DataFrame(rows, columns=list(FORECAST.names)))
