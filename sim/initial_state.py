"""Starting from a real group: its members' past replaces that of the founders who have just joined."""

import numpy as np
import numpy.typing as npt

from shequn.sim.kernel.founding import set_clocks
from shequn.sim.kernel.state import MONTH, MONTH_RING, NOBODY, WEEK, WEEK_RING, State
from shequn.sim.kernel.world import World
from shequn.sim.population import DRAWN, LARGEST_BELOW_1
from shequn.sim.scenario.group import STATES, STOCKS, TRAITS, Group

AWAY, LEFT = STATES.index("away"), STATES.index("left")
MAX_POSTS = 10_000  # a member's posts before the start are counted up to this number


def set_traits(world: World, group: Group) -> None:
    """Give the first people, who have records, the traits of the group's members, where these are known."""
    for trait in TRAITS:
        values = group.numbers[trait]
        known = np.flatnonzero(np.isfinite(values))
        if trait in DRAWN:
            world.people[trait][known] = np.minimum(values[known], LARGEST_BELOW_1)
        else:
            world.members[trait][world.people["member"][known]] = values[known]


def members_at_start(group: Group) -> npt.NDArray[np.int64]:
    """Positions of the members at the start, in the order in which they joined."""
    inside = np.flatnonzero(group.state != LEFT)
    return inside[np.argsort(group.numbers["joined"][inside], kind="stable")]


def apply_history(world: World, group: Group) -> World:
    """Give the members, who have just joined, the past of the group; those who left are outside.

    Changes tenure, last visits, stocks, counts, inviters, posts in view and the counts of members seen
    recently. The next visits are drawn again, or taken from the table. Ties to inviters are not added.
    """
    n = len(group)
    people, members = world.people, world.members
    record = people["member"][:n]
    numbers = group.numbers
    inside = np.flatnonzero(people["state"][:n] == State.MEMBER)
    for column, field in (
        ("joined", "joined_at"),
        ("last_seen", "last_visit_at"),
        ("last_seen", "stocks_at"),
    ):
        members[field][record[inside]] = numbers[column][inside]
    for stock in STOCKS:
        known = inside[np.isfinite(numbers[stock][inside])]
        members[stock][record[known]] = numbers[stock][known]
    events = np.minimum(np.nan_to_num(numbers["events"]), MAX_POSTS).astype(np.int64)
    members["n_posts"][record] = events
    members["n_visits"][record] = np.maximum(np.nan_to_num(numbers["visits"]), events)
    members["invited_by"][record] = group.inviter
    np.add.at(members["n_accepted"], record[group.inviter[group.inviter != NOBODY]], 1)
    left = np.flatnonzero(group.state == LEFT)
    people["state"][left] = State.LEFT
    people["n_joins"][left] = 1
    members["left_at"][record[left]] = numbers["last_seen"][left]
    members["joined_at"][record[left]] = numbers["joined"][left]
    world.totals["ever"] += len(left)
    counts = np.bincount(np.concatenate((events[inside], events[left])), minlength=256)
    post_counts = np.zeros(2 * len(counts), dtype=np.int64)
    post_counts[: len(counts)] = counts
    world = world._replace(post_counts=post_counts)
    _set_seen(world, inside)
    _fill_view(world, inside, events)
    due = np.where(np.isfinite(numbers["next_visit"][inside]), numbers["next_visit"][inside], -1.0)
    set_clocks(world, inside, due, group.state[inside] == AWAY)
    return world


def _set_seen(world: World, inside: npt.NDArray[np.int64]) -> None:
    """Count the members on the days they were last seen, instead of all of them today."""
    people, total = world.everybody, world.totals
    total["seen"], total["seen_quality"] = 0, 0.0
    world.rooms["seen"], world.rooms["recognition"] = 0, 0.0
    # rounded towards 0, as in the kernel's `uncount_seen`
    day = people["last_visit_at"][inside].astype(np.int64)
    month, week = -day < MONTH, -day < WEEK
    np.add.at(total["seen"][0], day[month] % MONTH_RING, 1)
    np.add.at(total["seen_quality"][0], day[month] % MONTH_RING, people["quality"][inside][month])
    room = world.rooms["pond"][world.memberships["room"][people["membership"][inside]]]
    at = (room[week], day[week] % WEEK_RING)
    faded = np.exp2(
        people["stocks_at"][inside][week] / float(world.params["satisfaction_stock_half_life"][0])
    )
    np.add.at(world.rooms["seen"], at, 1)
    np.add.at(world.rooms["recognition"], at, people["recognition"][inside][week] * faded)


def _fill_view(world: World, inside: npt.NDArray[np.int64], events: npt.NDArray[np.int64]) -> None:
    """Fill in the posts in view: one each by the authors seen last; members have read those up to their last visit."""
    people, shown = world.everybody, int(world.params["shown"][0])
    last = people["last_visit_at"]
    rooms = world.rooms["home"][world.memberships["room"][people["membership"][inside]]]
    for room in np.unique(rooms[rooms != NOBODY]):
        here = inside[rooms == room]
        wrote = here[events[here] > 0]
        authors = wrote[np.argsort(last[wrote], kind="stable")][-shown:]
        posts = world.posts[room * shown : room * shown + len(authors)]
        posts["author"] = authors
        posts["own"] = events[authors] - 1
        posts["to"] = NOBODY
        posts["quality"] = people["quality"][authors]
        posts["topic"] = people["topic"][authors]
        posts["serial"] = int(world.totals["n_posts"][0]) + np.arange(len(authors))
        world.totals["n_posts"] += len(authors)
        world.rooms["n_posts"][room] = len(authors)
        seats = people["membership"][here]
        known = np.searchsorted(last[authors], last[here], side="right")
        world.memberships["read_to"][seats, _levels_to(world, seats, room)] = known
        world.memberships["n_read"][seats] = known
    world.totals["last_post_at"] = last[inside].max(initial=0.0)


def _levels_to(world: World, seats: npt.NDArray[np.int64], room: int) -> npt.NDArray[np.int64]:
    """How far above each of these seats a room is that all of them are in."""
    at = world.memberships["room"][seats].astype(np.int64)
    levels = np.zeros(len(seats), dtype=np.int64)
    while (at != room).any():
        levels += at != room
        at = np.where(at != room, world.rooms["parent"][at], at)
    return levels
