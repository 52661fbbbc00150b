"""The state variables of MODEL.md: what the records of the kernel hold, in the words of a modeller.

Ranges come from the checks of saved states (:data:`shequn.sim.saving.checks.ranges.RANGES`). Fields that only serve
the machine (positions, versions, sizes) are in :data:`BOOKKEEPING`; a test finds a field that is in neither.
"""

from typing import NamedTuple

from shequn.sim.saving.checks.ranges import LONG_AGO, MOST_32, RANGES, Range


class Variable(NamedTuple):
    """One state variable.

    Attributes
    ----------
    array : str
        The array of records, as in :data:`RANGES`.
    field : str
    unit : str
        Empty for words and numbers of things.
    text : str
    initial : str
        Its value at the start: of a person or a seat, when they come in; of anything else, when it begins to exist.
    """

    array: str
    field: str
    unit: str
    text: str
    initial: str


#: Names of the entities, as MODEL.md uses them, by array.
ENTITIES = {
    "people": "person",
    "members": "person (as a member)",
    "contacts": "person (messages, rivals, hours)",
    "memberships": "membership",
    "holdings": "membership (a unit on its account)",
    "progress": "membership (a task)",
    "ties": "tie",
    "posts": "post",
    "rooms": "room",
    "spaces": "space",
    "applications": "place on a waiting list",
    "accounts": "purse",
    "hazards": "discovery (by curiosity, by events)",
    "happenings": "hot event",
    "units": "unit",
    "staff": "place of the staff",
    "work": "piece of work",
    "tasks": "task",
    "totals": "community",
}

