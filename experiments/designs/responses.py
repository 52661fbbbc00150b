"""Responses: what is measured of each run, by the names of the tables' columns."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from shequn.sim.language import _
from shequn.sim.results.key_figures import KEY_FIGURES
from shequn.sim.results.tables import DAILY
from shequn.sim.scenario.hints import did_you_mean

if TYPE_CHECKING:
    from shequn.sim.result import Result

#: Key figures that need every visit of the journal; all others come out the same without.
NEED_VISITS = frozenset({"seen_week_4"})


class Response(NamedTuple):
    """A column of ``runs``, or, with a day, a column of ``days`` at the end of that day."""

    column: str
    day: int | None = None

    def __str__(self) -> str:
        return self.column if self.day is None else f"{self.column}@{self.day}"

    @property
    def needs_visits(self) -> bool:
        """Whether it is known only when the journal is full."""
        return self.day is None and self.column in NEED_VISITS


def response(text: str, days: int) -> Response:
    """The response of a name such as ``evaporation`` or ``temperature@180``.

    Parameters
    ----------
    text : str
        As written.
    days : int
        Length of the runs.

    Raises
    ------
    ValueError
        There is no such column, or the day lies outside the runs; the message says what is meant
        perhaps.
    """
    column, at, written = text.partition("@")
    if not at:
        if column in KEY_FIGURES:
            return Response(column)
        if column in DAILY:
            raise ValueError(
                _("{column} is a daily measure: say of which day, such as {column}@{days}").format(
                    column=column, days=days
                )
            )
        raise ValueError(
            _("there is no response {text!r}{column}").format(
                text=text, column=did_you_mean(column, (*KEY_FIGURES, *DAILY))
            )
        )
    if column not in DAILY:
        raise ValueError(
            _("there is no daily measure {column!r}{column2}").format(
                column=column, column2=did_you_mean(column, DAILY)
            )
        )
    # no run has days of ten digits, and int() refuses thousands of them in words of its own
    if not written.isdecimal() or len(written) > 9 or int(written) > days:
        raise ValueError(
            _("{text} is of no day of the run (allowed: {column}@0 to {column}@{days})").format(
                text=text, column=column, days=days
            )
        )
    return Response(column, int(written))


def measured(result: "Result", responses: Sequence[Response]) -> list[float]:
    """The responses of one run, in order; only the tables that they need are made."""
    values = []
    for column, day in responses:
        table, row = (result.runs, 0) if day is None else (result.days, day)
        values.append(float(table[column].to_numpy()[row]))
    return values
