"""The state of the simulation: every record and its fields, with units.

Times are in days (float) since 00:00 of the scenario's start date. A name ``*_id`` is an index into
the array of such records. NOBODY (-1) means no person, NEVER (infinity) no time. Read fields as
``member["satisfaction"]``, never as attributes.
"""

from enum import IntEnum
from typing import Any, cast

import numpy as np

from shequn.agents.drivers import N_DRIVERS, Driver
from shequn.sim.kernel.measures import DAY_FIELDS

NEVER = float("inf")
NOBODY = -1

LEVELS = 4  # of spaces in each other, at most
MAX_SPACES = 64
ENTRANCE = 0  # the space that people from outside come to
NO_TALK, READ_ONLY, OPEN = 0, 1, 2  # whether a room has posts of its own, and whether members may write them

WEEK, MONTH = 7, 30  # days: members seen within them are active in a week, a month (as in WAU, MAU)
#: Slots of the ring buffers, at day % ring. There are more of them than current days, so a new day finds one free.
WEEK_RING, MONTH_RING = 8, 32


class State(IntEnum):
    """A person's state with respect to the community."""

    OUTSIDE = 0
    WAITING = 1  # on the waiting list of a quota gate
    MEMBER = 2
    LEFT = 3  # left of their own accord; may come again after `return_after`
    REMOVED = 4  # removed by the operator; may never come again
    STAFF = 5  # paid by the operator: in no count of members
    FORMER_STAFF = 6  # no longer paid; does not come as a member


class EventKind(IntEnum):
    """Kinds of events; at one instant they are handled in this order."""

    END_OF_DAY = 0
    # the operator's operations come here: Python handles them between two segments
    DISCOVERY = 1  # a stranger finds the community
    ARRIVAL = 2  # a person of an operation (shock, arrivals) comes to the door
    INVITATION = 3  # a member invites somebody
    ANSWER = 4  # the invitee answers
    ADMISSION = 5  # the quota gate lets the next person on the waiting list pass
    GIVING_UP = 6  # somebody on the waiting list stops waiting
    DEPARTURE = 7  # by the member's own clock, or at the end of a fixed stay
    WORK = 8  # somebody of the staff finishes what they do, or looks for something to do
    VISIT = 9
    WRITE_AGAIN = 10  # a member who has just written writes again in the same session
    EXPIRY = 11  # the oldest units of a kind expire
    PAYOUT = 12  # a reward that was promised is paid
    WRITE_FOR_PAY = 13  # a member may write one more post for pay
    REMOVAL = 14  # the staff remove a member


class Channel(IntEnum):
    """How a member came in."""

    FOUNDER = 0
    STRANGER = 1  # found the community
    INVITATION = 2
    ARRIVAL = 3  # by an operation: shock or Poisson arrivals
    # after a return it is the channel of that return


#: Why a member left: the driver whose signal fell most, or one of the other causes.
Reason: Any = cast(Any, IntEnum)(  # type checkers cannot see members made from Driver
    "Reason",
    {
        **{driver.name: driver.value for driver in Driver},
        "STANDARD": 32,  # the room fell below the member's own standard
        "CROWDING": 33,
        "OPTIONS": 34,  # nothing had fallen: outside options, or chance
        "CLOCK": 35,  # by the clock, or at the end of a fixed stay
        "REMOVAL": 36,  # by the operator
        "TERM": 37,  # by the operator: the term is over; they may come again
    },
)


class Privilege(IntEnum):
    """What members may do only with a mark, where a scenario says so; tasks and offers name the mark themselves."""

    POST = 0
    REPLY = 1
    INVITE = 2


