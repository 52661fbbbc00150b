"""Responses: the measured values of each run, named by the columns of its tables."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from shequn.sim.hints import did_you_mean
from shequn.sim.language import _
from shequn.sim.results.key_figures import KEY_FIGURES
from shequn.sim.results.tables import DAILY

if TYPE_CHECKING:
    from shequn.sim.result import Result

#: Key figures that need every visit of the journal; all others are the same without.
NEED_VISITS = frozenset({"seen_week_4"})


class Response(NamedTuple):
    """A column of ``runs``, or, with a day, a column of ``days`` at the end of that day."""

    column: str
    day: int | None = None

    def __str__(self) -> str:
        return self.column if self.day is None else f"{self.column}@{self.day}"

    @property
    def needs_visits(self) -> bool:
        """Whether it is known only if the journal has all visits."""
        return self.day is None and self.column in NEED_VISITS


def response(text: str, days: int) -> Response:
    """The response with a name such as ``evaporation`` or ``temperature@180``.

    Parameters
    ----------
    text : str
        As written.
    days : int
        Length of the runs.

    Raises
    ------
    ValueError
        There is no such column, or the day lies outside the runs; the message suggests a similar name.
    """
    column, at, day = text.partition("@")
    if not at:
        if column in KEY_FIGURES:
            return Response(column)
        if column in DAILY:
            raise ValueError(
                _("{column} is a daily measure: add a day, such as {column}@{days}").format(
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
    # no run has days of ten digits, and int() refuses thousands of digits with an error of its own
    if not day.isdecimal() or len(day) > 9 or int(day) > days:
        raise ValueError(
            _("{text} is not within the run (allowed: {column}@0 to {column}@{days})").format(
                text=text, column=column, days=days
            )
        )
    return Response(column, int(day))


def measure(result: "Result", responses: Sequence[Response]) -> list[float]:
    """The responses of one run, in order; computes only the tables that they need."""
    values = []
    for column, day in responses:
        table, row = (result.runs, 0) if day is None else (result.days, day)
        values.append(float(table[column].to_numpy()[row]))
    return values
