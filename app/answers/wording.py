"""Names of responses in words."""

from shequn.sim.language import N_, _

_WORDS = {
    "end": N_("members at the end"),
    "peak": N_("members at the peak"),
    "joins": N_("joins"),
    "departures": N_("departures"),
    "temperature_end": N_("mean quality at the end"),
    "temperature": N_("mean quality"),
    "evaporation": N_("evaporation (the effect of departing members on the mean quality)"),
    "dilution": N_("dilution (what newcomers did to the mean quality)"),
    "k": N_("K (joins caused by a membership)"),
    "active_share": N_("the share of members who are active"),
    "posts_per_day": N_("posts a day"),
    "visits_per_day": N_("visits a day"),
    "matched_rank": N_("the quality rank of departing members"),
    "seen_week_4": N_("the share of newcomers seen in week four"),
    "founders_top_share": N_("the share of the founding top decile still in"),
    "balance": N_("the money balance"),
}


def name(response: str) -> str:
    """The name of a response in words, such as "members at the end" for ``end``.

    Parameters
    ----------
    response : str
        A column, or a column at a day: ``members@180``.
    """
    column, at, day = response.partition("@")
    words = _(_WORDS.get(column, column.replace("_", " ")))
    return _("{words} on day {day}").format(words=words, day=day) if at else words
