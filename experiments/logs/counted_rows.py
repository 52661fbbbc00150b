"""Which rows of a log's file count as events: what is left out is counted by kind, and said in a note."""

import difflib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from shequn.experiments.logs.activity import DAY, Flags, Integers, Numbers
from shequn.experiments.logs.exports.export import BOT, MESSAGE_TABLE, TableExport
from shequn.experiments.logs.log import LogError
from shequn.experiments.logs.people import bots, gone
from shequn.experiments.logs.tables import Table
from shequn.sim.graphs.files import text
from shequn.sim.graphs.graph import GraphError
from shequn.sim.hints import near_one
from shequn.sim.language import _, plural

_KINDS_SHOWN, _NAMES_SHOWN = 8, 3
_YES = pa.array(["true", "1", "yes", "y", "t", "是"])
_FEWEST_EVENTS = 20  # that show whether a column can be that of people (assumed)
_LONG_SILENCE, _FEW_SHARE = 365, 0.01  # days in which nobody wrote, and share before or after (assumed)
_MANY_REPEATS, _FEW_REPEATS = 0.05, 5  # share and number of repeated events that are noted (assumed)
#: Pattern of kinds of rows that are notices in tables of any origin.
_NOTICES = (
    "^(系统通知|系统消息|系统提示|系统|撤回消息|拍一拍|system|system message|service|notice|notification|"
    "channel_join|channel_leave)$"
)


