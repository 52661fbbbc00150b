"""Who leaves, other things equal: the regression of `shequn describe` on the shipped kinds and on real logs.

``python -m shequn.experiments.studies.evaporation`` runs chat, forum and list on seeds that no search used, and prints
the coefficients of each run and of all runs pooled, with standard errors clustered by member. With LOGS, it measures
the five real logs, too. Asked of the kinds: activity and tenure negative; a measure of quality at most .10 with two
standard errors added, and a standard error of at most .06.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import click

from shequn.experiments.logs.evaporation import PUBLISHED, Rows, coefficients, pooled, rows_of
from shequn.experiments.logs.runs import log_of_journal
from shequn.experiments.studies.real_logs import real_logs
from shequn.experiments.studies.realism import KINDS, SEED
from shequn.sim.kernel.chance import run_seed
from shequn.sim.processes import processors
from shequn.sim.running import simulate
from shequn.sim.scenario import Scenario

SILENCE = 180  # days
RUNS = 30  # of each kind; with ten, two standard errors are most of the bound
MEASURES = ("leaving_rating", "leaving_answers", "leaving_replies")  # of quality, in the logs of runs
MOST, MOST_ERROR = 0.10, 0.06  # of a measure of quality, with two standard errors; of the standard error


def rows_of_run(kind: str, seed: int) -> Rows:
    """The rows of one run of a shipped kind."""
    scenario = Scenario.load(kind)
    return rows_of(log_of_journal(simulate(scenario, seed).journal, scenario.start, scenario.days), SILENCE)


def line(name: str, values: Mapping[str, float]) -> str:
    """A row of the table in Markdown."""
    cells = [f"{values[key]:+.2f} ± {values[f'{key}_se']:.2f}" if key in values else "" for key in PUBLISHED]
    return f"| {name} | {' | '.join(cells)} |"


def verdicts(kind: str, values: Mapping[str, float]) -> Iterable[str]:
    """Whether a kind is as asked, sentence by sentence."""
    for key in ("leaving_activity", "leaving_tenure"):
        yield f"{kind}: {key} is {'negative' if values[key] < 0 else 'NOT negative'}"
    for key in MEASURES:
        bound, error = values[key] + 2 * values[f"{key}_se"], values[f"{key}_se"]
        fits = bound <= MOST and error <= MOST_ERROR
        yield f"{kind}: {key} + 2 se = {bound:+.2f}, se {error:.3f}: {'holds' if fits else 'DOES NOT HOLD'}"


@click.command(help=__doc__)
@click.argument("logs", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--runs", default=RUNS, show_default=True, type=click.IntRange(1), help="Runs of each kind.")
@click.option("--seed", default=SEED, show_default=True, help="Their seeds follow from it.")
@click.option("--jobs", default=processors(), show_default=True, help="Processes.")
def main(logs: Path | None, runs: int, seed: int, jobs: int) -> None:
    """Print the table, then the verdicts."""
    click.echo(f"| | {' | '.join(name.removeprefix('leaving_') for name in PUBLISHED)} |")
    click.echo("| --- |" + " --- |" * len(PUBLISHED))
    if logs is not None:
        for log in real_logs().values():
            rows = rows_of(log.read(logs), log.silence, log.least_events)
            click.echo(line(f"{log.name}, {len(rows.left)} rows", coefficients(rows)))
    sentences: list[str] = []
    with ProcessPoolExecutor(jobs) as executor:
        for kind in KINDS:
            seeds = [run_seed(seed, k) for k in range(runs)]
            found = list(executor.map(rows_of_run, [kind] * runs, seeds))
            for k, rows in enumerate(found):
                click.echo(line(f"{kind}, run {k}", coefficients(rows)))
            together = pooled(found)
            values = coefficients(together)
            click.echo(line(f"**{kind}, {runs} runs**, {len(together.left)} rows", values))
            sentences += verdicts(kind, values)
    click.echo("\n" + "\n".join(sentences))


if __name__ == "__main__":
    main()
