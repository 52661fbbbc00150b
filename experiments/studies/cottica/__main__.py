"""Cottica's community of 2017: replication of the published cells, or runs with any other parameters.

``python -m shequn.experiments.studies.cottica`` runs the 12 published cells (from the shared data beside the project)
and prints our means beside the published ones, with z from both standard errors and rounding, and p of an exact test of
the number of dropouts. CELLS is another table of the same form.

With parameters and without CELLS it runs all combinations of them and prints means and standard deviations; each
parameter may be repeated. With CELLS, the parameters are set in all cells.
"""

import itertools
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import click
import numpy as np
from pydantic import ValidationError

from shequn.experiments.studies.cottica.model import RESPONSES, Cottica
from shequn.experiments.studies.cottica.parameters import TABLE_WORDS, Parameters
from shequn.experiments.studies.cottica.published import (
    LEVEL,
    LIMIT,
    Cell,
    CellsError,
    Fit,
    Values,
    fit,
    read_cells,
    wrong,
)

CELLS = Path(__file__).resolve().parents[4] / "shared" / "data" / "cottica-cells.csv"
RUNS = 24
SEED = 2017


def parameter_options(command: Callable[..., None]) -> Callable[..., None]:
    """An option for each parameter."""
    for name, field in reversed(Parameters.model_fields.items()):
        words = [word for word in get_args(field.annotation) if isinstance(word, str)]
        if name == "randomised_chattiness":
            words += TABLE_WORDS
        kind = click.Choice(words) if words else type(field.default)
        text = f"{field.description}  [{field.default}]"
        command = click.option(f"--{name.replace('_', '-')}", name, type=kind, multiple=True, help=text)(
            command
        )
    return command


