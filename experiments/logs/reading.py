"""Reading a log from a user's own export: names become numbers at once and are not kept."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from shequn.experiments.logs.activity import DAY, Integers, Numbers
from shequn.experiments.logs.counted_rows import CountedRows
from shequn.experiments.logs.exports.opening import open_log
from shequn.experiments.logs.inviters import read_invitations
from shequn.experiments.logs.layout import KEPT, Layout
from shequn.experiments.logs.log import NOBODY, Log, LogError
from shequn.experiments.logs.odd_rows import OddRows
from shequn.experiments.logs.people import NO_NAME, plain_names
from shequn.experiments.logs.source import Source, read_source
from shequn.experiments.logs.tables import Dress, Table
from shequn.experiments.logs.times import Instants, instants, known_zone
from shequn.sim.hints import near_one
from shequn.sim.language import _, plural

__all__ = ["Layout", "read_log"]


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
    zone = _checked(layout)
    dress = Dress(layout.sheet, layout.delimiter, layout.names, layout.encoding)
    table, export = open_log(path, layout.format, dress, OddRows(layout.skip_bad))
    source = read_source(table, export, layout)
    when = _when(source, layout)
    names = plain_names(table, source.at["person"], source.column("person"), layout.keep)
    ratings = _ratings(source) if "quality" in source else None
    counted = CountedRows(table, names, when.seconds, layout.keep)
    _count(counted, source, layout)
    rows = counted.in_order()
    counted.note_doubts(rows, source.at["person"], "id" in source)
    listed = names.take(pa.array(rows)).dictionary_encode()
    person = listed.indices.to_numpy().astype(np.int64)
    answers = _answers(source, rows)
    if answers is not None:
        answers = _after_what_they_answer(answers, when.seconds[rows], table, source.at["reply_to"])
    rating = ratings[rows] if ratings is not None else None
    return Log(
        title=_title(path),
        person=person,
        time=when.seconds[rows],
        zone=zone or (export.zone if export is not None and export.zone is not None else "UTC"),
        answers=answers,
        answered=np.where(answers >= 0, person[answers], NOBODY) if answers is not None else None,
        invitations=read_invitations(source, layout, person, listed.dictionary, rating),
        rating=rating,
        notes=table.notes,
        clock=when.zone,
        left_out=counted.left_out,
    )


def _ratings(source: Source) -> Numbers:
    """Rating of each row of the file; nan where it has none."""
    name, column = source.at["quality"], source.column("quality")
    texts = column.cast(pa.string()).to_pandas()
    given = texts.notna() & ~texts.str.strip().str.lower().isin(("", *NO_NAME))
    found = pd.to_numeric(texts.where(given), errors="coerce").to_numpy(dtype=float)
    bad = given.to_numpy() & ~np.isfinite(found)
    source.table.odd.marked(source.table, name, column, bad, _("is not a finite number"))
    return np.where(bad, np.nan, found)


def _checked(layout: Layout) -> str | None:
    """The time zone that is asked for, in its usual spelling; refuses what can be refused without the file."""
    for kind in layout.keep:
        if kind not in KEPT:
            raise LogError(
                _("--keep {kind}: allowed are {allowed}{hint}").format(
                    kind=kind, allowed=", ".join(KEPT), hint=near_one(kind, KEPT)
                )
            )
    return str(known_zone(layout.zone)) if layout.zone is not None else None


def _when(source: Source, layout: Layout) -> Instants:
    """Instants of all rows, with the zone of an export where the user names none."""
    table, export = source.table, source.export
    assumed = export.zone if export is not None and layout.zone is None else None
    when = instants(
        table, source.at["time"], source.column("time"), layout.zone or assumed, layout.time_format
    )
    if assumed is None or export is None or when.zone != assumed:
        return when
    table.notes.append(
        _("times taken as {zone}, as usual in exports of {title}; --tz names another zone").format(
            zone=assumed, title=export.title
        )
    )
    return when._replace(zone=_("{zone} (assumed)").format(zone=assumed))


def _count(counted: CountedRows, source: Source, layout: Layout) -> None:
    """Leave out the rows that do not count, each kind with a note."""
    if "kind" in source:
        counted.of_kinds(source.column("kind"), layout.count, source.export)
    counted.complete()
    counted.real_people()
    if "bot" in source:
        counted.no_bots(source.column("bot"), source.at["bot"])
    if layout.leave_out is not None:
        counted.not_named_in(layout.leave_out, source.at["person"])
    if "id" in source:
        counted.once(source.event_numbers("id"), source.at["id"])


def _title(path: Path) -> str:
    name = path.name.removesuffix(".gz")
    return name.rsplit(".", 1)[0] if "." in name else name


def _answers(source: Source, rows: Integers) -> Integers | None:
    """Row (among those kept) of the event that each event answers, NOBODY for none; None where that is not known."""
    if "id" not in source or "reply_to" not in source:
        return None
    take = pa.array(rows)
    numbers, answered = (source.event_numbers(column).take(take) for column in ("id", "reply_to"))
    found = pc.index_in(answered, value_set=numbers, skip_nulls=True)
    answers: Integers = found.fill_null(NOBODY).to_numpy(zero_copy_only=False).astype(np.int64)
    return answers


def _after_what_they_answer(answers: Integers, time: Numbers, table: Table, column: str) -> Integers:
    """Answers without those that cannot be, with a note: to themselves, or to what came more than a day later.

    Less than a day may be the clocks of senders.
    """
    row = np.arange(len(answers))
    cannot_be = (answers != NOBODY) & ((answers == row) | (time[answers] > time + DAY))
    n = int(cannot_be.sum())
    if n:
        words = plural(
            "{n:,} event answers itself or a later one, and counts as no answer: is {column} the right column? "
            "(--reply-to)",
            "{n:,} events answer themselves or later ones, and count as no answers: is {column} the right column? "
            "(--reply-to)",
            n,
        )
        table.notes.append(words.format(n=n, column=column))
    return np.where(cannot_be, NOBODY, answers)
