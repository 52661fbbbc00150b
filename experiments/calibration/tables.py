"""The tables of a fit: its parameters, and the statistics of log and model side by side."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.experiments.calibration.moments import in_own_unit
from shequn.experiments.calibration.posterior import LEVEL, Posterior
from shequn.experiments.logs.statistic_names import GROUPS
from shequn.sim.results.schema import Column, Table

PARAMETERS = Table(
    "parameters",
    "One row for each parameter that was fitted.",
    (
        Column("key", "string", "", "Dotted key of the scenario."),
        Column("best", "double", "of the key", "Value of the parameter in the best fit."),
        Column("median", "double", "of the key", "Median of the parameter."),
        Column("low", "double", "of the key", f"Lower end of its {LEVEL:.0%} interval."),
        Column("high", "double", "of the key", f"Upper end of its {LEVEL:.0%} interval."),
        Column("range_low", "double", "of the key", "Lower end of the range searched."),
        Column("range_high", "double", "of the key", "Upper end of the range searched."),
        Column("scale", "string", "", "Scale of the range: linear or log."),
        Column("left", "double", "share", "Width of the interval relative to the range, on that scale."),
        Column(
            "at_end", "string", "", "low or high: the end of the range that the interval touches.", "neither"
        ),
        Column(
            "pressed", "bool", "", "Whether the median is at that end, too: then the value is no estimate."
        ),
    ),
)

STATISTICS = Table(
    "statistics",
    "One row for each statistic of log and model, the largest difference first.",
    (
        Column("statistic", "string", "", "Name of the statistic."),
        Column("meaning", "string", "", "What it means."),
        Column("unit", "string", "", "Of the values that follow: share, days or number."),
        Column("log", "double", "", "Its value in the log.", "the log is too short or too small for it"),
        Column("model", "double", "", "Mean over runs of the fitted model.", "known in no run"),
        Column("model_low", "double", "", "Lowest value of the runs.", "known in no run"),
        Column("model_high", "double", "", "Highest value of the runs.", "known in no run"),
        Column(
            "apart",
            "double",
            "standard deviations",
            "Log minus model, over the standard deviation of single runs; of days and of events per session in "
            "logarithms.",
            "one of the two is missing, or all runs are equal",
        ),
    ),
)


def parameter_table(posterior: Posterior, best: npt.NDArray[np.float64]) -> pd.DataFrame:
    """The table :data:`PARAMETERS` of a fit.

    Parameters
    ----------
    posterior : Posterior
    best : f8 array (n_parameters,)
        The best fit, as positions in the ranges searched.
    """
    interval, point = posterior.interval(), posterior.point()
    ends, pressed = posterior.at_ends(), posterior.pressed()
    rows = [
        {
            "key": p.key,
            "best": float(p.values(best[k])),
            "median": float(p.values(point[k])),
            "low": float(p.values(interval[k, 0])),
            "high": float(p.values(interval[k, 1])),
            "range_low": p.low,
            "range_high": p.high,
            "scale": p.scale,
            "left": float(interval[k, 1] - interval[k, 0]),
            "at_end": ends.get(p.key),
            "pressed": p.key in pressed,
        }
        for k, p in enumerate(posterior.parameters)
    ]
    return PARAMETERS.frame(pd.DataFrame(rows, columns=list(PARAMETERS.names)))


def moment_table(
    target: Mapping[str, float], runs: Sequence[Mapping[str, float]], names: Sequence[str]
) -> pd.DataFrame:
    """The table :data:`STATISTICS` of a fit.

    Parameters
    ----------
    target : dict
        Statistics of the log, by name.
    runs : sequence of dict
        Statistics of runs of the fitted model.
    names : sequence of str
        Names of the statistics.
    """
    lines = {line.name: line for group in GROUPS.values() for line in group}
    rows = []
    for name in names:
        values = np.array([run[name] for run in runs], dtype=float)
        values = values[np.isfinite(values)]
        mean = float(values.mean()) if len(values) else float("nan")
        spread = float(values.std(ddof=1)) if len(values) > 1 else float("nan")
        own = in_own_unit(name, values)
        rows.append(
            {
                "statistic": name,
                "meaning": lines[name].meaning,
                "unit": lines[name].unit,
                "log": float(in_own_unit(name, target[name])),
                "model": float(own.mean()) if len(own) else float("nan"),
                "model_low": float(own.min()) if len(own) else float("nan"),
                "model_high": float(own.max()) if len(own) else float("nan"),
                "apart": (target[name] - mean) / spread if spread > 0 else float("nan"),
            }
        )
    table = STATISTICS.frame(pd.DataFrame(rows, columns=list(STATISTICS.names)))
    return table.sort_values(
        "apart", key=lambda column: -column.abs(), kind="stable", na_position="last"
    ).reset_index(drop=True)
