"""A real group to start from: reads and checks its table of members."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.sim.hints import did_you_mean
from shequn.sim.language import _
from shequn.sim.scenario.errors import Problem, ScenarioError, scenario_error
from shequn.sim.scenario.nodes import Mark, Source

Numbers = npt.NDArray[np.float64]

REQUIRED_COLUMNS = ("person", "joined", "last_seen")
TEXT_COLUMNS = ("person", "inviter", "state")
STATES = ("member", "away", "left")
#: Numeric columns with their lowest and highest value. Where a table has no value, traits are drawn as for
#: anybody, and everything else has the value of a member who has just joined.
NUMERIC_COLUMNS: dict[str, tuple[float, float]] = {
    "joined": (-36_500.0, 0.0),  # days, 0 = the start
    "last_seen": (-36_500.0, 0.0),
    "events": (0.0, 1e9),
    "visits": (0.0, 1e9),
    "next_visit": (0.0, math.inf),  # days from the start; for members who are away: when they return
    "draw": (0.0, 1e6),  # number of the draw: a table may hold several draws of one group, and a run uses one
    "quality": (0.0, 1.0),
    "topic": (0.0, 1.0),
    "talkativeness": (0.0, 1000.0),
    "pace": (0.0, 1000.0),
    "contentment": (-10.0, 10.0),
    "satisfaction": (0.0, 1.0),
    "need": (0.0, 1.0),
    "habit": (0.0, 1.0),
    "commitment": (0.0, 1e6),
    "recognition": (0.0, 1e9),
    "answers": (0.0, 1e9),
    "gains": (0.0, 1e9),
    "aspiration": (0.0, 1e9),
}
TRAITS = ("quality", "topic", "talkativeness", "pace", "contentment")
STOCKS = ("satisfaction", "need", "habit", "commitment", "recognition", "answers", "gains", "aspiration")


@dataclass(frozen=True)
class Group:
    """The n members of one draw.

    Attributes
    ----------
    numbers : dict of float arrays (n,)
        By column; nan where the table has no value.
    state : integer array (n,)
        Index into `STATES`.
    inviter : integer array (n,)
        Row of each member's inviter; −1 for none.
    """

    numbers: dict[str, Numbers]
    state: npt.NDArray[np.int64]
    inviter: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.state)


def read_group(path: Path) -> tuple[Group, ...]:
    """The draws in a table of members, in order of their numbers; their arrays are read-only.

    Parameters
    ----------
    path : Path
        CSV in UTF-8 with a header and one row per member. Columns: see `REQUIRED_COLUMNS` and
        `NUMERIC_COLUMNS`; ``inviter`` is the ``person`` of another row, ``state`` is member (default), away
        or left.

    Raises
    ------
    ScenarioError
        Everything that is wrong with the table, with line numbers.
    OSError
        The file cannot be read.
    """
    return _draws_in(path.name, path.read_bytes())


@lru_cache(maxsize=2)  # a calibration makes hundreds of runs with the same table
def _draws_in(name: str, table: bytes) -> tuple[Group, ...]:
    try:
        rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise scenario_error(
            _("{name} is not a table of members (CSV in UTF-8): {error}").format(name=name, error=error)
        ) from None
    if not rows or not rows[0]:
        raise scenario_error(
            _("{name} is empty: a header and a row for each member are needed").format(name=name)
        )
    reader = _Reader(name, tuple(rows))
    reader.check_header()
    reader.check_width()
    return reader.draws()


class _Reader:
    """The rows of one table, and the problems found in them."""

    def __init__(self, name: str, rows: Sequence[Sequence[str]]) -> None:
        self._header = [text.strip() for text in rows[0]]
        self._rows = [row for row in rows[1:] if any(text.strip() for text in row)]
        self._lines = [number for number, row in enumerate(rows[1:], 1) if any(text.strip() for text in row)]
        self._source = Source(name, tuple(",".join(row) for row in rows), is_file=True)
        self._problems: list[Problem] = []

    def _report(self, message: str, line: int = 0) -> None:
        self._problems.append(Problem(message, Mark(self._source, line)))

    def _raise_problems(self) -> None:
        if self._problems:
            raise ScenarioError(self._problems)

    def check_header(self) -> None:
        known = {*NUMERIC_COLUMNS, *TEXT_COLUMNS}
        for name in self._header:
            if name not in known:
                self._report(
                    _("unknown column {name!r}{name2}").format(name=name, name2=did_you_mean(name, known))
                )
            elif self._header.count(name) > 1:
                self._report(_("column {name!r} appears twice").format(name=name))
        for name in REQUIRED_COLUMNS:
            if name not in self._header:
                self._report(_("column {name!r} is missing").format(name=name))
        if not self._rows:
            self._report(_("the table has no members"))
        self._raise_problems()

    def check_width(self) -> None:
        for line, row in zip(self._lines, self._rows, strict=True):
            if len(row) != len(self._header):
                self._report(
                    _("{n} values; the header has {n2}").format(n=len(row), n2=len(self._header)), line
                )
        self._raise_problems()

    def draws(self) -> tuple[Group, ...]:
        numbers = {name: self._numbers(name, *bounds) for name, bounds in NUMERIC_COLUMNS.items()}
        texts = {name: self._texts(name) for name in TEXT_COLUMNS}
        state = self._states(texts["state"])
        self._check_order(numbers["joined"], numbers["last_seen"])
        self._raise_problems()
        number = np.nan_to_num(numbers["draw"]).astype(np.int64)
        groups = []
        for draw in np.unique(number):
            draw_rows = np.flatnonzero(number == draw)
            inviter = self._inviters(texts["person"], texts["inviter"], draw_rows)
            group = Group({k: v[draw_rows] for k, v in numbers.items()}, state[draw_rows], inviter)
            for column in (*group.numbers.values(), group.state, group.inviter):
                column.flags.writeable = False
            groups.append(group)
        self._raise_problems()
        return tuple(groups)

    def _texts(self, name: str) -> list[str]:
        if name not in self._header:
            return [""] * len(self._rows)
        column = self._header.index(name)
        return [row[column].strip() for row in self._rows]

    def _numbers(self, name: str, low: float, high: float) -> Numbers:
        numbers = np.full(len(self._rows), np.nan)
        for row, text in enumerate(self._texts(name)):
            if not text:
                if name in REQUIRED_COLUMNS:
                    self._report(_("{name} is empty").format(name=name), self._lines[row])
                continue
            try:
                numbers[row] = float(text)
            except ValueError:
                self._report(
                    _("{name}: {text!r} is not a number").format(name=name, text=text), self._lines[row]
                )
                continue
            if not low <= numbers[row] <= high:  # false for nan too
                self._report(
                    _("{name} is {text}; allowed: {low:g} to {high:g}").format(
                        name=name, text=text, low=low, high=high
                    ),
                    self._lines[row],
                )
        return numbers

    def _states(self, texts: list[str]) -> npt.NDArray[np.int64]:
        states = np.zeros(len(texts), dtype=np.int64)
        for row, text in enumerate(texts):
            if text in STATES:
                states[row] = STATES.index(text)
            elif text:
                near = did_you_mean(text, STATES)
                self._report(
                    _("state is {text!r}; allowed: {states}{near}").format(
                        text=text, states=", ".join(STATES), near=near
                    ),
                    self._lines[row],
                )
        return states

    def _check_order(self, joined: Numbers, last_seen: Numbers) -> None:
        for row in np.flatnonzero(last_seen < joined):
            self._report(
                _("last seen on day {last_seen:g}, before joining on day {joined:g}").format(
                    last_seen=last_seen[row], joined=joined[row]
                ),
                self._lines[row],
            )

    def _inviters(self, people: list[str], inviters: list[str], draw_rows: Any) -> npt.NDArray[np.int64]:
        row_of: dict[str, int] = {}
        for k, row in enumerate(draw_rows):
            if not people[row]:
                continue  # somebody whose name the log does not have
            if people[row] in row_of:
                self._report(
                    _("person {people!r} appears twice").format(people=people[row]), self._lines[row]
                )
            row_of[people[row]] = k
        rows = np.full(len(draw_rows), -1)
        for k, row in enumerate(draw_rows):
            if inviters[row] and inviters[row] not in row_of:
                near = did_you_mean(inviters[row], row_of)
                self._report(
                    _("inviter {inviters!r} is not in the table{near}").format(
                        inviters=inviters[row], near=near
                    ),
                    self._lines[row],
                )
            elif inviters[row]:
                rows[k] = row_of[inviters[row]]
                if rows[k] == k:
                    self._report(
                        _("person {people!r} cannot have invited themselves").format(people=people[row]),
                        self._lines[row],
                    )
        return rows
