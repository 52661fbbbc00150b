"""A disk and its clock with faults that follow from a seed.

Files below one folder (in memory, where the machine has such a place) are real; what fails is chosen here: a write
that stops in the middle, a full disk, a rename that fails, a kill at any of these points, and a power cut that loses
what was not synced. After a kill nothing that the dying process does has an effect any more.
"""

import contextlib
import errno
import io
import os
import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

_OPEN, _WRITE_TEXT = Path.open, Path.write_text
_REPLACE, _RENAME, _UNLINK, _MKDIR, _RMDIR = Path.replace, Path.rename, Path.unlink, Path.mkdir, Path.rmdir
_RMTREE, _FSYNC, _MONOTONIC = shutil.rmtree, os.fsync, time.monotonic
_BUFFER = 4096


class Killed(BaseException):
    """The process was killed: no handler of it may continue."""


class Disk:
    """The faults of one universe.

    Parameters
    ----------
    root : Path
        Folder whose files have faults.
    rng : random.Random
        Decides what fails.
    """

    def __init__(self, root: Path, rng: random.Random) -> None:
        self.root, self.rng = root, rng
        self.chance = 0.0  # of a fault at each step
        self.is_dead = False
        self.points = 0
        self.log: list[str] = []
        self._open: list[File] = []
        self._synced: dict[str, int] = {}  # bytes of each file that a power cut cannot lose
        self._clock = 0.0

    def step(self, what: str, path: Any) -> None:
        """One thing that the process asks of the disk: it happens, fails, or is the last one."""
        if self.is_dead:
            raise Killed
        self.points += 1
        if self.rng.random() >= self.chance:
            return
        fault = self.rng.choice(("kill", "kill", "full", "full", "broken", "denied"))
        self.log.append(f"{what} {Path(str(path)).name}: {fault}")
        match fault:
            case "kill":
                self.die()
                raise Killed
            case "full":
                raise OSError(errno.ENOSPC, "No space left on device", str(path))
            case "broken":
                raise OSError(errno.EIO, "Input/output error", str(path))
            case "denied":
                raise PermissionError(errno.EACCES, "Permission denied", str(path))

    def die(self) -> None:
        """The process is gone: what it had in its buffers too, and its locks."""
        self.is_dead = True
        for file in self._open:
            file.abandon()
        self._open.clear()

    def revive(self) -> None:
        """A new process begins."""
        for file in self._open:
            file.abandon()
        self._open.clear()
        self.is_dead = False

    def cut_power(self) -> None:
        """What was not synced may be lost, in part, or zeros."""
        self.die()
        for path in sorted(self.root.rglob("*")):
            if not path.is_file():
                continue
            size, safe = path.stat().st_size, self._synced.get(self._id(path), 0)
            if size > safe and self.rng.random() < 0.5:
                kept = self.rng.randint(safe, size)
                with _OPEN(path, "r+b") as file:
                    file.truncate(kept)
                    if self.rng.random() < 0.3:
                        file.seek(0, os.SEEK_END)
                        file.write(b"\0" * (size - kept))
                self.log.append(f"power cut: {path.name} {size} → {kept}")
            self._synced[self._id(path)] = path.stat().st_size
        self.revive()

    @staticmethod
    def _id(path: Path) -> str:
        return str(path.stat().st_ino)

    def synced(self, descriptor: int) -> None:
        """A file has been synced."""
        info = os.fstat(descriptor)
        self._synced[str(info.st_ino)] = info.st_size

    def settle(self) -> None:
        """Everything that is there has been there for long."""
        for path in self.root.rglob("*"):
            if path.is_file():
                self._synced[self._id(path)] = path.stat().st_size

    def has(self, path: Any) -> bool:
        """Whether a path lies on this disk."""
        return str(path).startswith(str(self.root))

    def opened(self, path: Path, mode: str, **options: Any) -> Any:
        """Open a file: one that is written has faults."""
        if not self.has(path) or not set(mode) & set("wax+"):
            if self.is_dead and self.has(path):
                raise Killed
            return _OPEN(path, mode, **options)
        self.step("open", path)
        file = File(self, path, mode.replace("t", "") if "b" in mode else mode + "b")
        self._open.append(file)
        return (
            file
            if "b" in mode
            else io.TextIOWrapper(
                file, encoding=options.get("encoding") or "utf-8", newline=options.get("newline")
            )
        )

    def monotonic(self) -> float:
        """A clock that jumps ahead now and then."""
        if self.rng.random() < 0.05:
            self._clock += self.rng.choice((0.5, 2.0, 86_400.0))
        return _MONOTONIC() + self._clock

    @contextlib.contextmanager
    def mounted(self) -> Iterator[None]:
        """Let all that is done within the block go through this disk."""
        disk = self

        def after(what: str, do: Any) -> Any:
            def done(path: Any, *arguments: Any, **options: Any) -> Any:
                if disk.has(path):
                    disk.step(what, path)
                return do(path, *arguments, **options)

            return done

        def opened(path: Path, mode: str = "r", *arguments: Any, **options: Any) -> Any:
            return disk.opened(path, mode, **options)

        def write_text(path: Path, text: str, *arguments: Any, **options: Any) -> int:
            with disk.opened(path, "w", **options) as file:
                return int(file.write(text))

        def fsync(descriptor: Any) -> None:
            disk.step("sync", "")
            disk.synced(descriptor)

        with contextlib.ExitStack() as stack:
            for name, function in (
                ("open", opened), ("write_text", write_text), ("replace", after("rename", _REPLACE)),
                ("rename", after("rename", _RENAME)), ("unlink", after("unlink", _UNLINK)),
                ("mkdir", after("mkdir", _MKDIR)), ("rmdir", after("rmdir", _RMDIR)),
            ):  # fmt: skip
                stack.enter_context(patch.object(Path, name, function))
            stack.enter_context(patch.object(shutil, "rmtree", _lenient(after("rmtree", _RMTREE))))
            stack.enter_context(patch.object(os, "fsync", fsync))
            stack.enter_context(patch.object(time, "monotonic", self.monotonic))
            yield


