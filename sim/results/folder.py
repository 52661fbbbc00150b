"""The result folder, which has its final name only once it is complete.

A run is written into a hidden folder beside it, which is renamed at the very end. So whatever happens (an
interrupt, a kill, a full disk), no folder with a final name is incomplete. Finished replicates stay in the
hidden folder, and the same command continues from there.
"""

import contextlib
import errno
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from shequn.agents.compiled import source_digest
from shequn.sim.language import _
from shequn.sim.version import __version__

if TYPE_CHECKING:
    from shequn.sim.scenario import Scenario

MANIFEST = "manifest.json"  # written last: a folder that has it is complete
_LOCK = "in-use"
PARTS = "parts"  # subfolder of the tables of each replicate, until they are combined
_PARTIAL = ".partial"  # ending of a replicate's folder while it is written
_DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class InUseError(RuntimeError):
    """Another process is writing the same run."""


class DamagedError(ValueError):
    """A file of a finished folder was changed or is missing; the message names it."""

    @classmethod
    def changed(cls, path: Path) -> "DamagedError":
        """A file that was cut short or changed."""
        return cls(_("{path} is not as it was written: it was cut short or changed since").format(path=path))

    @classmethod
    def missing(cls, path: Path) -> "DamagedError":
        """A required file that does not exist."""
        return cls(_("{path} is gone from the results").format(path=path))


def run_key(*parts: str) -> str:
    """Name of a run: 12 hexadecimal digits of the SHA-256 of all it depends on."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{len(part)}:".encode())
        digest.update(part.encode())
    return digest.hexdigest()[:12]


def folder_name(title: str) -> str:
    """A name that every file system accepts, made from a scenario's name.

    >>> folder_name("Ma communauté: 1/2")
    'Ma-communauté-1-2'
    """
    name = re.sub(r"[^\w.-]+", "-", title).strip("-. ")[:60].rstrip("-. ")
    reserved = re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", name)
    return f"scenario-{name}" if not name or reserved else name


def scenario_folder(name: str, variant: str | None) -> str:
    """Name of the folder that holds all runs of a scenario, or of one of its variants."""
    return folder_name(name if variant is None else f"{name}-{variant}")


def graph_digest(scenario: "Scenario") -> str:
    """SHA-256 of the files of graph and group, one after the other; empty for a scenario without files."""
    digests = ""
    for path in (scenario.graph_path, scenario.group_path):
        if path is not None:
            with path.open("rb") as file:
                digests += hashlib.file_digest(file, "sha256").hexdigest()
    return digests


def result_folder(scenario: "Scenario", results: Path, course: tuple[str, ...] = ()) -> Path:
    """The folder for the results of a scenario, named by a digest of everything that they depend on.

    That is the resolved scenario, its seed and runs, its files, shequn's version and sources, and the
    ``course`` of its runs (see :mod:`shequn.experiments.replicates.course`). Options that only add files, such
    as ``--csv``, do not count.
    """
    graph = graph_digest(scenario)
    parts = (scenario.dump(), str(scenario.seed), str(scenario.runs), graph, __version__, source_digest())
    return results / scenario_folder(scenario.name, scenario.variant) / run_key(*parts, *course)


def is_complete(folder: Path) -> bool:
    """Whether ``folder`` holds a finished run."""
    return (folder / MANIFEST).is_file()


def is_disk_full(error: BaseException) -> bool:
    """Whether an error means that the disk or the quota is full."""
    if not isinstance(error, OSError):
        return False
    return error.errno in _DISK_FULL or "No space left" in str(error)


def _lock(handle: IO[bytes]) -> bool:
    """Lock an open file until it is closed or its process ends; False if another process holds the lock."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def unfinished_folder(final: Path) -> Path:
    """The folder in which a run is written until it is complete."""
    return final.with_name(f".{final.name}.unfinished")


def _worth_keeping(folder: Path) -> bool:
    """Whether an unfinished folder holds a finished replicate."""
    return finished_parts(folder) > 0


@contextlib.contextmanager
def writing(
    final: Path, worth_keeping: Callable[[Path], bool] = _worth_keeping, spare: Iterable[str] = (PARTS,)
) -> Iterator[Path]:
    """The folder to write a run into, renamed to ``final`` when the block ends without an error.

    It still holds what an earlier attempt finished.

    Parameters
    ----------
    final : Path
    worth_keeping : callable
        Called with the folder when the block fails: whether it is kept, so that a later attempt can continue. By
        default it is kept if it holds a finished replicate.
    spare : iterable of str
        Files and folders that only serve to continue. They are deleted once the folder has its final name: before,
        a kill would lose them and all that was finished.

    Raises
    ------
    InUseError
        Another process is writing the same run, or something that is not ours is in its place.
    """
    folder = unfinished_folder(final)
    refuse_links(folder)
    folder.mkdir(parents=True, exist_ok=True)
    handle = (folder / _LOCK).open("ab")
    try:
        if not _lock(handle):
            raise InUseError(_("another process is writing this run ({folder})").format(folder=folder))
        yield folder
        handle.close()  # Windows renames no folder with an open file
        (folder / _LOCK).unlink()
        _settle(folder)
        _replace(folder, final)
        for name in spare:
            _delete(final / name)
    except InUseError:
        handle.close()
        raise
    except BaseException:
        handle.close()
        if not worth_keeping(folder):
            shutil.rmtree(folder, ignore_errors=True)
            with contextlib.suppress(OSError):
                folder.parent.rmdir()  # the scenario's folder, if nothing else is in it
        for partial in folder.glob(f"{PARTS}/*{_PARTIAL}"):
            shutil.rmtree(partial, ignore_errors=True)  # its room is given back
        raise


def _delete(path: Path) -> None:
    """Delete a file or a folder, if it is there and can be deleted."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()


def refuse_links(folder: Path) -> None:
    """Refuse a folder that is a link, or holds one: what is deleted in it must be its own.

    Raises
    ------
    InUseError
        There is a link; the message names it.
    """
    for path in (folder, *(folder.rglob("*") if folder.is_dir() and not folder.is_symlink() else ())):
        if path.is_symlink():
            raise InUseError(
                _("{path} is a link, which shequn never makes: remove it, or choose another --out").format(
                    path=path
                )
            )


def _settle(folder: Path) -> None:
    """Wait until all files of a folder are on the disk, so that a power cut cannot leave it with empty ones."""
    for path in (*folder.rglob("*"), folder):
        if os.name == "nt" and path.is_dir():
            continue  # Windows cannot wait for a folder
        handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _replace(folder: Path, final: Path) -> None:
    """Rename ``folder`` to its final name, in place of an older folder."""
    old = final.with_name(f".{final.name}.replaced")
    shutil.rmtree(old, ignore_errors=True)
    if final.exists():
        final.replace(old)
    folder.replace(final)
    shutil.rmtree(old, ignore_errors=True)


def part_folder(folder: Path, run: int) -> Path:
    """The folder with the tables of one replicate, until those of all replicates are combined."""
    return folder / PARTS / f"run-{run:05d}"


@contextlib.contextmanager
def writing_part(folder: Path, run: int) -> Iterator[Path]:
    """The folder to write one replicate into; it counts as finished only after the block."""
    final = part_folder(folder, run)
    partial = final.with_name(f"{final.name}{_PARTIAL}")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    yield partial
    _settle(partial)
    partial.replace(final)


def finished_parts(folder: Path) -> int:
    """Number of finished replicates in an unfinished folder."""
    return sum(1 for part in folder.glob(f"{PARTS}/run-*") if part.suffix != _PARTIAL)
