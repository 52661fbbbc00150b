"""Names of responses in words."""

from shequn.sim.language import N_, _

_NAMES = {
    "end": N_("members at the end"),
    "peak": N_("members at the peak"),
    "joins": N_("number of joins"),
    "departures": N_("departures"),
    "temperature_end": N_("mean quality at the end"),
    "temperature": N_("mean quality"),
    "evaporation": N_("evaporation (effect of departures on the mean quality)"),
    "dilution": N_("dilution (effect of newcomers on the mean quality)"),
    "k": N_("K (joins caused by one membership)"),
    "active_share": N_("the share of members who are active"),
    "posts_per_day": N_("posts a day"),
    "visits_per_day": N_("visits a day"),
    "matched_rank": N_("the quality rank of departing members"),
    "seen_week_4": N_("the share of newcomers seen in week four"),
    "founders_top_share": N_("the share of the founders' top decile who are still members"),
    "income": N_("income"),
    "rewards": N_("rewards paid"),
    "reach_cost": N_("cost of bought reach"),
    "staff_cost": N_("cost of the staff"),
    "balance": N_("the money balance"),
}


def response_name(response: str) -> str:
    """The name of a response in words, such as "members at the end" for ``end``.

    Parameters
    ----------
    response : str
        A column, or a column at a day: ``members@180``.
    """
    column, at, day = response.partition("@")
    text = _(_NAMES.get(column, column.replace("_", " ")))
    return _("{words} on day {day}").format(words=text, day=day) if at else text


def short_name(response: str) -> str:
    """The short name of a response, without its explanation."""
    return response_name(response).split(" (")[0].split("（")[0]


def capitalise(text: str) -> str:
    """Capitalize the first letter only."""
    return text[:1].upper() + text[1:]
