"""Natural experiments: dated changes in real communities, and what the model says of them from the log before.

``python -m shequn.experiments.studies.natural predict FOLDER`` calibrates the log before each change of ``cases.yaml``,
forecasts it as `shequn forecast --with` does, and writes ``predictions.csv``; nothing after the day of the change is
used. ``… score FOLDER`` reads what came and prints it beside the predictions. FOLDER holds the logs.
"""

import datetime
import tempfile
from pathlib import Path
from typing import Any, Literal, cast

import click
import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from shequn.experiments.calibration.calibration import calibrate, prepare
from shequn.experiments.calibration.fitting import NoSimilarRunError
from shequn.experiments.calibration.search import workers
from shequn.experiments.calibration.setting import truncate
from shequn.experiments.forecasting.bands import LEVELS
from shequn.experiments.forecasting.forecast import SERIES, forecast
from shequn.experiments.forecasting.weeks import Numbers, weekly
from shequn.experiments.forecasting.what_if import Effect, run_arms
from shequn.experiments.logs.activity import Activity
from shequn.experiments.studies.real_logs import real_logs
from shequn.sim.processes import processors
from shequn.sim.results.schema import Column, Table
from shequn.sim.scenario import Scenario

CASES = Path(__file__).with_name("cases.yaml")
PREDICTIONS = Path(__file__).with_name("predictions.csv")
SCORES = Path(__file__).with_name("scores.csv")


class Case(BaseModel):
    """A dated change."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    log: str
    date: datetime.date
    what: str
    source: str
    change: dict[str, Any]
    assumed: str
    weeks: int
    expected: Literal["more", "fewer"]


class Study(BaseModel):
    """All of them, and how the logs are calibrated."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scenario: dict[str, Any]
    trials: int
    seed: int
    pairs: int
    cases: dict[str, Case]


def read_study() -> Study:
    """The study of ``cases.yaml``."""
    return Study.model_validate(YAML(typ="safe").load(CASES.read_text(encoding="utf-8")))


_ENDS = (("low", "5 % quantile"), ("middle", "median"), ("high", "95 % quantile"))
PREDICTED = Table(
    "predictions",
    "One row for each case and series: sums over its weeks, predicted from the log before the change.",
    (
        Column("case", "string", "", "Name of the case."),
        Column("series", "string", "", "active: people who write in a week; joins: their first posts."),
        Column("weeks", "int64", "weeks", "Weeks from the day of the change on."),
        *(Column(f"as_is_{end}", "double", "people", f"Without the change, {text}.") for end, text in _ENDS),
        *(
            Column(f"factor_{end}", "double", "factor", f"Changed over as it is, {text}.")
            for end, text in _ENDS
        ),
        *(Column(f"changed_{end}", "double", "people", f"With the change, {text}.") for end, text in _ENDS),
    ),
)
SCORED = Table(
    "scores",
    "One row for each case and series: what came, beside what was predicted.",
    (
        *PREDICTED.columns,
        Column("came", "double", "people", "Sum over the weeks in the log."),
        Column("came_factor", "double", "factor", "The same over the median without the change."),
        Column("in_band", "bool", "", "Whether it lies within the 90 % band with the change."),
        Column("in_band_as_is", "bool", "", "Whether it lies within the 90 % band without the change."),
        Column("sign", "bool", "", "Whether it lies on the predicted side of the median without the change."),
    ),
)
_QUANTILES = [LEVELS[0], 0.5, LEVELS[-1]]


def before(whole: Activity, date: datetime.date) -> Activity:
    """The log before a day."""
    return truncate(whole, (date - datetime.date(1970, 1, 1)).days - whole.epoch_day)


