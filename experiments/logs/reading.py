"""Reading a log from a user's own export: names become numbers at once and are not kept."""

import difflib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from shequn.experiments.logs.activity import Flags, Integers, Numbers
from shequn.experiments.logs.columns import DATES, TIMES_OF_DAY, find_among, find_columns, the_column
from shequn.experiments.logs.exports.export import BOT, MESSAGE_TABLE, TableExport
from shequn.experiments.logs.exports.opening import open_log
from shequn.experiments.logs.log import NOBODY, Invitations, Log, LogError, mean_quality
from shequn.experiments.logs.odd_rows import OddRows
from shequn.experiments.logs.people import plain_names, real_people
from shequn.experiments.logs.tables import Dress, Table, open_table
from shequn.experiments.logs.times import Instants, are_times_of_day, instants, known_zone
from shequn.sim.graphs.files import text
from shequn.sim.graphs.graph import GraphError
from shequn.sim.language import _, plural
from shequn.sim.scenario.hints import did_you_mean

_KINDS_SHOWN = 8
#: What --keep takes.
KEPT = ("deleted", "bots", "notices", "repeats", "rounded")
_YES = pa.array(["true", "1", "yes", "y", "t", "是"])
_FEWEST_EVENTS = 20  # that show whether a column can be that of people (assumed)
_MANY_REPEATS, _FEW_REPEATS = 0.05, 5  # share and number of repeated events that are noted (assumed)
#: Pattern of kinds of rows that are notices in tables of any origin.
_NOTICES = (
    "^(系统通知|系统消息|系统提示|系统|撤回消息|拍一拍|system|system message|service|notice|notification|"
    "channel_join|channel_leave)$"
)


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


def read_log(path: Path | str, layout: Layout | None = None) -> Log:
    """The log in a table of events, or in an export of a chat, forum or mailing list.

    Parameters
    ----------
    path : Path or str
        CSV, TSV (also gzipped), Excel, Parquet, or an export (see `exports.kinds`).
    layout : Layout, optional

    Raises
    ------
    LogError
        The file cannot be read as a log; says where, what was found and what is allowed.
    """
    path, layout = Path(path), layout or Layout()
    for kind in layout.keep:
        if kind not in KEPT:
            raise LogError(
                _("--keep {kind}: allowed are {allowed}{hint}").format(
                    kind=kind, allowed=", ".join(KEPT), hint=did_you_mean(kind, KEPT)
                )
            )
    if layout.zone is not None:
        known_zone(layout.zone)  # refuse before the file is read
    odd = OddRows(layout.skip_bad)
    dress = Dress(layout.sheet, layout.delimiter, layout.names, layout.encoding)
    table, export = open_log(path, layout.format, dress, odd)
    at, columns, within = _columns(table, layout, export)
    left_out: dict[str, int] = {}
    when = _when(table, at["time"], columns, layout, export)
    names = plain_names(table, at["person"], columns[at["person"]], layout.keep)
    keep = (
        _messages(table, columns[at["kind"]], layout, export, left_out)
        if "kind" in at
        else np.ones(len(names), bool)
    )
    keep &= _complete(table, names, when.seconds, keep, left_out, odd)
    keep &= real_people(
        table, pc.if_else(pa.array(keep), names, pa.scalar(None, pa.string())), layout.keep, left_out
    )
    if "bot" in at and "bots" not in layout.keep:
        keep &= _no_bots(table, at["bot"], columns[at["bot"]], keep, left_out)
    if layout.leave_out is not None:
        keep &= _not_left_out(table, names, layout.leave_out, at["person"])
    ids = _ids(columns, at, within) if "id" in at else None
    if ids is not None and "repeats" not in layout.keep:
        keep &= _once(table, at["id"], ids, names, when.seconds, keep, left_out)
    if not keep.any():
        raise LogError(
            _("{path}: no rows are left to measure ({n:,} in the file)").format(path=path, n=len(names))
        )
    rows = np.flatnonzero(keep)
    rows = rows[np.argsort(when.seconds[rows], kind="stable")]
    if ids is None:
        _note_repeats(table, when.seconds[rows], names, rows)
    listed = names.take(pa.array(rows)).dictionary_encode()
    _note_people(table, at["person"], len(listed.dictionary), len(rows))
    person = listed.indices.to_numpy().astype(np.int64)
    answers = None
    if ids is not None and "reply_to" in at:
        answers = _answers(ids, _ids(columns, {"id": at["reply_to"]}, within), rows)
    return Log(
        title=_title(path),
        person=person,
        time=when.seconds[rows],
        zone=str(known_zone(layout.zone)) if layout.zone is not None else _zone(when, export),
        answers=answers,
        answered=np.where(answers >= 0, person[answers], NOBODY) if answers is not None else None,
        invitations=_invitations(table, columns, at, layout, rows, person, listed.dictionary),
        notes=table.notes,
        clock=when.zone,
        left_out=left_out,
    )


