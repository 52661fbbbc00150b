"""A real group to start from: its members as a table, read and checked."""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.sim.language import _
from shequn.sim.scenario.errors import Problem, ScenarioError, scenario_error
from shequn.sim.scenario.hints import did_you_mean
from shequn.sim.scenario.nodes import Mark, Source

Numbers = npt.NDArray[np.float64]

NEEDED = ("person", "joined", "last_seen")
TEXTS = ("person", "inviter", "state")
STATES = ("member", "away", "left")
#: Numbers of a member, each with its lowest and highest value. What a table lacks, or leaves empty, is
#: drawn as for anybody (traits) or as at joining (the rest).
NUMBERS: dict[str, tuple[float, float]] = {
    "joined": (-36_500.0, 0.0),  # days, 0 = the start
    "last_seen": (-36_500.0, 0.0),
    "events": (0.0, 1e9),
    "visits": (0.0, 1e9),
    "next_visit": (0.0, math.inf),  # days from the start; of who is away, when they come back
    "draw": (0.0, 1e6),  # several draws of one group, told apart by a number: a run takes one
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
    """The members of one draw.

    Attributes
    ----------
    numbers : dict of floats (n,)
        By column; nan where the table leaves it empty.
    state : integers (n,)
        Place in `STATES`.
    inviter : integers (n,)
        Row of whoever brought each member; −1 for nobody.
    """

    numbers: dict[str, Numbers]
    state: npt.NDArray[np.int64]
    inviter: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.state)


def read_group(path: Path) -> tuple[Group, ...]:
    """The draws of a table of members, in order of their numbers.

    Parameters
    ----------
    path : Path
        CSV in UTF-8 with a header; a row for each member. Columns: see `NEEDED` and `NUMBERS`; ``inviter``
        names another row's person, ``state`` is member (default), away or left.

    Raises
    ------
    ScenarioError
        Everything that is wrong with it, with its line.
    OSError
        It cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise scenario_error(
            _("{name} is no table of members (CSV in UTF-8): {error}").format(name=path.name, error=error)
        ) from None
    if not rows or not rows[0]:
        raise scenario_error(
            _("{name} is empty: a header and a row for each member are needed").format(name=path.name)
        )
    reader = _Reader(path.name, tuple(rows))
    reader.check_header()
    reader.check_width()
    return reader.draws()


class _Reader:
    """The rows of one table; collects what is wrong."""

    def __init__(self, name: str, rows: Sequence[Sequence[str]]) -> None:
        self._header = [text.strip() for text in rows[0]]
        self._rows = [row for row in rows[1:] if any(text.strip() for text in row)]
        self._lines = [number for number, row in enumerate(rows[1:], 1) if any(text.strip() for text in row)]
        self._source = Source(name, tuple(",".join(row) for row in rows), is_file=True)
        self._problems: list[Problem] = []

    def _wrong(self, message: str, line: int = 0) -> None:
        self._problems.append(Problem(message, Mark(self._source, line)))

    def _stop_if_wrong(self) -> None:
        if self._problems:
            raise ScenarioError(self._problems)

    def check_header(self) -> None:
        known = {*NUMBERS, *TEXTS}
        for name in self._header:
            if name not in known:
                self._wrong(
                    _("unknown column {name!r}{name2}").format(name=name, name2=did_you_mean(name, known))
                )
            elif self._header.count(name) > 1:
                self._wrong(_("column {name!r} is there twice").format(name=name))
        for name in NEEDED:
            if name not in self._header:
                self._wrong(_("column {name!r} is missing").format(name=name))
        if not self._rows:
            self._wrong(_("there is no member in the table"))
        self._stop_if_wrong()

    def check_width(self) -> None:
        for line, row in zip(self._lines, self._rows, strict=True):
            if len(row) != len(self._header):
                self._wrong(
                    _("{n} values; the header has {n2}").format(n=len(row), n2=len(self._header)), line
                )
        self._stop_if_wrong()

    def draws(self) -> tuple[Group, ...]:
        numbers = {name: self._numbers(name, *bounds) for name, bounds in NUMBERS.items()}
        texts = {name: self._texts(name) for name in TEXTS}
        state = self._states(texts["state"])
        self._check_order(numbers["joined"], numbers["last_seen"])
        self._stop_if_wrong()
        number = np.nan_to_num(numbers["draw"]).astype(np.int64)
        found = []
        for draw in np.unique(number):
            at = np.flatnonzero(number == draw)
            inviter = self._inviters(texts["person"], texts["inviter"], at)
            found.append(Group({k: v[at] for k, v in numbers.items()}, state[at], inviter))
        self._stop_if_wrong()
        return tuple(found)

    def _texts(self, name: str) -> list[str]:
        if name not in self._header:
            return [""] * len(self._rows)
        column = self._header.index(name)
        return [row[column].strip() for row in self._rows]

    def _numbers(self, name: str, low: float, high: float) -> Numbers:
        found = np.full(len(self._rows), np.nan)
        for row, text in enumerate(self._texts(name)):
            if not text:
                if name in NEEDED:
                    self._wrong(_("{name} is empty").format(name=name), self._lines[row])
                continue
            try:
                found[row] = float(text)
            except ValueError:
                self._wrong(_("{name}: {text!r} is no number").format(name=name, text=text), self._lines[row])
                continue
            if not low <= found[row] <= high:  # false for nan too
                self._wrong(
                    _("{name} is {text}: allowed is {low:g} … {high:g}").format(
                        name=name, text=text, low=low, high=high
                    ),
                    self._lines[row],
                )
        return found

    def _states(self, texts: list[str]) -> npt.NDArray[np.int64]:
        found = np.zeros(len(texts), dtype=np.int64)
        for row, text in enumerate(texts):
            if text in STATES:
                found[row] = STATES.index(text)
            elif text:
                near = did_you_mean(text, STATES)
                self._wrong(
                    _("state {text!r}: one of {states}{near}").format(
                        text=text, states=", ".join(STATES), near=near
                    ),
                    self._lines[row],
                )
        return found

    def _check_order(self, joined: Numbers, last_seen: Numbers) -> None:
        for row in np.flatnonzero(last_seen < joined):
            self._wrong(
                _("last seen on day {last_seen:g}, before joining on day {joined:g}").format(
                    last_seen=last_seen[row], joined=joined[row]
                ),
                self._lines[row],
            )

    def _inviters(self, people: list[str], inviters: list[str], at: Any) -> npt.NDArray[np.int64]:
        place: dict[str, int] = {}
        for k, row in enumerate(at):
            if not people[row]:
                continue  # somebody the log does not know by name
            if people[row] in place:
                self._wrong(
                    _("person {people!r} is there twice").format(people=people[row]), self._lines[row]
                )
            place[people[row]] = k
        found = np.full(len(at), -1)
        for k, row in enumerate(at):
            if inviters[row] and inviters[row] not in place:
                near = did_you_mean(inviters[row], place)
                self._wrong(
                    _("inviter {inviters!r} is nobody in the table{near}").format(
                        inviters=inviters[row], near=near
                    ),
                    self._lines[row],
                )
            elif inviters[row]:
                found[k] = place[inviters[row]]
                if found[k] == k:
                    self._wrong(
                        _("person {people!r} cannot have invited themselves").format(people=people[row]),
                        self._lines[row],
                    )
        return found
