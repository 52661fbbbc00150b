"""Numbers as text with suitable digits, and sentences about several runs."""

import datetime
import math
from collections.abc import Callable

import pandas as pd

from shequn.sim.language import _

Format = Callable[[float], str]

_LAST_DATE = datetime.date(9999, 1, 1)  # with room for ticks beyond the end of an axis


def count(value: float) -> str:
    """A number of people or posts: with one decimal below 10, unless whole.

    >>> count(1234.4), count(2.5)
    ('1,234', '2.5')
    """
    if math.isnan(value):
        return _("none")
    return f"{value:,.0f}" if abs(value) >= 9.95 or value == round(value) else f"{value:.1f}"


def rate(value: float) -> str:
    """A rate per day, or a number of days: with one decimal below 10.

    >>> rate(4.0), rate(23.4)
    ('4.0', '23')
    """
    if math.isnan(value):
        return _("unknown")
    return f"{value:.1f}" if abs(value) < 9.95 else f"{value:,.0f}"


def percent(share: float) -> str:
    """A share as a percentage: whole, with one decimal below 1 %.

    >>> percent(0.234), percent(0.0042)
    ('23%', '0.4%')
    """
    if math.isnan(share):
        return _("unknown")
    part = 100 * share
    return f"{part:.1f}%" if 0 < abs(part) < 0.95 else f"{part:.0f}%"


def level(value: float) -> str:
    """A quality, rank or K: with two decimals.

    >>> level(0.5)
    '0.50'
    """
    return _("unknown") if math.isnan(value) else f"{value:.2f}"


def change(value: float) -> str:
    """A change of mean quality: with its sign and three decimals.

    >>> change(-0.1234), change(0.00001)
    ('-0.123', '0.000')
    """
    if math.isnan(value):
        return _("unknown")
    text = f"{value:+.3f}"
    return "0.000" if text in ("+0.000", "-0.000") else text


def spread(values: pd.Series, format_value: Format) -> str:
    """The median over runs, followed by the lowest and highest in brackets if they differ."""
    known = values.dropna()
    if len(known) == 0:
        return format_value(math.nan)
    middle, low, high = (format_value(float(v)) for v in (known.median(), known.min(), known.max()))
    return (
        middle if low == high else _("{middle} ({low} to {high})").format(middle=middle, low=low, high=high)
    )


def statement(outcomes: pd.Series, if_true: str, if_false: str) -> str:
    """A sentence that says in how many runs something holds, or whether it holds in the only run.

    >>> statement(pd.Series([True, True, False]), "It grew", "It did not grow")
    'It grew in 2 of 3 runs.'
    >>> statement(pd.Series([False]), "It grew", "It did not grow")
    'It did not grow.'
    """
    n, runs = int(outcomes.sum()), len(outcomes)
    if n == runs:
        return (
            _("{sentence}.").format(sentence=if_true)
            if runs == 1
            else _("{yes} in all {runs} runs.").format(yes=if_true, runs=runs)
        )
    return (
        _("{sentence}.").format(sentence=if_false)
        if runs == 1
        else _("{yes} in {n} of {runs} runs.").format(yes=if_true, n=n, runs=runs)
    )


def has_dates(start: datetime.date, days: float) -> bool:
    """Whether an axis of this many days can show dates: Python's calendar ends with the year 9999."""
    return start.toordinal() + int(days) < _LAST_DATE.toordinal()


def date_text(start: datetime.date, day: int) -> str:
    """The date this many days after the start; empty after the year 9999, where Python's calendar ends.

    >>> date_text(datetime.date(2026, 1, 1), 31)
    '2026-02-01'
    """
    if start.toordinal() + day > datetime.date.max.toordinal():
        return ""
    return (start + datetime.timedelta(days=day)).isoformat()


def join_words(parts: list[str]) -> str:
    """Parts of a sentence joined by commas and `and`.

    >>> join_words(["a", "b", "c"])
    'a, b and c'
    """
    if len(parts) == 1:
        return parts[0]
    return _("{first} and {last}").format(first=_(", ").join(parts[:-1]), last=parts[-1])


def number(value: float, half_width: float) -> str:
    """An estimate, rounded so that the half width of its interval would have two digits.

    >>> number(12.3456, 0.123), number(1234.5, 30.0)
    ('12.35', '1,234')
    """
    if not math.isfinite(value):
        return _("unknown")
    size = half_width if math.isfinite(half_width) and half_width > 0.0 else abs(value)
    decimals = max(0, 1 - math.floor(math.log10(size))) if size > 0.0 else 0
    return f"{value:,.{min(decimals, 8)}f}"
