"""Chains of records: spaces and rooms, seats, accounts, waiting lists, links and ties, posts in view."""

from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.sim.kernel.duties.feature import FEATURED
from shequn.sim.kernel.gates.kinds import MAX_GATES, GateKind, name_in_draws
from shequn.sim.kernel.locality import cells_across
from shequn.sim.kernel.moderation import ADVERTISEMENT
from shequn.sim.kernel.state import ENTRANCE, LEVELS, NOBODY, PostKind, State
from shequn.sim.kernel.world import World, given_strengths, link_positions
from shequn.sim.population import new_members
from shequn.sim.rooms import rooms_of
from shequn.sim.saving.checks.ranges import MUCH, require
from shequn.sim.scenario import Scenario

Numbers = npt.NDArray[Any]


def check_records(world: World, scenario: Scenario) -> None:
    """Check every chain of a world whose fields are in their ranges; raises ``ValueError``.

    Parameters
    ----------
    world : World
    scenario : Scenario
        The one run so far: it decides the tree of spaces and their first rooms.
    """
    _check_spaces(world, scenario)
    _check_rooms(world)
    _check_gates(world)
    _check_members(world)
    _check_seats(world)
    _check_accounts(world)
    _check_applications(world)
    _check_lines(world)
    _check_links(world)
    _check_posts(world)
    _check_reading(world)


def _check_spaces(world: World, scenario: Scenario) -> None:
    """The spaces and their first rooms are those of the scenario; what was divided off is like its neighbours."""
    spaces, rooms, n = world.spaces, world.rooms, int(world.totals["n_rooms"][0])
    expected, first, _, _ = rooms_of(scenario.places)
    require(len(spaces) == len(expected) and len(first) <= n <= len(rooms), "spaces")
    for field in ("parent", "child", "copies"):
        require((spaces[field] == expected[field]).all(), f"spaces.{field}")
    for field in ("space", "parent", "position", "home", "pond", "talk", "desk"):
        require((rooms[field][: len(first)] == first[field]).all(), f"rooms.{field}")
    added = np.arange(len(first), n)
    one = np.searchsorted(first["space"], rooms["space"][added])  # the first room of the same space
    parent = rooms["parent"][added]
    require(
        ((parent == NOBODY) == (first["parent"][one] == NOBODY)).all() and (parent < added).all(),
        "rooms.parent",
    )
    within = parent[parent != NOBODY]
    require(
        (rooms["space"][within] == spaces["parent"][rooms["space"][added[parent != NOBODY]]]).all(),
        "rooms.parent",
    )
    require((rooms["talk"][added] == first["talk"][one]).all(), "rooms.talk")
    desks = np.bincount(first["space"], minlength=len(spaces))
    require((rooms["desk"][added] < desks[rooms["space"][added]]).all(), "rooms.desk")
    for field in ("home", "pond"):
        outer = np.where(parent == NOBODY, NOBODY, rooms[field][parent])
        require(
            (rooms[field][added] == np.where(first[field][one] == one, added, outer)).all(), f"rooms.{field}"
        )
    require(all(not rooms[field][n:].any() for field in rooms.dtype.names or ()), "rooms")


def _check_rooms(world: World) -> None:
    """Each room has a place of its own among those of its space, and places in view and in the city."""
    rooms, n, room_of = world.rooms, int(world.totals["n_rooms"][0]), world.room_of
    require(room_of.ndim == 2 and len(room_of) == len(world.spaces), "room_of")
    places = room_of.shape[1]
    require(places & (places - 1) == 0 and (rooms["position"][:n] < places).all(), "rooms.position")
    expected = np.full_like(room_of, NOBODY)
    expected[rooms["space"][:n], rooms["position"][:n]] = np.arange(n)
    require((room_of == expected).all() and (room_of != NOBODY).sum() == n, "room_of")
    counts = np.bincount(rooms["space"][:n], minlength=len(world.spaces))
    require((counts == world.spaces["n_rooms"]).all(), "spaces.n_rooms")
    require((rooms["position"][:n] < counts[rooms["space"][:n]]).all(), "rooms.position")
    require((rooms["pinned"] <= rooms["n_posts"]).all(), "rooms.pinned")
    city = float(world.params["city"][0])
    cells = cells_across(city) ** 2 if city > 0.0 else 0
    require(world.near.shape == ((len(rooms), cells) if cells else (1, 1)), "near")
    require(len(world.posts) == len(rooms) * int(world.params["shown"][0]), "posts")


