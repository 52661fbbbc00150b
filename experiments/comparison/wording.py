"""A comparison in sentences that a strategist can repeat."""

import math

from shequn.experiments.comparison.paired import POWER, Difference
from shequn.experiments.intervals import LEVEL
from shequn.sim.language import N_, _

_WORDS = {
    "end": N_("members at the end"),
    "peak": N_("members at the peak"),
    "joins": N_("joinings"),
    "departures": N_("departures"),
    "temperature_end": N_("mean quality at the end"),
    "temperature": N_("mean quality"),
    "evaporation": N_("evaporation (what leavers did to the mean quality)"),
    "dilution": N_("dilution (what newcomers did to the mean quality)"),
    "k": N_("K (joinings caused by a membership)"),
    "active_share": N_("the share of members who are active"),
    "posts_per_day": N_("posts a day"),
    "visits_per_day": N_("visits a day"),
    "matched_rank": N_("the rank of leavers in quality"),
    "seen_week_4": N_("the share of newcomers seen in week four"),
    "founders_top_share": N_("the share of the founding top decile still in"),
    "balance": N_("the money balance"),
}


def name(response: str) -> str:
    """A response in words."""
    column, at, day = response.partition("@")
    words = _(_WORDS.get(column, column.replace("_", " ")))
    return _("{words} on day {day}").format(words=words, day=day) if at else words


def number(value: float, half_width: float) -> str:
    """A number with as many decimals as its interval's half width has two digits."""
    if not math.isfinite(value):
        return _("unknown")
    size = half_width if math.isfinite(half_width) and half_width > 0.0 else abs(value)
    decimals = max(0, 1 - math.floor(math.log10(size))) if size > 0.0 else 0
    return f"{value:,.{min(decimals, 8)}f}"


def sentences(a: str, b: str, response: str, found: Difference) -> list[str]:
    """What is known of one response, and how many more runs would tell more.

    Parameters
    ----------
    a, b : str
        The arms' names.
    response : str
        As asked for.
    found : Difference
        B against A.
    """
    what = name(response)
    if found.n < 2:
        return [
            _("Of {what} nothing can be said: it is known in {n} pairs of runs.").format(what=what, n=found.n)
        ]
    if found.sd == 0.0 and found.mean == 0.0:
        return [
            _("With {b} instead of {a}, {what} comes out the same in all {n} pairs of runs.").format(
                b=b, a=a, what=what, n=found.n
            )
        ]
    half = found.half_width
    low, high = number(abs(found.low), half), number(abs(found.high), half)
    if found.is_different:
        up = found.mean > 0.0
        words = (
            _(
                "With {b} instead of {a}, {what}: {mean} higher ({level:.0%} interval {least} to {most}, "
                "{n} pairs of runs), and higher in {share:.0%} of the pairs."
            )
            if up
            else _(
                "With {b} instead of {a}, {what}: {mean} lower ({level:.0%} interval {least} to {most}, "
                "{n} pairs of runs), and lower in {share:.0%} of the pairs."
            )
        )
        least, most = (low, high) if up else (high, low)
        share = found.b_higher if up else 1.0 - found.b_higher - found.equal
        said = {"b": b, "a": a, "what": what, "level": LEVEL, "n": found.n, "share": share}
        return [words.format(mean=number(abs(found.mean), half), least=least, most=most, **said)]
    nothing = _(
        "With {b} instead of {a}, no difference in {what} is shown: between {low} lower and {high} "
        "higher ({level:.0%} interval, {n} pairs of runs)."
    ).format(b=b, a=a, what=what, low=low, high=high, level=LEVEL, n=found.n)
    more = found.needed
    if more is None:
        return [nothing]
    if more <= found.n:
        return [
            nothing,
            _("Were there one as large as {mean}, these pairs would likely show it.").format(
                mean=number(abs(found.mean), half)
            ),
        ]
    return [
        nothing,
        _(
            "To find one as large as that seen, {mean}, with a probability of {power:.0%} takes about "
            "{more:,} pairs: {further:,} more."
        ).format(mean=number(abs(found.mean), half), power=POWER, more=more, further=more - found.n),
    ]


def gain(found: Difference) -> str:
    """The variance-reduction factor in words."""
    if math.isnan(found.reduction):
        return _("unknown")
    if math.isinf(found.reduction):
        return _("exact")
    return f"{found.reduction:.1f} ({found.reduction_low:.1f}–{found.reduction_high:.1f})"
