"""A finished folder of results: which kind it is (run, comparison, search, …), and its tables."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from shequn.sim.language import _
from shequn.sim.results.folder import DamagedError
from shequn.sim.results.manifest import read_manifest
from shequn.sim.results.parquet import read_table

if TYPE_CHECKING:
    from shequn.sim.scenario import Scenario

RUN, COMPARISON, SEARCH, SENSITIVITY, CLAIMS, PLAYBOOK, SWEEP = (
    "run", "comparison", "search", "sensitivity", "claims", "playbook", "sweep",
)  # fmt: skip

#: A table that only this kind of folder has; kinds are tried in this order.
_DISTINCTIVE_TABLES = {
    RUN: "days",
    COMPARISON: "comparisons",
    SEARCH: "trials",
    SENSITIVITY: "indices",
    CLAIMS: "claims",
    PLAYBOOK: "playbook",
    SWEEP: "responses",
}


class UnknownFolderError(ValueError):
    """The folder holds results of a kind that has no report."""


class ResultFolder:
    """A finished folder, opened read-only; each table is read on first use.

    Attributes
    ----------
    folder : Path
    kind : str
        ``run``, ``comparison``, ``search``, ``sensitivity``, ``claims``, ``playbook`` or ``sweep``.
    manifest : dict
        Content of ``manifest.json``.
    """

    def __init__(self, folder: Path) -> None:
        """Open a folder and find out its kind.

        Raises
        ------
        UnknownFolderError
            The folder holds results of another kind.
        DamagedError
            A file of the folder is missing or was changed.
        """
        self.folder = folder
        self.manifest: dict[str, Any] = read_manifest(folder)
        kinds = [kind for kind, table in _DISTINCTIVE_TABLES.items() if self.has(table)]
        if not kinds:
            contents = ", ".join(sorted(path.name for path in folder.iterdir())[:8])
            raise UnknownFolderError(
                _(
                    "{folder} holds no run, comparison, sweep, search, sensitivity analysis, claims or playbook "
                    "(found: {there})"
                ).format(folder=folder, there=contents)
            )
        self.kind = kinds[0]
        self._tables: dict[str, pd.DataFrame] = {}

    def has(self, name: str) -> bool:
        """Whether the folder has a table of that name."""
        return (self.folder / "tables" / f"{name}.parquet").is_file()

    def table(self, name: str) -> pd.DataFrame:
        """A table by name."""
        if name not in self._tables:
            self._tables[name] = read_table(self.folder / "tables" / f"{name}.parquet")
        return self._tables[name]

    def journal(self, kinds: tuple[str, ...], columns: tuple[str, ...]) -> pd.DataFrame:
        """Return the journal rows of the given kinds; an empty frame if there are none or no journal."""
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        path = self.folder / "tables" / "journal.parquet"
        if not path.is_file():
            return pd.DataFrame({name: [] for name in columns})
        tables = [pq.read_schema(path).empty_table().select(list(columns))]
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(
                columns=["kind", *columns]
            ):  # in blocks: a journal may be larger than memory
                rows = pa.Table.from_batches([batch])
                is_wanted = pc.is_in(rows["kind"].cast(pa.string()), pa.array(kinds))
                tables.append(rows.filter(is_wanted).select(list(columns)))
        frame: pd.DataFrame = pa.concat_tables(tables).to_pandas()
        return frame

    def text(self, name: str) -> str:
        """Return the content of a text file of the folder; empty if there is no such file."""
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    @cached_property
    def design(self) -> dict[str, Any]:
        """The content of ``design.yaml``; empty for a custom model."""
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        try:
            content = YAML(typ="safe").load(self.text("design.yaml"))
        except YAMLError:
            return {}
        return content if isinstance(content, dict) else {}

    @cached_property
    def scenario(self) -> "Scenario":
        """The resolved scenario of the run.

        If a file that it refers to is lost, a generated graph takes its place; see :attr:`lacks_a_file`.

        Raises
        ------
        ScenarioError
            ``scenario.yaml`` was edited, or comes from another version.
        """
        from shequn.sim.scenario import Scenario

        return Scenario.from_mapping(self._without_files) if self.lacks_a_file else self._scenario_from_file

    @cached_property
    def _scenario_from_file(self) -> "Scenario":
        from shequn.sim.scenario import Scenario

        return Scenario.load(self.folder / "scenario.yaml")

    @cached_property
    def lacks_a_file(self) -> bool:
        """Whether the scenario refers to a graph or log that cannot be loaded, so the people are unknown."""
        from shequn.sim.scenario.errors import ScenarioError

        try:
            self._scenario_from_file  # noqa: B018  # raises if it cannot be loaded
        except ScenarioError:
            population = self._content.get("population", {})
            graph = population.get("graph") or {}
            if "file" in graph or population.get("from_log"):
                return True
            raise
        return False

    @cached_property
    def _content(self) -> dict[str, Any]:
        from ruamel.yaml import YAML

        path = self.folder / "scenario.yaml"
        if not path.is_file():
            raise DamagedError.missing(path)
        content: dict[str, Any] = YAML(typ="safe").load(path)
        return content

    @property
    def _without_files(self) -> dict[str, Any]:
        """The scenario with a generated graph in place of the file; operations and rules are unchanged."""
        file_keys = ("graph", "from_log")
        population = {
            key: value for key, value in self._content["population"].items() if key not in file_keys
        }
        people = population["people"] or 2 * population["founders"] + 2
        return {**self._content, "population": {**population, "people": people}}