def predicted(
    study: Study, case: Case, past: Activity, silence: int, jobs: int
) -> dict[str, dict[str, float]]:
    """What is predicted of each series, from the log before the change.

    The band of a sum over weeks is the sum of the weeks' quantiles, as if weeks erred together: rather too wide.
    """
    setup = prepare(past, Scenario.from_mapping(study.scenario), silence=silence, holdout=0, seed=study.seed)
    with tempfile.TemporaryDirectory() as folder, workers(jobs, setup.bench) as executor:
        base = calibrate(setup, Path(folder), study.trials, executor).scenario
        changed = base.with_({"operations": {"change": {"day": 0, **case.change}}})
        as_is, with_change = run_arms(base, changed, case.weeks, study.pairs, study.seed, executor)
    level = forecast(past, case.weeks)
    changed_level = Effect(*(with_change - as_is)).on(level)
    found = {}
    for k, name in enumerate(SERIES):
        sums = np.expm1(with_change[k]).sum(axis=1), np.expm1(as_is[k]).sum(axis=1)
        factor = np.quantile((sums[0] + 1) / (sums[1] + 1), _QUANTILES)
        rows = {
            "as_is": _sums(getattr(level, name)),
            "factor": factor,
            "changed": _sums(getattr(changed_level, name)),
        }
        found[name] = {
            f"{what}_{end}": float(f"{value:.4g}")
            for what, values in rows.items()
            for (end, _text), value in zip(_ENDS, values, strict=True)
        }
    return found


def _sums(quantiles: Numbers) -> Numbers:
    """Low, middle and high of a sum over weeks, of quantiles by week."""
    return np.asarray(quantiles[[LEVELS.index(level) for level in _QUANTILES]].sum(axis=1))


def scored(row: dict[str, Any], came: float) -> dict[str, Any]:
    """A prediction beside what came."""
    side = np.sign(row["factor_middle"] - 1)
    return {
        **row,
        "came": came,
        "came_factor": came / row["as_is_middle"],
        "in_band": row["changed_low"] <= came <= row["changed_high"],
        "in_band_as_is": row["as_is_low"] <= came <= row["as_is_high"],
        "sign": bool(side != 0 and np.sign(came - row["as_is_middle"]) == side),
    }


def _rows(path: Path) -> list[dict[str, Any]]:
    return cast(list[dict[str, Any]], pd.read_csv(path).to_dict("records"))


@click.group(help=__doc__)
def main() -> None:
    """Nothing without a command."""


_FOLDER = click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))


@main.command()
@_FOLDER
@click.option("--case", "only", multiple=True, help="This case alone; may be repeated.")
@click.option("--jobs", default=processors(), show_default=True, help="Processes.")
@click.option("--out", default=PREDICTIONS, show_default=True, type=click.Path(path_type=Path), help="File.")
def predict(folder: Path, only: tuple[str, ...], jobs: int, out: Path) -> None:
    """Predict every case that is not in the file yet, and add it."""
    study, logs = read_study(), real_logs()
    rows: list[dict[str, Any]] = _rows(out) if out.exists() else []
    for name, case in study.cases.items():
        if (only and name not in only) or any(row["case"] == name for row in rows):
            continue
        log = logs[case.log]
        try:
            found = predicted(study, case, before(log.activity(folder), case.date), log.silence, jobs)
        except NoSimilarRunError as error:
            click.echo(f"{name}: {error}", err=True)
            continue
        rows += [
            {"case": name, "series": one, "weeks": case.weeks, **values} for one, values in found.items()
        ]
        PREDICTED.to_csv(PREDICTED.frame(pd.DataFrame(rows)), out)
        click.echo(f"{name}: {found}")


@main.command()
@_FOLDER
def score(folder: Path) -> None:
    """Read what came after each change that was predicted, and write ``scores.csv``."""
    study, logs = read_study(), real_logs()
    rows = []
    for row in _rows(PREDICTIONS):
        case = study.cases[row["case"]]
        whole = logs[case.log].activity(folder)
        came = weekly(whole, before(whole, case.date).days, case.weeks)
        rows.append(scored(row, float(getattr(came, row["series"]).sum())))
    frame = SCORED.frame(pd.DataFrame(rows))
    SCORED.to_csv(frame, SCORES)
    click.echo(frame.to_string())


if __name__ == "__main__":
    main()
