"""The command `calibrate`: a scenario's parameters fitted to a log, judged on what was held out."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shequn.app.interrupts import INTERRUPTED
from shequn.app.log_options import READING
from shequn.app.options import resolved_scenario
from shequn.app.output import list_results, note
from shequn.app.user_errors import UserError, show_user_errors
from shequn.sim.extras import require
from shequn.sim.language import _

if TYPE_CHECKING:
    from shequn.experiments.calibration.calibration import Calibrated, Prepared
    from shequn.experiments.logs.log import Log

_SUMMARY, _SCENARIO, _FIGURE = "summary.txt", "calibrated.yaml", "figure.png"


def _reading_options(command: Any) -> Any:
    """Add the options about a log's file."""
    for option in reversed(READING):
        command = click.option(option.name, metavar=option.metavar, help=option.help)(command)
    return command


@click.command()
@click.argument("log", metavar="LOG", type=click.Path(path_type=Path))
@click.option("--scenario", required=True, metavar="SCENARIO[:VARIANT]", help="The rules that are fitted.")
@click.option(
    "--out",
    required=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Folder for all that is found.",
)
@click.option(
    "--fit",
    "fits",
    metavar="KEY=LOW..HIGH",
    multiple=True,
    help="Fit this key within a range (then :log or :linear for its scale); may be repeated. Default: six.",
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
    help="Runs to learn from.",
)
@click.option(
    "--holdout",
    type=click.IntRange(0, 520),
    default=13,
    show_default=True,
    metavar="WEEKS",
    help="Weeks at the end kept for judging the forecast.",
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
    help="Seed of all chance.",
)
@_reading_options
def calibrate(
    log: Path, scenario: str, out: Path, fits: tuple[str, ...], assignments: tuple[str, ...], **asked: Any
) -> None:
    """Fit SCENARIO's parameters to LOG, and start it from the group as it stands.

    LOG is a table of events (CSV, TSV, Excel, Parquet), an export of a chat or forum, or a run's folder, read
    as `shequn describe` reads it. Its last weeks are held out, the rest is fitted by simulated moments. FOLDER
    gets calibrated.yaml, which `shequn run` takes, the group's members, tables and a figure.

    Interrupted, the same command goes on where it was.
    """
    require("calibrate")
    if out.exists():
        raise UserError(
            _(
                "--out {out} is there already; nothing was changed. Choose another folder, or remove it"
            ).format(out=out)
        )
    from shequn.experiments.calibration.calibration import TRIALS
    from shequn.experiments.calibration.parameters import written
    from shequn.sim.results.folder import InUseError, out_of_room, writing

    base = resolved_scenario(scenario, assignments)
    with show_user_errors():
        parameters = tuple(written(text) for text in fits)
    found = _read(log, asked)
    prepared = _prepared(found, base, parameters, asked)
    try:
        with writing(
            out, lambda folder, error: (folder / TRIALS).exists() and not out_of_room(error)
        ) as folder:
            done = _calibrate(prepared, folder, asked, _inviters(found))
            text = _write(done, folder, found.title)
    except KeyboardInterrupt:
        words = _("Interrupted: no result was written. The same command goes on with the trials kept.")
        click.echo("\n" + words, err=True)
        raise SystemExit(INTERRUPTED) from None
    except InUseError as error:
        raise UserError(str(error)) from None
    except OSError as error:
        raise UserError(f"{out}: {error.strerror or error}") from None
    click.echo(text, nl=False)
    click.echo()
    list_results(out, next=f"shequn run {out / _SCENARIO}")


def _read(path: Path, asked: dict[str, Any]) -> "Log":
    from shequn.app.answers.logs import understood
    from shequn.app.describe import read
    from shequn.experiments.logs.activity import Activity

    found = read(path, {option.key: asked[option.key] for option in READING})
    for remark in found.notes:
        note(f"{found.title}: {remark}")
    click.echo(f"{found.title}: {understood(found, Activity.of(found.person, found.time, found.end))}")
    return found


def _prepared(log: "Log", base: Any, parameters: tuple[Any, ...], asked: dict[str, Any]) -> "Prepared":
    from shequn.experiments.calibration.calibration import prepare
    from shequn.experiments.logs.activity import Activity
    from shequn.experiments.logs.log import LogError

    try:
        with show_user_errors():
            whole = Activity.of(log.person, log.time, log.end)
            prepared = prepare(whole, base, parameters, asked["silence"], asked["holdout"], asked["seed"])
    except LogError as error:
        raise UserError(str(error)) from None
    if prepared.share < 1:
        words = _(
            "{n_people:,} of {all:,} people are fitted, drawn at random, each with all they did; "
            "a run starts from a part of this size, each from another"
        )
        note(words.format(n_people=prepared.part.n_people, all=prepared.past.n_people))
    return prepared


def _inviters(log: "Log") -> Any:
    """Who brought each person of the log, where that is known."""
    return log.invitations.inviter_of_writer if log.invitations is not None else None


def _calibrate(prepared: "Prepared", folder: Path, asked: dict[str, Any], inviters: Any) -> "Calibrated":
    from shequn.app.progress import Trials
    from shequn.experiments.calibration.calibration import calibrate as carry_out
    from shequn.experiments.calibration.fitting import NothingLikeItError, n_runs
    from shequn.experiments.calibration.search import OtherFitError, workers
    from shequn.sim.processes import processors

    try:
        with (
            Trials(n_runs(asked["trials"])) as bar,
            workers(asked["jobs"] or processors(), prepared.bench) as executor,
        ):
            return carry_out(prepared, folder, asked["trials"], executor, bar, inviters)
    except NothingLikeItError as error:
        raise UserError(str(error)) from None
    except OtherFitError as error:
        raise UserError(
            _("{error}: remove {folder}, or choose another --out").format(error=error, folder=folder)
        ) from None


def _write(done: "Calibrated", folder: Path, title: str) -> str:
    """Write everything but the members, who are there already; returns the summary."""
    from shequn.app.answers.calibration import scenario_text, summary
    from shequn.app.figures.calibration import write_figure
    from shequn.experiments.calibration.forecast import FORECAST
    from shequn.experiments.calibration.tables import (
        PARAMETERS,
        STATISTICS,
        moment_table,
        parameter_table,
    )
    from shequn.experiments.logs.statistics import of_activity

    names = list(of_activity(done.prepared.part, done.prepared.bench.silence))
    text = summary(done, title, names)
    (folder / _SUMMARY).write_text(text, encoding="utf-8", newline="\n")
    (folder / _SCENARIO).write_text(scenario_text(done), encoding="utf-8", newline="\n")
    tables = [
        (PARAMETERS, parameter_table(done.fitted.posterior, done.fitted.best)),
        (STATISTICS, moment_table(done.prepared.target, done.replicates, names)),
    ]
    if done.scores is not None:
        tables.append((FORECAST, done.scores))
    for table, frame in tables:
        table.to_csv(frame, folder / f"{table.name}.csv")
    write_figure(folder / _FIGURE, done, names)
    return text
