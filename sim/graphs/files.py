"""Reads text files (graphs): their bytes, or an error that says why they cannot be read."""

import difflib
import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

from shequn.sim.graphs.graph import EncodingError, GraphError
from shequn.sim.language import N_, _

_HEAD = 65_536  # bytes examined before the rest is read
_PART = 1 << 24  # bytes unpacked at a time
_MOST = 4 << 30  # bytes of an unpacked file
_SUSPICIOUS, _MOST_PER_BYTE = (
    256 << 20,
    250,
)  # bytes of a file, from which on its bytes per packed byte are bounded
_OTHER_FORMATS = (".json", ".xlsx", ".xls", ".parquet", ".mtx", ".pkl", ".zip", ".7z", ".rar", ".xz", ".bz2",
                  ".zst", ".npz", ".npy", ".mat", ".pdf")  # fmt: skip
_ALLOWED = N_(
    "allowed: edge lists (.txt, .csv, .tsv), GraphML (.graphml), GEXF (.gexf), GML (.gml) and Pajek (.net), "
    "also with .gz"
)


def content(path: Path, allowed: str = _ALLOWED, others: tuple[str, ...] = _OTHER_FORMATS) -> bytes:
    """The bytes of a text file, unpacked if it is gzipped.

    Parameters
    ----------
    path : Path
    allowed : str
        The allowed formats, for errors.
    others : tuple of str
        Endings of names that belong to formats that are not read.

    Raises
    ------
    GraphError
        The file is missing (the message has similar names in the folder), a folder, unreadable, empty,
        damaged, not text, or unpacks to an implausible size.
    """
    allowed = _(allowed)
    try:
        if not path.exists():
            raise GraphError(_("{path}: no such file{path2}").format(path=path, path2=nearest_file(path)))
        if path.is_dir():
            raise GraphError(_("{path}: found a folder; {allowed}").format(path=path, allowed=allowed))
        if not path.is_file():
            raise GraphError(_("{path}: not a regular file; {allowed}").format(path=path, allowed=allowed))
        if path.name.lower().removesuffix(".gz").endswith(others):
            raise GraphError(
                _("{path}: {suffix} files cannot be read; {allowed}").format(
                    path=path, suffix=path.suffix, allowed=allowed
                )
            )
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with gzip.open(path, "rb") if packed else path.open("rb") as file:
            head = file.read(_HEAD)
            _refuse_binary(path, head, allowed)
            data = head + (_unpacked(path, file.read) if packed else file.read())
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise GraphError(_("{path}: damaged gzip file ({error})").format(path=path, error=error)) from None
    except (OSError, ValueError) as error:
        if isinstance(error, GraphError):
            raise
        reason = error.strerror if isinstance(error, OSError) else error
        raise GraphError(_("{path}: cannot be read ({reason})").format(path=path, reason=reason)) from None
    except MemoryError:
        raise GraphError(_("{path}: not enough memory to read it").format(path=path)) from None
    if not data.strip():
        raise GraphError(_("{path}: the file is empty").format(path=path))
    return data


def _unpacked(path: Path, read: Callable[[int], bytes]) -> bytes:
    """The rest of a gzipped file, as long as its size is plausible."""
    parts, size, packed = [], 0, path.stat().st_size
    while part := read(_PART):
        parts.append(part)
        size += len(part)
        if size > _MOST or (size > _SUSPICIOUS and size > _MOST_PER_BYTE * packed):
            raise GraphError(
                _("{path}: {packed:,} bytes unpack to more than {size:,}: not a plausible text file").format(
                    path=path, packed=packed, size=size
                )
            )
    return b"".join(parts)


def text(
    path: Path,
    allowed: str = _ALLOWED,
    others: tuple[str, ...] = _OTHER_FORMATS,
    encoding: str | None = None,
) -> tuple[bytes, list[str]]:
    """A file's text as UTF-8 with ``\\n`` at line ends, and notes about its encoding.

    A byte order mark says UTF-16. Otherwise UTF-8 (with or without a mark) is tried first, then GB18030.

    Parameters
    ----------
    path, allowed, others
        As for :func:`content`.
    encoding : str, optional
        Name of the encoding, instead of trying.

    Raises
    ------
    GraphError
        As for :func:`content`, or the text has none of these encodings.
    """
    data, notes = content(path, allowed, others), []
    if encoding is not None:
        data = _recoded(path, data, encoding)
    elif data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = _recoded(path, data, "utf-16")
        notes.append(_("read as UTF-16"))
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.isascii() and not _is_utf_8(data):
        data = _recoded(path, data, "gb18030")
        notes.append(_("not UTF-8: read as GB18030"))
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data, notes


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _recoded(path: Path, data: bytes, encoding: str) -> bytes:
    try:
        return data.decode(encoding).encode("utf-8")
    except LookupError:
        raise GraphError(
            _("{path}: no encoding is called {encoding!r}; examples: utf-8, gb18030, big5, cp1252").format(
                path=path, encoding=encoding
            )
        ) from None
    except UnicodeError as error:
        position = getattr(error, "start", 0)
        line = data[:position].count(b"\n") + 1
        raise EncodingError(
            _("{path}: line {line}: neither UTF-8 nor {upper} text").format(
                path=path, line=line, upper=encoding.upper()
            )
        ) from None


def _refuse_binary(path: Path, head: bytes, allowed: str) -> None:
    if head[:4] == b"PK\x03\x04":
        raise GraphError(
            _("{path}: found a zip or Excel file, not text; {allowed}").format(path=path, allowed=allowed)
        )
    if b"\0" in head and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise GraphError(
            _("{path}: found a binary file, not text; {allowed}").format(path=path, allowed=allowed)
        )


def nearest_file(path: Path) -> str:
    """``; did you mean X?`` where the folder of a missing file has similar names, else nothing."""
    if not path.parent.is_dir():
        return _(" (and no folder {parent})").format(parent=path.parent)
    names = [other.name for other in path.parent.iterdir()]
    near = difflib.get_close_matches(path.name, names, n=2)
    return _("; did you mean {near}?").format(near=_(" or ").join(near)) if near else ""
