"""The commands `run` and `show`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from shequn.app.branches import branch, named_state
from shequn.app.finished_runs import finished_run
from shequn.app.interrupts import exit_code
from shequn.app.options import changing_options, resolved_scenario
from shequn.app.output import list_results, note, read_parquet
from shequn.app.user_errors import UserError, show_user_errors
from shequn.sim.language import _, plural

if TYPE_CHECKING:
    from shequn.experiments.replicates.course import Course
    from shequn.sim.scenario import Scenario

_MAX_PEOPLE_IN_MEMORY = 1_000_000  # in all processes together, without --jobs: about a gigabyte


@click.command()
@click.argument("scenario", metavar="[SCENARIO[:VARIANT]]", required=False)
@changing_options
@click.option("--until", metavar="DAY", type=click.IntRange(min=1), help="Stop on this day; needs --save.")
@click.option("--save", is_flag=True, help="Save the state at the end, to continue from it with --from.")
@click.option(
    "--from",
    "state",
    metavar="STATE[:VARIANT]",
    help="Continue a saved run (its folder) under its scenario, a variant of it, or SCENARIO.",
)
@click.option(
    "--out",
    metavar="DIR",
    default="results",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Folder for results; each run has its own folder inside.",
)
@click.option("--csv", is_flag=True, help="Write the tables as CSV too.")
@click.option(
    "--journal",
    type=click.Choice(["full", "membership", "none"]),
    help="Which events to record; default: the scenario's setting.",
)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="Processes that run replicates; default: one per processor, fewer for large populations.",
)
@click.option(
    "--network",
    metavar="DAYS",
    help="Write who is tied to whom on these days too, such as 0,30,180: tables nodes and edges.",
)
@click.option("--force", is_flag=True, help="Run again even if the same run already exists.")
@click.option("--report", is_flag=True, help="Make the report too: one HTML file beside the run's folder.")
def run(
    out: Path,
    csv: bool,
    journal: str | None,
    jobs: int | None,
    force: bool,
    report: bool,
    scenario: str | None,
    until: int | None,
    save: bool,
    state: str | None,
    network: str | None,
    **options: Any,
) -> None:
    """Run SCENARIO, write its results and print a summary.

    Results go to DIR/SCENARIO/RUN/, complete or not at all. RUN is a digest of everything that the results
    depend on, so the same command finds them again. After an interrupt the same command continues the run.

    To try two policies from the same day on: `run club.yaml --until 90 --save` saves the state of every run
    on day 90; `run --from FOLDER:VARIANT` (or with --set) continues from there.
    """
    if journal is not None:
        options["assignments"] = (*options["assignments"], f"journal={journal}")
    final = None
    try:
        settings, course = _settings_and_course(scenario, state, until, save, network, options)
        from shequn.sim.results.folder import is_complete, result_folder

        with show_user_errors():
            final = result_folder(settings, out, course.key())
            if is_complete(final) and not force:
                click.echo(_("This run already exists (--force runs it again)."), err=True)
                if csv:
                    from shequn.experiments.replicates.replicates import add_csv

                    add_csv(final)
            else:
                _write(settings, final, csv, jobs or _jobs(settings, course), course)
    except KeyboardInterrupt:
        _exit_interrupted(final)
    _show(final, save)
    if report:
        from shequn.app.report.command import make

        with show_user_errors():
            click.echo(f"  report    {make(final)}")


def _settings_and_course(
    scenario: str | None,
    state: str | None,
    until: int | None,
    save: bool,
    network: str | None,
    options: dict[str, Any],
) -> "tuple[Scenario, Course]":
    """The scenario to run, and where its runs begin and end."""
    if state is None and scenario is None:
        raise click.MissingParameter(param_hint="'SCENARIO[:VARIANT]'", param_type="argument")
    if until is not None and not save:
        raise UserError(
            _("--until needs --save; for a run of {until} days use --days {until}").format(until=until)
        )
    if state is None:
        past, settings = None, resolved_scenario(str(scenario), **options)
    else:
        past, variant = named_state(state)
        settings = branch(past, variant, scenario, **options)
    first = 0 if past is None else past.day
    if until is not None and not first < until <= settings.days:
        raise UserError(
            _("--until is {until}; allowed: a day after {first}, at most {days}").format(
                until=until, first=first, days=settings.days
            )
        )
    from shequn.experiments.replicates.course import Course

    last = settings.days if until is None else until
    days = () if network is None else _days(network, 0 if past is None else past.day + 1, last)
    return settings, Course(past, until, save, days)


def _days(text: str, first: int, last: int) -> tuple[int, ...]:
    """The days of --network, in their order."""
    days = set()
    for part in text.split(","):
        day = part.strip()
        if not (day.isascii() and day.isdecimal() and len(day) < 10 and first <= int(day) <= last):
            raise UserError(
                _(
                    "--network: {given!r} is no day of this run; allowed: {first} to {last}, such as {example}"
                ).format(given=day, first=first, last=last, example=f"{first},{last}")
            )
        days.add(int(day))
    return tuple(sorted(days))


def _jobs(scenario: "Scenario", course: "Course") -> int:
    """Default number of processes: each holds a world in memory, so fewer for large populations."""
    from shequn.sim.processes import processors

    people = scenario.population.people if course.past is None else course.past.about["people"]
    if scenario.graph_path is not None:
        people = scenario.graph_path.stat().st_size // 4  # a line has two names: 4 bytes or more
    return max(1, min(processors(), _MAX_PEOPLE_IN_MEMORY // max(people or 1, 1)))


def _write(scenario: "Scenario", final: Path, csv: bool, jobs: int, course: "Course") -> None:
    """Run and write; failures that a user can fix become messages."""
    from shequn.app.progress import Bar
    from shequn.experiments.replicates.workers import WorkerDiedError, Workers
    from shequn.sim.graphs.graph import GraphError
    from shequn.sim.results.folder import InUseError, finished_parts, is_disk_full, unfinished_folder
    from shequn.sim.saving.state_file import StateError

    n_finished = finished_parts(unfinished_folder(final))
    if n_finished:
        click.echo(
            _("Continuing after {kept} of {runs} runs from an earlier command.").format(
                kept=n_finished, runs=scenario.runs
            ),
            err=True,
        )
    try:
        n_workers = min(jobs, scenario.runs - n_finished) - 1  # this process works too
        with (
            Bar(scenario.runs, course.last_day(scenario), course.branching_day or 0) as bar,
            Workers(
                max(n_workers, 0), bar, "shequn.sim.running", "shequn.experiments.replicates.replicates"
            ) as workers,
        ):
            # after the workers have started: they import the same modules at the same time
            from shequn.app.answers.run import branch_notes, present
            from shequn.experiments.replicates.replicates import write_run
            from shequn.sim.running import simulate

            notes = branch_notes(course, scenario)
            remarks = write_run(scenario, final, simulate, bar, csv, workers, course, notes, present)
    except (GraphError, InUseError, StateError) as error:
        raise UserError(str(error)) from None
    except WorkerDiedError:
        raise UserError(
            _(
                "one of the processes was killed, perhaps because memory ran out. The same command continues "
                "after the finished runs; --jobs 1 needs the least memory"
            )
        ) from None
    except MemoryError:
        raise UserError(_("there is not enough memory for this population; use fewer people")) from None
    except OSError as error:
        if not is_disk_full(error):
            raise
        raise UserError(
            _(
                "the disk is full; no result was written to {parent}. Free some space: the same command continues "
                "after the finished runs. Or write elsewhere (--out) or less (--journal membership)"
            ).format(parent=final.parent)
        ) from None
    for remark in remarks:
        note(remark)


def _exit_interrupted(final: Path | None) -> NoReturn:
    """Print how to continue, and exit with the code of an interrupted program."""
    from shequn.sim.results.folder import finished_parts, unfinished_folder

    n_finished = finished_parts(unfinished_folder(final)) if final is not None else 0
    if n_finished:
        message = plural(
            "Interrupted: no result was written. The same command continues after the {n} finished run.",
            "Interrupted: no result was written. The same command continues after the {n} finished runs.",
            n_finished,
        )
    else:
        message = _("Interrupted: no result was written. The same command starts from the beginning.")
    click.echo("\n" + message.format(n=n_finished), err=True)
    raise SystemExit(exit_code())


@click.command()
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
def show(run: Path) -> None:
    """Show the summary of a finished run again, and where its tables are.

    RUN is the run's folder, or a scenario's folder of results, of which the latest run is shown.
    """
    with show_user_errors():
        _show(finished_run(run))


def _show(folder: Path, is_saved: bool = False) -> None:
    """Print the summary, where the other results are, and the next command."""
    from shequn.app.translated_summary import translated_summary

    click.echo(translated_summary(folder), nl=False)
    click.echo()
    list_results(
        folder,
        tables=f"tables/*.parquet   {read_parquet(folder / 'tables/days.parquet')}",
        figures="figures/*.png",
        about="manifest.json, scenario.yaml, summary.txt",
        next=f"shequn run --from {folder.as_posix()}" if is_saved else f"shequn report {folder.as_posix()}",
    )
