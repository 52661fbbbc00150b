"""How to make the same again: commands, versions, seeds, and what was asked."""

from pathlib import Path
from typing import Any

import pandas as pd

from shequn.app.report.parts import Part, Table, Text
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _
from shequn.sim.results.folder import scenario_folder

_SEEDS = 20  # that are written out


def commands(found: ResultFolder, lines: list[str]) -> Text:
    """Commands that make the results and this report again."""
    folder = Path(found.folder).name
    text = "\n".join([*lines, f"shequn report {folder}"])
    return Text([text], mono=True, title=_("Commands"))


def states_folder(found: ResultFolder) -> str:
    """Folder of the run from whose states these went on, as results lie beside each other by default."""
    past = found.manifest["branching"]
    return f"results/{scenario_folder(past['scenario'], past['variant'])}/{past['run']}"


def of_states(found: ResultFolder) -> list[Part]:
    """What a branch needs to be made again; nothing for runs from the founding."""
    if not found.manifest.get("branching"):
        return []
    text = _("It continues from the states saved in {folder}; without them it cannot be reproduced.")
    return [Text([text.format(folder=states_folder(found))])]


def versions(found: ResultFolder) -> Table:
    """What it was made with."""
    about: dict[str, Any] = found.manifest
    seeds = [str(seed) for seed in about.get("seeds", [])]
    rows = [
        ("shequn", str(about.get("shequn", ""))),
        (_("digest of the sources"), str(about.get("sources", ""))),
        (_("finished"), str(about.get("finished", ""))),
        ("Python", str(about.get("python", ""))),
        *((str(name), str(version)) for name, version in about.get("packages", {}).items()),
    ]
    if seeds:
        rest = f", … ({len(seeds)})" if len(seeds) > _SEEDS else ""
        rows.insert(2, (_("seeds of the runs"), ", ".join(seeds[:_SEEDS]) + rest))
    table = pd.DataFrame({_("what"): [name for name, _v in rows], _("value"): [value for _n, value in rows]})
    note = _("The same scenario, seeds and sources give the same tables, byte for byte.")
    return Table("versions", _("Made with"), table, note=note)


def _rows(path: Path) -> str:
    import pyarrow.parquet as pq

    return f"{pq.read_metadata(path).num_rows:,}" if path.suffix == ".parquet" else ""


def files(found: ResultFolder) -> Table:
    """What else is in the folder."""
    paths = [path for path in sorted(found.folder.rglob("*")) if path.is_file()]
    rows = pd.DataFrame(
        {
            _("file"): [path.relative_to(found.folder).as_posix() for path in paths],
            _("rows"): [_rows(path) for path in paths],
            _("bytes"): [f"{path.stat().st_size:,}" for path in paths],
        }
    )
    note = _(
        "The complete tables are in the folder as Parquet; the same command with --csv also writes "
        "them as CSV."
    )
    return Table("files", _("The folder"), rows, note=note)
