"""The command `calibrate`: a scenario's parameters fitted to a log, judged on what was held out."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shequn.app.interrupts import exit_code
from shequn.app.log_options import reading_options, understand
from shequn.app.options import resolved_scenario
from shequn.app.output import list_results, note
from shequn.app.user_errors import UserError, show_user_errors
from shequn.sim.extras import require
from shequn.sim.language import _

if TYPE_CHECKING:
    from shequn.experiments.calibration.calibration import Calibration, CalibrationSetup
    from shequn.experiments.logs.activity import Activity
    from shequn.experiments.logs.log import Log

_SUMMARY, _SCENARIO, _FIGURE = "summary.txt", "calibrated.yaml", "figure.png"


@click.command()
@click.argument("log", metavar="LOG", type=click.Path(path_type=Path))
@click.option(
    "--scenario", required=True, metavar="SCENARIO[:VARIANT]", help="Scenario whose rules are fitted."
)
@click.option(
    "--out",
    required=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Folder for the results.",
)
@click.option(
    "--fit",
    "fits",
    metavar="KEY=LOW..HIGH",
    multiple=True,
    help="Fit this key within a range (then :log or :linear for its scale) instead of those above; may be repeated.",
)
@click.option(
    "--set",
    "assignments",
    metavar="KEY=VALUE",
    multiple=True,
    help="Change one value of the scenario; may be repeated.",
)
@click.option(
    "--trials",
    type=click.IntRange(200, 100_000),
    default=1200,
    show_default=True,
    metavar="N",
    help="Simulation runs used for the fit.",
)
@click.option(
    "--holdout",
    type=click.IntRange(0, 520),
    default=13,
    show_default=True,
    metavar="WEEKS",
    help="Weeks at the end held out to test the forecast.",
)
@click.option(
    "--silence",
    type=click.IntRange(1, 36_500),
    default=180,
    show_default=True,
    metavar="DAYS",
    help="Days without an event that mean somebody has left.",
)
@click.option("--jobs", type=click.IntRange(1, 1024), metavar="N", help="Processes; default: all processors.")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    default=1,
    show_default=True,
    metavar="N",
    help="Seed of all random draws.",
)
@reading_options
def calibrate(
    log: Path, scenario: str, out: Path, fits: tuple[str, ...], assignments: tuple[str, ...], **settings: Any
) -> None:
    """Fit SCENARIO's parameters to LOG, and start it from the group's current state.

    LOG is a table of events (CSV, TSV, Excel, Parquet), an export of a chat or forum, or a run's folder, read as
    `shequn describe` reads it. Its last weeks are held out; the rest is fitted by the method of simulated moments.
    FOLDER gets calibrated.yaml (for `shequn run`), the group's members, tables and a figure.

    Fitted are these eight keys, unless --fit names others. The range of the first is relative to the log's first
    posts a day:

    \b
    community.strangers_per_day    0.7 .. 15
    population.pace.mean           0.001 .. 5
    population.pace.log_sd         0.4 .. 3.2
    population.talkativeness.mean  0.02 .. 0.9
    rules.leaving.base             -0.1 .. 1.2
    rules.leaving.history_loss     0 .. 0.8
    rules.leaving.lapse            0.05 .. 0.95
    rules.leaving.lapse_tail       0.2 .. 1.5

    community.mood is not fitted but read from the log's weeks, and the scenario goes on with its value at the end.

    After an interrupt, the same command continues.
    """
    require("calibrate")
    with show_user_errors():
        is_there = out.exists()
    if is_there:
        raise UserError(
            _("--out {out} already exists; nothing was changed. Choose another folder, or remove it").format(
                out=out
            )
        )
    from shequn.experiments.calibration.calibration import TRIALS
    from shequn.experiments.calibration.parameters import parse_parameter
    from shequn.sim.results.folder import InUseError, writing

    base = resolved_scenario(scenario, assignments)
    with show_user_errors():
        parameters = tuple(parse_parameter(text) for text in fits)
    activity_log, whole = understand(log, settings)
    prepared = _prepare(whole, base, parameters, settings)
    try:
        with writing(out, lambda folder: (folder / TRIALS).exists()) as folder:
            calibrated = _calibrate(prepared, folder, settings, _known_inviters(activity_log))
            text = _write(calibrated, folder, activity_log.title)
    except KeyboardInterrupt:
        text = _("Interrupted: no result was written. The same command continues after the finished trials.")
        click.echo("\n" + text, err=True)
        raise SystemExit(exit_code()) from None
    except InUseError as error:
        raise UserError(str(error)) from None
    except OSError as error:
        raise UserError(f"{out}: {error.strerror or error}") from None
    click.echo(text, nl=False)
    click.echo()
    list_results(out, next=f"shequn run {out / _SCENARIO}")


def _prepare(
    whole: "Activity", base: Any, parameters: tuple[Any, ...], settings: dict[str, Any]
) -> "CalibrationSetup":
    from shequn.experiments.calibration.calibration import prepare
    from shequn.experiments.logs.log import LogError

    try:
        with show_user_errors():
            prepared = prepare(
                whole, base, parameters, settings["silence"], settings["holdout"], settings["seed"]
            )
    except LogError as error:
        raise UserError(str(error)) from None
    if prepared.share < 1:
        text = _(
            "{n_people:,} of {all:,} people, drawn at random with all their events, are fitted; each "
            "run starts from a different sample of this size"
        )
        note(text.format(n_people=prepared.part.n_people, all=prepared.past.n_people))
    return prepared


def _known_inviters(log: "Log") -> Any:
    """Who brought each person of the log, where that is known."""
    return log.invitations.inviter_of_writer if log.invitations is not None else None


def _calibrate(
    prepared: "CalibrationSetup", folder: Path, settings: dict[str, Any], inviters: Any
) -> "Calibration":
    from shequn.app.progress import Trials
    from shequn.experiments.calibration.calibration import calibrate as run_calibration
    from shequn.experiments.calibration.fitting import NoSimilarRunError, n_runs
    from shequn.experiments.calibration.search import OtherFitError, workers
    from shequn.sim.processes import processors

    try:
        with (
            Trials(n_runs(settings["trials"])) as bar,
            workers(settings["jobs"] or processors(), prepared.bench) as executor,
        ):
            return run_calibration(prepared, folder, settings["trials"], executor, bar, inviters)
    except NoSimilarRunError as error:
        raise UserError(str(error)) from None
    except OtherFitError as error:
        raise UserError(
            _("{error}: remove {folder}, or choose another --out").format(error=error, folder=folder)
        ) from None


def _write(calibrated: "Calibration", folder: Path, title: str) -> str:
    """Write everything but the members, who are there already; returns the summary."""
    from shequn.app.answers.calibration import scenario_text, summary
    from shequn.app.figures.calibration import write_figure
    from shequn.experiments.calibration.forecast import FORECAST, HELD_OUT
    from shequn.experiments.calibration.tables import (
        PARAMETERS,
        STATISTICS,
        moment_table,
        parameter_table,
    )
    from shequn.experiments.logs.statistics import of_activity

    names = list(of_activity(calibrated.setup.part, calibrated.setup.bench.silence))
    text = summary(calibrated, title, names)
    (folder / _SUMMARY).write_text(text, encoding="utf-8", newline="\n")
    (folder / _SCENARIO).write_text(scenario_text(calibrated, title), encoding="utf-8", newline="\n")
    tables = [
        (PARAMETERS, parameter_table(calibrated.fit.posterior, calibrated.fit.best)),
        (STATISTICS, moment_table(calibrated.setup.target, calibrated.replicates, names)),
    ]
    if calibrated.held_out is not None:
        tables += [(FORECAST, calibrated.held_out.scores), (HELD_OUT, calibrated.held_out.weeks)]
    for table, frame in tables:
        table.to_csv(frame, folder / f"{table.name}.csv")
    write_figure(folder / _FIGURE, calibrated, names)
    return text
