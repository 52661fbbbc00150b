"""Names of responses in words."""

from shequn.sim.language import N_, _

_NAMES = {
    "end": N_("members at the end"),
    "peak": N_("members at the peak"),
    "joins": N_("number of joins"),
    "joins_invitation": N_("joins by invitation"),
    "departures": N_("departures"),
    "temperature_end": N_("mean quality at the end"),
    "temperature": N_("mean quality"),
    "evaporation": N_("evaporation (effect of departures on the mean quality)"),
    "dilution": N_("dilution (effect of newcomers on the mean quality)"),
    "k": N_("K (joins caused by one membership)"),
    "active_share": N_("the share of members who are active"),
    "posts_per_day": N_("posts a day"),
    "visits_per_day": N_("visits a day"),
    "longest_silence": N_("longest time without a post, in days"),
    "matched_rank": N_("the quality rank of departing members"),
    "seen_week_4": N_("the share of newcomers seen in week four"),
    "founders_top_share": N_("the share of the founders' top decile who are still members"),
    "income": N_("income"),
    "rewards": N_("rewards paid"),
    "reach_cost": N_("cost of bought reach"),
    "staff_cost": N_("cost of the staff"),
    "balance": N_("the money balance"),
    "members": N_("members"),
    "active_day": N_("members active in the day"),
    "active_week": N_("members active in the week"),
    "active_month": N_("members active in the month"),
    "visits": N_("visits"),
    "posts": N_("posts"),
    "replies": N_("replies"),
    "advertisements": N_("advertisements"),
    "reports": N_("reports by members"),
    "taken_down": N_("posts taken down"),
    "mistakes": N_("posts taken down by mistake"),
    "removals": N_("removals"),
    "refused": N_("refusals at the gates"),
}
_NAMED = {
    "tasks": N_("the share of members who do {name} on a day"),
    "duties": N_("the share of {name} that is done"),
    "earned": N_("what {name} pays"),
    "units": N_("{name} earned"),
    "offers": N_("number of {name} sold"),
    "spaces": N_("members in {name}"),
    "channels": N_("people who joined through {name}"),
    "groups": N_("members of the group {name}"),
}
_STEPS = {
    "found": N_("people who found it or were invited"),
    "joined": N_("people who joined"),
    "spoke": N_("people who wrote"),
    "week_4": N_("people who stayed four weeks"),
    "bought": N_("people who bought"),
    "again": N_("people who bought again"),
}


def response_name(response: str) -> str:
    """The name of a response in words, such as "members at the end" for ``end``.

    Parameters
    ----------
    response : str
        A column, or a column at a day: ``members@180``; or what a scenario names: ``offers.cash``.
    """
    column, at, day = response.partition("@")
    kind, _dot, name = column.partition(".")
    if kind in _NAMED:
        text = _(_NAMED[kind]).format(name=name)
    elif kind == "funnel":
        text = _(_STEPS[name])
    else:
        text = _(_NAMES.get(column, column.replace("_", " ")))
    return _("{words} on day {day}").format(words=text, day=day) if at else text


def short_name(response: str) -> str:
    """The short name of a response, without its explanation."""
    return response_name(response).split(" (")[0].split("（")[0]


def capitalise(text: str) -> str:
    """Capitalize the first letter only."""
    return text[:1].upper() + text[1:]