def _check_gates(world: World) -> None:
    """Each gate has the name that it would be given, and there is one quota at most, which opens."""
    gates, spaces = world.gates, world.spaces
    require(len(gates) == len(spaces) * MAX_GATES, "gates")
    for space, used in enumerate(spaces["n_gates"].tolist()):
        rows = gates[space * MAX_GATES : (space + 1) * MAX_GATES]
        kinds = rows["kind"][:used].tolist()
        names = [name_in_draws(kind, kinds[:k].count(kind), space) for k, kind in enumerate(kinds)]
        require(rows["name"][:used].tolist() == names and (rows["space"][:used] == space).all(), "gates.name")
        quotas = rows[:used][rows["kind"][:used] == GateKind.QUOTA]
        require(len(quotas) <= 1 and (quotas["quota_per_day"] > 0.0).all(), "gates.quota")
        require((quotas["quota_per_day"] <= 1e6).all(), "gates.quota")


def check_chain(head: int, after: Numbers, among: Numbers, what: str) -> None:
    """Check that a chain leads from ``head`` through all of these records, each once, and then ends.

    Parameters
    ----------
    after : int array
        The record behind each one, or NOBODY.
    among : int array
        The records of the chain, ascending.
    """
    entered = np.sort(np.append(after[among], head))
    require((entered == np.append(NOBODY, among)).all(), what)
    jump = np.full(len(after) + 1, NOBODY)  # the last one is what NOBODY leads to
    jump[among] = after[among]
    for _ in range(len(among).bit_length() + 1):  # twice as far each time: out of a circle nothing leads
        jump = jump[jump]
    require((jump[among] == NOBODY).all(), what)


#: States of people who have a record whether they have joined or not.
_WITH_RECORDS = (State.WAITING, State.STAFF, State.FORMER_STAFF)


def _check_members(world: World) -> None:
    """Who has ever joined or waited, or is of the staff, has a record of their own; the first one is that of nobody."""
    people = world.people
    blank = new_members(0)[0]
    require(world.members[:1].tobytes() == blank.tobytes(), "members")
    own = people["member"][people["member"] != 0]
    require(np.array_equal(np.sort(own), np.arange(1, int(world.totals["n_records"][0]))), "people.member")
    is_known = (people["n_joins"] > 0) | np.isin(people["state"], _WITH_RECORDS)
    require((people["member"][is_known] != 0).all(), "people.member")
    inviters = world.everybody["invited_by"]
    inviters = inviters[inviters != NOBODY]  # a join is counted in their record
    require((people["member"][inviters] != 0).all(), "members.invited_by")


def _check_seats(world: World) -> None:
    """Each member has a seat of their own, in a room without rooms in it; free seats are a chain."""
    people, total = world.people, world.totals[0]
    inside = np.flatnonzero(people["state"] == State.MEMBER)
    seats = world.memberships[: int(total["n_memberships"])]
    require((people["membership"][people["state"] != State.MEMBER] == NOBODY).all(), "people.membership")
    own = people["membership"][inside]
    require((own != NOBODY).all(), "people.membership")
    require((seats["person"][own] == inside).all(), "memberships.person")
    leaf = world.spaces["child"][world.rooms["space"][seats["room"][own]]] == NOBODY
    require(leaf.all(), "memberships.room")
    free = np.setdiff1d(np.arange(len(seats)), own)
    require((seats["person"][free] < len(seats)).all(), "memberships.person")
    check_chain(int(total["free_membership"]), seats["person"], free, "memberships.person")