class JournalKind(IntEnum):
    """Kinds of journal rows: what `person`, `other`, `detail` and `value` mean.

    ========== ======================= =========================== =======================
    kind       other                   detail                      value
    ========== ======================= =========================== =======================
    JOIN       inviter or NOBODY       Channel                     change of temperature
    LEAVE      previous departure in   Reason                      change of temperature
               the cascade, or NOBODY
    REMOVE     NOBODY                  Reason.REMOVAL or TERM      change of temperature
    FIND       NOBODY                  Reach                       0
    INVITE     invitee                 earlier invitations in this strength of the tie
                                       pair (complete mixing: 0)
    ACCEPT     inviter                 friends inside              probability
    DECLINE    inviter                 friends inside              probability
    REFUSE     NOBODY                  gate's number               0
    WAIT       NOBODY                  gate's number               0
    GIVE_UP    NOBODY                  gate's number               days waited
    PASS_LINE  NOBODY                  gate's number               days waited
    LAPSE      NOBODY                  0                           days until next visit
    RETURN     NOBODY                  0                           days away
    VISIT      NOBODY                  posts read                  satisfaction after it
    POST       NOBODY                  number of the post in room  quality of the post
    REPLY      author answered         number of the post in room  quality of the post
    REACTION   author                  number of the post in room  0
    WELCOME    who welcomed them       duty                        days waited
    PAY        NOBODY                  Payment                     money paid to the operator
    MOVE       NOBODY                  room they left              0
    TASK       NOBODY                  number of the task          what it is worth to them
    DUTY       whom it is for          duty                        days waited
    FEATURE    author                  number of the post in room  quality of the post
    HIRE       NOBODY                  job                         0
    DISMISS    NOBODY                  job                         0
    EARN       NOBODY                  earn rule                   units, or money
    BUY        the seller or NOBODY    offer                       units taken
    EXPIRE     NOBODY                  unit                        units that expire
    MARK       NOBODY                  mark                        level from now on
    SIGN       NOBODY                  offer                       buyers together by now
    ADVERTISE  NOBODY                  number of the post in room  quality of the post
    REPORT     author                  number of the post in room  0
    TAKE_DOWN  author                  number of the post in room  1, or 0 by mistake
    MESSAGE    NOBODY                  messages not read yet       probability of coming
    ========== ======================= =========================== =======================

    A gate's number is its position in its space + 256 × the number of the space. PASS_LINE: admitted from the
    waiting list, or at once (0 days). Duties, jobs and tasks are numbered as in the scenario; the person of a DUTY,
    HIRE, DISMISS or TAKE_DOWN row is of the staff. Earn rules and offers are numbered in the same way, and marks; units
    come after money (0), and the detail of an award is −1 less its unit. JOIN, LEAVE and REMOVE are always written, all
    kinds up to RETURN with ``journal: membership``, the rest with ``journal: full``.
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
    PAY = 18
    MOVE = 19
    TASK = 20
    DUTY = 21
    FEATURE = 22
    HIRE = 23
    DISMISS = 24
    EARN = 25
    BUY = 26
    EXPIRE = 27
    MARK = 28
    SIGN = 29
    ADVERTISE = 30
    REPORT = 31
    TAKE_DOWN = 32
    MESSAGE = 33


class Reach(IntEnum):
    """How a stranger found the community."""

    OWN = 0  # by its own visibility
    EVENT = 1  # because of a hot event
    BOUGHT = 2  # by a campaign's reach, which is paid for


class PostKind(IntEnum):
    """Whose a post is, and what it is."""

    MEMBER = 0
    QUESTION = 1  # by a member
    OFFICIAL = 2  # by the staff
    LESSON = 3  # by the staff: what a course teaches
    ADVERTISEMENT = 4  # by a member
    TAKEN_DOWN = 5  # by the staff: nobody reads it any more


class Occasion(IntEnum):
    """What gives the staff something to do."""

    CALENDAR = 0  # at fixed times: Python begins the rounds between two segments
    POST = 1  # a member has written a post
    FIRST_POST = 2  # their first ever
    QUESTION = 3
    TASK = 4  # a member has done a task
    JOIN = 5
    REPORT = 6  # a member reports a post
    ANY_POST = 7  # a member has written anything: a post, a reply, an advertisement


class Act(IntEnum):
    """What a member can be rewarded for."""

    VISIT = 0
    TASK = 1
    POST = 2  # a new post
    REPLY = 3
    FIRST_POST = 4  # their first post or reply ever
    FEATURED = 5  # a post of theirs has been featured
    INVITED = 6  # somebody has joined whom they invited
    JOINED = 7
    BOUGHT = 8


MONEY = 0  # number of the unit that is money: it is paid out at once, and no account holds it


class Payment(IntEnum):
    """What money is paid for, between a person and the operator."""

    FEE = 0
    REWARD = 1  # paid by the operator: a negative amount
    PURCHASE = 2  # of an offer


#: Entries that one event may add to a growing array, besides one per link of a person.
MARGIN = 4096
MEMBERSHIP_KINDS = JournalKind.RETURN  # the last kind of `membership`

#: Everybody, inside or outside: 64 bytes, one line of the cache. It holds what a join or departure changes in the
#: records of those tied to the person, and what others see of them. Read f4 fields through np.float64(): numba's
#: float() leaves them at 32 bits.
person_dtype = np.dtype(
    [
        ("key", "u8"),  # names the person in every draw
        ("base_inside", "f8"),  # sum of the initial strengths of ties to people inside
        ("links_start", "i8"),  # start of their block in links
        ("ties_inside", "i4"),
        ("n_links", "i4"),
        ("links_room", "i4"),  # size of their block in links
        ("member", "i4"),  # index of their record in members; 0, the blank one, of who has none
        ("membership", "i4"),  # index of their record in memberships; NOBODY outside
        ("state", "u1"),  # State
        ("channel", "u1"),  # Channel by which they last came
        ("n_joins", "u2"),
        ("quality", "f4"),  # (0, 1); traits are constant
        ("topic", "f4"),  # a point on a circle of length 1
        # thresholds, places on the waiting list and other queue entries with another version are stale
        ("door_version", "i4"),
        ("n_asked", "i4"),  # times invited
    ],
    align=True,
)

#: What is drawn of a person only when their record in ``members`` is made.
member_traits = [
    ("drivers", "f4", (N_DRIVERS,)),  # weights, sum 1
    ("talkativeness", "f4"),  # chance of a first post at a visit, before other factors
    ("pace", "f4"),  # visits per day
    ("contentment", "f4"),  # lasting addition to the offer of every visit, in satisfaction
    ("x", "f4"),  # km; nan without places
    ("y", "f4"),
]

#: Who has ever come to the door, or is or may be of the staff: 200 bytes. The first record is blank: it stands for
#: everybody else.
member_dtype = np.dtype(
    [
        # times and waiting times
        ("visit_due", "f8"),  # of the next visit, at the present rate
        ("last_visit_at", "f8"),  # a join counts as a visit
        ("stocks_at", "f8"),  # time at which recognition, answers and gains hold
        ("friends_at", "f8"),  # time at which grown_inside holds
        ("left_at", "f8"),  # when they left or will leave by a clock; NEVER
        ("invite_due", "f8"),  # of the next invitation, at the present rate; NEVER
        ("invite_work", "f8"),  # rate × days left until then, at the time of the last change of rate
        ("joined_at", "f8"),  # time of the last join
        (
            "visit_version",
            "u2",
        ),  # visits in the queue with another one are stale; it wraps (see next_version)
        ("invite_version", "u2"),  # the same for invitations; it wraps too
        ("founder", "u1"),  # 1 = founder, 2 = of their top decile in quality
        ("lapsed", "u1"),  # 1 while lapsed (away for long)
        ("visit_rate", "f4"),  # per day
        ("invite_rate", "f4"),  # per day
        ("satisfaction", "f4"),  # [0, 1]
        ("need", "f4"),  # [0, 1], as of last_visit_at
        ("habit", "f4"),  # [0, 1], as of last_visit_at
        ("commitment", "f4"),  # in satisfaction, as of last_visit_at
        *member_traits,
        ("recognition", "f4"),
        ("answers", "f4"),  # by people they know
        ("gains", "f4"),
        ("aspiration", "f4"),
        ("grown_inside", "f4"),  # sum of the strengths grown in the run, of ties to people inside
        ("n_visits", "i4"),
        ("n_posts", "i4"),  # replies included
        ("n_replies_received", "i4"),
        ("n_invites", "i4"),  # invitations made
        ("n_accepted", "i4"),  # invitations that led to a join
        ("invited_by", "i4"),
        ("seen_leaving_at", "f4"),  # day on which someone tied to them last left, while they were inside
        ("seen_leaving_of", "i4"),  # who left then; NOBODY
        ("application", "i4"),  # index of their place on the waiting list in applications; NOBODY
        ("account", "i4"),  # index of what they have spent in accounts; NOBODY before the first payment
    ],
    align=True,
)

#: From what these traits are drawn: one record for each group of the population, and the last one for who is of none.
distribution_dtype = np.dtype(
    [
        ("drivers", "f8", (N_DRIVERS,)),  # mean weights, sum 1
        ("shapes", "f8", (N_DRIVERS,)),  # of the gamma draws; 0 = all have the mean weights
        ("drawn", "f8", (N_DRIVERS,)),  # scratch: the gamma draws of the person whose weights are drawn
        ("single", "i4"),  # 1 = each person has one driver
        ("talkativeness", "f8"),  # mean, and standard deviation of the logarithm
        ("talkativeness_log_sd", "f8"),
        ("readers", "f8"),  # share of people who never write a first post
        ("pace", "f8"),
        ("pace_log_sd", "f8"),
        ("contentment_sd", "f8"),
        ("city", "f8"),  # length of a side, km; 0 = no places
    ]
)

#: A candidate on the waiting list of a space's quota gate, with what they take on from the gates passed.
application_dtype = np.dtype(
    [
        ("since", "f8"),  # time at which they began to wait
        ("owed", "f8"),  # money due at admission, for the gates passed so far
        ("commitment", "f8"),  # from the gates passed so far, in satisfaction
        ("ticket", "i8"),  # number among all applications ever
        ("person", "i4"),
        ("target", "i4"),  # the space they want to enter
        ("space", "i4"),  # the space at whose gate they wait
        ("at_gate", "i4"),  # position of that gate
        ("before", "i4"),  # the application in front of them in the space's line; NOBODY
        ("after", "i4"),  # the one behind them; in a free record the next free one; NOBODY
    ]
)

#: A space: a kind of place, with its gates, its line and its rooms. Spaces form a tree; members sit in rooms of leaves.
space_dtype = np.dtype(
    [
        ("parent", "i4"),  # NOBODY for one that is entered from outside
        ("child", "i4"),  # the first space in it, where those who enter it go on; NOBODY for a leaf
        ("copies", "i8"),  # rooms in each room of the parent, at the start
        ("placing", "i8"),  # which of them (see params)
        ("order", "i8"),  # of reading, for those who sit there
        ("splits", "i8"),  # 1 = a full room is divided
        ("n_rooms", "i8"),
        ("n_gates", "i8"),
        ("members", "i8"),
        # the quota gate and its line, a doubly linked list of applications
        ("free_at", "f8"),  # time from which it lets the next person pass
        ("waiting", "i8"),
        ("first", "i4"),  # application; NOBODY
        ("last", "i4"),
        ("admission_pending", "i8"),
        ("admission_version", "i8"),
        # temperature of its members and the sums of its changes
        ("temperature", "f8"),
        ("dilution", "f8"),
        ("evaporation", "f8"),
        ("pruning", "f8"),
        ("moved_in", "f8"),
        ("moved_out", "f8"),
        ("posts", "i8"),  # so far, in its own rooms
    ]
)

#: What a person has spent in the current period of their purse.
account_dtype = np.dtype([("period", "i8"), ("spent", "f8")])

#: Discovery from one source (see ``discovery.py``): its hazard reached ``value`` at ``at``, and grows at ``rate``.
hazard_dtype = np.dtype([("value", "f8"), ("at", "f8"), ("rate", "f8"), ("version", "i8")])

#: A day of the group's mood (see ``mood.py``): rhythm days passed before it, as it stretches them, and its factor.
mood_dtype = np.dtype([("passed", "f8"), ("factor", "f8")])

#: One person in one room. Reasons for leaving are found by comparison with `usual…`.
membership_dtype = np.dtype(
    [
        ("person", "i4"),
        ("room", "i4"),
        # posts up to this number have been read or passed over: of the room, of the room it is in, and so on
        ("read_to", "i4", (LEVELS,)),
        ("n_read", "i4"),  # posts ever read here
        ("level", "f4"),  # level of the room, remembered from the posts read
        ("usual", "f4", (N_DRIVERS,)),  # weighted averages of the signals at earlier visits
        ("usual_shortfall", "f4"),
        ("usual_crowding", "f4"),
    ],
    align=True,
)

#: A tie that has been used: strength has grown along it, or somebody has been invited. Its ends are in `links`.
tie_dtype = np.dtype(
    [
        ("base", "f4"),  # initial strength; does not fade
        ("grown", "f4"),  # strength grown in the run, as of used_at
        ("used_at", "f4"),  # day
        # invitations by the person with the smaller number, and by the other; 255 at most
        ("asked", "u1", (2,)),
    ],
    align=True,
)

#: One end of a tie, in its owner's block, in order of `other`. ``tie`` is the index of its record; of a tie that has
#: not been used it is negative, and holds the initial strength (see `given_strength`).
link_dtype = np.dtype([("other", "i4"), ("tie", "i4")])

room_dtype = np.dtype(
    [
        ("space", "i4"),
        ("parent", "i4"),  # the room that it is in; NOBODY
        ("position", "i4"),  # among the rooms of its space
        ("home", "i4"),  # the room, here or above, where those who sit here write; NOBODY
        ("pond", "i4"),  # the room, here or above, in which those who sit here compare themselves
        (
            "desk",
            "i4",
        ),  # position, among the rooms of its space at the start, of the one whose staff look after it
        ("talk", "i4"),  # NO_TALK, READ_ONLY or OPEN
        ("members", "i8"),
        ("capacity", "i8"),
        ("level", "f8"),  # mean quality of its members
        ("n_posts", "i8"),  # ever
        ("pinned", "i8"),  # number of the pinned post, plus 1; 0 = none
        # number of members last seen on day d, at d % WEEK_RING; the last WEEK days are current
        ("seen", "i4", (WEEK_RING,)),
        ("recognition", "f8", (WEEK_RING,)),  # recognition that these members hold, as of recognition_at
        ("recognition_at", "f8"),
        ("shown", "f8", (WEEK_RING,)),  # what the marks of these members count for
    ],
    align=True,
)

#: The reading of the visit that is being handled.
reading_dtype = np.dtype(
    [
        ("n_rooms", "i8"),  # with posts of their own, from the member's seat up; the next seven are by room
        ("room", "i8", (LEVELS,)),
        ("base", "i8", (LEVELS,)),  # position of the room's posts
        ("level", "i8", (LEVELS,)),  # above the seat
        ("newest", "i8", (LEVELS,)),  # number of posts ever in the room
        ("oldest", "i8", (LEVELS,)),  # number of the oldest unread post in view
        ("next", "i8", (LEVELS,)),  # number of the next post to look at, newest first
        ("at", "i8", (LEVELS,)),  # its position
        ("current", "i8"),  # which of them has the post that is being read
        ("n_read", "i8"),
        ("unread", "i8"),
        ("enjoyment", "f8"),  # sum over posts read, as the next two
        ("usefulness", "f8"),
        ("quality", "f8"),
        ("strangers", "i8"),  # posts read by people without a tie to the reader
        ("standard", "f8"),  # the reader's own
        ("react", "u8"),  # stems of the draws of reactions, and of the races to be answered
        ("reply", "u8"),
        ("least", "f8"),  # the smallest of these races
        ("answer_to", "i8"),  # position in ``posts`` of the post to answer; -1 for none
        ("to_me", "i8"),  # position of the first post read that answers the reader; -1 for none
        ("to_report", "i8"),  # position of the post to report; -1 for none
        ("models", "f8"),  # for who has never written: sum of the likeness of those who were answered
    ]
)

post_dtype = np.dtype(
    [
        ("author", "i4"),
        ("own", "i4"),  # number among the author's posts, from 0: names the post in draws
        ("quality", "f4"),
        ("topic", "f4"),
        ("hot", "f4"),  # number of reactions and replies
        ("to", "i4"),  # author whom it answers; NOBODY
        ("serial", "i4"),  # number among all posts of the community
        ("kind", "i2"),  # PostKind
        ("reported", "i2"),  # 1 = a reader has reported it
    ],
    align=True,
)

#: A hot event, while it lasts.
happening_dtype = np.dtype(
    [
        ("start", "f8"),
        ("fades", "f8"),  # time in which it fades to 1/e, days
        ("intensity", "f8"),  # event signal at the start
        ("boost", "f8"),  # share added at the start to the visit rate of one who cares for events alone
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

#: A job: what one kind of staff does, where and when. The staff of a job sit in each room of its space.
job_dtype = np.dtype(
    [
        ("space", "i4"),
        ("volunteers", "i4"),  # 1 = members do it, unpaid or not; they stay members
        ("people", "i4"),  # in each room of the space at the start
        ("present", "i4"),  # now
        ("key", "u8"),  # names it in draws
        ("first_staff", "i4"),  # their first record
        ("first_line", "i4"),  # of its desks, one for each of these rooms
        ("n_desks", "i4"),
        ("first_duty", "i4"),
        ("n_duties", "i4"),
        ("begins", "f8"),  # of the working hours, in days from midnight
        ("ends", "f8"),
        ("minutes", "f8"),  # that each of them works a day
        ("pay", "f8"),  # money for each of them per day
        ("first_purse", "i4"),  # of its desks in ``purses``; NOBODY = they have none
        ("from_day", "f8"),
        ("to_day", "f8"),
    ]
)

#: A duty; those of a job come together, the most urgent first.
duty_dtype = np.dtype(
    [
        ("job", "i4"),
        ("key", "u8"),  # names it in draws
        ("kind", "i4"),  # DutyKind, see ``duties/kinds.py``
        ("occasion", "i4"),  # Occasion
        ("task", "i4"),  # that gives occasion; NOBODY = any
        ("during", "i8"),  # stages in which something gives occasion, as bits; -1 = all
        ("minutes", "f8"),  # that it takes
        ("share", "f8"),  # of the occasions that are taken up
        ("within", "f8"),  # days after which it is too late
        ("quality", "f8"),  # POST: of the post
        ("topic", "f8"),
        ("post_kind", "i4"),
        ("pinned", "i4"),  # 1 = it is read first
        (
            "below",
            "f8",
        ),  # MODERATE: the standard, the share of judgements that are wrong, posts taken down after
        ("error", "f8"),  # which their author is removed (0 = never)
        ("strikes", "i8"),
        ("rounds", "i8"),  # CALENDAR: so far
        ("since", "i8"),  # FEATURE: number of the first post, of all, that is new in the next round
        # this day: what is done, what came too late, the minutes it took, the days that it waited
        ("done", "i8"),
        ("missed", "i8"),
        ("minutes_spent", "f8"),
        ("waited", "f8"),
        ("waiting", "i8"),  # now
    ]
)

#: Somebody of the staff: one thing at a time, within the hours, until the minutes of the day are spent.
staff_dtype = np.dtype(
    [
        ("person", "i4"),  # NOBODY = the place is vacant
        ("paid", "i4"),  # who takes it while the operator pays; NOBODY = a volunteer
        ("job", "i4"),
        ("desk", "i4"),  # number among those of the job
        ("work", "i4"),  # what they do now; NOBODY
        ("today", "i8"),  # the day of minutes_spent
        ("minutes_spent", "f8"),
        ("due", "f8"),  # when they finish it, or look for something to do; NEVER
    ]
)

#: Something that waits to be done, or is being done.
work_dtype = np.dtype(
    [
        ("since", "f8"),
        ("person", "i4"),  # the member whom it is for; NOBODY
        ("stay", "i4"),  # the stay of theirs that it belongs to
        ("room", "i4"),  # of the post; NOBODY
        ("number", "i4"),  # of the post in the room
        ("duty", "i4"),
        ("after", "i4"),  # the next in line; in a free record the next free one; NOBODY
    ]
)

#: The line of things to do for one duty at one desk.
line_dtype = np.dtype([("first", "i4"), ("last", "i4")])

#: A task: something that members may do at a visit while it is open.
task_dtype = np.dtype(
    [
        ("every", "f8"),  # days from one to the next
        ("first", "f8"),
        ("until", "f8"),
        ("open", "f8"),  # days for which each can be done
        ("effort", "f8"),
        ("gives", "f8", (N_DRIVERS,)),  # through each driver
        ("during", "i8"),  # stages in which it is open, as bits; -1 = all
        ("needs", "i4"),  # mark that one must have to do it; NOBODY
        ("needs_level", "i4"),
        # this day
        ("done", "i8"),
        ("answered", "i8"),
    ]
)

#: What a member has done of one task in this stay.
progress_dtype = np.dtype(
    [
        ("last", "i4"),  # number of the last one done; -1
        ("done", "i4"),
        ("answered", "i4"),  # by the staff
    ]
)

#: A unit: money, points, coins, experience. Amounts are whole numbers, but for money.
unit_dtype = np.dtype(
    [
        ("expires", "f8"),  # days after which what was earned expires; NEVER
        ("most_per_day", "f8"),  # that one member can earn in a day; inf
        ("budget", "f8"),  # that can be issued in the run; inf
        ("issued", "f8"),  # so far
        ("outstanding", "f8"),  # on all accounts of members
        ("first", "i4"),  # lot that expires first; NOBODY
        ("last", "i4"),
        # this day
        ("earned", "f8"),
        ("spent", "f8"),
        ("expired", "f8"),  # or lost by leaving
    ]
)

#: What a member has of one unit.
holding_dtype = np.dtype(
    [
        ("balance", "f8"),
        ("earned", "f8"),  # in this stay
        ("got", "f8"),  # on the day ``day``
        ("day", "i8"),
        ("first", "i4"),  # their oldest lot with anything left; NOBODY
        ("last", "i4"),
    ]
)

MAX_STEPS = 16

#: A mark that members show: a level by what they have earned of a unit, or a title.
mark_dtype = np.dtype(
    [
        ("unit", "i4"),  # NOBODY = a title
        ("n_steps", "i4"),
        ("steps", "f8", (MAX_STEPS,)),  # units for each level
        ("honor", "f8"),  # what each level counts for, in units of recognition
        (
            "allows",
            "i4",
            (len(Privilege),),
        ),  # level from which members may do this; 0 = it is none of this mark
    ]
)

#: What reaches a member from elsewhere, and when they use to come.
contact_dtype = np.dtype(
    [
        ("messages_at", "f8"),  # time at which ``messages`` holds
        ("messages", "f4"),  # from the operator, each halved after a week
        ("unread", "i4"),  # messages
        ("rival", "f4"),  # gains that a rival offers
        ("hour_x", "f4"),  # mean hour of their visits, as a vector on the dial of a day
        ("hour_y", "f4"),
    ],
    align=True,
)

#: Units that were earned at one time and expire together.
lot_dtype = np.dtype(
    [
        ("at", "f8"),
        ("left", "f8"),
        ("seat", "i4"),  # whose they are
        ("next", "i4"),  # the holder's next one; NOBODY
        ("after", "i4"),  # the next to expire; in a free record the next free one; NOBODY
    ]
)

#: A rule by which members earn units or money.
rule_dtype = np.dtype(
    [
        ("key", "u8"),  # names it in draws
        ("act", "i4"),  # Act
        ("task", "i4"),  # with Act.TASK; NOBODY = any
        ("unit", "i4"),
        ("amount", "f8"),
        ("job", "i4"),  # whose purse pays; NOBODY = the operator
        ("first", "i8"),  # acts of a room and window that are paid, the first ones; 0 = all
        ("space", "i4"),  # whose rooms these are; NOBODY = the whole community
        ("window", "f8"),  # days
        ("streak", "i8"),  # days in a row for one payment; 0 = each act is paid
        ("most", "i8"),  # paid acts of a member in a day
        ("chance", "f8"),
        ("delay", "f8"),  # days from the act to the payment
        ("newcomers", "f8"),  # only in the first days of a stay; NEVER
        ("during", "i8"),  # stages in which it pays, as bits; -1 = all
        # this day
        ("paid", "i8"),
        ("sum", "f8"),
    ]
)

#: What a member has done for one rule in this stay.
acts_dtype = np.dtype(
    [
        ("day", "i8"),  # of the last act; -2
        ("streak", "i4"),  # days in a row, up to that day
        ("today", "i4"),  # acts on that day
        ("acts", "i4"),
    ]
)

#: Acts of the current window in one room.
first_dtype = np.dtype([("window", "i8"), ("n", "i8")])

#: People whom an operation has brought together: they follow each other, and come to the door one by one.
batch_dtype = np.dtype(
    [
        ("operation", "u8"),  # its key
        ("first", "i8"),  # of these people
        ("people", "i8"),
        ("came", "i8"),  # to the door so far
        ("cost", "f8"),  # money for each who comes
    ]
)

#: A reward that has been promised and is paid later.
promise_dtype = np.dtype(
    [
        ("person", "i4"),
        ("stay", "i4"),
        ("rule", "i4"),
        ("after", "i4"),  # in a free record the next free one; NOBODY
    ]
)

#: An offer: what it takes and gives.
offer_dtype = np.dtype(
    [
        ("key", "u8"),
        ("space", "i4"),  # in which it is seen; NOBODY = by all members
        ("job", "i4"),  # the seller; NOBODY
        ("unit", "i4"),  # taken; NOBODY = none
        ("takes", "f8"),
        ("at_least", "f8"),  # units that one must have
        ("price", "f8"),  # money
        ("worth", "f8"),  # money that what it gives is worth to members
        ("gives_money", "f8"),
        ("gives_unit", "i4"),  # NOBODY = none
        ("gives_amount", "f8"),
        ("mark", "i4"),  # the title that it gives; NOBODY = none
        ("needs", "i4"),  # mark that one must have to take it; NOBODY
        ("needs_level", "i4"),
        ("seat", "i4"),  # the space in which it gives a seat; NOBODY = none
        ("lasts", "f8"),  # days over which its worth comes; 0 = at once
        ("buyers", "i8"),  # that must want it together
        ("wait", "f8"),  # days for which the first of them waits for the others
        ("stock", "i8"),  # of each opening
        ("most", "i8"),  # that one member can take of each opening
        ("every", "f8"),  # days from one opening to the next
        ("first", "f8"),
        ("until", "f8"),
        ("open", "f8"),  # days for which each is open
        ("during", "i8"),  # stages in which it can be taken, as bits; -1 = all
        ("opening", "i8"),  # number of the one that ``gone`` counts
        ("gone", "i8"),
        ("n_signed", "i8"),  # buyers who wait for others
        ("since", "f8"),  # when the first of them came
        # this day
        ("sold", "i8"),
        ("units", "f8"),
        ("money", "f8"),
    ]
)

#: What a member has taken of one offer in this stay.
taken_dtype = np.dtype(
    [
        ("opening", "i4"),
        ("n", "i4"),
        ("ever", "i4"),
        ("until", "f8"),  # when the last one's worth has all come
        ("since", "f8"),  # up to when it has come
    ],
    align=True,
)

#: The most buyers that an offer can ask for together.
MAX_BUYERS = 64

#: A member who waits for more buyers.
signed_dtype = np.dtype([("person", "i4"), ("stay", "i4")])

#: One row per day and unit, in that order.
unit_day_dtype = np.dtype(
    [
        ("day", "i8"),
        ("unit", "i4"),
        ("earned", "f8"),
        ("spent", "f8"),
        ("expired", "f8"),
        ("outstanding", "f8"),
    ],
    align=True,
)

#: One row per day and earn rule, in that order.
rule_day_dtype = np.dtype([("day", "i8"), ("rule", "i4"), ("paid", "i8"), ("sum", "f8")], align=True)

#: One row per day and offer, in that order.
offer_day_dtype = np.dtype(
    [("day", "i8"), ("offer", "i4"), ("sold", "i8"), ("units", "f8"), ("money", "f8")], align=True
)

#: One row per day and duty, in that order.
duty_day_dtype = np.dtype(
    [
        ("day", "i8"),
        ("duty", "i4"),
        ("staff", "i8"),
        ("minutes", "f8"),
        ("done", "i8"),
        ("waiting", "i8"),
        ("missed", "i8"),
        ("waited", "f8"),  # mean days from the occasion to the end; nan
    ],
    align=True,
)

#: One row per day and task, in that order.
task_day_dtype = np.dtype(
    [
        ("day", "i8"),
        ("task", "i4"),
        ("done", "i8"),
        ("answered", "i8"),
        ("members", "i8"),
    ],
    align=True,
)

#: One row per day and space, in that order.
space_day_dtype = np.dtype(
    [
        ("day", "i8"),
        ("space", "i4"),
        ("rooms", "i8"),
        ("members", "i8"),
        ("waiting", "i8"),
        ("temperature", "f8"),
        ("dilution", "f8"),
        ("evaporation", "f8"),
        ("pruning", "f8"),
        ("moved_in", "f8"),
        ("moved_out", "f8"),
        ("posts", "i8"),
    ],
    align=True,
)

#: One row per day: row d is written at the end of day d, at time d; row 0 at the start.
day_dtype = np.dtype(DAY_FIELDS)
