"""Forecasts of real communities by a calibrated model, compared with the baselines.

``python -m shequn.experiments.studies.calibration.forecasts FOLDER`` uses the logs and origins named in
``forecasts.yaml``. At each origin the model is fitted to the log before it and started from the group at that time;
its forecast is then compared with the weeks that followed.
"""

from pathlib import Path
from typing import Any, cast

import click
import pandas as pd
from ruamel.yaml import YAML

from shequn.experiments.calibration.calibration import Calibration, calibrate, prepare
from shequn.experiments.calibration.forecast import FORECAST
from shequn.experiments.calibration.search import workers
from shequn.experiments.calibration.setting import truncate
from shequn.experiments.forecasting.weeks import WEEK
from shequn.experiments.logs.activity import Activity
from shequn.experiments.studies.real_logs import real_logs
from shequn.sim.processes import processors
from shequn.sim.results.schema import Column
from shequn.sim.scenario import Scenario

STUDY = Path(__file__).with_suffix(".yaml")

FORECASTS = FORECAST._replace(
    name="forecasts",
    text="One row for each log, origin, forecast and horizon.",
    columns=(
        *FORECAST.columns,
        Column("log", "string", "", "Name of the log."),
        Column("origin", "double", "share", "Origin of the forecast, as a share of the log's days."),
    ),
)


def at_origin(
    whole: Activity, share: float, study: dict[str, Any], silence: int, folder: Path, jobs: int
) -> Calibration:
    """Calibrate on the first ``share`` of a log's days, holding out the weeks that follow.

    Raises
    ------
    NoSimilarRunError
        See `fitting.fit`.
    """
    origin = round(share * whole.days)
    visible = truncate(whole, min(whole.days, origin + WEEK * study["weeks"]))
    scenario = Scenario.from_mapping(study["scenario"])
    setup = prepare(visible, scenario, (), silence, study["weeks"], study["seed"])
    folder.mkdir(parents=True, exist_ok=True)
    with workers(jobs, setup.bench) as executor:
        return calibrate(setup, folder, study["trials"], executor)


def table(scores: pd.DataFrame) -> str:
    """The errors by log and horizon, as means over origins; a star marks the best of each row."""
    errors = scores.groupby(["log", "weeks", "forecast"], sort=False)["active"].mean().unstack("forecast")
    lines = [f"{'log':14}{'weeks':>6}" + "".join(f"{name:>14}" for name in errors.columns)]
    for key, row in errors.iterrows():
        log, weeks = cast(tuple[str, int], key)
        cells = "".join(f"{f'{value:.1%}' + ('*' if value == row.min() else ' '):>14}" for value in row)
        lines.append(f"{log:14}{weeks:>6}{cells}")
    return "\n".join(lines)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--jobs", default=processors(), show_default=True, help="Processes.")
@click.option(
    "--log",
    "only",
    multiple=True,
    type=click.Choice(list(real_logs())),
    help="This log instead of those named in the study; may be repeated.",
)
@click.option(
    "--origin",
    "origins",
    multiple=True,
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Share of a log's days, instead of those named in the study; may be repeated.",
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for trials and tables.")
def main(folder: Path, jobs: int, only: tuple[str, ...], origins: tuple[float, ...], out: Path) -> None:
    """Calibrate at each origin and print the table."""
    study = YAML(typ="safe").load(STUDY.read_text(encoding="utf-8"))
    tables = []
    logs = real_logs()
    for name in only or study["logs"]:
        whole = logs[name].activity(folder)
        for share in origins or study["origins"]:
            subfolder = out / f"{name}-{share}"
            result = at_origin(whole, share, study, logs[name].silence, subfolder, jobs)
            if result.held_out is not None:
                scores = result.held_out.scores.assign(log=name, origin=share)
                tables.append(scores)
                click.echo(f"{name} at {share:.0%} of its life", err=True)
                click.echo(scores.to_string(index=False), err=True)
                FORECASTS.to_csv(scores, subfolder / "forecast.csv")
    all_scores = pd.concat(tables, ignore_index=True)
    FORECASTS.to_csv(all_scores, out / "forecasts.csv")
    click.echo(table(all_scores))


if __name__ == "__main__":
    main()
