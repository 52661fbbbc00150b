"""Reading a log from a user's own export: names become numbers at once and are not kept."""

import difflib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from shequn.experiments.logs.activity import Integers
from shequn.experiments.logs.columns import find_columns
from shequn.experiments.logs.log import NOBODY, Invitations, Log, LogError, mean_quality
from shequn.experiments.logs.tables import Table, open_table
from shequn.experiments.logs.times import instants, known_zone
from shequn.sim.graphs.files import text
from shequn.sim.graphs.graph import GraphError
from shequn.sim.language import _
from shequn.sim.scenario.hints import did_you_mean

_KINDS_SHOWN = 8


@dataclass(frozen=True)
class Layout:
    """How a log is to be read; what is None is recognised or left.

    Attributes
    ----------
    columns : dict
        Column's name in the file by what it holds: person, time, kind, id, reply_to, quality.
    zone : str, optional
        Time zone of local times, and of the hours of the week.
    time_format : str, optional
        How times are written, as in ``strptime``.
    count : tuple of str
        Kinds of rows that count; all without.
    leave_out : Path, optional
        Text file of people to leave out (bots), a name a line.
    inviters : Path, optional
        Table of who was invited by whom.
    sheet : str, optional
        Sheet of a workbook.
    """

    columns: dict[str, str | None] = field(default_factory=dict)
    zone: str | None = None
    time_format: str | None = None
    count: tuple[str, ...] = ()
    leave_out: Path | None = None
    inviters: Path | None = None
    sheet: str | None = None


def read_log(path: Path | str, layout: Layout | None = None) -> Log:
    """The log in a table of events.

    Parameters
    ----------
    path : Path or str
        CSV, TSV (also gzipped), Excel or Parquet.
    layout : Layout, optional

    Raises
    ------
    LogError
        The file cannot be read as a log; says where, what was found and what is allowed.
    """
    path, layout = Path(path), layout or Layout()
    zone = str(known_zone(layout.zone)) if layout.zone is not None else None
    table = open_table(path, layout.sheet)
    at = find_columns(table, layout.columns, *_sought(layout))
    if "quality" in at and layout.inviters is None:
        table.notes.append(_("ratings are used for invitations only; --inviters says who invited whom"))
    columns = table.columns(list(at.values()))
    time = instants(table, at["time"], columns[at["time"]], layout.zone, layout.time_format)
    names = _names(columns[at["person"]])
    keep = (
        _counted(table, columns[at["kind"]], layout.count) if "kind" in at else np.ones(len(time), dtype=bool)
    )
    keep &= _complete(table, names, time)
    if layout.leave_out is not None:
        keep &= _not_left_out(table, names, layout.leave_out, at["person"])
    if not keep.any():
        raise LogError(
            _("{path}: no rows are left to measure ({n:,} in the file)").format(path=path, n=len(time))
        )
    rows = np.flatnonzero(keep)
    rows = rows[np.argsort(time[rows], kind="stable")]
    listed = names.take(pa.array(rows)).dictionary_encode()
    person = listed.indices.to_numpy().astype(np.int64)
    answers = (
        _answers(columns[at["id"]], columns[at["reply_to"]], rows)
        if {"id", "reply_to"} <= at.keys()
        else None
    )
    return Log(
        title=_title(path),
        person=person,
        time=time[rows],
        zone=zone or "UTC",
        answers=answers,
        answered=np.where(answers >= 0, person[answers], NOBODY) if answers is not None else None,
        invitations=_invitations(table, columns, at, layout, rows, person, listed.dictionary),
        notes=table.notes,
    )


def _sought(layout: Layout) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Columns that must be there, given what is asked, and those that may."""
    asked = {column for column, name in layout.columns.items() if name is not None}
    if layout.count:
        asked.add("kind")
    if asked & {"id", "reply_to"}:
        asked |= {"id", "reply_to"}
    needed = (
        "person",
        "time",
        *(column for column in ("kind", "id", "reply_to", "quality") if column in asked),
    )
    return needed, tuple(column for column in ("kind", "id", "reply_to") if column not in asked)


def _title(path: Path) -> str:
    return path.name.removesuffix(".gz").rsplit(".", 1)[0]


def _names(column: Any) -> Any:
    """Names of people or of events as text without spaces around; missing where empty."""
    if pa.types.is_floating(column.type):  # whole numbers, in a column with gaps
        whole = column.cast(pa.int64(), safe=False)
        same = pc.all(pc.equal(whole.cast(column.type), column)).as_py()
        column = whole if same else column
    if pa.types.is_timestamp(column.type) or not pa.types.is_string(column.type):
        column = column.cast(pa.string())
    column = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def _complete(table: Table, names: Any, time: Any) -> Any:
    """Rows that have a person and a time; the others are left out with a note."""
    complete = names.is_valid().to_numpy(zero_copy_only=False) & ~np.isnan(time)
    missing = len(complete) - int(complete.sum())
    if missing:
        table.notes.append(
            _("{missing:,} rows without a person or a time are left out").format(missing=missing)
        )
    return complete


def _counted(table: Table, column: Any, count: tuple[str, ...]) -> Any:
    kinds = _names(column).fill_null("")
    tally = {row["values"]: row["counts"] for row in pc.value_counts(kinds).to_pylist()}
    shown = sorted(tally.items(), key=lambda item: -item[1])
    listed = ", ".join(f"{kind or '(none)'} {n:,}" for kind, n in shown[:_KINDS_SHOWN])
    listed += ", …" if len(shown) > _KINDS_SHOWN else ""
    for kind in count:
        if kind not in tally:
            raise LogError(
                _("{path}: no rows of kind {kind!r}{kind2}; there are {listed}").format(
                    path=table.path, kind=kind, kind2=did_you_mean(kind, tally), listed=listed
                )
            )
    if not count:
        if len(tally) > 1:
            table.notes.append(
                _("all kinds of rows are counted ({listed}); --count chooses").format(listed=listed)
            )
        return np.ones(len(kinds), dtype=bool)
    return pc.is_in(kinds, value_set=pa.array(count)).to_numpy(zero_copy_only=False)


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
    found = pc.index_in(_names(answered).take(take), value_set=_names(ids).take(take), skip_nulls=True)
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
    invited, inviter = _names(read[ends["person"]]), _names(read[ends["inviter"]])
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
