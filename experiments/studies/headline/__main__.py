"""``python -m shequn.experiments.studies.headline``: run or resume the sweeps, then answers and figures."""

from pathlib import Path
from typing import Any

import click

from shequn.experiments.studies.headline.parts import PARTS, Part, design_of

OUT = Path("results") / "headline"


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path), default=OUT, show_default=True, help="Folder of results."
)
@click.option("--jobs", type=click.IntRange(1), help="Processes; default: all processors.")
@click.option(
    "--only",
    type=click.Choice([part.name for part in PARTS]),
    multiple=True,
    help="Only this sweep; may be repeated.",
)
@click.option("--figures", is_flag=True, help="Perform no runs; use the existing tables.")
def main(out: Path, jobs: int | None, only: tuple[str, ...], figures: bool) -> None:
    """Run the headline experiment and write its answers."""
    if not figures:
        for part in PARTS:
            if only and part.name not in only:
                continue
            if part.is_possible:
                run(part, out, jobs)
            else:
                click.echo(f"{part.name} is left out: {part.graph_file} does not exist", err=True)
    from shequn.experiments.studies.headline.report import write_report

    try:
        click.echo(f"Answers, tables and figures in {write_report(out)}")
    except FileNotFoundError as error:
        raise click.UsageError(str(error)) from None


def run(part: Part, out: Path, jobs: int | None) -> None:
    """Perform the missing runs of a part, and report failures."""
    import pandas as pd
    from tqdm import tqdm

    from shequn.experiments.sweeps.folder import holds_results
    from shequn.experiments.sweeps.plan import MismatchError
    from shequn.experiments.sweeps.sweep import inputs, sweep
    from shequn.sim.results.folder import InUseError

    design, final = design_of(part), out / part.name

    def watch(runs: int, n_finished: int) -> Any:
        bar = tqdm(total=runs, initial=n_finished, desc=part.name, unit="run", mininterval=5.0)
        return lambda _: bar.update()

    try:
        if holds_results(final, inputs(design)):
            return
        sweep(design, final, watch, jobs=jobs)
    except (MismatchError, InUseError) as error:
        raise click.UsageError(str(error)) from None
    failed = len(pd.read_parquet(final / "tables" / "failures.parquet"))
    if failed:
        click.echo(f"{part.name}: {failed} runs failed; see tables/failures.parquet", err=True)


if __name__ == "__main__":
    main()
