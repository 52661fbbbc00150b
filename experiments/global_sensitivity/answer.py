"""From the runs of a sensitivity analysis to its table, its sentences and its figure."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.experiments.comparison.wording import name as in_words
from shequn.experiments.global_sensitivity.figures import draw_indices
from shequn.experiments.global_sensitivity.indices import MAIN, Index, indices
from shequn.experiments.global_sensitivity.sampling import Sampled
from shequn.sim.language import _
from shequn.sim.results.parquet import write_table
from shequn.sim.results.schema import Column, Table

Numbers = npt.NDArray[np.float64]

INDICES = Table(
    "indices",
    "One row for each response, factor and measure.",
    (
        Column("response", "string", "", "Name of the response."),
        Column("factor", "string", "", "Name of the factor."),
        Column("measure", "string", "", "mu_star, mu or sigma (Morris); first or total (Sobol)."),
        Column("value", "double", "", "The index.", "sigma of a single trajectory"),
        Column("low", "double", "", "Lower end of its 95 % interval.", "mu and sigma have none"),
        Column("high", "double", "", "Upper end of its 95 % interval.", "mu and sigma have none"),
        Column(
            "noise",
            "double",
            "",
            "What chance between replicates alone makes of it.",
            "known of mu_star and total only",
        ),
        Column(
            "clear",
            "bool",
            "",
            "Whether the interval lies above 0 and, of mu_star and total, above the noise.",
        ),
    ),
)


def write_indices(folder: Path, sampled: Sampled, responses: Sequence[str], replicates: int) -> list[str]:
    """Write ``indices.parquet``, ``summary.txt`` and the figure from ``responses.parquet``; returns remarks.

    Parameters
    ----------
    folder : Path
        Of the runs, with the folders ``tables`` and ``figures``.
    sampled : Sampled
        Where they were made, point by point.
    responses : sequence of str
    replicates : int
        Runs of each point.
    """
    table = pd.read_parquet(folder / "tables" / "responses.parquet")
    found: dict[str, list[Index]] = {}
    remarks = []
    for response in responses:
        values = _values(table, response, len(sampled.unit), replicates)
        unknown = int(np.isnan(values).sum())
        if unknown:
            remarks.append(
                _("{response} is unknown in {unknown} of {size} runs: it has no indices").format(
                    response=response, unknown=unknown, size=values.size
                )
            )
        else:
            found[response] = indices(sampled, values)
    rows = [{"response": response} | index._asdict() for response in found for index in found[response]]
    whole = INDICES.frame(pd.DataFrame(rows, columns=list(INDICES.names)))
    write_table(folder, INDICES, whole)
    said = [line for response in found for line in sentences(response, found[response], sampled.method)]
    if replicates < 2:
        said.append(
            _("With one run at each point nothing is known of chance: effects of chance count as real.")
        )
    (folder / "summary.txt").write_text("\n".join(said) + "\n", encoding="utf-8", newline="\n")
    return remarks + draw_indices(folder / "figures", whole, sampled.method)


def _values(table: pd.DataFrame, response: str, points: int, replicates: int) -> Numbers:
    """A response (points, replicates); nan where a run failed or knows nothing."""
    values = np.full((points, replicates), np.nan)
    rows = table[table["response"] == response]
    values[rows["point"].to_numpy(), rows["run"].to_numpy()] = rows["value"].to_numpy()
    return values


def sentences(response: str, found: Sequence[Index], method: str) -> list[str]:
    """What moves a response, the strongest first, and which factors cannot be told from 0."""
    main = sorted((i for i in found if i.measure == MAIN[method]), key=lambda i: -i.value)
    what = in_words(response)
    clear = [
        _("{factor} {value:.3g} ({low:.3g} to {high:.3g})").format(
            factor=i.factor, value=i.value, low=i.low, high=i.high
        )
        for i in main
        if i.clear
    ]
    unclear = [i.factor for i in main if not i.clear]
    measure = (
        _("mean size of the change over a factor's range")
        if method == "morris"
        else _("share of the variance, interactions included")
    )
    listed = _(", ").join(clear) or _("no factor is told from 0")
    words = _("{response}, {measure}: {listed}.")
    lines = [words.format(response=f"{what[:1].upper()}{what[1:]}", measure=measure, listed=listed)]
    if unclear:
        lines.append(_("Not told from 0: {unclear}.").format(unclear=_(", ").join(unclear)))
    return lines