def _check_accounts(world: World) -> None:
    accounts = world.members["account"][: int(world.totals["n_records"][0])]
    accounts = accounts[accounts != NOBODY]
    every = np.arange(int(world.totals["n_accounts"][0]))
    require(np.array_equal(np.sort(accounts), every), "members.account")


def _check_applications(world: World) -> None:
    """Who waits has one application that is theirs; free ones are a chain."""
    people, total = world.everybody, world.totals[0]
    applications = world.applications[: int(total["n_applications"])]
    waiting = np.flatnonzero(people["application"] != NOBODY)
    states = people["state"][waiting]
    require(((states == State.WAITING) | (states == State.MEMBER)).all(), "members.application")
    require((people["application"][people["state"] == State.WAITING] != NOBODY).all(), "members.application")
    own = people["application"][waiting]
    require((applications["person"][own] == waiting).all(), "applications.person")
    free = np.setdiff1d(np.arange(len(applications)), own)
    check_chain(int(total["free_application"]), applications["after"], free, "applications.after")


def _check_lines(world: World) -> None:
    """The line of each space is a doubly linked list in order of tickets, at its quota gate."""
    people, spaces, total = world.everybody, world.spaces, world.totals[0]
    used = world.applications[: int(total["n_applications"])]
    own = people["application"][people["application"] != NOBODY]
    space = used["space"][own]
    counts = np.bincount(space, minlength=len(spaces))
    require((counts == spaces["waiting"]).all() and counts.sum() == total["waiting"], "spaces.waiting")
    order = own[np.lexsort((used["ticket"][own], space))]
    last_of_line = np.append(used["space"][order][1:] != used["space"][order][:-1], True)[: len(order)]
    first_of_line = np.append(True, last_of_line[:-1])[: len(order)]
    after, before = np.append(order[1:], NOBODY)[: len(order)], np.append(NOBODY, order[:-1])[: len(order)]
    require((used["after"][order] == np.where(last_of_line, NOBODY, after)).all(), "applications.after")
    require((used["before"][order] == np.where(first_of_line, NOBODY, before)).all(), "applications.before")
    ends = np.full((2, len(spaces)), NOBODY)
    ends[0, used["space"][order][first_of_line]] = order[first_of_line]
    ends[1, used["space"][order][last_of_line]] = order[last_of_line]
    require((spaces["first"] == ends[0]).all() and (spaces["last"] == ends[1]).all(), "spaces.first")
    tickets = used["ticket"][own]
    require(len(np.unique(tickets)) == len(own) and (tickets < total["tickets"]).all(), "applications.ticket")
    kinds = world.gates["kind"][space * MAX_GATES + used["at_gate"][own]]
    at = used["at_gate"][own] < spaces["n_gates"][space]
    require((kinds == GateKind.QUOTA).all() and at.all(), "applications.at_gate")
    outside = people["state"][used["person"][own]] == State.WAITING
    require((used["target"][own][outside] == ENTRANCE).all(), "applications.target")
    on_the_way = np.zeros(len(own), dtype=bool)
    around = _leaves(world)[used["target"][own]]
    while (around != NOBODY).any():
        on_the_way |= around == space
        around = np.where(around == NOBODY, NOBODY, spaces["parent"][around])
    require(on_the_way.all(), "applications.space")


def _leaves(world: World) -> Numbers:
    """The leaf where those who enter each space sit."""
    leaf = np.arange(len(world.spaces))
    for _ in range(LEVELS):
        child = world.spaces["child"][leaf]
        leaf = np.where(child == NOBODY, leaf, child)
    return leaf