class CountedRows:
    """The rows that count so far, and how many were left out for which reason.

    Parameters
    ----------
    table : Table
        Gets notes.
    names : pyarrow array of text (n,)
        Person of each row.
    time : floats (n,)
        Instant of each row; nan for none.
    keep : frozenset of str
        Kinds of rows that are kept, see `layout.KEPT`.

    Attributes
    ----------
    flags : flags (n,)
        Which rows count.
    left_out : dict
        How many rows were left out, by kind.
    """

    def __init__(self, table: Table, names: Any, time: Numbers, keep: frozenset[str]) -> None:
        self.table, self.names, self.time, self.keep = table, names, time, keep
        self.flags: Flags = np.ones(len(names), dtype=bool)
        self.left_out: dict[str, int] = {}

    def _leave_out(self, kind: str, rows: Flags, words: Callable[[int], str]) -> None:
        """Leave out rows of a kind, unless the user keeps them; ``words`` say how many."""
        n = int((rows & self.flags).sum())
        if n == 0 or kind in self.keep:
            return
        self.table.notes.append(words(n))
        self.left_out[kind] = self.left_out.get(kind, 0) + n
        self.flags &= ~rows

    def of_kinds(self, column: Any, count: tuple[str, ...], export: TableExport | None) -> None:
        """Count the kinds of rows that are asked for; without, all but notices and bots.

        Raises
        ------
        LogError
            There is no row of a kind that is asked for.
        """
        kinds = pc.fill_null(pc.utf8_trim_whitespace(column.cast(pa.string())), "")
        if count:
            self.flags &= self._asked(kinds, count)
            return
        coded = kinds.dictionary_encode()
        codes, lower = coded.indices.to_numpy(), pc.utf8_lower(coded.dictionary)
        pattern = export.notices if export is not None and export.notices else _NOTICES
        notices = pc.match_substring_regex(lower, pattern)
        shown = ", ".join(coded.dictionary.filter(notices).to_pylist()[:_KINDS_SHOWN])
        self._leave_out(
            "notices",
            notices.to_numpy(zero_copy_only=False)[codes],
            lambda n: plural(
                "{n:,} notice is left out ({shown}); --keep notices counts it",
                "{n:,} notices are left out ({shown}); --keep notices counts them",
                n,
            ).format(n=n, shown=shown),
        )
        self._leave_out_bots(pc.equal(lower, BOT).to_numpy(zero_copy_only=False)[codes], BOT)
        tally = _tally(kinds.filter(pa.array(self.flags)))
        if len(tally) > 1 and (export is None or export.name != MESSAGE_TABLE.name):
            self.table.notes.append(
                _("all kinds of rows are counted ({listed}); --count chooses").format(listed=_listed(tally))
            )

    def _asked(self, kinds: Any, count: tuple[str, ...]) -> Flags:
        """Rows of the kinds that are asked for."""
        tally = _tally(kinds)
        for kind in count:
            if kind not in tally:
                raise LogError(
                    _("{path}: no rows of kind {kind!r}{kind2}; there are {listed}").format(
                        path=self.table.path,
                        kind=kind,
                        kind2=near_one(kind, tally),
                        listed=_listed(tally),
                    )
                )
        chosen: Flags = pc.is_in(kinds, value_set=pa.array(count)).to_numpy(zero_copy_only=False)
        return chosen

    def complete(self) -> None:
        """Leave out the rows without a person or a time."""
        missing = ~self.names.is_valid().to_numpy(zero_copy_only=False) | np.isnan(self.time)
        odd = self.table.odd
        if odd.n:
            self.left_out["odd"] = odd.n
        self.flags[odd.rows] = False  # said already
        self._leave_out(
            "without",
            missing,
            lambda n: plural(
                "{n:,} row without a person or a time is left out",
                "{n:,} rows without a person or a time are left out",
                n,
            ).format(n=n),
        )

    def real_people(self) -> None:
        """Leave out accounts that are gone, names that are none, and known bots."""
        coded = self.names.dictionary_encode()
        codes = coded.indices.fill_null(len(coded.dictionary)).to_numpy(zero_copy_only=False)
        for kind, found in (("deleted", gone(coded.dictionary)), ("bots", bots(coded.dictionary))):
            rows = np.append(found.to_numpy(zero_copy_only=False), False)[codes]
            if not rows.any():
                continue
            shown = ", ".join(
                repr(name) for name in coded.dictionary.filter(found).to_pylist()[:_NAMES_SHOWN]
            )
            if kind in self.keep:
                self.table.notes.append(
                    _("{shown} counts as a person, with {n:,} rows").format(shown=shown, n=int(rows.sum()))
                )
            elif kind == "bots":
                self._leave_out_bots(rows, shown)
            else:
                self._leave_out_gone(rows, shown)

    def _leave_out_gone(self, rows: Flags, shown: str) -> None:
        self._leave_out(
            "deleted",
            rows,
            lambda n: plural(
                "{n:,} row of {shown}, which stands for accounts that are gone or unknown, is left out; "
                "--keep deleted counts it",
                "{n:,} rows of {shown}, which stands for accounts that are gone or unknown, are left out; "
                "--keep deleted counts them",
                n,
            ).format(n=n, shown=shown),
        )

    def no_bots(self, column: Any, name: str) -> None:
        """Leave out the rows that a column marks as those of bots."""
        said = pc.utf8_lower(pc.utf8_trim_whitespace(column.cast(pa.string())))
        rows = pc.fill_null(pc.is_in(said, value_set=_YES), False).to_numpy(zero_copy_only=False)
        self._leave_out_bots(rows, name)

    def _leave_out_bots(self, rows: Flags, shown: str) -> None:
        self._leave_out(
            "bots",
            rows,
            lambda n: plural(
                "{n:,} row of bots ({shown}) is left out; --keep bots counts it",
                "{n:,} rows of bots ({shown}) are left out; --keep bots counts them",
                n,
            ).format(n=n, shown=shown),
        )

    def not_named_in(self, path: Path, header: str) -> None:
        """Leave out the people in a file of names, whose first line may be the column's name.

        Raises
        ------
        LogError
            The file cannot be read, or names nobody who is there.
        """
        try:
            data, notes = text(path, _("allowed is a text file, a name a line"))
        except GraphError as error:
            raise LogError(str(error)) from None
        lines = [line.strip().strip('",;') for line in data.decode("utf-8").split("\n")]
        lines = [line for line in lines if line and not line.startswith("#")]
        known = set(self.names.unique().to_pylist())
        if lines and lines[0] == header and lines[0] not in known:
            lines = lines[1:]
        unknown = [name for name in lines if name not in known]
        if lines and len(unknown) == len(lines):
            near = difflib.get_close_matches(unknown[0], [str(name) for name in list(known)[:5_000]], n=1)
            hint = _("; did you mean {near}?").format(near=repr(near[0])) if near else ""
            raise LogError(
                _("{path}: nobody named there is in {path2} (the first is {unknown!r}{hint})").format(
                    path=path, path2=self.table.path, unknown=unknown[0], hint=hint
                )
            )
        said = _("{n} people left out").format(n=len(lines) - len(unknown))
        more = _("; {n} more named there are not in it").format(n=len(unknown)) if unknown else ""
        self.table.notes += [*notes, said + more]
        named = pc.is_in(self.names, value_set=pa.array(lines, pa.string()))
        self.flags &= ~named.to_numpy(zero_copy_only=False)

    def once(self, numbers: Any, column: str) -> None:
        """Leave out the rows that repeat number, person and time of an earlier one.

        A number that comes again with another person or time is no number of events: such rows stay, with a
        note.

        Parameters
        ----------
        numbers : pyarrow array of text (n,)
        column : str
            Its name, for notes.
        """
        rows = np.flatnonzero(self.flags & numbers.is_valid().to_numpy(zero_copy_only=False))
        if len(rows) == 0:
            return
        take = pa.array(rows)
        number = numbers.take(take).dictionary_encode()
        n_numbers, code = len(number.dictionary), number.indices.to_numpy()
        if n_numbers == len(rows):
            return
        person = self.names.take(take).dictionary_encode().indices.to_numpy()
        frame = pd.DataFrame({"number": code, "person": person, "time": self.time[rows]})
        repeats = np.zeros(len(self.flags), dtype=bool)
        repeats[rows] = frame.duplicated().to_numpy()
        others = len(rows) - int(repeats.sum()) - n_numbers
        self._leave_out(
            "repeats",
            repeats,
            lambda n: plural(
                "{n:,} row that repeats another's {column} is left out; --keep repeats counts it",
                "{n:,} rows that repeat another's {column} are left out; --keep repeats counts them",
                n,
            ).format(n=n, column=column),
        )
        if others:
            self.table.notes.append(
                _(
                    "{n:,} rows have the {column} of another row, but another person or time: they count"
                ).format(n=others, column=column)
            )

    def in_order(self) -> Integers:
        """The rows that count, in order of time.

        Raises
        ------
        LogError
            None does.
        """
        rows = np.flatnonzero(self.flags)
        if len(rows) == 0:
            raise LogError(
                _("{path}: no rows are left to measure ({n:,} in the file)").format(
                    path=self.table.path, n=len(self.flags)
                )
            )
        return rows[np.argsort(self.time[rows], kind="stable")]

    def note_doubts(self, rows: Integers, column: str, has_numbers: bool) -> None:
        """Notes on what can hardly be true of the people, on a year without events, and on events that come twice.

        Parameters
        ----------
        rows : integers
            The rows that count, in order of time.
        column : str
            Name of the column of people.
        has_numbers : bool
            Whether events have numbers by which repetitions were left out.
        """
        n, n_people = len(rows), len(self.names.take(pa.array(rows)).unique())
        if n >= _FEWEST_EVENTS and n_people == 1:
            self.table.notes.append(
                _("all {n:,} events are of one person: is {column} the column of people? (--person)").format(
                    n=n, column=column
                )
            )
        elif n >= _FEWEST_EVENTS and n_people == n:
            self.table.notes.append(
                _(
                    "each of {n:,} events is of another person: is {column} the column of people? (--person)"
                ).format(n=n, column=column)
            )
        self._note_silence(rows)
        n_repeats = 0 if has_numbers else self._repeats(rows)
        if n_repeats >= max(_FEW_REPEATS, _MANY_REPEATS * n):
            self.table.notes.append(
                _(
                    "{n:,} events have person and time of another: was the log joined from exports that overlap? "
                    "--id COLUMN leaves repetitions out"
                ).format(n=n_repeats)
            )

    def _note_silence(self, rows: Integers) -> None:
        """A note on a year or more in which nobody wrote; few times that lie far away are noted with the times."""
        time = self.time[rows]
        if len(rows) < _FEWEST_EVENTS:
            return
        gaps = np.diff(time)
        at = int(np.argmax(gaps))
        if gaps[at] < _LONG_SILENCE * DAY or min(at + 1, len(rows) - at - 1) <= _FEW_SHARE * len(rows):
            return
        first, last = (str(np.datetime64(int(time[at + step]), "s"))[:10] for step in (0, 1))
        self.table.notes.append(
            _("nobody wrote for {days:,} days, from {first} to {last}: is the file complete?").format(
                days=int(gaps[at] // DAY), first=first, last=last
            )
        )

    def _repeats(self, rows: Integers) -> int:
        """How many events have time and person of the one before."""
        same = np.flatnonzero(np.diff(self.time[rows]) == 0)
        earlier, later = (self.names.take(pa.array(rows[same + step])) for step in (0, 1))
        return int(pc.sum(pc.equal(earlier, later)).as_py() or 0)


def _tally(kinds: Any) -> dict[str, int]:
    return {row["values"]: row["counts"] for row in pc.value_counts(kinds).to_pylist()}


def _listed(tally: dict[str, int]) -> str:
    shown = sorted(tally.items(), key=lambda item: -item[1])
    listed = ", ".join(f"{kind or '(none)'} {n:,}" for kind, n in shown[:_KINDS_SHOWN])
    return listed + (", …" if len(shown) > _KINDS_SHOWN else "")