STATE = (
    Variable("people", "key", "", "Names the person in every draw; constant.", "from the graph"),
    Variable("people", "quality", "quality", "Worth of what they contribute; constant.", "drawn: `population.quality`"),
    Variable("people", "topic", "circle", "A point on the circle of topics; constant.", "drawn: `population.topic`"),
    Variable("people", "state", "", "outside, waiting, member, left, removed, staff or former staff.", "outside"),
    Variable("people", "channel", "", "How they last came in.", "the channel of the join"),
    Variable("people", "base_inside", "strength", "Given strength of their ties to members.", "Σ over their ties"),
    Variable("people", "ties_inside", "ties", "Number of their ties to members.", "counted"),
    Variable("people", "n_joins", "joins", "Joins so far.", "1 (this one)"),
    Variable("people", "n_asked", "invitations", "Times invited.", "counted"),
    Variable("members", "drivers", "share", "Weights of the six drivers, which sum to 1; constant.", "drawn: `population.drivers`"),
    Variable("members", "x", "km", "Where they live, eastward; constant.", "drawn, or none without places"),
    Variable("members", "y", "km", "Where they live, northward; constant.", "drawn, or none without places"),
    Variable("members", "talkativeness", "probability", "Chance of a post at a visit, before its factors; constant.", "drawn: `population.talkativeness`"),
    Variable("members", "pace", "visits/day", "Visit rate before its factors; constant.", "drawn: `population.pace`"),
    Variable("members", "contentment", "satisfaction", "Lasting addition to the offer of a visit; constant.", "drawn: `population.contentment_sd`"),
    Variable("members", "founder", "", "1 = founder, 2 = of the founders' best tenth by quality.", "0, or set at the founding"),
    Variable("members", "lapsed", "", "1 while away for long without having left.", "0"),
    Variable("members", "satisfaction", "satisfaction", "Moves at visits.", "`satisfaction.start`"),
    Variable("members", "need", "share", "The need that brought them, as of the last visit.", "1"),
    Variable("members", "habit", "share", "Habit of coming, as of the last visit.", "0"),
    Variable("members", "commitment", "satisfaction", "By the cost of the gates passed, as of the last visit.", "`joining.binding` × Σ cost"),
    Variable("members", "recognition", "recognition", "Stock: reactions, answers, welcomes; as of `stocks_at`.", "0"),
    Variable("members", "answers", "answers", "Stock: answers by people they know; as of `stocks_at`.", "0"),
    Variable("members", "gains", "gains", "Stock: usefulness of reading, rewards; as of `stocks_at`.", "0, and a reward for joining"),
    Variable("members", "aspiration", "gains", "The gains that they are used to.", "0"),
    Variable("members", "stocks_at", "days", "When the three stocks were last brought up to date.", "now"),
    Variable("members", "joined_at", "days", "Last join.", "now"),
    Variable("members", "last_visit_at", "days", "Last visit; the join counts as one.", "now"),
    Variable("members", "left_at", "days", "When they left, or will leave by the clock.", "never; by `leaving.mode`"),
    Variable("members", "visit_rate", "visits/day", "Present rate of visits.", "by *Visiting*"),
    Variable("members", "visit_due", "days", "Next visit, at the present rate.", "now; of founders, drawn"),
    Variable("members", "invite_rate", "invitations/day", "Present rate of invitations.", "by *Inviting*"),
    Variable("members", "invite_due", "days", "Next invitation, at the present rate.", "drawn"),
    Variable("members", "invite_work", "invitations", "Rate × time left until then, at the last change of the rate.", "drawn: Exp(1)"),
    Variable("members", "grown_inside", "strength", "Grown strength of the same ties, as of `friends_at`.", "Σ over their ties"),
    Variable("members", "friends_at", "days", "When that sum was last brought up to date.", "0"),
    Variable("members", "n_visits", "visits", "Visits so far.", "0"),
    Variable("members", "n_posts", "posts", "Posts so far, replies included.", "0"),
    Variable("members", "n_replies_received", "posts", "Replies to their posts so far.", "0"),
    Variable("members", "n_invites", "invitations", "Invitations made so far.", "0"),
    Variable("members", "n_accepted", "invitations", "Invitations that led to a join.", "0"),
    Variable("members", "invited_by", "", "Inviter of the last join.", "the inviter, or nobody"),
    Variable("members", "seen_leaving_at", "days", "When somebody tied to them last left.", "0"),
    Variable("members", "seen_leaving_of", "", "Who that was.", "nobody"),
    Variable("contacts", "messages", "messages", "From the operator, each halved after a week; as of `messages_at`.", "0"),
    Variable("contacts", "messages_at", "days", "When that was last brought up to date.", "0"),
    Variable("contacts", "unread", "messages", "Messages that take the place of posts at the next visit.", "0"),
    Variable("contacts", "rival", "gains", "What a rival offers.", "0"),
    Variable("contacts", "hour_x", "dial", "Mean hour of the visits, as a vector on the dial of a day.", "0"),
    Variable("contacts", "hour_y", "dial", "The same, its other component.", "0"),
    Variable("memberships", "person", "", "Who sits here.", "the person"),
    Variable("memberships", "room", "", "Where.", "by *Coming in*"),
    Variable("memberships", "read_to", "posts", "Of the room and each around it, posts up to this one are read or passed over.", "all but the `shown` newest"),
    Variable("memberships", "n_read", "posts", "Posts read here so far.", "0"),
    Variable("memberships", "level", "quality", "Level of the room, remembered from the posts read.", "reputation × expected quality"),
    Variable("memberships", "usual", "signal", "Moving averages of the six weighted signals, for reasons to leave.", "0"),
    Variable("memberships", "usual_shortfall", "quality", "The same of the distance below the own standard.", "0"),
    Variable("memberships", "usual_crowding", "satisfaction", "The same of crowding; −1 = nothing is usual yet.", "-1"),
    Variable("holdings", "balance", "units", "What is on the account.", "0"),
    Variable("holdings", "earned", "units", "Earned in this stay.", "0"),
    Variable("holdings", "got", "units", "Earned on the day `day`.", "0"),
    Variable("holdings", "day", "days", "That day.", "0"),
    Variable("progress", "last", "", "Number of the last one done.", "-1"),
    Variable("progress", "done", "tasks", "Number done in this stay.", "0"),
    Variable("progress", "answered", "tasks", "Number of these that the staff answered.", "0"),
    Variable("ties", "base", "strength", "Given strength; does not fade.", "by the graph; 0 of a tie made in the run"),
    Variable("ties", "grown", "strength", "Strength grown in the run, as of `used_at`.", "0"),
    Variable("ties", "used_at", "days", "Last interaction.", "0"),
    Variable("ties", "asked", "invitations", "Invitations along it, in each direction.", "0"),
    Variable("posts", "author", "", "Who wrote it.", "the author"),
    Variable("posts", "own", "posts", "Its number among the author's posts; names it in draws.", "their posts so far"),
    Variable("posts", "quality", "quality", "Constant.", "the author's"),
    Variable("posts", "topic", "circle", "Constant.", "the author's"),
    Variable("posts", "hot", "reactions", "Reactions and replies so far.", "0"),
    Variable("posts", "to", "", "The author whom it answers.", "that author, or nobody"),
    Variable("posts", "kind", "", "Post, question, official, lesson, advertisement, taken down.", "by who wrote it"),
    Variable("posts", "reported", "", "1 = a reader has reported it.", "0"),
    Variable("rooms", "members", "people", "Members who sit in it, or in rooms in it.", "0"),
    Variable("rooms", "capacity", "people", "Seats.", "`community.capacity`, or of the space"),
    Variable("rooms", "level", "quality", "Mean quality of these members.", "0"),
    Variable("rooms", "n_posts", "posts", "Posts so far.", "0"),
    Variable("rooms", "pinned", "posts", "Number of the pinned post, plus 1; 0 = none.", "0"),
    Variable("rooms", "seen", "people", "Members last seen on each of the last days.", "0"),
    Variable("rooms", "recognition", "recognition", "What these members hold, as of `recognition_at`.", "0"),
    Variable("rooms", "recognition_at", "days", "When that was last brought up to date.", "0"),
    Variable("rooms", "shown", "recognition", "What the marks of these members count for.", "0"),
    Variable("spaces", "n_rooms", "rooms", "Rooms of it.", "`copies`, in each room around it"),
    Variable("spaces", "members", "people", "Members who sit in or below it.", "0"),
    Variable("spaces", "free_at", "days", "When its quota gate is free again.", "0"),
    Variable("spaces", "waiting", "people", "People on its waiting list.", "0"),
    Variable("spaces", "temperature", "quality", "Mean quality of its members.", "0"),
    Variable("spaces", "dilution", "quality", "Change of that by joins.", "0"),
    Variable("spaces", "evaporation", "quality", "Change by departures.", "0"),
    Variable("spaces", "pruning", "quality", "Change by removals.", "0"),
    Variable("spaces", "moved_in", "quality", "Change by members who moved in.", "0"),
    Variable("spaces", "moved_out", "quality", "Change by members who moved out.", "0"),
    Variable("spaces", "posts", "posts", "Posts in its rooms so far.", "0"),
    Variable("applications", "person", "", "Who waits.", "the candidate"),
    Variable("applications", "since", "days", "When they began to wait.", "now"),
    Variable("applications", "owed", "money", "Due at admission, for the gates passed so far.", "Σ prices"),
    Variable("applications", "commitment", "satisfaction", "From the gates passed so far.", "`joining.binding` × Σ cost"),
    Variable("applications", "target", "", "The space that they want to enter.", "by *Coming in*"),
    Variable("applications", "at_gate", "", "The gate at which they wait.", "the quota gate"),
    Variable("accounts", "period", "periods", "The period of the purse in which `spent` was spent.", "the present one"),
    Variable("accounts", "spent", "money", "Spent in it.", "0"),
    Variable("hazards", "value", "1", "The hazard A or E so far, as of `at`.", "0"),
    Variable("hazards", "at", "days", "When it was last brought up to date.", "0"),
    Variable("hazards", "rate", "1/day", "How fast it grows.", "by *Discovery*"),
    Variable("happenings", "start", "days", "Its beginning.", "now"),
    Variable("happenings", "fades", "days", "Time in which it fades to 1/e.", "`days`"),
    Variable("happenings", "intensity", "signal", "Event signal at its start.", "`intensity`"),
    Variable("happenings", "boost", "share", "Added to visits at its start.", "`boost`"),
    Variable("units", "issued", "units", "Issued so far.", "0"),
    Variable("units", "outstanding", "units", "On all accounts.", "0"),
    Variable("staff", "person", "", "Who has the place.", "nobody, until the term begins"),
    Variable("staff", "minutes_spent", "minutes", "Spent on the day `today`.", "0"),
    Variable("staff", "today", "days", "That day.", "0"),
    Variable("staff", "work", "", "What they do now.", "nothing"),
    Variable("staff", "due", "days", "When they finish it, or look for work.", "the beginning of the hours"),
    Variable("work", "since", "days", "When it came.", "now"),
    Variable("work", "person", "", "The member whom it is for.", "that member, or nobody"),
    Variable("work", "duty", "", "What is to be done.", "the duty"),
    Variable("tasks", "done", "tasks", "Done today.", "0"),
    Variable("tasks", "answered", "tasks", "Answered today.", "0"),
    Variable("totals", "ever", "people", "People who ever joined.", "0"),
    Variable("totals", "stage", "", "Number of the present stage.", "0"),
    Variable("totals", "last_post_at", "days", "Last post of all.", "0"),
)  # fmt: skip

