"""The manifest of a result folder: versions, seeds, machine, durations, files and their digests."""

import datetime
import hashlib
import importlib.metadata
import json
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from shequn.agents.compiled import source_digest
from shequn.sim.results.folder import MANIFEST, DamagedError
from shequn.sim.version import __version__

_PACKAGES = ("mesa", "numba", "numpy", "networkx", "pandas", "pyarrow", "matplotlib", "scipy", "pydantic")

DIGESTS = "sha256"  # the key of the files' digests
#: Files from which reports, summaries and branches are made; the manifest has their digests.
_DIGESTED = ("*.yaml", "*.json", "arms/*.yaml", "tables/*.parquet")

_DESCRIPTIONS = {
    "scenario.yaml": "the scenario, fully resolved, with which the run can be repeated",
    "summary.txt": "what happened, in sentences",
    "size": "members, active members, visits and posts",
    "temperature": "mean quality, dilution, evaporation, pruning",
    "retention": "who is seen again, by cohort",
}


def _package(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def commit() -> str | None:
    """The commit of the checkout that runs, with ``+changes`` where files differ from it; None when installed."""
    root = Path(__file__).resolve().parents[2]
    if not (root / ".git").exists():
        return None
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty=+changes"],
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):  # no git, or no git repository
        return None
    return done.stdout.strip() or None


def _table_text(path: Path) -> str | None:
    """The description of a table in its file's metadata (see :mod:`shequn.sim.results.schema`)."""
    metadata = pq.read_schema(path).metadata if path.is_file() else None
    return metadata[b"description"].decode() if metadata and b"description" in metadata else None


def _contents(folder: Path) -> dict[str, dict[str, Any]]:
    """Each file by its path in the folder: what it is, its size in bytes, and rows and columns of a table."""
    contents = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.parent.name.startswith("run-"):
            continue
        name = path.relative_to(folder).as_posix()
        table = pq.read_metadata(path) if path.suffix == ".parquet" else None
        what = _DESCRIPTIONS.get(name) or _DESCRIPTIONS.get(path.stem)
        if path.parent.name == "state":
            what = "the whole state of one run at its end, which --from continues"
        if path.parent.name == "figures" and path.stem == "growth":
            what = "joins by channel, K and R"
        if path.parent.name == "tables":
            what = _table_text(path.with_suffix(".parquet"))
        if what is None:
            continue
        contents[name] = {"what": what, "bytes": path.stat().st_size}
        if table is not None:
            contents[name] |= {"rows": table.num_rows, "columns": table.num_columns}
    return contents


def environment() -> dict[str, Any]:
    """Entries of a manifest about Python, packages and machine."""
    return {
        "python": platform.python_version(),
        "packages": {name: _package(name) for name in _PACKAGES},
        "machine": {
            "system": platform.system(),
            "release": platform.release(),
            "processor": platform.machine(),
            "processors": os.cpu_count(),
        },
    }


def write_manifest(folder: Path, **run: Any) -> None:
    """Write the manifest, the last file of a folder; ``run`` holds the caller's entries."""
    content = {
        "shequn": __version__,
        "commit": commit(),
        "sources": source_digest(),
        **run,
        "finished": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        **environment(),
        "files": _contents(folder),
        DIGESTS: {
            path.relative_to(folder).as_posix(): file_digest(path)
            for pattern in _DIGESTED
            for path in sorted(folder.glob(pattern))
            if path.name != MANIFEST
        },
    }
    content[DIGESTS][MANIFEST] = seal(content)
    write_json(folder / MANIFEST, content)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a finished folder, after checking that the files that still exist are unchanged.

    Raises
    ------
    DamagedError
        The manifest, a table or the scenario was truncated or changed.
    """
    content = read_json(folder / MANIFEST)
    sums = content.get(DIGESTS)
    if not isinstance(sums, dict) or sums.pop(MANIFEST, None) != seal(content):
        raise DamagedError.changed(folder / MANIFEST)
    for name, known in sums.items():
        path = folder / name
        if path.is_file() and file_digest(path) != known:
            raise DamagedError.changed(path)
    return content


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def seal(content: dict[str, Any]) -> str:
    """Digest of an object as it is read back from JSON, without the seal itself."""
    return hashlib.sha256(json.dumps(json.loads(json.dumps(content)), sort_keys=True).encode()).hexdigest()


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON file (UTF-8, readable): whole and on the disk, or not at all."""
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    unfinished = path.with_name(f".{path.name}.unfinished")
    with unfinished.open("wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON file that we wrote.

    Raises
    ------
    DamagedError
        It is not a JSON object any more.
    """
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise DamagedError.changed(path)
    return content
