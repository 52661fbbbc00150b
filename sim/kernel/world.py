"""The whole state of one run, in the form that the compiled loop uses."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from shequn.agents.compiled import extends_numba
from shequn.sim.kernel.everybody import Everybody
from shequn.sim.kernel.features import EVERYTHING, Feature, marked, marker
from shequn.sim.kernel.heap import Heap
from shequn.sim.kernel.measures import COUNTER_FIELDS
from shequn.sim.kernel.state import MONTH_RING

Records = npt.NDArray[Any]

totals_dtype = np.dtype(
    [
        ("seed", "u8"),
        ("founders_top", "i8"),  # founders of their top decile who are still members; and at the start
        ("founders_top_start", "i8"),
        ("ever", "i8"),  # people who ever joined
        ("anybody", "f8"),  # complete mixing: the last threshold that was reached
        ("tickets", "i8"),  # number of people ever put on a waiting list
        ("n_posts", "i8"),  # ever
        # used lengths of the growing arrays
        ("n_records", "i8"),  # of members, the blank one included
        ("n_ties", "i8"),
        ("n_links", "i8"),
        ("most_links", "i8"),  # largest number of links of one person
        ("n_memberships", "i8"),
        ("free_membership", "i8"),  # head of the list of free records, linked by `person`; NOBODY
        ("n_applications", "i8"),
        ("free_application", "i8"),  # head of the list of free records, linked by `after`; NOBODY
        ("n_accounts", "i8"),
        ("n_rooms", "i8"),
        ("n_work", "i8"),
        ("free_work", "i8"),  # head of the list of free records, linked by `after`; NOBODY
        ("n_duty_days", "i8"),
        ("n_task_days", "i8"),
        ("n_lots", "i8"),
        ("free_lot", "i8"),  # head of the list of free records, linked by `after`; NOBODY
        ("n_promises", "i8"),
        ("free_promise", "i8"),
        ("n_unit_days", "i8"),
        ("n_rule_days", "i8"),
        ("n_offer_days", "i8"),
        ("rooms_full", "i8"),  # 1 = some room must be divided before anything else happens
        ("full_at", "f8"),  # when it became full
        ("n_happenings", "i8"),
        ("stage", "i8"),  # number of the present one
        ("n_days", "i8"),
        ("n_space_days", "i8"),
        ("n_journal", "i8"),
        ("events", "i8"),  # number of events handled so far
        ("visits_total", "i8"),
        ("ranks", "f8"),  # sum of the ranks of this day's departing members
        ("n_ranks", "i8"),
        ("last_post_at", "f8"),
        *COUNTER_FIELDS,  # daily measures: levels, this day's counts and sums, totals since the start
        # current members by the day they were last seen, at day % MONTH_RING; MONTH days are current
        ("seen", "i8", (MONTH_RING,)),
        ("seen_quality", "f8", (MONTH_RING,)),
    ]
)


class World(NamedTuple):
    """Record arrays (sim/kernel/state.py), one-record arrays ``params`` and ``totals``, and heaps.

    A record read out of an array is a view: writing to it writes to the array.
    """

    people: Records
    members: Records  # the first one is blank; see people.py
    groups: npt.NDArray[np.int8]  # (people,) number of a person's group, NOBODY of none; none without groups
    distributions: Records  # of the traits in members, by group; the last one of who is of none
    memberships: Records
    applications: Records
    accounts: Records
    ties: Records
    links: Records
    spaces: Records
    rooms: Records
    room_of: npt.NDArray[np.int32]  # (spaces, places) rooms of each space, in order
    seats: npt.NDArray[np.int32]  # (spaces, 2 × places) tree of counts of rooms with free seats: see rooms.py
    posts: Records  # room r holds posts[r * shown : (r + 1) * shown], number n at n % shown
    gates: Records  # space s holds gates[s * MAX_GATES : (s + 1) * MAX_GATES]
    happenings: Records
    jobs: Records
    duties: Records
    staff: Records
    lines: Records  # desk d of a job holds lines[first_line + d * n_duties : …], one for each of its duties
    work: Records
    tasks: Records
    progress: Records  # (memberships, tasks)
    units: Records  # the first one is money; none where there are no earn rules and offers
    earn: Records
    offers: Records
    buyers: npt.NDArray[
        np.int64
    ]  # (channels, 2) members who took an offer, and another, by the channel of their stay
    marks: Records
    levels: npt.NDArray[np.int32]  # (memberships, marks)
    shown: npt.NDArray[np.float64]  # (memberships,) what their marks count for
    board: npt.NDArray[
        np.float64
    ]  # (memberships,) share of others below them where a space ranks; -1 = on no board
    batches: Records  # in the order in which they were brought
    contacts: Records  # (memberships,); none where nothing reaches members from elsewhere
    strikes: npt.NDArray[
        np.int32
    ]  # (memberships,) posts of theirs taken down in this stay; none without moderators
    purses: npt.NDArray[np.float64]  # units that the staff of each desk have left to give
    holdings: Records  # (memberships, units)
    acts: Records  # (memberships, earn rules)
    taken: Records  # (memberships, offers)
    signed: Records  # (offers, MAX_BUYERS) members who wait for more buyers, the first ``n_signed`` of each
    firsts: Records  # (earn rules, rooms)
    lots: Records
    promises: Records
    unit_days: Records
    rule_days: Records
    offer_days: Records
    duty_days: Records
    task_days: Records
    params: Records
    totals: Records
    days: Records
    space_days: Records
    journal: Records
    queue: Heap  # the future event list
    hazards: Records  # cumulative hazards of discovery, by Source
    strangers: Heap  # thresholds of discovery by the community's own reach and that of campaigns
    event_strangers: Heap  # thresholds of discovery because of hot events
    anybody: Heap  # complete mixing: everybody's threshold of being invited
    reading: Records  # scratch: one record, the reading of the visit that is being handled
    rhythm: npt.NDArray[np.float64]  # (169,) cumulative weights of the week
    moods: Records  # one for each day; none without a mood
    near: npt.NDArray[np.float64]  # (rooms, cells) weighted members near each cell; (1, 1) without places
    ranks: npt.NDArray[np.int64]  # Fenwick tree of members' quality
    post_counts: npt.NDArray[np.int64]  # people who ever joined, by posts ever written
    features: Records = marker(EVERYTHING)  # no rows; its type says which parts of the kernel are compiled

    @property
    def has(self) -> Feature:
        """The parts of the kernel that are compiled for it."""
        return marked(self.features.dtype.names)

    @property
    def everybody(self) -> Everybody:
        """All people, to be read."""
        return Everybody(self.people, self.members)


extends_numba("shequn.sim.kernel.world_type")


def arrays_of(world: World) -> dict[str, npt.NDArray[Any]]:
    """Every array of a world by name (those of heaps as ``queue.values`` and so on); not the empty ``features``."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, part in world._asdict().items():
        if name == "features":
            continue
        if isinstance(part, Heap):
            arrays.update({f"{name}.{field}": array for field, array in part._asdict().items()})
        else:
            arrays[name] = part
    return arrays


def link_positions(people: Records) -> npt.NDArray[np.int64]:
    """Positions in ``links`` of everybody's links, person by person."""
    degree = people["n_links"].astype(np.int64)
    first = np.cumsum(degree) - degree
    positions: npt.NDArray[np.int64] = np.arange(degree.sum()) + np.repeat(
        people["links_start"] - first, degree
    )
    return positions


def given_strengths(world: World, ties: npt.NDArray[np.int32]) -> npt.NDArray[np.float32]:
    """Initial strength of each of these ties, which are numbered as in ``links``."""
    strength = np.ascontiguousarray(~ties).view(np.float32)
    used = ties >= 0
    strength[used] = world.ties["base"][ties[used]]
    return strength


def unused_ties(strength: npt.NDArray[np.float32]) -> npt.NDArray[np.int32]:
    """What ``links`` hold of ties of these initial strengths (at least 0) that have not been used."""
    ties: npt.NDArray[np.int32] = ~strength.astype(np.float32).view(np.int32)
    return ties


def memory(world: World) -> dict[str, int]:
    """Size of every array in bytes, including the room to grow."""
    return {name: array.nbytes for name, array in arrays_of(world).items()}
