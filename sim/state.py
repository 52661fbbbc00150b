"""What the simulator remembers: every record and its fields, with units.

Times are days (float) since 00:00 of the scenario's start date. ``*_id`` says what a
number indexes; NOBODY (-1) is no person, NEVER (infinity) no time.
Read fields as ``member["satisfaction"]``, never as attributes.
"""

from enum import IntEnum

import numpy as np

NEVER = float("inf")
NOBODY = -1
N_DRIVERS = 6


class State(IntEnum):
    """Where a person stands to the community."""

    OUTSIDE = 0
    WAITING = 1  # in the waiting line of a quota gate
    MEMBER = 2
    LEFT = 3  # of their own accord; may come again after `return_after`
    REMOVED = 4  # by the operator; never again


class EventKind(IntEnum):
    """Kinds of events; at one instant they are handled in this order."""

    END_OF_DAY = 0
    # operator's operations are handled here, in Python, between two segments
    DISCOVERY = 1  # a stranger finds the door
    ARRIVAL = 2  # a person of an operation (shock, arrivals) comes to the door
    INVITATION = 3  # a member asks somebody
    ANSWER = 4  # the asked one answers
    ADMISSION = 5  # the quota gate lets the next in line pass
    GIVING_UP = 6  # somebody in the line stops waiting
    DEPARTURE = 7  # by the member's own clock, or after a fixed stay
    WELCOME = 8  # first welcome of a newcomer
    VISIT = 9


class Channel(IntEnum):
    """How a member came in."""

    FOUNDER = 0
    STRANGER = 1  # found the door
    INVITATION = 2
    ARRIVAL = 3  # by an operation: shock or Poisson arrivals
    # a person who comes back keeps the channel of this coming


class Reason(IntEnum):
    """Why a member left: the signal whose fall mattered most, or the other cause."""

    HONOR = 0
    INTEREST = 1
    BENEFIT = 2
    RELATIONSHIP = 3
    EVENT = 4
    LOCALITY = 5
    STANDARD = 6  # the room fell below the member's own standard
    CROWDING = 7
    OPTIONS = 8  # nothing fell: outside options or chance
    CLOCK = 9  # leaving by a clock or after a fixed stay
    REMOVAL = 10  # by the operator


class JournalKind(IntEnum):
    """Kinds of journal rows: what `person`, `other`, `detail` and `value` mean.

    ========== ======================= =========================== =======================
    kind       other                   detail                      value
    ========== ======================= =========================== =======================
    JOIN       inviter or NOBODY       Channel                     change of temperature
    LEAVE      who left before them    Reason                      change of temperature
               in the cascade/NOBODY
    REMOVE     NOBODY                  Reason.REMOVAL              change of temperature
    FIND       NOBODY                  0                           0
    INVITE     the asked               asks so far on this tie     strength of the tie
    ACCEPT     the asker               friends inside              probability
    DECLINE    the asker               friends inside              probability
    REFUSE     NOBODY                  gate's position             0
    WAIT       NOBODY                  gate's position             0
    GIVE_UP    NOBODY                  gate's position             days waited
    PASS_LINE  NOBODY                  gate's position             days waited
    LAPSE      NOBODY                  0                           days until next visit
    RETURN     NOBODY                  0                           days away
    VISIT      NOBODY                  posts read                  satisfaction after it
    POST       NOBODY                  number of the post in room  quality of the post
    REPLY      author answered         number of the post in room  quality of the post
    REACTION   author                  number of the post in room  0
    WELCOME    NOBODY                  0                           0
    ========== ======================= =========================== =======================

    PASS_LINE is one who came out of the waiting line (or passed it at once: 0 days). JOIN,
    LEAVE, REMOVE and all kinds up to RETURN are `membership`; the rest only in `full`.
    """

    JOIN = 0
    LEAVE = 1
    REMOVE = 2
    FIND = 3
    INVITE = 4
    ACCEPT = 5
    DECLINE = 6
    REFUSE = 7
    WAIT = 8
    GIVE_UP = 9
    PASS_LINE = 10
    LAPSE = 11
    RETURN = 12
    VISIT = 13
    POST = 14
    REPLY = 15
    REACTION = 16
    WELCOME = 17


MEMBERSHIP_KINDS = JournalKind.RETURN  # kinds up to this one belong to `membership`

journal_dtype = np.dtype(
    [
        ("time", "f8"),
        ("value", "f8"),
        ("person", "i4"),
        ("other", "i4"),
        ("room", "i4"),
        ("detail", "i4"),
        ("kind", "u1"),
    ],
    align=True,
)

#: One row at the end of each day (row d is the end of day d, time d; row 0 the start).
day_dtype = np.dtype(
    [
        ("day", "i8"),
        ("members", "i8"),
        ("joins", "i8"),  # of this day, likewise below
        ("joins_stranger", "i8"),
        ("joins_invitation", "i8"),
        ("joins_arrival", "i8"),
        ("departures", "i8"),
        ("removals", "i8"),
        ("finds", "i8"),  # strangers who found the door
        ("invitations", "i8"),
        ("accepted", "i8"),
        ("refused", "i8"),  # by a gate
        ("given_up", "i8"),
        ("waiting", "i8"),  # now in line
        ("temperature", "f8"),  # mean quality of members
        ("temperature_active", "f8"),  # of those seen in the last 30 days
        ("dilution", "f8"),  # since the start, likewise the next two
        ("evaporation", "f8"),
        ("pruning", "f8"),
        ("leavers_rank", "f8"),  # mean quality rank of this day's leavers; nan without
        ("founders_top_share", "f8"),  # founding top decile still in; nan without founders
        ("active_day", "i8"),  # members seen today
        ("active_week", "i8"),  # in the last 7 days
        ("active_month", "i8"),  # in the last 30 days
        ("visits", "i8"),
        ("posts", "i8"),  # replies included
        ("replies", "i8"),
        ("reactions", "i8"),
        ("lapses", "i8"),
        ("unread", "f8"),  # mean number of unread posts met at a visit; nan without visits
        ("silence", "f8"),  # days since the last post (or the start)
        ("satisfaction", "f8"),  # mean over this day's visits; nan without
        ("top1_share", "f8"),  # posts by the most talkative 1 % of all who ever joined
        ("top10_share", "f8"),
        ("gini", "f8"),  # of posts over all who ever joined
        ("income", "f8"),  # money since the start, likewise the next two
        ("rewards", "f8"),
        ("staff_cost", "f8"),
        ("reputation", "f8"),
    ]
)