def _lenient(rmtree: Any) -> Any:
    """``rmtree``, which with ``ignore_errors`` ignores also the errors made here."""

    def remove(path: Any, ignore_errors: bool = False, **options: Any) -> None:
        try:
            rmtree(path, ignore_errors, **options)
        except OSError:
            if not ignore_errors:
                raise

    return remove


class File(io.BufferedIOBase):
    """A file with a buffer of its own, which a kill loses."""

    def __init__(self, disk: Disk, path: Path, mode: str) -> None:
        self._disk, self._path = disk, path
        self._raw: Any = _OPEN(path, mode, buffering=0)
        self._buffer = b""
        self.name, self.mode = str(path), mode

    def abandon(self) -> None:
        """The process is gone."""
        self._buffer = b""
        self._raw.close()

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return bool(self._raw.readable())

    def seekable(self) -> bool:
        return True

    @property
    def closed(self) -> bool:  # type: ignore[override]
        return bool(self._raw.closed)

    def write(self, data: Any) -> int:
        if self._disk.is_dead:
            raise Killed
        self._buffer += bytes(data)
        if len(self._buffer) > _BUFFER:
            self.flush()
        return len(data)

    def flush(self) -> None:
        if self._disk.is_dead or not self._buffer:
            return
        data, disk = self._buffer, self._disk
        try:
            disk.step("write", self._path)
        except BaseException:
            with _OPEN(self._path, "ab") as file:  # some of it arrives
                file.write(data[: disk.rng.randint(0, len(data))])
            raise
        self._buffer = b""
        self._raw.write(data)

    def read(self, size: int | None = -1) -> bytes:
        self.flush()
        return bytes(self._raw.read(-1 if size is None else size))

    def readline(self, size: int | None = -1) -> bytes:
        self.flush()
        return bytes(self._raw.readline(-1 if size is None else size))

    def seek(self, place: int, whence: int = 0) -> int:
        self.flush()
        return int(self._raw.seek(place, whence))

    def tell(self) -> int:
        self.flush()
        return int(self._raw.tell())

    def truncate(self, size: int | None = None) -> int:
        self.flush()
        self._disk.step("truncate", self._path)
        return int(self._raw.truncate(size))

    def fileno(self) -> int:
        return int(self._raw.fileno())

    def close(self) -> None:
        if self._raw.closed:
            return
        try:
            self.flush()
        finally:
            self._buffer = b""
            self._raw.close()
