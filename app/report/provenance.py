"""How to make the same again: commands, versions, seeds, and what was asked."""

from pathlib import Path
from typing import Any

import pandas as pd

from app.report.finished import Finished
from app.report.parts import Table, Text
from sim.language import _

_SEEDS = 20  # that are written out


def commands(found: Finished, lines: list[str]) -> Text:
    """Commands that make the results and this report again."""
    folder = Path(found.folder).name
    text = "\n".join([*lines, f"shequn report {folder}"])
    return Text([text], mono=True, title=_("Commands"))


def versions(found: Finished) -> Table:
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


def files(found: Finished) -> Table:
    """What else is in the folder."""
    listed = found.manifest.get("files", {})
    rows = pd.DataFrame(
        {
            _("file"): list(listed),
            _("rows"): [f"{about['rows']:,}" if "rows" in about else "" for about in listed.values()],
            _("bytes"): [f"{about.get('bytes', 0):,}" for about in listed.values()],
        }
    )
    note = _("The whole tables, of every run, lie in the folder as Parquet; shequn run --csv writes them as CSV.")
    return Table("files", _("The folder"), rows, note=note)