def _check_links(world: World) -> None:
    """Blocks of links lie apart, each in order; every tie has two ends that name each other, and agree on it."""
    people, total = world.people, world.totals[0]
    start, room, degree = (people[name].astype(np.int64) for name in ("links_start", "links_room", "n_links"))
    require((degree <= room).all() and int(degree.max()) == total["most_links"], "people.n_links")
    order = np.lexsort((room, start))
    begins, ends = start[order], (start + room)[order]
    taken = room[order] > 0
    require((begins[taken][1:] >= ends[taken][:-1]).all(), "people.links_start")
    require((ends <= total["n_links"]).all(), "people.links_start")
    links = world.links[link_positions(people)]
    owner, other, tie = np.repeat(np.arange(len(people)), degree), links["other"], links["tie"]
    require(((other >= 0) & (other < len(people)) & (other != owner)).all(), "links.other")
    same = owner[1:] == owner[:-1]
    require((other[1:][same] > other[:-1][same]).all(), "links.other")
    low = owner < other
    back = np.lexsort((owner[~low], other[~low]))  # the other ends, in the order of the first
    require(len(back) == int(low.sum()), "links.other")
    for one, its_other in ((owner[low], other[~low]), (other[low], owner[~low])):
        require((one == its_other[back]).all(), "links.other")
    require((tie[low] == tie[~low][back]).all(), "links.tie")
    used = np.sort(tie[low][tie[low] >= 0])
    require(np.array_equal(used, np.arange(int(total["n_ties"]))), "links.tie")
    has_grown = tie >= 0
    has_grown[has_grown] = world.ties["grown"][tie[has_grown]] > 0.0
    require((people["member"][owner[has_grown]] != 0).all(), "ties.grown")  # its sum is in their record
    given = given_strengths(world, tie[tie < 0])
    require(((given >= 0.0) & (given <= MUCH)).all(), "links.tie")


def _check_posts(world: World) -> None:
    """Posts in view are in the order of their numbers, each number once; their authors have written that many."""
    shown, n = int(world.params["shown"][0]), int(world.totals["n_rooms"][0])
    posts = world.posts.reshape(-1, shown)[:n]
    newest = world.rooms["n_posts"][:n, None]
    age = (newest - 1 - np.arange(shown)) % shown  # of the post at each position; 0 the newest
    there = age < newest
    serial = np.where(there, posts["serial"], -1)
    ordered = np.take_along_axis(serial, np.argsort(age, axis=1), axis=1)  # newest first
    require(((ordered[:, 1:] < ordered[:, :-1]) | (ordered[:, 1:] == -1)).all(), "posts.serial")
    serials = serial[there]
    require(len(np.unique(serials)) == len(serials), "posts.serial")
    require((serials < world.totals["n_posts"][0]).all(), "posts.serial")
    author = posts["author"][there]
    own = posts["own"][there] & (FEATURED - 1)
    is_advertisement = own >= ADVERTISEMENT  # named by the visit
    people = world.everybody
    most = np.where(is_advertisement, people["n_visits"][author], people["n_posts"][author])
    require((own - np.where(is_advertisement, ADVERTISEMENT, 0) < most).all(), "posts.own")
    is_kind = np.isin(posts["kind"][there], (PostKind.ADVERTISEMENT, PostKind.TAKEN_DOWN))
    require((is_kind | ~is_advertisement).all(), "posts.kind")
    require((is_advertisement | (posts["kind"][there] != PostKind.ADVERTISEMENT)).all(), "posts.kind")
    is_staff = people["state"][author] >= State.STAFF
    require((is_staff | (people["n_joins"][author] > 0)).all(), "posts.author")


def _check_reading(world: World) -> None:
    """Members have read no further than what is written in their room and in the rooms around it."""
    people = world.people
    seats = world.memberships[people["membership"][people["state"] == State.MEMBER]]
    room = seats["room"]
    for level in range(LEVELS):
        written = np.where(room == NOBODY, 0, world.rooms["n_posts"][room])
        require((seats["read_to"][:, level] <= written).all(), "memberships.read_to")
        room = np.where(room == NOBODY, NOBODY, world.rooms["parent"][room])
