"""A sweep's table as arrays: each response by size, gate, openness, replicate; and bootstrap means."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

Numbers = npt.NDArray[np.float64]
#: A response's name to its means, f8 array (size, gate, openness).
Means = dict[str, Numbers]

#: The gates from the weakest on, and their bounds (quality that the task asks for; none counts as 0).
LADDER = {"none": 0.0, "lenient": 0.4, "medium": 0.6, "strict": 0.8}


@dataclass(frozen=True)
class Cells:
    """Responses in all cells of the design.

    Attributes
    ----------
    sizes, openness : f8 array
        Levels, rising. Seats; share.
    gates : tuple of str
        From the weakest on.
    values : dict
        A response's name to an f8 array (size, gate, openness, replicate); nan where unknown.
    """

    sizes: Numbers
    gates: tuple[str, ...]
    openness: Numbers
    values: dict[str, Numbers]

    @property
    def bounds(self) -> Numbers:
        """Bound of each gate."""
        return np.array([LADDER[gate] for gate in self.gates])

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return int(next(iter(self.values.values())).shape[3])

    def of_sizes(self, sizes: Sequence[float] | Numbers) -> "Cells":
        """Some of the sizes only."""
        chosen = np.isin(self.sizes, sizes)
        return replace(
            self, sizes=self.sizes[chosen], values={k: found[chosen] for k, found in self.values.items()}
        )

    def of_replicates(self, number: int) -> "Cells":
        """The first replicates only."""
        return replace(self, values={k: found[..., :number] for k, found in self.values.items()})

    def means(self) -> Means:
        """Means over the replicates; unknown values do not count."""
        return next(iter(self.drawn(np.ones((1, self.replicates)))))

    def drawn(self, counts: Numbers) -> list[Means]:
        """Means over replicates, each counted this many times.

        Parameters
        ----------
        counts : f8 array (draw, replicate)
            A replicate is drawn with all its cells: they share their luck.
        """
        by_response = {}
        for name, found in self.values.items():
            known = np.isfinite(found)
            total = np.where(known, found, 0.0) @ counts.T
            weight = known.astype(np.float64) @ counts.T
            by_response[name] = np.divide(total, weight, out=np.full(total.shape, np.nan), where=weight > 0)
        return [
            {name: found[..., draw] for name, found in by_response.items()} for draw in range(len(counts))
        ]


def read_cells(table: Path) -> dict[str, Cells]:
    """The cells of a sweep, by its mixes; one whose name is empty where nothing is mixed.

    Parameters
    ----------
    table : Path
        ``responses.parquet`` of a sweep.
    """
    rows = pd.read_parquet(table)
    if "mix" not in rows:
        return {"": cells_of(rows)}
    return {str(mix): cells_of(part) for mix, part in rows.groupby("mix", sort=False)}


def cells_of(rows: pd.DataFrame) -> Cells:
    """Cells from rows with size, gate, openness, run, response and value.

    Raises
    ------
    ValueError
        A gate is not on the ladder.
    """
    found = set(rows["gate"].unique())
    if not found <= set(LADDER):
        raise ValueError(f"gates {sorted(found - set(LADDER))} are not on the ladder ({', '.join(LADDER)})")
    gates = tuple(gate for gate in LADDER if gate in found)
    sizes, openness, runs = (np.sort(rows[name].unique()) for name in ("size", "openness", "run"))
    index = pd.MultiIndex.from_product([sizes, np.array(gates, dtype=object), openness, runs])
    shape = (len(sizes), len(gates), len(openness), len(runs))
    measured = {}
    for name, part in rows.groupby("response"):
        values = part.set_index(["size", "gate", "openness", "run"])["value"].reindex(index)
        measured[str(name)] = values.to_numpy(dtype=np.float64).reshape(shape)
    return Cells(sizes.astype(float), gates, openness.astype(float), _responses(measured))


def _responses(measured: dict[str, Numbers]) -> dict[str, Numbers]:
    """What is asked about (see social.yaml), from what was measured."""
    return {
        "change": measured["temperature_end"] - measured["temperature_start"],
        "evaporation": measured["evaporation"],
        "cooling": measured["evaporation"] - measured["evaporation_control"],
        "k": measured["k"],
        "members": measured["end"],
        "top": measured["founders_top_share"],
        "active": measured["active_share"],
        "worth": measured["active_month@365"] * measured["temperature_end"],
    }
