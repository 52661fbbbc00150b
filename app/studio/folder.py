"""The scenarios of the folder in which the studio was started; nothing outside it is read or written."""

import hashlib
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from shequn.app.scenario_commands import new_path
from shequn.app.user_errors import UserError
from shequn.sim.language import _
from shequn.sim.scenario.locations import shipped
from shequn.sim.scenario.reading import read_text

_SUFFIXES = (".yaml", ".yml")
_MAX_DEPTH = 3  # folders below the first that are searched
_MAX_FILES = 200  # that are listed
_MAX_REPORTS = 12  # that are listed
_LEFT_OUT = ("results", "node_modules", "__pycache__")
_IS_SCENARIO = re.compile(rb"^format\s*:", re.MULTILINE)
_IS_DESIGN = re.compile(rb"^factors\s*:", re.MULTILINE)


class Opened(NamedTuple):
    """A file as it was read: its name in the folder, its text, and remarks about its encoding."""

    name: str
    text: str
    newline: str
    digest: str
    notes: list[str]


class ExistsError(UserError):
    """There is a file of this name; saving would overwrite it."""


class Folder:
    """A folder of scenarios.

    Parameters
    ----------
    root : Path
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def names(self) -> list[str]:
        """Names of the scenarios, relative to the folder."""
        found = []
        for path in self._files(self.root, 0):
            if _looks_like_scenario(path):
                found.append(path.relative_to(self.root).as_posix())
            if len(found) == _MAX_FILES:
                break
        return found

    def _files(self, folder: Path, depth: int) -> Iterator[Path]:
        try:
            inside = sorted(folder.iterdir())
        except OSError:
            return
        for path in inside:
            if path.name.startswith(".") or path.name in _LEFT_OUT or path.is_symlink():
                continue
            if path.suffix.lower() in _SUFFIXES and path.is_file():
                yield path
            elif depth < _MAX_DEPTH and path.is_dir():
                yield from self._files(path, depth + 1)

    def reports(self) -> list[Path]:
        """The reports beside the results in this folder, the latest first."""
        found = [
            path
            for path in self.root.glob("results/**/*-report*.html")
            if path.is_file() and path.resolve().is_relative_to(self.root)
        ]
        return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)[:_MAX_REPORTS]

    def path(self, name: str) -> Path:
        """The path of a scenario by its name in this folder; `.yaml` is added if it is missing.

        Raises
        ------
        UserError
            It cannot be the name of a scenario, or lies outside the folder.
        """
        path = (self.root / new_path(name.strip())).resolve()
        if not path.is_relative_to(self.root):
            raise UserError(_("{name} is outside the folder of the studio").format(name=name))
        return path

    def name(self, name: str) -> str:
        """The name of a scenario as this folder writes it; see `path`."""
        return self.path(name).relative_to(self.root).as_posix()

    def read(self, name: str) -> Opened:
        """Read a scenario.

        Raises
        ------
        UserError, ScenarioError
            There is no such file in this folder, or it cannot be read.
        """
        path = self.path(name)
        text, notes = read_text(path)
        newline = "\r\n" if "\r\n" in text else "\n"
        return Opened(
            path.relative_to(self.root).as_posix(), with_one_newline(text), newline, _digest(path), notes
        )

    def write(self, name: str, text: str, newline: str, known: str, replace: bool) -> Opened:
        """Write a scenario, completely or not at all.

        Parameters
        ----------
        name, text : str
        newline : str
            What ends a line in the file.
        known : str
            Digest of the file as it was read or written last; empty for a new one.
        replace : bool
            Whether to overwrite a file that is not the known one.

        Raises
        ------
        ExistsError
            There is another file, and it is not to be overwritten.
        UserError
            It cannot be written.
        """
        path = self.path(name)
        shown = path.relative_to(self.root).as_posix()
        if not path.exists() and path.stem in shipped():
            raise UserError(
                _("{stem} is the name of a shipped scenario; choose another name").format(stem=path.stem)
            )
        if path.exists() and not replace and (not path.is_file() or _digest(path) != known):
            raise ExistsError(_("{name} exists already and is not what you opened here.").format(name=shown))
        unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
        try:
            with unfinished.open("x", encoding="utf-8", newline=newline) as file:
                file.write(text)
            unfinished.replace(path)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise UserError(f"{shown}: {error.strerror or error}") from None
        return Opened(shown, text, newline, _digest(path), [])


def with_one_newline(text: str) -> str:
    """A text whose lines end in one way."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _looks_like_scenario(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError:
        return False
    return bool(_IS_SCENARIO.search(start)) and not _IS_DESIGN.search(start)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
