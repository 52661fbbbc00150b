"""Numbers of a scenario as text, with the precision of the scenario."""

from shequn.sim.language import _, plural


def number(value: float) -> str:
    """A number as text; whole numbers with commas.

    >>> number(1234.0), number(2.5)
    ('1,234', '2.5')
    """
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"


def exact_percent(share: float) -> str:
    """A share as a percentage, with up to four significant digits.

    >>> exact_percent(0.125)
    '12.5 %'
    """
    return _("{n:.4g} %").format(n=100 * share)


def days(n: float) -> str:
    """A duration in days."""
    return plural("{n} day", "{n} days", n).format(n=number(n))


def people(n: float) -> str:
    """A number of people."""
    return plural("{n} person", "{n} people", n).format(n=number(n))
