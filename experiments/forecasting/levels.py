"""The level of a forecast: three forecasters, and their geometric mean, which was fixed before it was scored.

Members of the same kind as they went on in this log before, the mean of the last 8 weeks, and exponential smoothing
with a damped trend (Gardner & McKenzie 1985; statsmodels). Each errs differently: equal weights are hard to beat
(Clemen 1989; Makridakis, Spiliotis & Assimakopoulos 2020).
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from shequn.experiments.forecasting.member_table import MemberTable
from shequn.experiments.forecasting.weeks import History, Numbers, Weekly

LAST = 8  # weeks, of which persistence is the mean
SMOOTHED = 104  # weeks before an origin to which a smoothing is fitted, at most (assumed)
_COUNTED = 52  # weeks ahead for which members are counted; later ones are as the last of them
MIN_WEEKS = 16  # before an origin: fewer say nothing about a trend, nor about members who return


@dataclass(frozen=True)
class Levels:
    """Forecasts of a log at any of its weeks; each uses only the weeks before its origin.

    Attributes
    ----------
    history : History
    ahead : int
        Weeks ahead, from 1.
    """

    history: History
    ahead: int

    @cached_property
    def _table(self) -> MemberTable:
        return MemberTable.of(self.history, min(self.ahead, _COUNTED))

    def persistence(self, origin: int) -> Weekly:
        """The mean of the last 8 weeks."""
        return self._each(origin, lambda past: np.full(self.ahead, past[-LAST:].mean()))

    def damped(self, origin: int) -> Weekly:
        """Exponential smoothing of the logarithm, with a damped trend."""
        return self._each(origin, lambda past: np.expm1(_damped(np.log1p(past[-SMOOTHED:]), self.ahead)))

    def theta(self, origin: int) -> Weekly:
        """The theta method (Assimakopoulos & Nikolopoulos 2000) on the logarithm."""
        return self._each(origin, lambda past: np.expm1(_theta(np.log1p(past[-SMOOTHED:]), self.ahead)))

    def members(self, origin: int) -> Weekly:
        """The member table, with as many first posts as in the last 8 weeks."""
        joins = self.persistence(origin).joins
        return Weekly(self._table.predict(origin, self.ahead, float(joins[0])), joins)

    def combined(self, origin: int) -> Weekly:
        """The geometric mean of member table, persistence and damped smoothing; for first posts of the last two."""
        parts = [self.persistence(origin), self.damped(origin)]
        return Weekly(
            _geometric_mean([self.members(origin).active, *(part.active for part in parts)]),
            _geometric_mean([part.joins for part in parts]),
        )

    def _each(self, origin: int, predict: Callable[[Numbers], Numbers]) -> Weekly:
        """A forecast of each series by itself."""
        weekly = self.history.weekly
        return Weekly(
            np.maximum(predict(weekly.active[:origin]), 0.0), np.maximum(predict(weekly.joins[:origin]), 0.0)
        )


#: Forecasters by name: called with the levels of a log and an origin.
FORECASTERS: Mapping[str, Callable[[Levels, int], Weekly]] = {
    "combined": Levels.combined,
    "members": Levels.members,
    "damped": Levels.damped,
    "theta": Levels.theta,
    "persistence": Levels.persistence,
}


def _geometric_mean(parts: Sequence[Numbers]) -> Numbers:
    """The geometric mean of counts, each plus 1, minus 1."""
    return np.asarray(np.expm1(np.mean([np.log1p(part) for part in parts], axis=0)))


def _damped(values: Numbers, ahead: int) -> Numbers:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    if np.ptp(values) == 0.0:
        return np.full(ahead, values[0])
    return _fitted(
        lambda: ETSModel(values, error="add", trend="add", damped_trend=True).fit(disp=False), ahead
    )


def _theta(values: Numbers, ahead: int) -> Numbers:
    from statsmodels.tsa.forecasting.theta import ThetaModel

    if np.ptp(values) == 0.0:
        return np.full(ahead, values[0])
    return _fitted(lambda: ThetaModel(values, period=1, deseasonalize=False).fit(), ahead)


def _fitted(fit: Callable[[], Any], ahead: int) -> Numbers:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a search that ended early still gives a forecast
        return np.asarray(fit().forecast(ahead), dtype=float)
