"""What a finished folder holds: a run, a comparison or a sweep, and its tables."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.results.folder import MANIFEST
from sim.results.manifest import read_json
from sim.results.parquet import read_table

if TYPE_CHECKING:
    from sim.scenario import Scenario

RUN, COMPARISON, SWEEP = "run", "comparison", "sweep"

#: A table that only this kind of folder has, in the order in which they are looked for.
_MARKS = {RUN: "days", COMPARISON: "comparisons", SWEEP: "responses"}


class UnknownFolderError(ValueError):
    """A folder of results that no report is made of."""


class Finished:
    """A finished folder, read only; its tables are read when first asked for.

    Attributes
    ----------
    folder : Path
    kind : str
        ``run``, ``comparison`` or ``sweep``.
    manifest : dict
        Of ``manifest.json``.
    """

    def __init__(self, folder: Path) -> None:
        """Look into a folder.

        Raises
        ------
        UnknownFolderError
            It holds results of another kind.
        """
        self.folder = folder
        self.manifest: dict[str, Any] = read_json(folder / MANIFEST)
        kinds = [kind for kind, table in _MARKS.items() if self.has(table)]
        if not kinds:
            raise UnknownFolderError(
                f"{folder} holds no run, comparison or sweep (found: "
                f"{', '.join(sorted(path.name for path in folder.iterdir())[:8])})"
            )
        self.kind = kinds[0]
        self._tables: dict[str, pd.DataFrame] = {}

    def has(self, name: str) -> bool:
        """Whether there is a table of that name."""
        return (self.folder / "tables" / f"{name}.parquet").is_file()

    def table(self, name: str) -> pd.DataFrame:
        """A table by name."""
        if name not in self._tables:
            self._tables[name] = read_table(self.folder / "tables" / f"{name}.parquet")
        return self._tables[name]

    def journal(self, kinds: tuple[str, ...], columns: tuple[str, ...]) -> pd.DataFrame:
        """Rows of the journal of some kinds; empty where there are none, or no journal."""
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        path = self.folder / "tables" / "journal.parquet"
        if not path.is_file():
            return pd.DataFrame({name: [] for name in columns})
        found = []
        with pq.ParquetFile(path) as file:
            for block in file.iter_batches(columns=["kind", *columns]):  # a large journal is no matter
                rows = pa.Table.from_batches([block])
                wanted = pc.is_in(rows["kind"].cast(pa.string()), pa.array(kinds))
                found.append(rows.filter(wanted).select(list(columns)))
        frame: pd.DataFrame = pa.concat_tables(found).to_pandas()
        return frame

    def text(self, name: str) -> str:
        """A text file of the folder; empty where it is not there."""
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    @cached_property
    def scenario(self) -> "Scenario":
        """The scenario that was run, resolved; without its graph's or group's file where that is gone.

        Raises
        ------
        ScenarioError
            ``scenario.yaml`` was changed by hand, or is of another version.
        """
        from sim.scenario import Scenario
        from sim.scenario.errors import ScenarioError

        path = self.folder / "scenario.yaml"
        try:
            return Scenario.load(path)
        except ScenarioError:
            without = {"population.graph": None, "population.from_log": None, "population.people": 1}
            try:
                return Scenario.load(path, None, without)
            except ScenarioError:
                pass
            raise