def _zone(when: Instants, export: TableExport | None) -> str:
    """The zone of the members' clock: that of the export, if times were written in it."""
    return export.zone if export is not None and export.zone is not None else "UTC"


def _columns(
    table: Table, layout: Layout, export: TableExport | None
) -> tuple[dict[str, str], dict[str, Any], Any]:
    """Names of the columns by what they hold, all columns that are read, and that of the thread, if any."""
    asked = {column: name for column, name in layout.columns.items() if name is not None}
    two = asked.get("time")
    if two is not None and "+" in two and two not in table.names:
        date, _plus, time = two.partition("+")
        date, time = the_column(table, "time", date.strip()), the_column(table, "time", time.strip())
        asked["time"] = date
    else:
        date, time = "", ""
    known = dict(export.columns) if export is not None else {}
    known = {
        column: name
        for column, name in known.items()
        if any(name.casefold() == one.casefold() for one in table.names)
    }
    needed, wanted = _sought(layout, {**known, **asked})
    at = find_columns(table, {**known, **asked}, needed, wanted)
    if export is not None and export.name == MESSAGE_TABLE.name:
        table.notes = [
            note for note in table.notes if not note.startswith(_("columns: {recognised}").split("{")[0])
        ]
    if "quality" in at and layout.inviters is None:
        table.notes.append(_("ratings are used for invitations only; --inviters says who invited whom"))
    names = list(at.values()) + ([time] if time else [])
    within = (
        the_column(table, "id", export.within) if export is not None and export.within is not None else None
    )
    columns = table.columns(names + ([within] if within else []))
    if time:
        columns[at["time"]] = _joined(columns[date], columns[time])
    elif two is None:
        columns[at["time"]] = _with_date(table, at["time"], columns[at["time"]])
    return at, columns, columns[within] if within else None


def _with_date(table: Table, name: str, values: Any) -> Any:
    """A column of times of day with the date that is in another column, if there is one; else as it is."""
    if are_times_of_day(values):
        date = find_among(table, DATES, name)
        if date is not None:
            table.notes.append(
                _("the time is in two columns: {date!r} and {time!r}").format(date=date, time=name)
            )
            return _joined(table.columns([date])[date], values)
        return values
    time = find_among(table, TIMES_OF_DAY, name)
    if time is None:
        return values
    clock = table.columns([time])[time]
    if not are_times_of_day(clock):
        return values
    table.notes.append(_("the time is in two columns: {date!r} and {time!r}").format(date=name, time=time))
    return _joined(values, clock)


def _joined(date: Any, time: Any) -> Any:
    """Dates and times of day as texts in one column; missing where the date is."""
    date, time = date.cast(pa.string()), pc.fill_null(time.cast(pa.string()), "")
    if not pc.any(pc.match_substring_regex(date, r"[T ]00:00:00$")).as_py():
        return pc.utf8_trim_whitespace(pc.binary_join_element_wise(date, time, " "))
    return pc.binary_join_element_wise(pc.replace_substring_regex(date, "[T ]00:00:00$", ""), time, " ")


