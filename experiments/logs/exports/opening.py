"""Opens a log: a table, or an export that is recognised by its columns, its structure or its first lines."""

import gzip
import json
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from shequn.experiments.logs.exports.export import MESSAGE_TABLE, Message, TableExport
from shequn.experiments.logs.exports.kinds import DOCUMENTS, NAMES, TABLES, TEXTS
from shequn.experiments.logs.exports.mbox import EXPORT as MBOX
from shequn.experiments.logs.log import LogError
from shequn.experiments.logs.odd_rows import OddRows
from shequn.experiments.logs.tables import EXCEL, PARQUET, Dress, RecordTable, Table, open_table, text_of
from shequn.sim.hints import near_one
from shequn.sim.language import _

TABLE = "table"  # what --format takes for no export at all
_HEAD = 65_536  # bytes in which an export is recognised
_MOST = 4 << 30  # bytes of all files of a zip
_NAMES = ("person", "time", "id", "reply_to", "kind")


def open_log(path: Path, name: str | None, dress: Dress, odd: OddRows) -> tuple[Table, TableExport | None]:
    """The table in a file, and the export that it is; None for a table of the user's own.

    Parameters
    ----------
    path : Path
        A file, or the folder of a Slack export.
    name : str, optional
        Format of the export, or ``table``; recognised without it.
    dress : Dress
    odd : OddRows

    Raises
    ------
    LogError
        The file cannot be read, or is not of the format named.
    """
    if name is not None and name not in (TABLE, *NAMES):
        raise LogError(
            _("--format {name}: no such format{hint}; there are {names}").format(
                name=name, hint=near_one(name, (TABLE, *NAMES)), names=", ".join((TABLE, *NAMES))
            )
        )
    head = _head(path)
    if name != TABLE and path.suffix.lower() not in (*EXCEL, *PARQUET) and dress.names is None:
        if is_slack_folder(path) or head.startswith(b"PK\x03\x04"):
            return _of_messages(path, "Slack", _slack(path), [], odd, None)
        first_lines = _decoded(head).lstrip("\n")
        for text_export in TEXTS:
            if name != text_export.name and (name is not None or not text_export.recognises(first_lines)):
                continue
            encoding = "latin-1" if text_export is MBOX else dress.encoding
            data, notes = text_of(path, encoding)
            rows = text_export.messages(data.decode("utf-8"))
            return _of_messages(path, text_export.title, rows, notes, odd, text_export.zone)
        if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
            data, notes = text_of(path, dress.encoding)
            return _document(path, name, data, notes, odd)
    table = open_table(path, dress, odd)
    names = {_bare(column) for column in table.names}
    for export in TABLES:
        if name in (None, export.name) and names.issuperset(map(_bare, export.signature)):
            table.notes.append(_("recognised as an export of {title}").format(title=export.title))
            return table, export
    if name not in (None, TABLE):
        raise LogError(_("{path}: not of the format {name}").format(path=path, name=name))
    return table, None


def _bare(name: str) -> str:
    return name.casefold()


def _head(path: Path) -> bytes:
    """The first bytes of a file, unpacked; nothing where it cannot be read (who reads it all says why)."""
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if head[:2] == b"\x1f\x8b":
            with gzip.open(path, "rb") as packed:
                return packed.read(_HEAD)
        return head
    except (OSError, EOFError, ValueError, zlib.error):
        return b""


def _decoded(head: bytes) -> str:
    """The first lines of a text file in the encoding that it seems to have."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", errors="ignore")
    head = head.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    cut = head[: head.rfind(b"\n") + 1] or head
    try:
        return cut.decode("utf-8")
    except UnicodeDecodeError:
        return cut.decode("gb18030", errors="replace")


def _of_messages(
    path: Path, title: str, messages: Iterable[Message], notes: list[str], odd: OddRows, zone: str | None
) -> tuple[Table, TableExport]:
    """The table of an export's messages."""
    try:
        rows = list(messages)
    except (TypeError, AttributeError, ValueError, KeyError) as error:
        raise LogError(_("{path}: damaged export of {title} ({error})").format(
            path=path, title=title, error=error)) from None  # fmt: skip
    table = RecordTable(path, _NAMES, [row[1:] for row in rows], [row.place for row in rows], notes, odd)
    table.notes.append(_("recognised as an export of {title}").format(title=title))
    return table, MESSAGE_TABLE._replace(title=title, zone=zone)


def _document(
    path: Path, name: str | None, data: bytes, notes: list[str], odd: OddRows
) -> tuple[Table, TableExport]:
    document = _parsed(path, data)
    for export in DOCUMENTS:
        if name == export.name or (name is None and export.recognises(document)):
            return _of_messages(path, export.title, export.messages(document), notes, odd, None)
    raise LogError(
        _(
            "{path}: found JSON, but of no export that is known ({names}); a table can be CSV, Excel or Parquet"
        ).format(path=path, names=", ".join(export.title for export in DOCUMENTS))
    )


def _parsed(path: Path, data: bytes) -> Any:
    try:
        return json.loads(data)
    except json.JSONDecodeError as error:
        raise LogError(
            _("{path}: line {line}: not well-formed JSON ({error})").format(
                path=path, line=error.lineno, error=error.msg
            )
        ) from None
    except (RecursionError, ValueError) as error:
        raise LogError(_("{path}: not well-formed JSON ({error})").format(path=path, error=error)) from None


def is_slack_folder(path: Path) -> bool:
    """Whether a folder is an unpacked export of Slack."""
    return path.is_dir() and (path / "channels.json").is_file() and (path / "users.json").is_file()


def _slack(path: Path) -> Iterable[Message]:
    """Messages of all channels of a Slack export, packed or not: a folder for each channel, a file for each day."""
    slack = next(export for export in DOCUMENTS if export.name == "slack")
    rows: list[Any] = []
    try:
        if path.is_dir():
            for file in sorted(path.glob("*/*.json")):
                rows += _of_channel(file.parent.name, _parsed(file, file.read_bytes()))
        else:
            with zipfile.ZipFile(path) as packed:
                days = [day for day in packed.infolist() if day.filename.endswith(".json")]
                if sum(day.file_size for day in days) > _MOST:
                    raise LogError(
                        _("{path}: unpacks to more than {size:,} bytes").format(path=path, size=_MOST)
                    )
                for day in sorted(days, key=lambda day: day.filename):
                    *folders, _name = day.filename.split("/")
                    if folders:
                        rows += _of_channel(folders[-1], _parsed(path, packed.read(day)))
    except zipfile.BadZipFile:
        rows = []
    except (OSError, RuntimeError, NotImplementedError, zlib.error) as error:
        raise LogError(_("{path}: cannot be read ({reason})").format(path=path, reason=error)) from None
    if not slack.recognises(rows):
        raise LogError(
            _("{path}: found a zip or Excel file, not text; a zip must be an export of Slack").format(
                path=path
            )
        )
    return slack.messages(rows)


def _of_channel(channel: str, rows: Any) -> list[Any]:
    return (
        [{**row, "channel": channel} for row in rows if isinstance(row, dict)]
        if isinstance(rows, list)
        else []
    )
