"""Where a result comes from: versions, seeds, machine, durations, and what is where."""

import datetime
import importlib.metadata
import json
import os
import platform
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from agents.compiled import source_digest
from sim.version import __version__

_PACKAGES = ("mesa", "numba", "numpy", "networkx", "pandas", "pyarrow", "matplotlib", "scipy", "pydantic")

_WHAT = {
    "scenario.yaml": "the scenario, fully resolved: run it again with it",
    "summary.txt": "what happened, in sentences",
    "runs": "one row for each run: its key figures",
    "days": "one row for each day: the daily measures",
    "members": "one row for each person who ever joined",
    "cohorts": "retention by week of first joining and week of age",
    "departures": "one row for each departure or removal, with why and what followed",
    "invitations": "one row for each invitation, with what became of it",
    "growth": "joinings by week and channel, and how many they caused",
    "journal": "one row for each event",
    "size": "members, active members, visits and posts",
    "temperature": "mean quality, dilution, evaporation, pruning",
    "retention": "who is seen again, by cohort",
}


def _package(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _contents(folder: Path) -> dict[str, dict[str, Any]]:
    found = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.parent.name.startswith("run-"):
            continue
        name = path.relative_to(folder).as_posix()
        what = _WHAT.get(name) or _WHAT.get(path.stem)
        if path.parent.name == "state":
            what = "the whole state of one run at its end: go on from it with --from"
        if path.parent.name == "figures" and path.stem == "growth":
            what = "joinings by channel, K and R"
        if what is None:
            continue
        found[name] = {"what": what, "bytes": path.stat().st_size}
        if path.suffix == ".parquet":
            table = pq.read_metadata(path)
            found[name] |= {"rows": table.num_rows, "columns": table.num_columns}
    return found


def manifest(folder: Path, **run: Any) -> dict[str, Any]:
    """The manifest of a finished folder; ``run`` is what the caller knows about the run."""
    return {
        "shequn": __version__,
        "sources": source_digest(),
        **run,
        "finished": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "packages": {name: _package(name) for name in _PACKAGES},
        "machine": {
            "system": platform.system(),
            "release": platform.release(),
            "processor": platform.machine(),
            "processors": os.cpu_count(),
        },
        "files": _contents(folder),
    }


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON file (UTF-8, readable)."""
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON file."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
