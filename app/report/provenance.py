"""How to reproduce the results: commands, versions, seeds and files."""

from pathlib import Path
from typing import Any

import pandas as pd

from shequn.app.report.parts import Part, Table, Text
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _
from shequn.sim.results.folder import scenario_folder

_MAX_SEEDS = 20  # seeds to list; the rest are only counted


def commands(results: ResultFolder, lines: list[str]) -> Text:
    """Commands that reproduce the results and this report."""
    folder = Path(results.folder).name
    text = "\n".join([*lines, f"shequn report {folder}"])
    return Text([text], mono=True, title=_("Commands"))


def states_folder(results: ResultFolder) -> str:
    """Folder of the run whose saved states a branch continues, assuming the default results folder."""
    past = results.manifest["branching"]
    return f"results/{scenario_folder(past['scenario'], past['variant'])}/{past['run']}"


def state_parts(results: ResultFolder) -> list[Part]:
    """What a branch needs to be reproduced; empty for runs from day 0."""
    if not results.manifest.get("branching"):
        return []
    text = _("It continues from the states saved in {folder}; without them it cannot be reproduced.")
    return [Text([text.format(folder=states_folder(results))])]


def versions(results: ResultFolder) -> Table:
    """Table of the versions, seeds and digests that produced the results."""
    manifest: dict[str, Any] = results.manifest
    seeds = [str(seed) for seed in manifest.get("seeds", [])]
    rows = [
        ("shequn", str(manifest.get("shequn", ""))),
        (_("digest of the sources"), str(manifest.get("sources", ""))),
        (_("finished"), str(manifest.get("finished", ""))),
        ("Python", str(manifest.get("python", ""))),
        *((str(name), str(version)) for name, version in manifest.get("packages", {}).items()),
    ]
    if seeds:
        rest = f", … ({len(seeds)})" if len(seeds) > _MAX_SEEDS else ""
        rows.insert(2, (_("seeds of the runs"), ", ".join(seeds[:_MAX_SEEDS]) + rest))
    table = pd.DataFrame({_("what"): [name for name, _v in rows], _("value"): [value for _n, value in rows]})
    note = _("The same scenario, seeds and sources give the same tables, byte for byte.")
    return Table("versions", _("Made with"), table, note=note)


def _rows(path: Path) -> str:
    import pyarrow.parquet as pq

    return f"{pq.read_metadata(path).num_rows:,}" if path.suffix == ".parquet" else ""


def files(results: ResultFolder) -> Table:
    """Table of all files in the folder."""
    paths = [path for path in sorted(results.folder.rglob("*")) if path.is_file()]
    rows = pd.DataFrame(
        {
            _("file"): [path.relative_to(results.folder).as_posix() for path in paths],
            _("rows"): [_rows(path) for path in paths],
            _("bytes"): [f"{path.stat().st_size:,}" for path in paths],
        }
    )
    note = _(
        "The complete tables are in the folder as Parquet; the same command with --csv also writes "
        "them as CSV."
    )
    return Table("files", _("The folder"), rows, note=note)
