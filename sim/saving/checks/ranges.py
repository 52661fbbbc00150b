"""The range of every field of every record of a saved state.

One line per field, in the order of ``sim/kernel/state.py``. A field without a line here fails a test, and no
state with it can be read. A bound is a number or a word:

- an array's name: the last index into it (so ``index("people")`` is any person);
- ``now``: the time of the state in days; a range up to it also allows for the rounding of 32 bits.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from shequn.agents.coefficients import Coefficient
from shequn.agents.rules import GROUPS
from shequn.sim.fields import MAX_GROUPS, MAX_STAGES
from shequn.sim.kernel.duties.kinds import DutyKind
from shequn.sim.kernel.gates.kinds import MAX_GATES, GateKind, gate_dtype
from shequn.sim.kernel.heap import LARGEST_IN_TAG
from shequn.sim.kernel.measures import MEASURES, Kind, Measure
from shequn.sim.kernel.params import COMPLETE, OFFICIAL, PLACE
from shequn.sim.kernel.state import (
    MAX_BUYERS,
    MAX_STEPS,
    MEMBERSHIP_KINDS,
    NEVER,
    NOBODY,
    OPEN,
    Act,
    Channel,
    JournalKind,
    Occasion,
    PostKind,
    State,
)


class Range(NamedTuple):
    """The values allowed: from ``low`` to ``high`` (both inclusive), and NaN if ``nan`` is set."""

    low: float
    high: float | str
    nan: bool = False


def index(array: str) -> Range:
    """An index into an array."""
    return Range(0, array)


def index_or_nobody(array: str) -> Range:
    """An index into an array, or NOBODY."""
    return Range(NOBODY, array)


LONG_AGO = -1e6  # days before the start: members of a real group have a past
MOST = 1e15  # of any sum or 64-bit count: below it every whole number is exact
MOST_32 = 2e9  # of any 32-bit count, so that it can go on counting
#: Largest sum of strengths, recognition or gains of one person, and largest money.
MUCH = 1e12
BELOW_1 = float(np.nextafter(np.float32(1.0), np.float32(0.0)))

SHARE = Range(0.0, 1.0)
AGE = 1e6  # days: longer than any run
MINUTES = Range(0.0, 1440.0 + 1e-6)  # of a day
BELOW_ONE = Range(0.0, BELOW_1)
FLAG = Range(0, 1)
COUNT = Range(0, MOST)
COUNT_32 = Range(0, MOST_32)
STAGES = Range(-1, 1 << MAX_STAGES)  # as bits; -1 = all
VERSION = Range(0, LARGEST_IN_TAG)
WRAPPING = Range(0, 65535)
AMOUNT = Range(0.0, MUCH)
#: Sums to which numbers are added and from which they are taken again, so that rounding can take them below 0.
REST = Range(-1.0, MUCH)
SUM = Range(-MOST, MOST)
PAST = Range(LONG_AGO, "now")
DUE = Range(LONG_AGO, NEVER)
#: A mean of qualities that is kept up by additions and subtractions.
LEVEL = Range(-1e-6, 1.0 + 1e-6)


def _coefficient(coefficient: Coefficient) -> Range:
    high = len(coefficient.choices) - 1.0 if coefficient.choices else coefficient.high
    return Range(coefficient.low, high)


def _measure(measure: Measure) -> Range:
    if measure.type == "i8":
        return COUNT
    match measure.unit:
        case "0 to 1" | "share":
            return Range(-1e-9, 1.0 + 1e-9, nan=bool(measure.missing))
        case _:
            return Range(-MOST, MOST, nan=bool(measure.missing))


PEOPLE = {
    "key": Range(0, 2.0**64),
    "base_inside": REST,
    "ties_inside": COUNT_32,
    "links_start": COUNT,
    "n_links": COUNT_32,
    "member": index("members"),
    "membership": index_or_nobody("memberships"),
    "state": Range(0, max(State)),
    "channel": Range(0, max(Channel)),
    "n_joins": WRAPPING,
    "quality": BELOW_ONE,
    "topic": BELOW_ONE,
    "door_version": VERSION,
    "links_room": COUNT_32,
    "n_asked": COUNT_32,
}

MEMBERS = {
    "visit_due": DUE,
    "last_visit_at": PAST,
    "stocks_at": PAST,
    "friends_at": PAST,
    "left_at": DUE,
    "invite_due": DUE,
    "invite_work": Range(0.0, NEVER),
    "joined_at": PAST,
    "visit_version": WRAPPING,
    "invite_version": WRAPPING,
    "founder": Range(0, 2),
    "lapsed": FLAG,
    "visit_rate": AMOUNT,
    "invite_rate": AMOUNT,
    "satisfaction": SHARE,
    "need": SHARE,
    "habit": SHARE,
    "commitment": AMOUNT,
    "recognition": AMOUNT,
    "answers": AMOUNT,
    "gains": AMOUNT,
    "aspiration": AMOUNT,
    "grown_inside": REST,
    "n_visits": COUNT_32,
    "n_posts": COUNT_32,
    "n_replies_received": COUNT_32,
    "n_invites": COUNT_32,
    "n_accepted": COUNT_32,
    "seen_leaving_at": PAST,
    "seen_leaving_of": index_or_nobody("people"),
    "drivers": Range(0.0, 1.0, nan=True),  # of the blank record alone, as the next ones: see recounts
    "talkativeness": Range(0.0, 1e9, nan=True),
    "pace": Range(0.0, 1e6, nan=True),
    "contentment": Range(-100.0, 100.0, nan=True),
    "x": Range(0.0, "city", nan=True),
    "y": Range(0.0, "city", nan=True),
    "invited_by": index_or_nobody("people"),
    "application": index_or_nobody("applications"),
    "account": index_or_nobody("accounts"),
}

APPLICATIONS = {
    "since": PAST,
    "owed": AMOUNT,
    "commitment": AMOUNT,
    "ticket": COUNT,
    "person": index("people"),
    "target": index("spaces"),
    "space": index("spaces"),
    "at_gate": Range(0, MAX_GATES - 1),
    "before": index_or_nobody("applications"),
    "after": index_or_nobody("applications"),
}

SPACES = {
    "parent": index_or_nobody("spaces"),
    "child": index_or_nobody("spaces"),
    "copies": Range(1, MOST_32),
    "placing": Range(0, PLACE),
    "order": Range(0, OFFICIAL),
    "splits": FLAG,
    "n_rooms": Range(1, MOST_32),
    "n_gates": Range(0, MAX_GATES),
    "members": COUNT,
    "free_at": Range(0.0, NEVER),
    "waiting": COUNT,
    "first": index_or_nobody("applications"),
    "last": index_or_nobody("applications"),
    "admission_pending": FLAG,
    "admission_version": COUNT,
    "temperature": LEVEL,
    "dilution": SUM,
    "evaporation": SUM,
    "pruning": SUM,
    "moved_in": SUM,
    "moved_out": SUM,
    "posts": COUNT,
}

ROOMS = {
    "space": index("spaces"),
    "parent": index_or_nobody("rooms"),
    "position": COUNT_32,
    "home": index_or_nobody("rooms"),
    "pond": index("rooms"),
    "desk": COUNT_32,
    "talk": Range(0, OPEN),
    "members": COUNT,
    "capacity": Range(1, 2.0**63),
    "level": LEVEL,
    "n_posts": COUNT_32,
    "pinned": COUNT_32,
    "seen": COUNT_32,
    "recognition": Range(-1e-3, MUCH),
    "recognition_at": PAST,
    "shown": Range(-1e-3, MUCH),
}

#: Of a record that is used: in a free one ``person`` is the next free one (see ``records.py``).
MEMBERSHIPS = {
    "person": Range(NOBODY, MOST_32),
    "room": index("rooms"),
    "read_to": COUNT_32,
    "n_read": COUNT_32,
    "level": Range(-1e3, 1e3),
    "usual": Range(-MUCH, MUCH),
    "usual_shortfall": Range(0.0, MUCH),
    "usual_crowding": Range(-1.0, MUCH),
}

#: What the kinds of gates add to a gate's record, which is 0 for other kinds.
GATES = {
    "kind": Range(0, max(GateKind)),
    "name": Range(0, 2.0**62),
    "space": index("spaces"),
    "everybody": FLAG,
    "cost": Range(0.0, 1e9),
    "price": Range(0.0, 1e9),
    **{name: Range(0.0, NEVER) for name in (gate_dtype.names or ())[6:]},
}

JOBS = {
    "space": index("spaces"),
    "volunteers": FLAG,
    "people": COUNT_32,
    "present": COUNT_32,
    "key": Range(0, 2.0**64),
    "first_staff": COUNT_32,
    "first_line": COUNT_32,
    "n_desks": COUNT_32,
    "first_duty": COUNT_32,
    "n_duties": COUNT_32,
    "begins": SHARE,
    "ends": SHARE,
    "minutes": MINUTES,
    "pay": Range(0.0, 1e9),
    "first_purse": index_or_nobody("purses"),
    "from_day": Range(0.0, NEVER),
    "to_day": Range(0.0, NEVER),
}

DUTIES = {
    "job": index("jobs"),
    "key": Range(0, 2.0**64),
    "kind": Range(0, max(DutyKind)),
    "occasion": Range(0, max(Occasion)),
    "task": index_or_nobody("tasks"),
    "minutes": MINUTES,
    "share": SHARE,
    "within": Range(0.0, NEVER),
    "quality": SHARE,
    "topic": BELOW_ONE,
    "during": STAGES,
    "post_kind": Range(0, max(PostKind)),
    "pinned": FLAG,
    "below": SHARE,
    "error": SHARE,
    "strikes": COUNT,
    "rounds": COUNT_32,
    "since": COUNT_32,
    "done": COUNT_32,
    "missed": COUNT_32,
    "minutes_spent": AMOUNT,
    "waited": AMOUNT,
    "waiting": COUNT_32,
}

PARAMS = {
    **{f"{group.name}_{c.name}": _coefficient(c) for group in GROUPS for c in group.coefficients},
    "visibility": SHARE,
    "bypass": SHARE,
    "reach": Range(0.0, 1e9),
    "season": AMOUNT,
    "bought_reach": AMOUNT,
    "stranger_price": AMOUNT,
    "event_reach": AMOUNT,
    "reminders": AMOUNT,
    "pay_inviter": AMOUNT,
    "pay_invited": AMOUNT,
    "purse_mean": Range(0.01, NEVER),
    "purse_log_sd": Range(0.0, 1e3),
    "purse_days": Range(1e-3, NEVER),
    "return_after": Range(0.0, NEVER),
    "population_level": Range(1e-9, 1.0),
    "centre": SHARE,
    "city": Range(0.0, 1e4),
    "mixing": Range(0, COMPLETE),
    "shown": Range(8, 1024),
    "journal": Range(0, max(JournalKind)),
    "possible": FLAG,
}

TOTALS = {
    "seed": Range(0, 2.0**64),
    "founders_top": COUNT,
    "founders_top_start": COUNT,
    "ever": COUNT,
    "anybody": Range(0.0, 1e9),
    "tickets": COUNT,
    "n_posts": COUNT_32,
    "n_records": Range(1, MOST_32),
    "n_ties": COUNT_32,
    "n_links": COUNT_32,
    "most_links": COUNT_32,
    "n_memberships": COUNT_32,
    "free_membership": index_or_nobody("memberships"),
    "n_applications": COUNT_32,
    "free_application": index_or_nobody("applications"),
    "n_accounts": COUNT_32,
    "n_rooms": Range(1, MOST_32),
    "rooms_full": FLAG,
    "full_at": PAST,
    "n_work": COUNT_32,
    "free_work": index_or_nobody("work"),
    "n_duty_days": COUNT_32,
    "n_task_days": COUNT_32,
    "stage": Range(0, MAX_STAGES - 1),
    "n_lots": COUNT_32,
    "free_lot": index_or_nobody("lots"),
    "n_promises": COUNT_32,
    "free_promise": index_or_nobody("promises"),
    "n_unit_days": COUNT_32,
    "n_rule_days": COUNT_32,
    "n_offer_days": COUNT_32,
    "n_happenings": Range(0, 1 << 20),
    "n_days": Range(1, MOST_32),
    "n_space_days": Range(1, MOST_32),
    "n_journal": Range(0, 0),
    "events": COUNT,
    "visits_total": COUNT,
    "ranks": Range(0.0, MOST),
    "n_ranks": COUNT,
    "last_post_at": PAST,
    **{measure.name: _measure(measure) for measure in MEASURES if measure.kind is not Kind.COMPUTED},
    # sums over the day's visits, which become means at its end
    "satisfaction": Range(0.0, MOST),
    "unread": Range(0.0, MOST),
    "reputation": Range(0.0, MUCH),
    "seen": COUNT,
    "seen_quality": Range(-1e-3, MOST),
}

EARN = {
    "key": Range(0, 2.0**64),
    "act": Range(0, max(Act)),
    "task": index_or_nobody("tasks"),
    "unit": index("units"),
    "amount": AMOUNT,
    "job": index_or_nobody("jobs"),
    "first": COUNT,
    "space": index_or_nobody("spaces"),
    "window": Range(0.0, NEVER),
    "streak": COUNT,
    "most": Range(0, 2.0**63),
    "chance": SHARE,
    "delay": Range(0.0, NEVER),
    "newcomers": Range(0.0, NEVER),
    "during": STAGES,
    "paid": COUNT,
    "sum": AMOUNT,
}

OFFERS = {
    "key": Range(0, 2.0**64),
    "space": index_or_nobody("spaces"),
    "job": index_or_nobody("jobs"),
    "unit": index_or_nobody("units"),
    "takes": AMOUNT,
    "at_least": AMOUNT,
    "price": AMOUNT,
    "worth": AMOUNT,
    "gives_money": AMOUNT,
    "gives_unit": index_or_nobody("units"),
    "gives_amount": AMOUNT,
    "mark": index_or_nobody("marks"),
    "needs": index_or_nobody("marks"),
    "needs_level": Range(0, MAX_STEPS),
    "seat": index_or_nobody("spaces"),
    "lasts": Range(0.0, NEVER),
    "buyers": Range(1, MAX_BUYERS),
    "wait": Range(0.0, NEVER),
    "stock": Range(0, 2.0**63),
    "most": Range(0, 2.0**63),
    "every": Range(0.0, NEVER),
    "first": Range(0.0, NEVER),
    "until": Range(0.0, NEVER),
    "open": Range(0.0, NEVER),
    "during": STAGES,
    "opening": Range(-1, MOST),
    "gone": COUNT,
    "n_signed": Range(0, MAX_BUYERS - 1),
    "since": PAST,
    "sold": COUNT,
    "units": AMOUNT,
    "money": AMOUNT,
}

#: By array of a world; the fields of a record, or "" for an array of plain numbers.
RANGES: dict[str, dict[str, Range]] = {
    "people": PEOPLE,
    "members": MEMBERS,
    "groups": {"": Range(NOBODY, MAX_GROUPS - 1)},
    "memberships": MEMBERSHIPS,
    "applications": APPLICATIONS,
    "accounts": {"period": Range(-1, MOST), "spent": AMOUNT},
    "ties": {"base": AMOUNT, "grown": AMOUNT, "used_at": PAST, "asked": Range(0, 255)},
    "links": {"other": index("people"), "tie": Range(-(1 << 31), "ties")},
    "spaces": SPACES,
    "rooms": ROOMS,
    "room_of": {"": index_or_nobody("rooms")},
    "posts": {
        "author": index("people"),
        "own": COUNT_32,
        "quality": BELOW_ONE,
        "topic": BELOW_ONE,
        "hot": Range(0.0, MOST_32),
        "to": index_or_nobody("people"),
        "serial": COUNT_32,
        "kind": Range(0, max(PostKind)),
        "reported": Range(0, 1),
    },
    "gates": GATES,
    "happenings": {
        "start": Range(0.0, "now"),
        "fades": Range(1e-9, 1e9),
        "intensity": SHARE,
        "boost": Range(0.0, 1e9),
    },
    "jobs": JOBS,
    "duties": DUTIES,
    "staff": {
        "person": index_or_nobody("people"),
        "paid": index_or_nobody("people"),
        "job": index("jobs"),
        "desk": COUNT_32,
        "work": index_or_nobody("work"),
        "today": COUNT,
        "minutes_spent": MINUTES,
        "due": Range(0.0, NEVER),
    },
    "lines": {"first": index_or_nobody("work"), "last": index_or_nobody("work")},
    "work": {
        "since": Range(0.0, "now"),
        "person": index_or_nobody("people"),
        "stay": WRAPPING,
        "room": index_or_nobody("rooms"),
        "number": Range(NOBODY, MOST_32),
        "duty": index("duties"),
        "after": index_or_nobody("work"),
    },
    "tasks": {
        "every": Range(0.0, NEVER),
        "first": Range(0.0, NEVER),
        "until": Range(0.0, NEVER),
        "open": Range(0.0, NEVER),
        "effort": AMOUNT,
        "gives": SUM,
        "during": STAGES,
        "needs": index_or_nobody("marks"),
        "needs_level": Range(0, MAX_STEPS),
        "done": COUNT,
        "answered": COUNT,
    },
    "progress": {"last": Range(-1, MOST_32), "done": COUNT_32, "answered": COUNT_32},
    "units": {
        "expires": Range(0.0, NEVER),
        "most_per_day": Range(0.0, NEVER),
        "budget": Range(0.0, NEVER),
        "issued": AMOUNT,
        "outstanding": AMOUNT,
        "first": index_or_nobody("lots"),
        "last": index_or_nobody("lots"),
        "earned": AMOUNT,
        "spent": AMOUNT,
        "expired": AMOUNT,
    },
    "earn": EARN,
    "offers": OFFERS,
    "marks": {
        "unit": index_or_nobody("units"),
        "n_steps": Range(0, MAX_STEPS),
        "steps": Range(0.0, 1e9),
        "honor": Range(0.0, 1e9),
        "allows": Range(0, MAX_STEPS),
    },
    "buyers": {"": COUNT},
    "levels": {"": Range(0, MAX_STEPS)},
    "shown": {"": Range(-1e-3, MUCH)},
    "board": {"": Range(-1.0, 1.0)},
    "strikes": {"": COUNT_32},
    "batches": {
        "operation": Range(0, 2.0**64),
        "first": index("people"),
        "people": Range(1, MOST_32),
        "came": COUNT_32,
        "cost": Range(0.0, 1e9),
    },
    "contacts": {
        "messages_at": PAST,
        "messages": Range(0.0, MOST_32),
        "unread": COUNT_32,
        "rival": Range(0.0, 1e9),
        "hour_x": Range(-1.001, 1.001),
        "hour_y": Range(-1.001, 1.001),
    },
    "purses": {"": AMOUNT},
    "holdings": {
        "balance": AMOUNT,
        "earned": AMOUNT,
        "got": AMOUNT,
        "day": Range(-1, "now"),
        "first": index_or_nobody("lots"),
        "last": index_or_nobody("lots"),
    },
    "acts": {"day": Range(-2, "now"), "streak": COUNT_32, "today": COUNT_32, "acts": COUNT_32},
    "taken": {
        "opening": Range(-1, MOST_32),
        "n": COUNT_32,
        "ever": COUNT_32,
        "until": Range(0.0, NEVER),
        "since": PAST,
    },
    "signed": {"person": index("people"), "stay": COUNT_32},
    "firsts": {"window": COUNT, "n": COUNT},
    "lots": {
        "at": Range(0.0, "now"),
        "left": AMOUNT,
        "seat": index("memberships"),
        "next": index_or_nobody("lots"),
        "after": index_or_nobody("lots"),
    },
    "promises": {
        "person": index("people"),
        "stay": WRAPPING,
        "rule": index("earn"),
        "after": index_or_nobody("promises"),
    },
    "unit_days": {
        "day": COUNT_32,
        "unit": index("units"),
        **dict.fromkeys(("earned", "spent", "expired", "outstanding"), AMOUNT),
    },
    "rule_days": {"day": COUNT_32, "rule": index("earn"), "paid": COUNT, "sum": AMOUNT},
    "offer_days": {"day": COUNT_32, "offer": COUNT_32, "sold": COUNT, "units": AMOUNT, "money": AMOUNT},
    "params": PARAMS,
    "totals": TOTALS,
    "days": {
        "day": COUNT,
        **{measure.name: _measure(measure) for measure in MEASURES},
        "silence": Range(-1e-6, 1e9),
    },
    "space_days": {
        "day": COUNT,
        "space": index("spaces"),
        "rooms": Range(1, MOST_32),
        "members": COUNT,
        "waiting": COUNT,
        "temperature": LEVEL,
        "dilution": SUM,
        "evaporation": SUM,
        "pruning": SUM,
        "moved_in": SUM,
        "moved_out": SUM,
        "posts": COUNT,
    },
    "duty_days": {
        "day": COUNT,
        "duty": index("duties"),
        "staff": COUNT,
        "minutes": AMOUNT,
        "done": COUNT,
        "waiting": COUNT,
        "missed": COUNT,
        "waited": Range(0.0, AGE, nan=True),
    },
    "task_days": {
        "day": COUNT,
        "task": index("tasks"),
        "done": COUNT,
        "answered": COUNT,
        "members": COUNT,
    },
    "hazards": {
        "value": Range(0.0, MUCH),
        "at": PAST,
        "rate": AMOUNT,
        "version": COUNT,
    },
    "near": {"": Range(-1e-3, MOST_32)},
    "post_counts": {"": COUNT},
    "queue.values": {"": Range(0.0, NEVER)},
    "strangers.values": {"": Range(0.0, NEVER)},
    "event_strangers.values": {"": Range(0.0, NEVER)},
    "anybody.values": {"": Range(0.0, NEVER)},
}

#: Of the journal's membership rows, which are saved beside the world.
MEMBERSHIP_ROWS = {
    "time": Range(0.0, "now"),
    "value": Range(-MUCH, MUCH),
    "person": index("people"),
    "other": index_or_nobody("people"),
    "room": index_or_nobody("rooms"),
    "detail": Range(0, MOST_32),
    "kind": Range(0, MEMBERSHIP_KINDS),
}


def require(fits: Any, what: str) -> None:
    """Check something that holds in every true state.

    Raises
    ------
    ValueError
        It does not hold; ``what`` says where.
    """
    if not fits:
        raise ValueError(what)


def check_ranges(
    array: npt.NDArray[Any], ranges: Mapping[str, Range], limits: Mapping[str, float], what: str
) -> None:
    """Check that every value of an array is in the range of its field.

    Parameters
    ----------
    limits : mapping
        The numbers behind the words that bounds may be.
    what : str
        Name of the array, for the message.

    Raises
    ------
    ValueError
        A value is not; the message has the field and the range.
    KeyError
        A field has no range.
    """
    names: Iterable[str] = array.dtype.names or ("",)
    for name in names:
        low, bound, nan = ranges[name]
        high = limits[bound] if isinstance(bound, str) else bound
        values = array[name] if name else array
        if bound == "now":
            high += 1e-6 * abs(high) + 1e-6
        allowed = (values >= low) & (values <= high)
        if nan:
            allowed |= np.isnan(values)
        require(allowed.all(), f"{what}.{name}" if name else what)
