"""The file of a saved state: arrays and a description, no code.

NumPy's ``.npz`` without pickled objects, read with ``allow_pickle=False``: whatever stands in such a
file, reading it runs nothing. A file is written aside and renamed, so that it is whole or not there; a
digest over everything in it tells one that was cut short or altered.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib.recfunctions import repack_fields

from shequn.agents.compiled import source_digest
from shequn.sim.language import _
from shequn.sim.version import __version__

_FORMAT = 1
_ABOUT, _DIGEST = "about", "digest"  # members of the file beside the arrays


class StateError(ValueError):
    """A saved state that cannot be used; the message says why."""


class SavedState(NamedTuple):
    """What a file of a state holds.

    Attributes
    ----------
    about : dict
        Plain values.
    arrays : dict
        Arrays by name.
    digest : str
        Of all of it, 64 hexadecimal digits.
    """

    about: dict[str, Any]
    arrays: dict[str, npt.NDArray[Any]]
    digest: str


def write_state(path: Path, about: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> str:
    """Write a state; the same state gives the same bytes.

    Parameters
    ----------
    path : Path
        Ends in ``.npz``.
    about : mapping
        Plain values, as JSON takes them.
    arrays : mapping
        Arrays of numbers or records, without objects.

    Returns
    -------
    str
        The digest of all that was written.

    Raises
    ------
    TypeError
        There are objects in it.
    OSError
        It cannot be written; what was there before stays.
    """
    whole = {
        **about,
        "format": _FORMAT,
        "version": __version__,
        "sources": source_digest(),
        "arrays": {name: _sum(array) for name, array in arrays.items()},
    }
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False).encode()
    digest = hashlib.sha256(text).hexdigest()
    packed = {name: _packed(array) for name, array in arrays.items()}
    members: dict[str, Any] = {_ABOUT: _letters(text), _DIGEST: _letters(digest.encode()), **packed}
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            np.savez_compressed(file, **members)
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
        What is known of it: another state is refused.

    Raises
    ------
    StateError
        It is no such file, of another version, or not as it was written.
    """
    with _opened(path) as file:
        about, found = _described(path, file)
        try:
            arrays = {name: file[name] for name in about["arrays"]}
            whole = all(_sum(array) == about["arrays"][name] for name, array in arrays.items())
        except Exception:  # as above
            whole = False
    if not whole:
        raise _damaged(path)
    if digest not in (None, found):
        raise StateError(
            _("{path} is not the state that this run saved: it was replaced since").format(path=path)
        )
    return SavedState(about, arrays, found)


def state_digest(path: Path) -> str:
    """Digest of a state, without reading its arrays; raises as `read_state`."""
    with _opened(path) as file:
        return _described(path, file)[1]


def read_about(path: Path) -> dict[str, Any]:
    """The description of a state alone, without its arrays; raises as `read_state`."""
    with _opened(path) as file:
        return _described(path, file)[0]


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The members of a file by name; each is read when it is asked for."""
    if not path.is_file():
        raise StateError(_("{path}: there is no such file of a state").format(path=path))
    with path.open("rb") as raw:
        try:
            file = np.load(raw, allow_pickle=False)
        except Exception:  # whatever NumPy and zipfile make of other bytes
            raise _damaged(path) from None
        if not isinstance(file, np.lib.npyio.NpzFile):
            raise _damaged(path)
        with file:
            yield file


def _described(path: Path, file: Any) -> tuple[dict[str, Any], str]:
    try:
        text, digest = file[_ABOUT].tobytes(), file[_DIGEST].tobytes().decode()
        about = json.loads(text)
        known = hashlib.sha256(text).hexdigest() == digest and about["format"] == _FORMAT
        version, sources = about["version"], about["sources"]
    except Exception:  # as above
        raise _damaged(path) from None
    if not known:
        raise _damaged(path)
    refuse_others(str(path), version, sources)
    return about, digest


def refuse_others(what: str, version: str, sources: str) -> None:
    """See that a state was written by this version of exactly these sources.

    Raises
    ------
    StateError
        It was not: its records may mean something else here.
    """
    if version != __version__:
        raise StateError(
            _(
                "{what} was written by shequn {version}, and this is {ours}: states are for the version that "
                "wrote them"
            ).format(what=what, version=version, ours=__version__)
        )
    if sources != source_digest():
        raise StateError(
            _(
                "{what} was written by another state of the sources ({sources}, now {ours}): rules or "
                "records may have changed since; run it again"
            ).format(what=what, sources=sources, ours=source_digest())
        )


def _damaged(path: Path) -> StateError:
    return StateError(
        _("{path} is no saved state of shequn, or it was cut short or altered").format(path=path)
    )


def _letters(text: bytes) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text, dtype=np.uint8)


def _packed(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The array without what lies between its records' fields: no two runs leave the same there."""
    if array.dtype.hasobject:
        raise TypeError("a state has no objects")
    return repack_fields(array) if array.dtype.names else array


def _sum(array: npt.NDArray[Any]) -> str:
    """Digest of an array: its fields, its shape, its values (not what lies between fields)."""
    digest = hashlib.sha256(f"{array.shape}".encode())
    for name in array.dtype.names or ("",):
        part = np.ascontiguousarray(array[name] if name else array)
        digest.update(f"{name}:{part.dtype.str}".encode())
        digest.update(part.data)
    return digest.hexdigest()