#: Fields of these arrays that only serve the machine: positions, sizes, versions, lists, and copies of the scenario.
BOOKKEEPING = {
    "people": {
        "links_start", "links_room", "n_links", "member", "membership", "door_version",
    },
    "members": {"visit_version", "invite_version", "application", "account"},
    "contacts": set(),
    "memberships": set(),
    "holdings": {"first", "last"},
    "progress": set(),
    "ties": set(),
    "posts": {"serial"},
    "rooms": {"space", "parent", "position", "home", "pond", "desk", "talk"},
    "spaces": {
        "parent", "child", "copies", "placing", "order", "splits", "n_gates", "first", "last",
        "admission_pending", "admission_version",
    },
    "applications": {"ticket", "space", "before", "after"},
    "accounts": set(),
    "hazards": {"version"},
    "happenings": set(),
    "units": {"expires", "most_per_day", "budget", "first", "last", "earned", "spent", "expired"},
    "staff": {"paid", "job", "desk"},
    "work": {"stay", "room", "number", "after"},
    "tasks": {
        "every", "first", "until", "open", "effort", "gives", "during", "needs", "needs_level",
    },
}  # fmt: skip


def range_text(variable: Variable) -> str:
    """The range of a variable in a few signs."""
    allowed: Range = RANGES[variable.array][variable.field]
    low, high = allowed.low, allowed.high
    if isinstance(high, str):
        if high == "now":
            return "up to now"
        if high == "city":
            return "0 … `city_km`"
        return "a number, or nobody" if low < 0 else "a number"
    if low <= LONG_AGO:
        return "any time, or never" if variable.unit == "days" else "any"
    if high >= MOST_32:
        least = -1.0 if variable.initial == "-1" else max(low, 0.0)  # below 0 by rounding alone
        return f"≥ {least:g}"
    return f"{round(low, 2) + 0.0:g} … {high if high > 1e3 else round(high, 2):g}"


def state_rows() -> list[list[str]]:
    """The rows of the table of state variables, and their initial values."""
    return [[ENTITIES[v.array], f"`{v.field}`", v.unit, range_text(v), v.text, v.initial] for v in STATE]
