"""The forecast of a log: the coming weeks with quantiles, from the combined level and its own past errors."""

from dataclasses import dataclass

from shequn.experiments.forecasting.bands import EVERY, LEVELS, Errors, band, past_errors
from shequn.experiments.forecasting.levels import FORECASTERS, Levels
from shequn.experiments.forecasting.weeks import History, Numbers, Weekly

SERIES = ("active", "joins")
WIDENING = {
    "active": 1.0,
    "joins": 1.0,
}  # factor of all widths, from odd origins of real logs: `studies.backtest`


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
