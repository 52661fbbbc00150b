"""What the simulator remembers: every record and its fields, with units.

Times are days (float) since 00:00 of the scenario's start date. ``*_id`` says what a
number indexes; NOBODY (-1) is no person, NEVER (infinity) no time.
Read fields as ``member["satisfaction"]``, never as attributes.
"""

from enum import IntEnum
from typing import Any, cast

import numpy as np

from shequn.agents.drivers import N_DRIVERS, Driver
from shequn.sim.kernel.measures import DAY_FIELDS

NEVER = float("inf")
NOBODY = -1

WEEK, MONTH = 7, 30  # days: who was seen within so many is active in a week, a month (the usual WAU, MAU)
WEEK_RING, MONTH_RING = 8, 32  # places for days, at day % ring; more than days, so one is free as it comes


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
    WRITE_AGAIN = 10  # a member who has just written goes on, in the same session


class Channel(IntEnum):
    """How a member came in."""

    FOUNDER = 0
    STRANGER = 1  # found the door
    INVITATION = 2
    ARRIVAL = 3  # by an operation: shock or Poisson arrivals
    # a person who comes back keeps the channel of this coming


#: Why a member left: the driver whose signal had fallen most, or one of the other causes.
Reason: Any = cast(Any, IntEnum)(  # no type checker sees members that follow from Driver
    "Reason",
    {
        **{driver.name: driver.value for driver in Driver},
        "STANDARD": 32,  # the room fell below the member's own standard
        "CROWDING": 33,
        "OPTIONS": 34,  # nothing fell: outside options, or chance
        "CLOCK": 35,  # by the clock, or after a fixed stay
        "REMOVAL": 36,  # by the operator
    },
)


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
    INVITE     the asked               asks of them by this person strength of the tie
                                       so far (complete mixing: 0)
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

#: Everybody, inside or outside: 256 bytes, four cache lines. The first line is what the people
#: tied to someone touch when they come or go. f4 fields are read
#: through np.float64(): numba's float() leaves them at 32 bits.
person_dtype = np.dtype(
    [
        ("key", "u8"),  # names the person in every draw
        ("base_inside", "f8"),  # given strength of the ties to people inside, summed
        ("friends_at", "f8"),  # grown_inside is as of then
        ("left_at", "f8"),  # when they left or, leaving by a clock, will leave; NEVER
        ("grown_inside", "f4"),  # strength grown in the run, of ties to people inside
        ("ties_inside", "i4"),
        ("seen_leaving_at", "f4"),  # when last someone tied to them left, day
        ("seen_leaving_of", "i4"),  # who that was; NOBODY
        ("links_start", "i4"),  # their block in links
        ("n_links", "i4"),
        ("membership", "i4"),  # their record in memberships; NOBODY outside
        ("state", "u1"),  # State
        ("channel", "u1"),  # Channel of the last coming
        ("founder", "u1"),  # 1 = founder, 2 = of their top decile in quality
        ("lapsed", "u1"),  # 1 while away for long
        # traits: constant
        ("quality", "f4"),  # (0, 1)
        ("topic", "f4"),  # point on a circle of length 1
        ("drivers", "f4", (N_DRIVERS,)),  # weights, sum 1
        ("talkativeness", "f4"),  # chance of a first post at a visit, before its factors
        ("pace", "f4"),  # visits per day
        ("contentment", "f4"),  # lasting addition to every offer, satisfaction
        ("x", "f4"),  # km; nan without places
        ("y", "f4"),
        ("satisfaction", "f4"),  # [0, 1]
        # instants and waiting
        ("visit_due", "f8"),  # of the next visit, at the present rate
        ("invite_due", "f8"),  # of the next invitation, at the present rate; NEVER
        ("invite_work", "f8"),  # rate × days left until it, as of when its rate last changed
        ("waiting_since", "f8"),  # in the line of a quota gate
        ("joined_at", "f8"),  # last time
        ("last_visit_at", "f8"),  # joining counts as a visit
        ("stocks_at", "f8"),  # recognition, answers and gains are as of then
        # members' state
        ("need", "f4"),  # [0, 1], as of last_visit_at
        ("habit", "f4"),  # [0, 1], as of last_visit_at
        ("commitment", "f4"),  # satisfaction, as of last_visit_at; of a candidate: so far
        ("recognition", "f4"),
        ("answers", "f4"),  # by people one knows
        ("gains", "f4"),
        ("aspiration", "f4"),
        ("visit_rate", "f4"),  # per day
        ("invite_rate", "f4"),  # per day
        ("links_room", "i4"),  # size of their block in links
        ("invited_by", "i4"),
        ("n_visits", "i4"),
        ("n_posts", "i4"),  # replies included
        ("n_replies_received", "i4"),
        ("n_invites", "i4"),  # made
        ("n_accepted", "i4"),  # of those, led to a joining
        ("n_asked", "i4"),  # times invited
        ("door_version", "i4"),  # entries of thresholds, lines and clocks with another are stale
        ("visit_version", "u2"),  # likewise entries of the queue; they wrap (see next_version)
        ("invite_version", "u2"),
        ("n_joins", "u2"),
        ("at_gate", "u1"),  # position of the gate they stand at
    ],
    align=True,
)

#: One person in one room. Reasons for leaving compare with `usual_…`.
membership_dtype = np.dtype(
    [
        ("person", "i4"),
        ("room", "i4"),
        ("read_to", "i4"),  # posts of the room up to this number are known
        ("n_read", "i4"),  # posts ever read here
        ("level", "f4"),  # perceived by what was read
        ("usual", "f4", (N_DRIVERS,)),  # signals of earlier visits, averaged
        ("usual_shortfall", "f4"),
        ("usual_crowding", "f4"),
    ],
    align=True,
)

#: Between two people; its ends are in `links`.
tie_dtype = np.dtype(
    [
        ("base", "f4"),  # given strength; does not fade
        ("grown", "f4"),  # grown in the run, as of used_at
        ("used_at", "f4"),  # day
        ("dimensions", "u1"),  # bits: 1 know each other, 2 place, 4 interest, 8 trade, 16 mentor
        ("asked", "u1", (2,)),  # invitations by the end of the smaller number, and the other; 255 at most
    ],
    align=True,
)

#: One end of a tie, in its owner's block, in order of `other`.
link_dtype = np.dtype([("other", "i4"), ("tie", "i4")])

room_dtype = np.dtype(
    [
        ("members", "i8"),
        ("capacity", "i8"),
        ("level", "f8"),  # mean quality of its members
        ("n_posts", "i8"),  # ever
        # of members last seen on day d, at d % WEEK_RING; the last WEEK days are current
        ("seen", "i4", (WEEK_RING,)),
        ("recognition", "f8", (WEEK_RING,)),  # that they hold, as of recognition_at
        ("recognition_at", "f8"),
    ],
    align=True,
)

post_dtype = np.dtype(
    [
        ("author", "i4"),
        ("own", "i4"),  # number among the author's own, from 0: names the post in draws
        ("quality", "f4"),
        ("topic", "f4"),
        ("hot", "f4"),  # reactions and replies
        ("to", "i4"),  # whom it answers; NOBODY
    ],
    align=True,
)

#: A hot event, while it lasts.
happening_dtype = np.dtype(
    [
        ("start", "f8"),
        ("fades", "f8"),  # duration of fading, days
        ("intensity", "f8"),  # of the event signal at the start
        ("boost", "f8"),  # of visit rates at the start
    ]
)

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
day_dtype = np.dtype(DAY_FIELDS)
