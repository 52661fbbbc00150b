"""The key numbers of both communities as text, for the table below the pictures."""

import math

from shequn.app.classroom.measures import STAY_DAYS, Measures
from shequn.sim.language import _
from shequn.sim.presentation.formats import percent

MIN_COUNT = 10  # with fewer departures or newcomers, their mean says nothing


def overview_rows(a: Measures, b: Measures) -> list[list[str]]:
    """Rows of the table: label, value in A, value in B; what neither has is left out."""
    rows = [
        [_("Members"), count(a.members), count(b.members)],
        [_("Temperature (mean quality, 0 to 1)"), level(a.temperature), level(b.temperature)],
        [_("… changed by joins (dilution)"), change(a.dilution), change(b.dilution)],
        [_("… changed by departures (evaporation)"), change(a.evaporation), change(b.evaporation)],
        [_("Matched rank of departures (½ = like those who stay)"), rank_or_dash(a), rank_or_dash(b)],
        [_("Joined since the start"), count(a.joined), count(b.joined)],
        [_("Left since the start"), count(a.left), count(b.left)],
        [_("K: members that a member brings in"), level(a.k), level(b.k)],
        [_("Newcomers who stayed {n} days").format(n=STAY_DAYS), stayed_share(a), stayed_share(b)],
        [_("Posts a day, last week"), rate(a.posts), rate(b.posts)],
        [_("Quality of what is written (0 to 1)"), level(a.written_quality), level(b.written_quality)],
        [_("Satisfaction (0 to 1)"), level(a.satisfaction), level(b.satisfaction)],
    ]
    some = (
        (_("Tasks done"), a.handed_in, b.handed_in),
        (_("Advertisements"), a.advertisements, b.advertisements),
        (_("Paid to members"), a.paid, b.paid),
    )
    return rows + [[label, count(in_a), count(in_b)] for label, in_a, in_b in some if in_a or in_b]


def count(number: float) -> str:
    """Format a number of people.

    >>> count(1234)
    '1,234'
    """
    return f"{number:,.0f}"


def rate(number: float) -> str:
    """Format a rate with one decimal."""
    return f"{number:,.1f}"


def level(number: float) -> str:
    """Format a quality, share or ratio with two decimals; a dash for NaN."""
    return "–" if math.isnan(number) else f"{number:.2f}"


def change(number: float) -> str:
    """Format a change of the mean quality with its sign; a dash for NaN.

    >>> change(-0.0004), change(0.12)
    ('0.00', '+0.12')
    """
    if math.isnan(number):
        return "–"
    text = f"{number:+.2f}".replace("-", "−")
    return "0.00" if text in ("+0.00", "−0.00") else text


def percent_or_dash(share: float) -> str:
    """A share as a percentage; a dash where there is none yet."""
    return "–" if math.isnan(share) else percent(share)


def rank_or_dash(m: Measures) -> str:
    """Mean matched rank of departures; a dash while there are too few."""
    return level(m.matched_rank) if m.ranked_departures >= MIN_COUNT else "–"


def stayed_share(m: Measures) -> str:
    """Share of newcomers who stayed; a dash while there are too few."""
    return percent_or_dash(m.stayed_share) if m.newcomers >= MIN_COUNT else "–"
