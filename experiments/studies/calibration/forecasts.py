"""How well a calibrated model forecasts real communities, compared with the baselines it has to beat.

``python -m shequn.experiments.studies.calibration.forecasts FOLDER``: the logs and origins named in ``forecasts.yaml``.
At each origin the model is fitted to what came before, started from the group as it stood, and run on; then
the weeks that followed are looked at.
"""

from pathlib import Path
from typing import Any, cast

import click
import pandas as pd
from ruamel.yaml import YAML

from shequn.experiments.calibration.baselines import WEEK
from shequn.experiments.calibration.calibration import Calibration, calibrate, prepare
from shequn.experiments.calibration.forecast import FORECAST
from shequn.experiments.calibration.search import workers
from shequn.experiments.calibration.setting import truncate
from shequn.experiments.logs.activity import Activity
from shequn.experiments.logs.reading import Layout, read_log
from shequn.sim.processes import processors
from shequn.sim.results.schema import Column
from shequn.sim.scenario import Scenario

STUDY = Path(__file__).with_suffix(".yaml")
_SILENCE = 180

FORECASTS = FORECAST._replace(
    name="forecasts",
    text="One row for each log, origin, forecast and horizon.",
    columns=(
        *FORECAST.columns,
        Column("log", "string", "", "Name of the log."),
        Column("origin", "double", "share", "Origin of the forecast, as a share of the log's life."),
    ),
)


def whole_log(folder: Path, named: dict[str, Any]) -> Activity:
    """One of the logs named in the study."""
    leave_out = folder / named["leave_out"] if "leave_out" in named else None
    log = read_log(folder / named["file"], Layout(zone="UTC", leave_out=leave_out))
    return Activity.of(log.person, log.time)


def at_origin(
    whole: Activity, share: float, study: dict[str, Any], silence: int, folder: Path, jobs: int
) -> Calibration:
    """Calibrate on the first ``share`` of a log's life, holding out the weeks that follow.

    Raises
    ------
    NoSimilarRunError
        See `fitting.fit`.
    """
    origin = round(share * whole.days)
    shown = truncate(whole, min(whole.days, origin + WEEK * study["weeks"]))
    scenario = Scenario.from_mapping(study["scenario"])
    prepared = prepare(shown, scenario, (), silence, study["weeks"], study["seed"])
    folder.mkdir(parents=True, exist_ok=True)
    with workers(jobs, prepared.bench) as executor:
        return calibrate(prepared, folder, study["trials"], executor)


def table(scores: pd.DataFrame) -> str:
    """Errors by log and horizon, each the mean over its origins; the best of each row starred."""
    found = scores.groupby(["log", "weeks", "forecast"], sort=False)["active"].mean().unstack("forecast")
    lines = [f"{'log':14}{'weeks':>6}" + "".join(f"{name:>14}" for name in found.columns)]
    for at, row in found.iterrows():
        log, weeks = cast(tuple[str, int], at)
        cells = "".join(f"{f'{value:.1%}' + ('*' if value == row.min() else ' '):>14}" for value in row)
        lines.append(f"{log:14}{weeks:>6}{cells}")
    return "\n".join(lines)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--jobs", default=processors(), show_default=True, help="Processes.")
@click.option("--log", "only", multiple=True, help="This log only; may be repeated.")
@click.option(
    "--origin",
    "origins",
    multiple=True,
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Share of a log's life, instead of those named in the study; may be repeated.",
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for trials and tables.")
def main(folder: Path, jobs: int, only: tuple[str, ...], origins: tuple[float, ...], out: Path) -> None:
    """Calibrate at each origin and print the table."""
    study = YAML(typ="safe").load(STUDY.read_text(encoding="utf-8"))
    found = []
    for name, named in study["logs"].items():
        if only and name not in only:
            continue
        whole = whole_log(folder, named)
        for share in origins or study["origins"]:
            aside = out / f"{name}-{share}"
            done = at_origin(whole, share, study, named.get("silence", _SILENCE), aside, jobs)
            if done.scores is not None:
                scores = done.scores.assign(log=name, origin=share)
                found.append(scores)
                click.echo(f"{name} at {share:.0%} of its life", err=True)
                click.echo(scores.to_string(index=False), err=True)
                FORECASTS.to_csv(scores, aside / "forecast.csv")
    everything = pd.concat(found, ignore_index=True)
    FORECASTS.to_csv(everything, out / "forecasts.csv")
    click.echo(table(everything))


if __name__ == "__main__":
    main()
