"""What a fit found, as tables: the parameters, and log and model side by side."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.experiments.calibration.baselines import NAMES
from shequn.experiments.calibration.posterior import LEVEL, Posterior
from shequn.sim.language import _, translated
from shequn.sim.results.schema import Column, Table
from shequn.sim.text_width import centred, left, right

if TYPE_CHECKING:
    from shequn.experiments.calibration.calibration import Calibrated


PARAMETERS = Table(
    "parameters",
    "One row for each parameter that was fitted.",
    (
        Column("key", "string", "", "Dotted key of the scenario."),
        Column("best", "double", "of the key", "Value of the best fit of all parameters together."),
        Column("median", "double", "of the key", "Median by itself."),
        Column("low", "double", "of the key", f"Lower end of its {LEVEL:.0%} interval."),
        Column("high", "double", "of the key", f"Upper end of its {LEVEL:.0%} interval."),
        Column("range_low", "double", "of the key", "Lower end of the range searched."),
        Column("range_high", "double", "of the key", "Upper end of the range searched."),
        Column("scale", "string", "", "Scale of the range: linear or log."),
        Column("left", "double", "share", "What the interval leaves of the range, on that scale."),
    ),
)

STATISTICS = Table(
    "statistics",
    "One row for each statistic, log and model side by side, the farthest apart first.",
    (
        Column("statistic", "string", "", "Name of the statistic."),
        Column("log", "double", "", "Its value in the log.", "the log is too short or too small for it"),
        Column("model", "double", "", "Mean over runs of the fitted model.", "known in no run"),
        Column("model_low", "double", "", "Lowest of the runs.", "known in no run"),
        Column("model_high", "double", "", "Highest of the runs.", "known in no run"),
        Column(
            "apart",
            "double",
            "standard deviations",
            "Log less model, over the standard deviation of single runs.",
            "one of the two is missing, or all runs are equal",
        ),
    ),
)


def parameter_table(posterior: Posterior, best: npt.NDArray[np.float64]) -> pd.DataFrame:
    """The table :data:`PARAMETERS` of a fit."""
    interval, point = posterior.interval(), posterior.point()
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
        }
        for k, p in enumerate(posterior.parameters)
    ]
    return PARAMETERS.frame(pd.DataFrame(rows, columns=list(PARAMETERS.names)))


def moment_table(
    target: Mapping[str, float], runs: Sequence[Mapping[str, float]], names: Sequence[str]
) -> pd.DataFrame:
    """The table :data:`STATISTICS` of a fit."""
    rows = []
    for name in names:
        values = np.array([run[name] for run in runs], dtype=float)
        values = values[np.isfinite(values)]
        mean = float(values.mean()) if len(values) else float("nan")
        spread = float(values.std(ddof=1)) if len(values) > 1 else float("nan")
        rows.append(
            {
                "statistic": name,
                "log": target[name],
                "model": mean,
                "model_low": float(values.min()) if len(values) else float("nan"),
                "model_high": float(values.max()) if len(values) else float("nan"),
                "apart": (target[name] - mean) / spread if spread > 0 else float("nan"),
            }
        )
    found = STATISTICS.frame(pd.DataFrame(rows, columns=list(STATISTICS.names)))
    return found.sort_values(
        "apart", key=lambda column: -column.abs(), kind="stable", na_position="last"
    ).reset_index(drop=True)


def parameter_lines(posterior: Posterior, best: npt.NDArray[np.float64]) -> list[str]:
    """The parameters and what is not identified, for a terminal."""
    table = parameter_table(posterior, best)
    width = max(len(key) for key in table["key"])
    heads = centred(_("{level:.0%} interval").format(level=LEVEL), 19)
    heads += "  " + centred(_("searched"), 19) + "  " + right(_("left of it"), 10)
    points = right(_("best"), 10) + right(_("median"), 10)
    lines = [(left(_("parameter"), width) + points + "  " + heads).rstrip()]
    for row in table.itertuples():
        interval, searched = (
            f"{low:.3g} … {high:.3g}" for low, high in ((row.low, row.high), (row.range_low, row.range_high))
        )
        numbers = f"{row.best:>10.3g}{row.median:>10.3g}"
        lines.append(f"{row.key:{width}}{numbers}  {interval:^19}  {searched:^19}  {row.left:>9.0%}")
    said = posterior.not_identified()
    return [
        *lines,
        "",
        *(said or [_("Every parameter is identified, and each is told apart from the others.")]),
    ]


def moment_lines(table: pd.DataFrame, most: int = 44) -> list[str]:
    """Log and model side by side, for a terminal."""
    heads = right(_("log"), 10) + right(_("model"), 10)
    runs = centred(_("range of runs"), 19)
    lines = [left(_("statistic"), 22) + heads + "   " + runs + right(_("apart (sd)"), 11)]
    shown = table[table["log"].notna()].head(most)
    for row, known in zip(shown.itertuples(), shown["apart"].notna(), strict=True):
        runs = f"{row.model_low:.3g} … {row.model_high:.3g}"
        apart = f"{row.apart:>11.1f}" if known else f"{'–':>11}"
        lines.append(f"{row.statistic:22}{row.log:>10.3g}{row.model:>10.3g}   {runs:^19}{apart}")
    return lines


def score_lines(scores: pd.DataFrame) -> list[str]:
    """The forecast beside what it has to beat, for a terminal."""
    heads = left(_("forecast"), 14) + right(_("weeks"), 6) + right(_("active"), 9) + right(_("joins"), 9)
    head = heads + "   " + _("(weighted absolute percentage errors)")
    ordered = scores.sort_values(["weeks", "active"], kind="stable")
    rows = ordered.itertuples()
    return [
        head,
        *(f"{left(_(NAMES[str(r.forecast)]), 14)}{r.weeks:>6}{r.active:>9.1%}{r.joins:>9.1%}" for r in rows),
    ]


def summary(calibrated: "Calibrated", title: str, names: Sequence[str]) -> str:
    """All that was found, as text."""
    prepared, fitted = calibrated.prepared, calibrated.fitted
    part = prepared.part
    parts = [
        _(
            "{title}: {n:,} events of {n_people:,} people in {days:,} days, fitted by {trials:,} runs of "
            "{scenario!r}; {compared:,} of them count"
        ).format(
            title=title,
            n=len(part.person),
            n_people=part.n_people,
            days=part.days,
            trials=fitted.trials,
            scenario=translated(prepared.base.title),
            compared=fitted.compared,
        ),
        "",
        *parameter_lines(fitted.posterior, fitted.best),
        "",
        *moment_lines(moment_table(prepared.target, calibrated.replicates, names)),
    ]
    if calibrated.scores is not None:
        parts += [
            "",
            _("The last {holdout} weeks were held out:").format(holdout=prepared.holdout),
            *score_lines(calibrated.scores),
        ]
    return "\n".join(parts) + "\n"
