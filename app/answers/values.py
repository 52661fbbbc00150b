"""Values of responses as text: with the unit and the decimals that a reader expects of each."""

import math

from shequn.experiments.designs.responses import declared, split_name
from shequn.sim.language import N_, _, ngettext

#: Decimals by the unit of the column; of other units, by the size of the value.
_DECIMALS = {"share": 0, "money": 0, "0 to 1": 2, "joins per stay": 2, "factor": 2, "quality": 3}
_CHANGE = "quality"  # the unit of changes of the mean quality, which have a sign
_MAX_DECIMALS = 5

#: A response of an arm in a sentence, and the same beside that of the first arm.
_ALONE = {
    "end": N_("{n} members"),
    "peak": N_("{value} members at the peak"),
    "members": N_("{value} members on day {day}"),
    "active_week": N_("{value} active in the last week"),
    "temperature_end": N_("quality {value}"),
    "temperature": N_("quality {value} on day {day}"),
    "posts_per_day": N_("{value} posts a day"),
    "joins": N_("{value} joins"),
    "tasks": N_("{value} of each day's members do {thing} (over all days on which it is open)"),
    "tasks@": N_("{value} of the members do {thing} on day {day}"),
    "offers": N_("{value} pieces of {thing} sold"),
}
_BESIDE = {
    "end": N_("{value} members instead of {other}"),
    "peak": N_("{value} members at the peak instead of {other}"),
    "members": N_("{value} members on day {day} instead of {other}"),
    "active_week": N_("{value} active in the last week instead of {other}"),
    "temperature_end": N_("quality {value} instead of {other}"),
    "temperature": N_("quality {value} instead of {other} on day {day}"),
    "posts_per_day": N_("{value} posts a day instead of {other}"),
    "joins": N_("{value} joins instead of {other}"),
    "tasks": N_(
        "{value} of each day's members do {thing} instead of {other} (over all days on which it is open)"
    ),
    "tasks@": N_("{value} of the members do {thing} on day {day} instead of {other}"),
    "offers": N_("{value} pieces of {thing} sold instead of {other}"),
}


def is_share(response: str) -> bool:
    """Whether a response is shown in percent."""
    return _unit(response) == "share"


def _unit(response: str) -> str:
    column = declared(response)
    return "" if column is None else column.unit


def value_texts(response: str, *values: float, extra: int | None = None) -> list[str]:
    """Values of one response, each with the decimals of its size, and more so that different ones look different.

    Parameters
    ----------
    response : str
    *values : float
    extra : int or None
        Decimals beyond those of the size, if known from `extra_decimals`.

    >>> value_texts("end", 1823.8, 2229.1), value_texts("temperature_end", 0.4956, 0.4985)
    (['1,824', '2,229'], ['0.496', '0.498'])
    >>> value_texts("posts_per_day", 0.32, 13.8)
    ['0.3', '14']
    """
    if extra is None:
        extra = extra_decimals(response, *values)
    return [_text(response, value, extra) for value in values]


def extra_decimals(response: str, *values: float) -> int:
    """How many decimals beyond those of their size make different values look different."""
    known = {value for value in values if math.isfinite(value)}
    for extra in range(_MAX_DECIMALS):
        if len({_text(response, value, extra) for value in known}) == len(known):
            return extra
    return _MAX_DECIMALS


def _decimals(unit: str, size: float) -> int:
    return _DECIMALS.get(unit, 0 if size >= 9.95 else 1)


def _text(response: str, value: float, extra: int) -> str:
    if not math.isfinite(value):
        return _("unknown")
    unit = _unit(response)
    decimals = min(_decimals(unit, abs(value)) + extra, _MAX_DECIMALS)
    if unit == "share":
        return f"{100.0 * value:.{decimals}f}%"
    text = f"{value:,.{decimals}f}"
    if unit == _CHANGE and value > 0.0:
        text = f"+{text}"
    return text.removeprefix("-") if not text.strip("-0.,") else text


def money(value: float) -> str:
    """An amount without its sign."""
    return _("{amount} yuan").format(amount=f"{abs(value):,.0f}")


def alone(response: str, name: str, value: float, extra: int | None = None) -> str:
    """A response of one arm in a sentence: ``1,824 members``.

    Parameters
    ----------
    response : str
    name : str
        Its name in words.
    value : float
    extra : int or None
        As in `value_texts`.
    """
    column, _at, day = response.partition("@")
    (text,) = _with_units(response, value, extra=extra)
    if column == "balance":
        return text
    kind, thing = _kind(response)
    words = _(_ALONE[kind]) if kind in _ALONE else _("{name} at {value}")
    return words.format(name=name, thing=thing, value=text, n=text, day=day)


def beside(response: str, name: str, value: float, other: float, extra: int | None = None) -> str:
    """A response of one arm beside that of another: ``2,229 members instead of 1,824``."""
    column, _at, day = response.partition("@")
    text, other_text = _with_units(response, value, other, extra=extra)
    if column == "balance":
        return _("{value} instead of {other}").format(value=text, other=other_text)
    kind, thing = _kind(response)
    words = _(_BESIDE[kind]) if kind in _BESIDE else _("{name} at {value} instead of {other}")
    return words.format(name=name, thing=thing, value=text, other=other_text, day=day)


def _kind(response: str) -> tuple[str, str]:
    """The key of a response's words, and the name in it: a task is stated over all its days, or on one day."""
    _column, at, _day = response.partition("@")
    kind, thing, column = split_name(response)
    if not kind or column:
        return response.partition("@")[0], ""
    return (f"{kind}{at}" if kind == "tasks" else kind), thing


def _with_units(response: str, *values: float, extra: int | None) -> list[str]:
    """Values as in `value_texts`, of money in yuan, and of the balance as a gain or a loss."""
    column = response.partition("@")[0]
    texts = value_texts(response, *values, extra=extra)
    if column == "balance":
        return [_gain_or_loss(text) for text in texts]
    return (
        [_("{amount} yuan").format(amount=text) for text in texts]
        if _unit(response).startswith("money")
        else texts
    )


def _gain_or_loss(text: str) -> str:
    if not text.strip("0.,"):
        return _("no gain and no loss")
    words = _("a loss of {money}") if text.startswith("-") else _("a gain of {money}")
    return words.format(money=_("{amount} yuan").format(amount=text.removeprefix("-")))


def period(days: int) -> str:
    """A length of time as one says it: half a year, three months, 10 days."""
    if days in (365, 366):
        return _("a year")
    if 180 <= days <= 184:
        return _("half a year")
    if days % 365 == 0:
        return ngettext("{n} year", "{n} years", days // 365).format(n=days // 365)
    if days % 30 == 0 and days >= 60:
        return ngettext("{n} month", "{n} months", days // 30).format(n=days // 30)
    if days % 7 == 0 and 14 <= days <= 112:
        return ngettext("{n} week", "{n} weeks", days // 7).format(n=days // 7)
    return ngettext("{n} day", "{n} days", days).format(n=days)
