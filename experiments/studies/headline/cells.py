"""The responses of a sweep as arrays by size, gate, openness and replicate, and resampled means of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

Numbers = npt.NDArray[np.float64]
#: Means of each response by name, f8 array (size, gate, openness).
Means = dict[str, Numbers]

#: The gates from weak to strong, with their bounds: the quality that the task requires; 0 for none.
LADDER = {"none": 0.0, "lenient": 0.4, "medium": 0.6, "strict": 0.8}


@dataclass(frozen=True)
class Cells:
    """Responses in all cells of the design.

    Attributes
    ----------
    sizes, openness : f8 array
        Levels in increasing order: seats, and shares.
    gates : tuple of str
        From weak to strong.
    values : dict
        Values of each response by name, f8 array (size, gate, openness, replicate); nan if unknown.
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
        mask = np.isin(self.sizes, sizes)
        return replace(
            self, sizes=self.sizes[mask], values={name: x[mask] for name, x in self.values.items()}
        )

    def of_replicates(self, number: int) -> "Cells":
        """The first replicates only."""
        return replace(self, values={name: x[..., :number] for name, x in self.values.items()})

    def means(self) -> Means:
        """Means over the replicates; unknown values do not count."""
        return next(iter(self.resampled_means(np.ones((1, self.replicates)))))

    def resampled_means(self, counts: Numbers) -> list[Means]:
        """Means over resampled replicates, for each draw.

        Parameters
        ----------
        counts : f8 array (draw, replicate)
            How often each draw has each replicate; a replicate is drawn with all its cells, which share its seed.
        """
        by_response = {}
        for name, values in self.values.items():
            known = np.isfinite(values)
            total = np.where(known, values, 0.0) @ counts.T
            weight = known.astype(np.float64) @ counts.T
            by_response[name] = np.divide(total, weight, out=np.full(total.shape, np.nan), where=weight > 0)
        return [
            {name: means[..., draw] for name, means in by_response.items()} for draw in range(len(counts))
        ]


def read_cells(table: Path) -> dict[str, Cells]:
    """The cells of a sweep by mix; without mixes, the name is empty.

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
    names = set(rows["gate"].unique())
    if not names <= set(LADDER):
        raise ValueError(f"gates {sorted(names - set(LADDER))} are not on the ladder ({', '.join(LADDER)})")
    gates = tuple(gate for gate in LADDER if gate in names)
    sizes, openness, runs = (np.sort(rows[name].unique()) for name in ("size", "openness", "run"))
    index = pd.MultiIndex.from_product([sizes, np.array(gates, dtype=object), openness, runs])
    shape = (len(sizes), len(gates), len(openness), len(runs))
    columns = {}
    for name, part in rows.groupby("response"):
        values = part.set_index(["size", "gate", "openness", "run"])["value"].reindex(index)
        columns[str(name)] = values.to_numpy(dtype=np.float64).reshape(shape)
    return Cells(sizes.astype(float), gates, openness.astype(float), _responses(columns))


def _responses(columns: dict[str, Numbers]) -> dict[str, Numbers]:
    """The responses of the experiment (see social.yaml) from the columns of the sweep."""
    return {
        "change": columns["temperature_end"] - columns["temperature_start"],
        "evaporation": columns["evaporation"],
        "cooling": columns["evaporation"] - columns["evaporation_control"],
        "k": columns["k"],
        "members": columns["end"],
        "top": columns["founders_top_share"],
        "active": columns["active_share"],
        "worth": columns["active_month@365"] * columns["temperature_end"],
    }
