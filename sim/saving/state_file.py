"""The file of a saved state: arrays and a description, no code.

It is NumPy's ``.npz`` without pickled objects, read with ``allow_pickle=False``, so reading a file runs
nothing, whatever it contains. A file is written under another name and then renamed, so it is complete or
not there. A digest of its whole content shows whether it was cut short or altered.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib.recfunctions import repack_fields

from shequn.agents.compiled import source_digest
from shequn.sim.language import _
from shequn.sim.scenario.errors import ScenarioError
from shequn.sim.version import __version__

_FORMAT = 1
_ABOUT, _DIGEST = "about", "digest"  # members of the file besides the arrays


class StateError(ValueError):
    """A saved state that cannot be used; the message says why."""


class SavedState(NamedTuple):
    """The content of the file of a saved state.

    Attributes
    ----------
    about : dict
        Description of the state, in plain values.
    arrays : dict
        Arrays by name.
    digest : str
        Digest of the whole content, 64 hexadecimal digits.
    """

    about: dict[str, Any]
    arrays: dict[str, npt.NDArray[Any]]
    digest: str


def write_state(path: Path, about: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> str:
    """Write a state to a file; the same state gives the same content.

    Parameters
    ----------
    path : Path
        Path of the file, ending in ``.npz``.
    about : mapping
        Description of the state, in values that JSON can hold.
    arrays : mapping
        Arrays of numbers or records, without objects.

    Returns
    -------
    str
        Digest of the whole content.

    Raises
    ------
    TypeError
        An array contains objects.
    OSError
        The file cannot be written; an existing file stays.
    """
    description = {
        **about,
        "format": _FORMAT,
        "version": __version__,
        "sources": source_digest(),
        "arrays": {name: _array_digest(array) for name, array in arrays.items()},
    }
    # in the order given: that of spaces, gates and operations matters
    text = json.dumps(description, ensure_ascii=False).encode()
    digest = hashlib.sha256(text).hexdigest()
    packed = {name: _without_padding(array) for name, array in arrays.items()}
    members: dict[str, Any] = {_ABOUT: _as_bytes(text), _DIGEST: _as_bytes(digest.encode()), **packed}
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            np.savez_compressed(file, **members)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return digest


def read_state(path: Path, digest: str | None = None) -> SavedState:
    """Read a state that this version wrote.

    Parameters
    ----------
    path : Path
    digest : str, optional
        The digest expected: a file with another one is refused.

    Raises
    ------
    StateError
        It is not a saved state, of another version, or was changed after it was written.
    """
    with _open(path) as file:
        about, actual = _description_and_digest(path, file)
        try:
            arrays = {name: file[name] for name in about["arrays"]}
            is_intact = all(_array_digest(array) == about["arrays"][name] for name, array in arrays.items())
        except Exception:  # as in `_open`
            is_intact = False
    if not is_intact:
        raise _damage_error(path)
    if digest not in (None, actual):
        raise StateError(
            _("{path} is not the state that this run saved: it has been replaced").format(path=path)
        )
    return SavedState(about, arrays, actual)


def state_digest(path: Path) -> str:
    """Digest of a state, without reading its arrays; raises like `read_state`."""
    with _open(path) as file:
        return _description_and_digest(path, file)[1]


def read_about(path: Path) -> dict[str, Any]:
    """The description of a state, without its arrays; raises like `read_state`."""
    with _open(path) as file:
        return _description_and_digest(path, file)[0]


@contextmanager
def _open(path: Path) -> Iterator[Any]:
    """Open a file; its members are read by name when they are needed."""
    if not path.is_file():
        raise StateError(_("{path}: there is no such state file").format(path=path))
    with path.open("rb") as raw:
        try:
            file = np.load(raw, allow_pickle=False)
        except Exception:  # NumPy and zipfile raise many kinds of errors on other files
            raise _damage_error(path) from None
        if not isinstance(file, np.lib.npyio.NpzFile):
            raise _damage_error(path)
        with file:
            yield file


def _description_and_digest(path: Path, file: Any) -> tuple[dict[str, Any], str]:
    try:
        text, digest = file[_ABOUT].tobytes(), file[_DIGEST].tobytes().decode()
        about = json.loads(text)
        is_ours = hashlib.sha256(text).hexdigest() == digest and about["format"] == _FORMAT
        version, sources = about["version"], about["sources"]
    except Exception:  # as in `_open`
        raise _damage_error(path) from None
    if not is_ours:
        raise _damage_error(path)
    refuse_others(str(path), version, sources)
    return about, digest


def refuse_others(what: str, version: str, sources: str) -> None:
    """Check that a state was written by this version, from exactly these sources.

    Raises
    ------
    StateError
        It was not, so its records may have another meaning here.
    """
    if version != __version__:
        raise StateError(
            _(
                "{what} was written by shequn {version}, and this is {ours}: a state can only be used by "
                "the version that wrote it"
            ).format(what=what, version=version, ours=__version__)
        )
    if sources != source_digest():
        raise StateError(
            _(
                "{what} was written by other sources ({sources}, now {ours}): rules or records may have "
                "changed since; run it again"
            ).format(what=what, sources=sources, ours=source_digest())
        )


@contextmanager
def refusing_forgeries() -> Iterator[None]:
    """What is found to be impossible in a state within this block is an error that says so.

    Raises
    ------
    StateError
        Instead of any error that impossible content leads to.
    """
    try:
        yield
    except (StateError, ScenarioError):
        raise
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, MemoryError) as error:
        what = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise StateError(_("the saved state does not fit together ({what})").format(what=what)) from None


def _damage_error(path: Path) -> StateError:
    return StateError(
        _("{path} is not a saved state of shequn, or it is incomplete or was changed").format(path=path)
    )


def _as_bytes(text: bytes) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text, dtype=np.uint8)


def _without_padding(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The array without the padding between fields, whose bytes are arbitrary."""
    if array.dtype.hasobject:
        raise TypeError("a state has no objects")
    return repack_fields(array) if array.dtype.names else array


def _array_digest(array: npt.NDArray[Any]) -> str:
    """Digest of an array: its fields, its shape and its values, without padding."""
    digest = hashlib.sha256(f"{array.shape}".encode())
    for name in array.dtype.names or ("",):
        part = np.ascontiguousarray(array[name] if name else array)
        digest.update(f"{name}:{part.dtype.str}".encode())
        digest.update(part.data)
    return digest.hexdigest()
