"""The command `forecast`: the coming weeks of a group, and what a change would do to them."""

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shequn.app.log_options import reading_options, understand
from shequn.app.output import check_out, note
from shequn.app.user_errors import UserError, show_user_errors
from shequn.sim.extras import require
from shequn.sim.language import _

if TYPE_CHECKING:
    from shequn.experiments.forecasting.forecast import Forecast
    from shequn.experiments.forecasting.what_if import Effect
    from shequn.experiments.logs.activity import Activity

_SUMMARY, _TABLE, _FIGURE = "summary.txt", "forecast.csv", "figure.png"
_SCENARIO = "calibrated.yaml"


@click.command()
@click.argument("log", metavar="LOG", type=click.Path(path_type=Path))
@click.option(
    "--weeks",
    type=click.IntRange(1, 104),
    default=26,
    show_default=True,
    metavar="N",
    help="Weeks to forecast.",
)
@click.option(
    "--with",
    "change",
    metavar="CHANGE.yaml",
    help="Also forecast with this change: keys of a scenario, written like a variant (needs --calibrated).",
)
@click.option(
    "--calibrated",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="What `shequn calibrate LOG` wrote: the model that says what the change does.",
)
@click.option(
    "--runs",
    type=click.IntRange(10, 10_000),
    default=40,
    show_default=True,
    metavar="N",
    help="Pairs of runs, as it is and changed, for the effect.",
)
@click.option(
    "--out", metavar="FOLDER", type=click.Path(path_type=Path), help="Write table and figure there."
)
@click.option("--jobs", type=click.IntRange(1, 1024), metavar="N", help="Processes; default: all processors.")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    default=1,
    show_default=True,
    metavar="N",
    help="Seed of the runs.",
)
@reading_options
def forecast(
    log: Path,
    weeks: int,
    change: str | None,
    calibrated: Path | None,
    out: Path | None,
    runs: int,
    jobs: int | None,
    seed: int,
    **settings: Any,
) -> None:
    """Forecast who writes in the coming weeks, from LOG alone; and what a change would do to it.

    LOG is read as `shequn describe` reads it. The level is the geometric mean of three forecasts: members like those
    of today, as they went on in this log before; the mean of the last 8 weeks; and smoothing with a damped trend.
    The quantiles are as far apart as such forecasts missed in this log before.

    With --with, the community fitted by `shequn calibrate` is run as it is and changed, with the same people and the
    same luck; the forecast is multiplied by changed over as it is.
    """
    require("forecast")
    if out is not None:
        check_out(out, (_SUMMARY, _TABLE, _FIGURE))
    if (change is None) != (calibrated is None):
        raise UserError(
            _(
                "--with and --calibrated go together: the change, and the folder that "
                "`shequn calibrate LOG --scenario SCENARIO --out FOLDER` wrote"
            )
        )
    from shequn.app.answers.forecast import summary
    from shequn.experiments.forecasting.forecast import FORECAST, forecast_table
    from shequn.experiments.forecasting.weeks import History

    activity_log, past = understand(log, settings)
    title = activity_log.title
    first = datetime.date(1970, 1, 1) + datetime.timedelta(days=past.epoch_day + past.days)
    arms_of_model = (
        _arms(change, calibrated, past, first, weeks)
        if change is not None and calibrated is not None
        else None
    )
    arms = {"as_is": _forecast(past, weeks)}
    if arms_of_model is not None:
        effect = _effect(*arms_of_model, weeks, runs, jobs, seed)
        arms |= {"changed": effect.on(arms["as_is"]), "factor": effect.factors}
    text = summary(title, arms, first, change, runs)
    click.echo(text)
    if out is not None:
        from shequn.app.figures.forecast import write_figure

        with show_user_errors():
            out.mkdir(parents=True, exist_ok=True)
            aside = {name: out / f".{name}.part" for name in (_SUMMARY, _TABLE, _FIGURE)}
            try:
                aside[_SUMMARY].write_text(text + "\n", encoding="utf-8", newline="\n")
                FORECAST.to_csv(forecast_table(arms, first), aside[_TABLE])
                write_figure(aside[_FIGURE], title, History.of(past).weekly, arms, first)
                for name, path in aside.items():
                    path.replace(out / name)
            finally:
                for path in aside.values():
                    path.unlink(missing_ok=True)
        click.echo(
            "\n" + _("Wrote {files} in {out}").format(files=", ".join((_SUMMARY, _TABLE, _FIGURE)), out=out),
            err=True,
        )


def _forecast(past: "Activity", weeks: int) -> "Forecast":
    from shequn.experiments.forecasting.forecast import forecast as forecast_log
    from shequn.experiments.logs.log import LogError

    try:
        return forecast_log(past, weeks)
    except LogError as error:
        raise UserError(str(error)) from None


def _arms(
    change: str, calibrated: Path, past: "Activity", first: datetime.date, weeks: int
) -> tuple[Any, Any]:
    """The calibrated scenario as it is and changed; notes say what of the change does nothing in these weeks."""
    from shequn.experiments.forecasting.weeks import WEEK
    from shequn.experiments.forecasting.what_if import read_change
    from shequn.sim.scenario import Scenario

    path = calibrated / _SCENARIO
    with show_user_errors():
        if not calibrated.is_dir():
            raise UserError(_("--calibrated {folder}: there is no such folder").format(folder=calibrated))
        if not path.is_file():
            raise UserError(
                _("--calibrated {folder}: there is no {name} in it; `shequn calibrate` writes one").format(
                    folder=calibrated, name=_SCENARIO
                )
            )
        base = Scenario.load(path)
        if base.start != first:
            raise UserError(
                _(
                    "--calibrated {folder}: it goes on from {start}, but this log ends the day before {first}; "
                    "calibrate this log"
                ).format(folder=calibrated, start=base.start, first=first)
            )
        _check_group(calibrated, base, past)
        changed = read_change(base, change)
        usual, remarks = (arm.with_({"days": WEEK * weeks}).notes for arm in (base, changed))
    for remark in remarks:
        if remark not in usual:
            note(f"{change}: {remark}")
    return base, changed


def _check_group(calibrated: Path, base: Any, past: "Activity") -> None:
    """Refuse a calibrated scenario that starts from nobody, or from people of another log."""
    import numpy as np

    from shequn.experiments.forecasting.what_if import events_of_writers

    events = events_of_writers(base)
    if len(events) == 0:
        raise UserError(
            _(
                "--calibrated {folder}: {name} starts from no group; `shequn calibrate` writes one that does"
            ).format(folder=calibrated, name=_SCENARIO)
        )
    if not np.array_equal(events, np.sort(past.events)):
        raise UserError(
            _(
                "--calibrated {folder}: its {n:,} people who wrote, with {events:,} messages, are not the "
                "{n_people:,} of this log, with {n_events:,}; calibrate this log, read with the same options"
            ).format(
                folder=calibrated,
                n=len(events),
                events=int(events.sum()),
                n_people=past.n_people,
                n_events=len(past.person),
            )
        )


def _effect(base: Any, changed: Any, weeks: int, runs: int, jobs: int | None, seed: int) -> "Effect":
    from shequn.app.progress import Trials
    from shequn.experiments.forecasting.what_if import effect
    from shequn.sim.processes import pool, processors

    with Trials(2 * runs) as bar, pool(jobs or processors()) as executor:
        return effect(base, changed, weeks, runs, seed, executor, bar)
