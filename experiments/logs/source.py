"""The columns of a log's file that are read: which they are, and what is joined out of two."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from shequn.experiments.logs.columns import DATES, TIMES_OF_DAY, find_among, find_columns, the_column
from shequn.experiments.logs.exports.export import MESSAGE_TABLE, TableExport
from shequn.experiments.logs.layout import Layout
from shequn.experiments.logs.tables import Table
from shequn.experiments.logs.times import are_times_of_day
from shequn.sim.language import _


@dataclass(frozen=True)
class Source:
    """A log's file and what is read of it.

    Attributes
    ----------
    table : Table
    export : TableExport or None
        The export that it is.
    at : dict
        Column's name by what it holds.
    columns : dict
        Columns (pyarrow) by name.
    """

    table: Table
    export: TableExport | None
    at: dict[str, str]
    columns: dict[str, Any]

    def __contains__(self, column: str) -> bool:
        """Whether there is a column that holds something, such as the kind."""
        return column in self.at

    def column(self, column: str) -> Any:
        """The column that holds something, such as the person."""
        return self.columns[self.at[column]]

    def event_numbers(self, column: str) -> Any:
        """Numbers of events (id or reply_to) as text, with that of their thread where they count within one."""
        numbers = self.column(column)
        if pa.types.is_floating(numbers.type):  # whole numbers, in a column with gaps
            whole = numbers.cast(pa.int64(), safe=False).cast(pa.string())
            numbers = pc.if_else(pc.equal(pc.floor(numbers), numbers), whole, numbers.cast(pa.string()))
        numbers = pc.utf8_trim_whitespace(numbers.cast(pa.string()))
        numbers = pc.if_else(pc.equal(numbers, ""), pa.scalar(None, pa.string()), numbers)
        within = self.export.within if self.export is not None else None
        if within is None:
            return numbers
        thread = self.columns[the_column(self.table, "id", within)]
        return pc.binary_join_element_wise(thread.cast(pa.string()), numbers, "/")


def read_source(table: Table, export: TableExport | None, layout: Layout) -> Source:
    """The columns of a table that a log needs; its notes get what was recognised.

    Raises
    ------
    LogError
        A column is missing, or named twice.
    """
    asked = {column: name for column, name in layout.columns.items() if name is not None}
    date, time = _two_columns(table, asked.get("time"))
    if time is not None and date is not None:
        asked["time"] = date
    known = _known(table, export) | asked
    at = dict(known) if export is not None and export.name == MESSAGE_TABLE.name else {}
    if not at or asked:
        at = find_columns(table, known, *_sought(layout, known))
    within = (
        [the_column(table, "id", export.within)] if export is not None and export.within is not None else []
    )
    columns = table.columns([*at.values(), *([time] if time is not None else []), *within])
    if time is not None:
        columns[at["time"]] = _joined(columns[at["time"]], columns[time])
    elif "time" not in asked or are_times_of_day(columns[at["time"]]):
        columns[at["time"]] = _with_date(table, at["time"], columns[at["time"]], "time" in asked)
    return Source(table, export, at, columns)


def _two_columns(table: Table, asked: str | None) -> tuple[str | None, str | None]:
    """The columns of date and time of day, if two are asked for."""
    if asked is None or "+" not in asked or asked in table.names:
        return None, None
    date, _plus, time = asked.partition("+")
    return the_column(table, "time", date.strip()), the_column(table, "time", time.strip())


def _known(table: Table, export: TableExport | None) -> dict[str, str]:
    """The columns of an export that are there."""
    there = {name.casefold() for name in table.names}
    columns = export.columns if export is not None else {}
    return {column: name for column, name in columns.items() if name.casefold() in there}


def _with_date(table: Table, name: str, values: Any, is_asked: bool) -> Any:
    """A column of times of day with the date that is in another column, or the other way round; else as it is."""
    if are_times_of_day(values):
        date = None if is_asked else find_among(table, DATES, name)
        if date is None:
            return values
        date, time, dates, times = date, name, table.columns([date])[date], values
    else:
        other = find_among(table, TIMES_OF_DAY, name)
        times = table.columns([other])[other] if other is not None else None
        if other is None or not are_times_of_day(times):
            return values
        date, time, dates = name, other, values
    table.notes.append(_("the time is in two columns: {date!r} and {time!r}").format(date=date, time=time))
    return _joined(dates, times)


def _joined(date: Any, time: Any) -> Any:
    """Dates and times of day as texts in one column; missing where the date is."""
    date = pc.replace_substring_regex(date.cast(pa.string()), r"[T ]00:00:00(\.0+)?$", "")
    time = pc.fill_null(time.cast(pa.string()), "")
    return pc.utf8_trim_whitespace(pc.binary_join_element_wise(date, time, " "))


def _sought(layout: Layout, asked: dict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Columns that must be there, given what is asked, and those that may."""
    wanted = set(asked)
    if layout.count:
        wanted.add("kind")
    if asked.get("reply_to") is not None:
        wanted.add("id")
    needed = ("person", "time", *(one for one in ("kind", "id", "reply_to", "quality") if one in wanted))
    return needed, tuple(one for one in ("kind", "id", "reply_to", "bot") if one not in wanted)
