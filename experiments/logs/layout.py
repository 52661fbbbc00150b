"""How a log is to be read: what the user says of a file."""

from dataclasses import dataclass, field
from pathlib import Path

#: What --keep takes.
KEPT = ("deleted", "bots", "notices", "repeats", "rounded")


@dataclass(frozen=True)
class Layout:
    """How a log is to be read; what is None is recognised or left.

    Attributes
    ----------
    columns : dict
        Column's name in the file by what it holds: person, time, kind, id, reply_to, quality. The time may be
        two columns, ``DATE+TIME``.
    zone : str, optional
        Time zone of local times, and of the hours of the week.
    time_format : str, optional
        How times are written, as in ``strptime``, or unix, unix-ms, unix-us, unix-ns, excel.
    count : tuple of str
        Kinds of rows that count; all without.
    leave_out : Path, optional
        Text file of people to leave out (bots), a name a line.
    inviters : Path, optional
        Table of who was invited by whom.
    sheet : str, optional
        Sheet of a workbook.
    format : str, optional
        Which export it is, or ``table`` for none.
    delimiter, encoding : str, optional
        Of a text file.
    names : tuple of str, optional
        Names of the columns of a file without a header.
    skip_bad : int
        How many rows that cannot be read may be left out.
    keep : frozenset of str
        What is kept that is left out or refused otherwise, see `KEPT`.
    """

    columns: dict[str, str | None] = field(default_factory=dict)
    zone: str | None = None
    time_format: str | None = None
    count: tuple[str, ...] = ()
    leave_out: Path | None = None
    inviters: Path | None = None
    sheet: str | None = None
    format: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    names: tuple[str, ...] | None = None
    skip_bad: int = 0
    keep: frozenset[str] = frozenset()
