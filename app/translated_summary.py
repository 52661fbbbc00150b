"""The summary of a finished run, in the reader's language."""

import datetime
from pathlib import Path

from shequn.sim.language import current_language
from shequn.sim.results.manifest import read_manifest
from shequn.sim.results.parquet import read_table


def translated_summary(folder: Path) -> str:
    """The summary of the run in a folder, rewritten from its tables if it is in another language.

    Notes about the graph and about fonts stay in the language of the run.

    Raises
    ------
    DamagedError
        The folder was changed or damaged after it was written.
    """
    manifest = read_manifest(folder)
    if manifest.get("language", "en") == current_language():
        return (folder / "summary.txt").read_text(encoding="utf-8", errors="replace")
    from shequn.sim.presentation.summary import summary
    from shequn.sim.scenario.nodes import plain
    from shequn.sim.scenario.reading import parse, read_text

    scenario = plain(parse(read_text(folder / "scenario.yaml")[0], "scenario.yaml")[0])
    tables = {name: read_table(folder / "tables" / f"{name}.parquet") for name in ("runs", "days")}
    return summary(
        scenario["title"],
        str(scenario.get("question") or ""),
        datetime.date.fromisoformat(str(scenario["start"])),
        scenario["seed"],
        tables,
        manifest["notes"],
    )
