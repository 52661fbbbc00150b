"""What a state counts, sums or averages, compared with what its records give."""

from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.sim.building import params_of
from shequn.sim.kernel.locality import fill_presence
from shequn.sim.kernel.measures import MEASURES, Kind
from shequn.sim.kernel.ranks import CLASSES
from shequn.sim.kernel.state import (
    MEMBERSHIP_KINDS,
    MONTH,
    MONTH_RING,
    NOBODY,
    WEEK,
    WEEK_RING,
    Channel,
    JournalKind,
    Reason,
    State,
)
from shequn.sim.kernel.world import World, given_strengths, link_positions
from shequn.sim.saving.checks.ranges import require
from shequn.sim.scenario import Scenario

#: Parameters on which existing records depend: they are those of the scenario.
_FIXED_PARAMS = (
    "shown", "mixing", "city", "centre", "population_level", "locality_reach", "leaving_mode", "inviting_mode",
    "purse_mean", "purse_log_sd", "purse_days", "journal",
)  # fmt: skip
EXACT = 1e-9  # how far the sum of the changes of a temperature may be off by rounding
NEARLY = 1e-6  # how far a sum of many numbers may be off by rounding, relative to 1 + its size


def check_recounts(
    world: World, membership: npt.NDArray[Any], scenario: Scenario, time: float, seed: int
) -> None:
    """Compare all counts of a world whose records have been checked; raises ``ValueError``.

    Parameters
    ----------
    membership : journal_dtype array
        The journal's membership rows.
    time : float
        Of the state, in days.
    """
    _check_params(world, scenario, seed)
    _check_people(world)
    _check_members(world)
    _check_levels(world)
    _check_seen(world, time)
    _check_near(world)
    _check_ties(world)
    _check_days(world, time)
    check_journal(world, membership)


