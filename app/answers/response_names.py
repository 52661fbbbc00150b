"""Names of responses in words."""

from shequn.experiments.designs.responses import split_name
from shequn.sim.language import N_, _, plural

_NAMES = {
    "end": N_("members at the end"),
    "peak": N_("members at the peak"),
    "joins": N_("number of joins"),
    "joins_per_founder": N_("joins for each founder"),
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
    "staff_minutes": N_("working time of the staff"),
    "balance": N_("the money balance"),
    "cost_per_join": N_("money spent per join"),
    "cost_per_newcomer": N_("money spent per newcomer who is a member at the end"),
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
#: By kind, then by column; "" is what a response without a column measures.
_NAMED = {
    "tasks": {
        "": N_("the share of members who do {name} on a day"),
        "done": N_("times that {name} was done"),
        "answered": N_("answers by the staff to {name}"),
        "members": N_("members who could do {name}"),
    },
    "duties": {
        "": N_("the share of {name} that is done"),
        "staff": N_("staff for {name}"),
        "minutes": N_("minutes spent on {name}"),
        "done": N_("pieces of {name} done"),
        "waiting": N_("pieces of {name} that wait"),
        "missed": N_("pieces of {name} left undone"),
        "waited": N_("days until {name} is done"),
    },
    "earned": {
        "": N_("what {name} pays"),
        "paid": N_("payments by {name}"),
        "sum": N_("what {name} pays"),
    },
    "units": {
        "": N_("{name} earned"),
        "earned": N_("{name} earned"),
        "spent": N_("{name} spent"),
        "expired": N_("{name} expired"),
        "outstanding": N_("{name} outstanding"),
    },
    "offers": {
        "": N_("number of {name} sold"),
        "sold": N_("number of {name} sold"),
        "units": N_("units paid for {name}"),
        "money": N_("money paid for {name}"),
    },
    "marks": {
        "": N_("members with {name}"),
        "holders": N_("members with {name}"),
        "given": N_("times that {name} was given"),
        "retention": N_("retention after {name} (the share who are members 28 days after they got it)"),
    },
    "spaces": {
        "": N_("members in {name}"),
        "rooms": N_("rooms of {name}"),
        "members": N_("members in {name}"),
        "waiting": N_("people who wait for {name}"),
        "temperature": N_("mean quality in {name}"),
        "dilution": N_("dilution in {name} (effect of newcomers on its mean quality)"),
        "evaporation": N_("evaporation in {name} (effect of departures on its mean quality)"),
        "pruning": N_("effect of removals on the mean quality in {name}"),
        "moved_in": N_("effect of members who moved in on the mean quality in {name}"),
        "moved_out": N_("effect of members who moved out on the mean quality in {name}"),
        "posts": N_("posts in {name}"),
        "retention": N_(
            "retention of {name} (the share who are members 28 days after they first came there)"
        ),
    },
    "groups": {
        "": N_("members of the group {name}"),
        "members": N_("members of the group {name}"),
        "joins": N_("joins of the group {name}"),
        "departures": N_("departures of the group {name}"),
        "removals": N_("removals of the group {name}"),
        "temperature": N_("mean quality of the group {name}"),
    },
    "channels": {
        "": N_("people who joined through {name}"),
        "came": N_("people who came through {name}"),
        "joined": N_("people who joined through {name}"),
        "spoke": N_("people who joined through {name} and wrote"),
        "week_4": N_("people who joined through {name} and stayed four weeks"),
        "quality": N_("mean quality of those who joined through {name}"),
        "cost": N_("cost of {name}"),
        "retention": N_(
            "retention of {name} (the share who are members 28 days after they joined through it)"
        ),
    },
}
#: Channels that no operation names.
_CHANNELS = {"stranger": N_("own discovery"), "invitation": N_("members' invitations")}
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
        A column, or a column at a day: ``members@180``; or what a scenario names: ``offers.cash``,
        ``spaces.hall.retention``.
    """
    _text, at, day = response.partition("@")
    kind, name, column = split_name(response)
    if kind:
        shown = _(_CHANNELS.get(name, name)) if kind == "channels" else name
        text = _(_NAMED[kind][column]).format(name=shown)
    elif name.startswith("funnel."):
        text = _(_STEPS[name.removeprefix("funnel.")])
    elif name.startswith("wrote_within."):
        days = int(name.removeprefix("wrote_within."))
        text = plural(
            "the share of newcomers who write within {n} day",
            "the share of newcomers who write within {n} days",
            days,
        ).format(n=days)
    else:
        text = _(_NAMES.get(name, name.replace("_", " ")))
    return _("{words} on day {day}").format(words=text, day=day) if at else text


def short_name(response: str) -> str:
    """The short name of a response, without its explanation."""
    return response_name(response).split(" (")[0].split("（")[0]


def capitalise(text: str) -> str:
    """Capitalize the first letter only."""
    return text[:1].upper() + text[1:]