def _when(table: Table, name: str, columns: Any, layout: Layout, export: TableExport | None) -> Instants:
    """Instants of all rows, with the zone of an export where the user names none."""
    zone = layout.zone
    assumed = export.zone if export is not None and zone is None else None
    when = instants(table, name, columns[name], zone or assumed, layout.time_format)
    if assumed is not None and export is not None and when.zone == assumed:
        table.notes.append(
            _("times taken as {zone}, as usual in exports of {title}; --tz names another zone").format(
                zone=assumed, title=export.title
            )
        )
        return when._replace(zone=_("{zone} (assumed)").format(zone=assumed))
    return when


def _sought(layout: Layout, asked: dict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Columns that must be there, given what is asked, and those that may."""
    wanted = set(asked)
    if layout.count:
        wanted.add("kind")
    if layout.columns.get("reply_to") is not None:
        wanted.add("id")
    needed = ("person", "time", *(one for one in ("kind", "id", "reply_to", "quality") if one in wanted))
    return needed, tuple(one for one in ("kind", "id", "reply_to", "bot") if one not in wanted)


def _title(path: Path) -> str:
    name = path.name.removesuffix(".gz")
    return name.rsplit(".", 1)[0] if "." in name else name


def _ids(columns: Any, at: dict[str, str], within: Any) -> Any:
    """Numbers of events as text, with that of their thread where they count within one."""
    ids = columns[at["id"]]
    if pa.types.is_floating(ids.type):
        ids = pc.if_else(
            pc.equal(pc.floor(ids), ids),
            ids.cast(pa.int64(), safe=False).cast(pa.string()),
            ids.cast(pa.string()),
        )
    ids = pc.utf8_trim_whitespace(ids.cast(pa.string()))
    ids = pc.if_else(pc.equal(ids, ""), pa.scalar(None, pa.string()), ids)
    return ids if within is None else pc.binary_join_element_wise(within.cast(pa.string()), ids, "/")


def _complete(
    table: Table, names: Any, time: Numbers, keep: Flags, left_out: dict[str, int], odd: OddRows
) -> Flags:
    """Rows that have a person and a time; the others are left out with a note."""
    complete: Flags = names.is_valid().to_numpy(zero_copy_only=False) & ~np.isnan(time)
    without = keep & ~complete
    without[odd.rows] = False  # said already
    missing = int(without.sum())
    if odd.n:
        left_out["odd"] = odd.n
    if missing:
        words = plural(
            "{missing:,} row without a person or a time is left out",
            "{missing:,} rows without a person or a time are left out",
            missing,
        )
        table.notes.append(words.format(missing=missing))
        left_out["without"] = missing
    return complete


def _messages(
    table: Table, column: Any, layout: Layout, export: TableExport | None, left_out: dict[str, int]
) -> Flags:
    """Rows whose kind counts: those asked for, else all but notices and bots."""
    kinds = pc.fill_null(pc.utf8_trim_whitespace(column.cast(pa.string())), "")
    if layout.count:
        return _counted(table, kinds, layout.count)
    coded = kinds.dictionary_encode()
    codes = coded.indices.to_numpy()
    lower = pc.utf8_lower(coded.dictionary)
    pattern = export.notices if export is not None and export.notices else _NOTICES
    notices = pc.match_substring_regex(lower, pattern).to_numpy(zero_copy_only=False)
    bots = pc.equal(lower, BOT).to_numpy(zero_copy_only=False)
    keep = np.ones(len(kinds), dtype=bool)
    for kind, marked in (("notices", notices), ("bots", bots)):
        rows = marked[codes]
        n = int(rows.sum())
        if n == 0 or kind in layout.keep:
            continue
        if kind == "notices":
            words = plural(
                "{n:,} notice is left out ({shown}); --keep notices counts it",
                "{n:,} notices are left out ({shown}); --keep notices counts them",
                n,
            )
        else:
            words = plural(
                "{n:,} message of a bot is left out; --keep bots counts it",
                "{n:,} messages of bots are left out; --keep bots counts them",
                n,
            )
        shown = ", ".join(coded.dictionary.filter(pa.array(marked)).to_pylist()[:_KINDS_SHOWN])
        table.notes.append(words.format(n=n, shown=shown))
        left_out[kind] = n
        keep &= ~rows
    rest = kinds.filter(pa.array(keep))
    tally = _tally(rest)
    if len(tally) > 1 and (export is None or export.name != MESSAGE_TABLE.name):
        table.notes.append(
            _("all kinds of rows are counted ({listed}); --count chooses").format(listed=_shown(tally))
        )
    return keep


def _no_bots(table: Table, column: str, values: Any, keep: Flags, left_out: dict[str, int]) -> Flags:
    """Rows (n,) but those that a column says are written by programs."""
    said = pc.utf8_lower(pc.utf8_trim_whitespace(values.cast(pa.string())))
    bots: Flags = pc.fill_null(pc.is_in(said, value_set=_YES), False).to_numpy(zero_copy_only=False)
    n = int((bots & keep).sum())
    if n:
        table.notes.append(
            _("{n:,} rows of bots ({shown}) are left out; --keep bots counts them").format(n=n, shown=column)
        )
        left_out["bots"] = left_out.get("bots", 0) + n
    return ~bots


def _note_people(table: Table, column: str, n_people: int, n: int) -> None:
    """A note where the column of people can hardly be one: all events are of one, or each of another."""
    if n < _FEWEST_EVENTS:
        return
    if n_people == 1:
        table.notes.append(
            _("all {n:,} events are of one person: is {column} the column of people? (--person)").format(
                n=n, column=column
            )
        )
    elif n_people == n:
        table.notes.append(
            _(
                "each of {n:,} events is of another person: is {column} the column of people? (--person)"
            ).format(n=n, column=column)
        )


def _note_repeats(table: Table, time: Numbers, names: Any, rows: Integers) -> None:
    """A note where many events have person and time of the one before, as in exports that were joined."""
    same = np.flatnonzero(np.diff(time) == 0)
    if len(same) < _MANY_REPEATS * len(time) or len(same) < _FEW_REPEATS:
        return
    earlier, later = names.take(pa.array(rows[same])), names.take(pa.array(rows[same + 1]))
    n = int(pc.sum(pc.equal(earlier, later)).as_py())
    if n >= max(_FEW_REPEATS, _MANY_REPEATS * len(time)):
        table.notes.append(
            _(
                "{n:,} events have person and time of another: was the log joined from exports that overlap? "
                "--id COLUMN leaves repetitions out"
            ).format(n=n)
        )


def _tally(kinds: Any) -> dict[str, int]:
    return {row["values"]: row["counts"] for row in pc.value_counts(kinds).to_pylist()}


def _shown(tally: dict[str, int]) -> str:
    shown = sorted(tally.items(), key=lambda item: -item[1])
    listed = ", ".join(f"{kind or '(none)'} {n:,}" for kind, n in shown[:_KINDS_SHOWN])
    return listed + (", …" if len(shown) > _KINDS_SHOWN else "")


def _counted(table: Table, kinds: Any, count: tuple[str, ...]) -> Flags:
    """Rows of the kinds that are asked for."""
    tally = _tally(kinds)
    for kind in count:
        if kind not in tally:
            raise LogError(
                _("{path}: no rows of kind {kind!r}{kind2}; there are {listed}").format(
                    path=table.path, kind=kind, kind2=did_you_mean(kind, tally), listed=_shown(tally)
                )
            )
    chosen: Flags = pc.is_in(kinds, value_set=pa.array(count)).to_numpy(zero_copy_only=False)
    return chosen


def _once(
    table: Table, column: str, ids: Any, names: Any, time: Numbers, keep: Flags, left_out: dict[str, int]
) -> Flags:
    """Rows (n,) but those that repeat number, person and time of an earlier one.

    A number that comes again with another person or time is no number of events: such rows stay, with a note.
    """
    once = np.ones(len(keep), dtype=bool)
    rows = np.flatnonzero(keep & ids.is_valid().to_numpy(zero_copy_only=False))
    if len(rows) == 0:
        return once
    take = pa.array(rows)
    code = ids.take(take).dictionary_encode().indices.to_numpy()
    if int(code[-1]) == len(rows) - 1:  # as many numbers as rows
        return once
    who = names.take(take).dictionary_encode().indices.to_numpy()
    same = pd.DataFrame({"id": code, "who": who, "time": time[rows]}).duplicated().to_numpy()
    others = len(rows) - int(same.sum()) - int(code.max()) - 1
    n = int(same.sum())
    if n:
        words = plural(
            "{n:,} row that repeats another's {column} is left out; --keep repeats counts it",
            "{n:,} rows that repeat another's {column} are left out; --keep repeats counts them",
            n,
        )
        table.notes.append(words.format(n=n, column=column))
        left_out["repeats"] = n
    if others:
        table.notes.append(
            _("{n:,} rows have the {column} of another row, but another person or time: they count").format(
                n=others, column=column
            )
        )
    once[rows[same]] = False
    return once


def _not_left_out(table: Table, names: Any, path: Path, header: str) -> Any:
    """Rows of people who are not in a file of names; a first line that is the column's name is skipped."""
    try:
        data, notes = text(path, _("allowed is a text file, a name a line"))
    except GraphError as error:
        raise LogError(str(error)) from None
    lines = [line.strip().strip('",;') for line in data.decode("utf-8").split("\n")]
    lines = [line for line in lines if line and not line.startswith("#")]
    known = set(names.unique().to_pylist())
    if lines and lines[0] == header and lines[0] not in known:
        lines = lines[1:]
    unknown = [name for name in lines if name not in known]
    if lines and len(unknown) == len(lines):
        near = difflib.get_close_matches(unknown[0], [str(name) for name in list(known)[:5_000]], n=1)
        hint = _("; did you mean {near}?").format(near=repr(near[0])) if near else ""
        raise LogError(
            _("{path}: nobody named there is in {path2} (the first is {unknown!r}{hint})").format(
                path=path, path2=table.path, unknown=unknown[0], hint=hint
            )
        )
    said = _("{n} people left out").format(n=len(lines) - len(unknown))
    table.notes += [
        *notes,
        said + (_("; {n} more named there are not in it").format(n=len(unknown)) if unknown else ""),
    ]
    return ~pc.is_in(names, value_set=pa.array(lines, pa.string())).to_numpy(zero_copy_only=False)


def _answers(ids: Any, answered: Any, rows: Integers) -> Integers:
    """Row (among those kept) of the event that each event answers; NOBODY for none."""
    take = pa.array(rows)
    found = pc.index_in(answered.take(take), value_set=ids.take(take), skip_nulls=True)
    answers: Integers = found.fill_null(NOBODY).to_numpy(zero_copy_only=False).astype(np.int64)
    return answers


def _invitations(
    table: Table,
    columns: Any,
    at: dict[str, str],
    layout: Layout,
    rows: Integers,
    person: Integers,
    people: Any,
) -> Invitations | None:
    """Inviters of those listed in a table of their own, and what those wrote is worth."""
    if layout.inviters is None:
        return None
    other = open_table(layout.inviters)
    asked = {"person": None, "inviter": None}
    ends = find_columns(other, asked, ("person", "inviter"), ())
    read = other.columns(list(ends.values()))
    invited, inviter = (
        plain_names(other, ends[end], read[ends[end]], layout.keep) for end in ("person", "inviter")
    )
    frame = pd.DataFrame({"invited": invited.to_pandas(), "inviter": inviter.to_pandas()})
    frame = frame.dropna(subset=["invited"]).drop_duplicates("invited")
    numbers, listed = pd.factorize(pd.concat([frame["invited"], frame["inviter"]]))
    quality = np.full(len(listed), np.nan)
    row = pd.Index(listed).get_indexer(people.to_pylist())
    if "quality" in at:
        rating = _rating(table, at["quality"], columns[at["quality"]])[rows]
        quality[row[row >= 0]] = mean_quality(person, rating, len(people))[row >= 0]
    table.notes += [f"{layout.inviters.name}: {note}" for note in other.notes]
    return Invitations(numbers[len(frame) :].astype(np.int64), quality, row.astype(np.int64))


def _rating(table: Table, column: str, values: Any) -> Any:
    try:
        return values.cast(pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid as error:
        raise LogError(
            _("{path}: column {column!r} must hold numbers ({error})").format(
                path=table.path, column=column, error=error
            )
        ) from None