@click.command(help=__doc__)
@click.argument("cells", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@parameter_options
@click.option("--runs", default=RUNS, show_default=True, type=click.IntRange(2), help="Runs of each setting.")
@click.option(
    "--seed", default=SEED, show_default=True, type=click.IntRange(0), help="Seed of all random draws."
)
@click.option("--on", default="processes", show_default=True, help="Where to run, as in `shequn sweep`.")
@click.option("--jobs", type=click.IntRange(1), help="Processes; default: all processors.")
@click.option("--out", type=click.Path(path_type=Path), help="Store the tables in this folder.")
@click.option("--force", is_flag=True, help="Delete earlier results there.")
def main(
    cells: Path | None,
    runs: int,
    seed: int,
    on: str,
    jobs: int | None,
    out: Path | None,
    force: bool,
    **options: Any,
) -> None:
    """Run the settings and print the results."""
    values = {name: option for name, option in options.items() if option}
    path = cells if cells is not None or values else CELLS
    try:
        published = [] if path is None else [_with(cell, values) for cell in read_cells(path)]
        settings = [cell.parameters for cell in published] if published else combinations(values)
    except CellsError as error:
        raise click.UsageError(str(error)) from None
    except ValidationError as error:
        raise click.UsageError(wrong(error)) from None
    except FileNotFoundError:
        raise click.UsageError(
            f"{path} does not exist; give CELLS, or parameters such as --intimacy-strength 5"
        ) from None
    results = run_settings(settings, runs, seed, on, jobs, out, force)
    for line in comparison(published, results) if published else description(settings, results):
        click.echo(line)


def _with(cell: Cell, values: Mapping[str, Sequence[Any]]) -> Cell:
    """The cell with these parameters, each of which must have one value."""
    for name, options in values.items():
        if len(options) > 1:
            raise CellsError(
                f"--{name.replace('_', '-')} is given {len(options)} times; in cells it has one value"
            )
    changed = {**cell.parameters.model_dump(), **{name: options[0] for name, options in values.items()}}
    return cell._replace(parameters=Parameters.model_validate(changed))


def combinations(values: Mapping[str, Sequence[Any]]) -> list[Parameters]:
    """Every combination of the parameters' values; the last parameter varies fastest."""
    return [
        Parameters.model_validate(dict(zip(values, combination, strict=True)))
        for combination in itertools.product(*values.values())
    ]


def run_settings(
    settings: Sequence[Parameters],
    runs: int,
    seed: int = SEED,
    on: str = "processes",
    jobs: int | None = None,
    out: Path | None = None,
    restart: bool = False,
) -> list[dict[str, Values]]:
    """Run each setting ``runs`` times; returns for each the values of all responses (runs).

    Raises
    ------
    click.ClickException
        There is no such place, a run has failed, or the folder holds something else.
    """
    import pandas as pd
    from tqdm import tqdm

    from shequn.experiments.sweeps.custom_sweep import custom_sweep
    from shequn.experiments.sweeps.executors import ExecutorError
    from shequn.experiments.sweeps.plan import MismatchError
    from shequn.sim.results.folder import InUseError

    dumps = [setting.model_dump() for setting in settings]
    varied = [name for name in Parameters.model_fields if len({dump[name] for dump in dumps}) > 1]
    columns = {name: [_level(dump[name]) for dump in dumps] for name in varied}
    with tempfile.TemporaryDirectory() as temporary, tqdm(unit=" runs", leave=False, disable=None) as bar:
        final = out if out is not None else Path(temporary) / "runs"

        def watch(total: int, n_finished: int) -> Any:
            bar.reset(total)
            bar.update(n_finished)
            return lambda _: bar.update()

        try:
            failed = custom_sweep(
                [Cottica(setting) for setting in settings],
                columns,
                RESPONSES,
                final,
                watch,
                replicates=runs,
                seed=seed,
                on=on,
                jobs=jobs,
                restart=restart,
            )
        except (ExecutorError, MismatchError, InUseError) as error:
            raise click.UsageError(str(error)) from None
        if failed:
            first = pd.read_parquet(final / "tables" / "failures.parquet")["message"].iloc[0]
            raise click.ClickException(f"{failed} runs failed, the first with {first}")
        rows = pd.read_parquet(final / "tables" / "responses.parquet")
    by_response = {key: group["value"].to_numpy() for key, group in rows.groupby(["point", "response"])}
    return [{name: by_response[point, name] for name in RESPONSES} for point in range(len(settings))]


def _level(value: Any) -> float | int | str:
    return str(value).lower() if isinstance(value, bool) else value


def comparison(cells: Sequence[Cell], results: Sequence[Mapping[str, Values]]) -> list[str]:
    """Our means beside the published ones, with a row for each cell and the number of cells that agree."""
    fits = [fit(cell, values) for cell, values in zip(cells, results, strict=True)]
    known = [name for name in RESPONSES if name in cells[0].means and name != "dropouts"]
    heads = [
        "chattiness",
        "β",
        "priority",
        "policy",
        "dropouts",
        "p",
        *(part for name in known for part in (name, "z")),
    ]
    lines = [_row(heads), _row(["---"] * len(heads))]
    for cell, values, result in zip(cells, results, fits, strict=True):
        setting = cell.parameters
        row = [
            f"{setting.global_chattiness:g}",
            f"{setting.intimacy_strength:g}",
            setting.priority,
            setting.policy,
        ]
        row += [_beside(values["dropouts"], cell.means["dropouts"]), f"{result.p_dropouts:.2g}"]
        for name in known:
            row += [_beside(values[name], cell.means[name]), f"{result.z[name]:+.2f}"]
        lines.append(_row(row))
    return ["Our mean / the published one", "", *lines, "", verdict(fits)]


def verdict(fits: Sequence[Fit]) -> str:
    """A sentence on the number of cells that agree in everything tested, and the largest deviations."""
    worst = max(abs(one.z[name]) for one in fits for name in ("total_comments", "mgmt_effort"))
    least = min(one.p_dropouts for one in fits)
    return (
        f"{sum(one.holds for one in fits)} of {len(fits)} cells hold (|z| < {LIMIT:g} for comments and "
        f"effort, p > {LEVEL:g} for dropouts); largest |z| {worst:.2f}, smallest p {least:.2g}"
    )


def description(settings: Sequence[Parameters], results: Sequence[Mapping[str, Values]]) -> list[str]:
    """Means and standard deviations over runs, with a row for each setting."""
    heads = ["setting", *(part for name in RESPONSES for part in (name, "sd"))]
    lines = [_row(heads), _row(["---"] * len(heads))]
    for setting, values in zip(settings, results, strict=True):
        changed = setting.model_dump(exclude_defaults=True)
        row = [", ".join(f"{name} = {_level(value)}" for name, value in changed.items()) or "defaults"]
        for name in RESPONSES:
            row += [f"{np.mean(values[name]):.7g}", f"{np.std(values[name], ddof=1):.4g}"]
        lines.append(_row(row))
    return lines


def _beside(values: Values, published: float) -> str:
    digits = ".4f" if abs(published) < 1.0 else ".1f" if abs(published) < 1e5 else ".0f"
    return f"{np.mean(values):{digits}} / {published:{digits}}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