def quality_tree(quality: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """The Fenwick tree of members' qualities (see ``kernel/ranks.py``)."""
    classes = 1 + np.clip((quality.astype(np.float64) * CLASSES).astype(np.int64), 0, CLASSES - 1)
    below = np.cumsum(np.bincount(classes, minlength=CLASSES + 1))
    at = np.arange(CLASSES + 1)
    tree: npt.NDArray[np.int64] = below[at] - below[at - (at & -at)]
    return tree


def _is_close(found: Any, due: Any) -> bool:
    return bool((np.abs(found - due) <= NEARLY * (1.0 + np.abs(due))).all())


def _check_params(world: World, scenario: Scenario, seed: int) -> None:
    params, total = world.params[0], world.totals[0]
    first = params_of(scenario, max(1, len(world.people)))[0]
    for name in _FIXED_PARAMS:
        require(params[name] == first[name], f"params.{name}")
    for name in params.dtype.names:
        finite = np.isfinite(params[name]) | (params[name] == first[name])
        require(np.all(finite) or name == "return_after", f"params.{name}")
    require(int(total["seed"]) == seed, "totals.seed")


def _check_people(world: World) -> None:
    people, total = world.everybody, world.totals[0]
    joined = people["n_joins"] > 0
    inside = people["state"] == State.MEMBER
    require(len(np.unique(people["key"])) == len(people), "people.key")
    require(joined[inside].all() and joined[people["state"] == State.LEFT].all(), "people.n_joins")
    own = world.members[1 : int(total["n_records"])]
    require((np.abs(own["drivers"].sum(axis=1) - 1.0) < 1e-3).all(), "members.drivers")
    for trait in ("talkativeness", "pace", "contentment"):
        require(np.isfinite(own[trait]).all(), f"members.{trait}")
    placed = np.isfinite(own["x"]) & np.isfinite(own["y"])
    require((placed == (world.params["city"][0] > 0.0)).all(), "members.x")
    require(total["ever"] == joined.sum(), "totals.ever")
    counts = np.bincount(people["n_posts"][joined], minlength=len(world.post_counts))
    require(len(counts) == len(world.post_counts) and (counts == world.post_counts).all(), "post_counts")
    top = people["founder"] == 2
    require(total["founders_top_start"] == top.sum(), "totals.founders_top_start")
    require(total["founders_top"] == (top & inside).sum(), "totals.founders_top")


def _check_members(world: World) -> None:
    people, spaces, rooms, n = world.people, world.spaces, world.rooms, int(world.totals["n_rooms"][0])
    inside = people["state"] == State.MEMBER
    require(world.totals["members"][0] == inside.sum(), "totals.members")
    require((rooms["members"][:n] == _by_room(world, np.ones(inside.sum()))).all(), "rooms.members")
    by_space = np.bincount(rooms["space"][:n], rooms["members"][:n], minlength=len(spaces))
    require((spaces["members"] == by_space).all(), "spaces.members")


def _by_room(world: World, values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Sum of a value of each member, over those who sit in a room or in one in it."""
    people, n = world.people, int(world.totals["n_rooms"][0])
    seat = people["membership"][people["state"] == State.MEMBER]
    sums = np.bincount(world.memberships["room"][seat], values, minlength=n).astype(np.float64)
    parent = world.rooms["parent"][:n]
    inner = np.flatnonzero(parent != NOBODY)
    depth = _depth(world)
    for level in range(int(depth.max(initial=0)), 0, -1):
        here = inner[depth[inner] == level]
        np.add.at(sums, parent[here], sums[here])
    return sums


def _depth(world: World) -> npt.NDArray[np.int64]:
    """How many rooms are around each room."""
    n = int(world.totals["n_rooms"][0])
    outer, depth = world.rooms["parent"][:n].copy(), np.zeros(n, dtype=np.int64)
    while (outer != NOBODY).any():
        depth += outer != NOBODY
        outer = np.where(outer == NOBODY, NOBODY, world.rooms["parent"][outer])
    return depth


def _check_levels(world: World) -> None:
    """Mean qualities of rooms, of spaces and of the whole."""
    people, rooms, total, n = world.people, world.rooms, world.totals[0], int(world.totals["n_rooms"][0])
    quality = people["quality"][people["state"] == State.MEMBER].astype(np.float64)
    sums = _by_room(world, quality)
    some = rooms["members"][:n] > 0
    require(_is_close(rooms["level"][:n][some], sums[some] / rooms["members"][:n][some]), "rooms.level")
    by_space = np.bincount(rooms["space"][:n], sums, minlength=len(world.spaces))
    some = world.spaces["members"] > 0
    means = by_space[some] / world.spaces["members"][some]
    require(_is_close(world.spaces["temperature"][some], means), "spaces.temperature")
    if len(quality):
        require(_is_close(total["temperature"], quality.mean()), "totals.temperature")


def _check_seen(world: World, time: float) -> None:
    """Members by the day they were last seen, in all and in the rooms where they compare themselves."""
    people, rooms, total, n = world.everybody, world.rooms, world.totals[0], int(world.totals["n_rooms"][0])
    inside = np.flatnonzero(people["state"] == State.MEMBER)
    day, today = people["last_visit_at"][inside].astype(np.int64), int(time)
    month = today - day < MONTH
    current = (today - np.arange(MONTH)) % MONTH_RING
    seen = np.bincount(day[month] % MONTH_RING, minlength=MONTH_RING)
    require((total["seen"][current] == seen[current]).all(), "totals.seen")
    quality = np.bincount(
        day[month] % MONTH_RING, people["quality"][inside][month].astype(np.float64), minlength=MONTH_RING
    )
    require(_is_close(total["seen_quality"][current], quality[current]), "totals.seen_quality")
    week = today - day < WEEK
    pond = rooms["pond"][world.memberships["room"][people["membership"][inside[week]]]]
    counts = np.zeros((n, WEEK_RING), dtype=np.int64)
    np.add.at(counts, (pond, day[week] % WEEK_RING), 1)
    current = (today - np.arange(WEEK)) % WEEK_RING
    require((rooms["seen"][:n][:, current] == counts[:, current]).all(), "rooms.seen")


def _check_near(world: World) -> None:
    """Members near each cell of the city, without those who have lapsed."""
    people = world.everybody
    active = np.flatnonzero((people["state"] == State.MEMBER) & (people["lapsed"] == 0))
    found = world.near
    again = world._replace(near=np.zeros_like(found))
    fill_presence(again, active)
    require(_is_close(found, again.near), "near")


def _check_ties(world: World) -> None:
    """Ties to members and staff, and the sum of their initial strengths."""
    people = world.people
    links = world.links[link_positions(people)]
    owner = np.repeat(np.arange(len(people)), people["n_links"])
    inside = np.isin(people["state"][links["other"]], (State.MEMBER, State.STAFF))
    n = np.bincount(owner[inside], minlength=len(people))
    require((people["ties_inside"] == n).all(), "people.ties_inside")
    base = np.bincount(owner[inside], given_strengths(world, links["tie"][inside]), minlength=len(people))
    require(_is_close(people["base_inside"], base), "people.base_inside")


def _check_days(world: World, time: float) -> None:
    """One row for each day, which add up: sizes, and temperatures with their changes."""
    total = world.totals[0]
    days = world.days[: int(total["n_days"])]
    rows = world.space_days[: int(total["n_space_days"])]
    spaces = len(world.spaces)
    require(
        (days["day"] == np.arange(int(time) + 1)).all() if len(days) == int(time) + 1 else False, "days.day"
    )
    require(len(rows) == len(days) * spaces, "space_days")
    require((rows["day"] == np.repeat(days["day"], spaces)).all(), "space_days.day")
    require((rows["space"] == np.tile(np.arange(spaces), len(days))).all(), "space_days.space")
    now = {
        name: np.append(days[name], total[name]) for name in ("members", "joins", "departures", "removals")
    }
    change = now["joins"] - now["departures"] - now["removals"]
    require((np.diff(now["members"]) == change[1:]).all(), "days.members")
    channels = ["joins_stranger", "joins_invitation", "joins_arrival"]
    by_channel = np.sum([days[name] for name in channels], axis=0)
    require((by_channel == days["joins"]).all(), "days.joins")
    require(sum(int(total[name]) for name in channels) == total["joins"], "totals.joins")
    _check_temperature(
        *(
            np.append(days[name], total[name])
            for name in ("temperature", "dilution", "evaporation", "pruning")
        )
    )
    for number in range(spaces):
        own = rows[number::spaces]
        names = ("temperature", "dilution", "evaporation", "pruning", "moved_in", "moved_out")
        _check_temperature(*(np.append(own[name], world.spaces[name][number]) for name in names))
    for measure in MEASURES:
        if measure.kind is Kind.TOTAL and measure.unit == "money":
            sums = np.append(days[measure.name], total[measure.name])
            require((np.diff(sums) >= 0.0).all() and sums[0] >= 0.0, f"days.{measure.name}")
    costs = days["rewards"] + days["reach_cost"] + days["staff_cost"]
    require(_is_close(days["balance"], days["income"] - costs), "days.balance")
    require((days["replies"] <= days["posts"]).all() and total["replies"] <= total["posts"], "days.replies")
    require((days["active_day"] <= days["active_week"]).all(), "days.active_week")
    require((days["active_week"] <= days["active_month"]).all(), "days.active_month")
    require((days["active_month"] <= days["members"]).all(), "days.active_month")
    require(
        total["visits"] <= total["visits_total"] <= total["events"] + total["visits_total"], "totals.visits"
    )


def _check_temperature(temperature: npt.NDArray[Any], *parts: npt.NDArray[Any]) -> None:
    """The change since the start is the sum of its parts, each day."""
    change = sum(part - part[0] for part in parts)
    require(_is_close(temperature, temperature[0] + change), "days.temperature")


def _by_day(day: npt.NDArray[Any], days: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Number of rows on each day, the one that runs included."""
    counts: npt.NDArray[np.int64] = np.bincount(day, minlength=len(days) + 1)
    require(len(counts) == len(days) + 1, "membership.time")
    return counts


def check_journal(world: World, rows: npt.NDArray[Any]) -> None:
    """Membership rows: in order of time, each join before its departure, and as many as the days count."""
    people, total = world.people, world.totals[0]
    kind, person = rows["kind"], rows["person"]
    require(np.all(np.diff(rows["time"]) >= 0.0), "membership.time")
    for which, values in (
        (JournalKind.JOIN, Channel),
        (JournalKind.LEAVE, Reason),
        (JournalKind.REMOVE, Reason),
    ):
        require(np.isin(rows["detail"][kind == which], list(values)).all(), "membership.detail")
    moves = np.flatnonzero(np.isin(kind, (JournalKind.JOIN, JournalKind.LEAVE, JournalKind.REMOVE)))
    require(
        (np.abs(rows["value"][moves]) <= 1.0 + NEARLY).all() and (rows["room"][moves] != NOBODY).all(),
        "membership.value",
    )
    order = moves[np.argsort(person[moves], kind="stable")]
    is_join = kind[order] == JournalKind.JOIN
    first = np.append(True, person[order][1:] != person[order][:-1])[: len(order)]
    alternates = np.where(first, is_join, is_join != np.append(False, is_join[:-1])[: len(order)])
    require(alternates.all(), "membership.kind")
    last = np.append(first[1:], True)[: len(order)]
    inside = np.zeros(len(people), dtype=bool)
    inside[person[order][last & is_join]] = True
    require((inside == (people["state"] == State.MEMBER)).all(), "membership.person")
    joins = np.bincount(person[kind == JournalKind.JOIN], minlength=len(people))
    without_past = people["channel"] != Channel.FOUNDER
    require((joins <= people["n_joins"]).all(), "people.n_joins")
    require((joins == people["n_joins"])[without_past].all(), "people.n_joins")
    days = world.days[: int(total["n_days"])]
    founding = (kind == JournalKind.JOIN) & (rows["detail"] == Channel.FOUNDER)
    require((rows["time"][founding] == 0.0).all(), "membership.time")
    day = np.floor(rows["time"]).astype(np.int64) + 1
    for of_kind, name in (
        ((kind == JournalKind.JOIN) & ~founding, "joins"),
        (kind == JournalKind.LEAVE, "departures"),
        (kind == JournalKind.REMOVE, "removals"),
    ):
        require((_by_day(day[of_kind], days) == np.append(days[name], total[name])).all(), f"days.{name}")
    is_complete = (
        int(world.params["journal"][0]) >= MEMBERSHIP_KINDS
    )  # a branch may write fewer kinds, never more
    for which, name in (
        (JournalKind.FIND, "finds"),
        (JournalKind.INVITE, "invitations"),
        (JournalKind.ACCEPT, "accepted"),
        (JournalKind.REFUSE, "refused"),
        (JournalKind.GIVE_UP, "given_up"),
        (JournalKind.LAPSE, "lapses"),
    ):
        counts, due = _by_day(day[kind == which], days), np.append(days[name], total[name])
        require((counts == due).all() if is_complete else (counts <= due).all(), f"days.{name}")
    for channel, name in (
        (Channel.STRANGER, "joins_stranger"),
        (Channel.INVITATION, "joins_invitation"),
        (Channel.ARRIVAL, "joins_arrival"),
    ):
        counts = _by_day(day[(kind == JournalKind.JOIN) & (rows["detail"] == channel)], days)
        require((counts == np.append(days[name], total[name])).all(), f"days.{name}")
    for which, name in (
        (JournalKind.JOIN, "dilution"),
        (JournalKind.LEAVE, "evaporation"),
        (JournalKind.REMOVE, "pruning"),
    ):
        of_kind = (kind == which) & ~founding
        sums = np.cumsum(np.bincount(day[of_kind], rows["value"][of_kind], minlength=len(days) + 1))
        require((np.abs(sums - np.append(days[name], total[name])) <= EXACT).all(), f"days.{name}")
    leaves = kind == JournalKind.LEAVE
    require((rows["other"][leaves] != person[leaves]).all(), "membership.other")
    invitations = (kind == JournalKind.INVITE) | (kind == JournalKind.ACCEPT) | (kind == JournalKind.DECLINE)
    require((rows["other"][invitations] != NOBODY).all(), "membership.other")
    answers = (kind == JournalKind.ACCEPT) | (kind == JournalKind.DECLINE)
    require(_each_follows_one(rows, kind == JournalKind.INVITE, answers, turned=True), "membership.other")
    invited = (kind == JournalKind.JOIN) & (rows["detail"] == Channel.INVITATION)
    if is_complete:
        require(
            _each_follows_one(rows, kind == JournalKind.ACCEPT, invited, turned=False), "membership.other"
        )


def _each_follows_one(rows: npt.NDArray[Any], causes: Any, effects: Any, turned: bool) -> bool:
    """Whether each effect has a cause of its own before it, of the same two people; ``turned`` swaps their places."""
    person, other = rows["person"].astype(np.int64), rows["other"].astype(np.int64)
    pair = (person << 32) | other
    if turned:
        pair = np.where(causes, (other << 32) | person, pair)
    at = np.flatnonzero(causes | effects)
    order = at[np.argsort(pair[at], kind="stable")]  # pair by pair, in order of time
    unused = np.cumsum(np.where(causes[order], 1, -1))
    begins = np.append(True, pair[order][1:] != pair[order][:-1])[: len(order)]
    before = np.where(begins, np.append(0, unused[:-1])[: len(order)], 0)
    before = before[np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))]
    return bool((unused - before >= 0).all())
