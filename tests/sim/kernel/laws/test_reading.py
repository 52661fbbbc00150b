"""Reading a room: which posts, what they give, and what reading changes."""

import math
import random
from types import SimpleNamespace
from typing import Any

import pytest

from shequn.sim.kernel.chance import Purpose, exponential, pair, uniform
from shequn.sim.kernel.membership import depart
from shequn.sim.kernel.params import FOLLOWED, HOT, INTEREST, NEWEST
from shequn.sim.kernel.reading import interest_in, may_win, read_path
from shequn.sim.kernel.state import NEVER, JournalKind, Reason
from shequn.sim.kernel.ties import find_link
from shequn.sim.kernel.world import World
from tests.sim.kernel.laws.worlds import inside, outside, rows, snapshot
from tests.sim.records import record_of

RULES: dict[str, Any] = {
    "interest": {"standard": 0, "tolerance": -0.5, "discernment": 0, "breadth": 0.25},
    "posting": {"reaction": 0},
    "perception": {"attention": 5},
}
SHOWN = 8


def hall(
    *posts: dict[str, Any], order: int = NEWEST, edges: tuple[tuple[int, int], ...] = (), **rules: Any
) -> World:
    """Person 0, who knows nothing of the room, and these posts of others (author 1 unless they say)."""
    world = outside({**RULES, **rules}, edges=edges)
    inside(world, *range(12))
    world.spaces["order"] = order
    world.people["topic"] = 0.5
    for number, given in enumerate(posts):
        post = world.posts[number % SHOWN]
        values = {
            "author": 1,
            "own": number,
            "quality": 0.75,
            "topic": 0.5,
            "hot": 0.0,
            "to": -1,
            "serial": number,
            **given,
        }
        for name, value in values.items():
            post[name] = value
    world.rooms[0]["n_posts"] = len(posts)
    world.totals[0]["n_journal"] = 0
    return world


def read(world: World, person: int = 0) -> Any:
    """Read at day 3; returns what the reading was."""
    read_path(world, person, 3.0)
    return SimpleNamespace(**snapshot(world.reading[0]))


def test_up_to_attention_posts_are_read_the_newest_first_and_all_count_as_seen() -> None:
    world = hall(*[{"quality": quality} for quality in (0.75, 1.0, 0.25, 0.75, 0.75, 1.0)])
    world.params[0]["perception_attention"] = 4
    reading = read(world)
    assert (reading.n_read, reading.unread) == (4, 6)
    assert reading.quality == pytest.approx(1.0 + 0.75 + 0.75 + 0.25)
    assert reading.usefulness == 3.0  # one is below the sharp standard of 0.5
    assert reading.enjoyment == 3.0  # all on one's topic
    seat = world.memberships[world.people[0]["membership"]]
    assert (seat["read_to"][0], seat["n_read"]) == (6, 4)
    again = read(world)
    assert (again.n_read, again.unread, again.enjoyment) == (0, 0, 0.0)
    assert seat["n_read"] == 4


def test_what_is_out_of_view_is_unread_but_cannot_be_read() -> None:
    world = hall(*[{}] * 11, perception={"attention": 20})
    reading = read(world)
    assert (reading.n_read, reading.unread) == (SHOWN, 11)
    assert world.memberships[world.people[0]["membership"]]["n_read"] == SHOWN


def test_ones_own_posts_are_not_read() -> None:
    world = hall({}, {"author": 0}, {})
    assert read(world).n_read == 2


def test_own_posts_of_an_earlier_stay_are_not_unread() -> None:
    world = hall({}, {"author": 0}, {}, {"author": 0})
    record_of(world, 0)["n_posts"] = 2
    assert read(world).unread == 2
    world = hall({}, {"author": 0}, {})
    record_of(world, 0)["n_posts"] = 1
    world.memberships[world.people[0]["membership"]]["n_read"] = 1  # not just back
    assert read(world).unread == 3


def test_a_match_of_topics_weighs_enjoyment_and_not_usefulness() -> None:
    world = hall({"topic": 0.75}, {"topic": 0.5})
    reading = read(world)
    assert reading.usefulness == 2.0
    assert reading.enjoyment == pytest.approx(1.36787944117144233)  # one breadth away: 1/e


def test_the_readers_own_standard_counts() -> None:
    world = hall(
        {"quality": 0.375}, {"quality": 0.75}, interest={**RULES["interest"], "standard": 1, "tolerance": 0}
    )
    world.people[0]["quality"] = 0.5
    assert read(world).usefulness == 1.0
    world.memberships[world.people[0]["membership"]]["read_to"] = 0
    world.people[0]["quality"] = 0.25
    assert read(world).usefulness == 2.0


def test_posts_by_people_one_has_no_tie_with_are_strangers() -> None:
    world = hall({"author": 1}, {"author": 2}, {"author": 3}, edges=((0, 2),))
    assert read(world).strangers == 2


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (NEWEST, [3, 2]),
        (HOT, [1, 3]),  # 5 reactions; then the newer of two with 3
        (INTEREST, [0, 2]),
        (FOLLOWED, [2, 1]),  # the newer of two by a person one has a tie with
    ],
)
def test_the_order_of_reading(order: int, expected: list[int]) -> None:
    posts: list[dict[str, Any]] = [
        {"author": 1, "hot": 3, "topic": 0.5, "quality": 0.001},
        {"author": 2, "hot": 5, "topic": 0.75, "quality": 0.01},
        {"author": 2, "hot": 0, "topic": 0.625, "quality": 0.1},
        {"author": 1, "hot": 3, "topic": 0.875, "quality": 1.0},
    ]
    world = hall(*posts, order=order, edges=((0, 2),), perception={"attention": 2})
    reading = read(world)
    assert reading.n_read == 2
    assert reading.quality == pytest.approx(sum(posts[number]["quality"] for number in expected))


def test_equal_ranks_go_by_the_newest_however_many_there_are() -> None:
    world = hall(*[{"quality": 2.0**-k} for k in range(7)], order=HOT, perception={"attention": 3})
    assert read(world).quality == pytest.approx(2.0**-6 + 2.0**-5 + 2.0**-4)


def test_ranks_of_reading() -> None:
    world = hall(
        {"author": 1, "hot": 3, "topic": 0.75}, {"author": 2, "hot": 5, "topic": 0.5}, edges=((0, 2),)
    )
    p = world.params[0]
    for order, ranks in ((HOT, [3.0, 5.0]), (FOLLOWED, [0.0, 1.0]), (INTEREST, [0.36787944117144233, 1.0])):
        assert [interest_in(world, 0, k, order, p) for k in (0, 1)] == pytest.approx(ranks)


@pytest.mark.parametrize(
    ("order", "expected"), [(NEWEST, [1, 3]), (HOT, [1, 0]), (INTEREST, [1, 0]), (FOLLOWED, [1, 2])]
)
def test_a_pinned_post_is_read_first_and_the_others_in_order(order: int, expected: list[int]) -> None:
    posts: list[dict[str, Any]] = [
        {"author": 1, "hot": 3, "topic": 0.5, "quality": 0.001},
        {"author": 3, "hot": 0, "topic": 0.875, "quality": 0.01},
        {"author": 2, "hot": 0, "topic": 0.625, "quality": 0.1},
        {"author": 1, "hot": 2, "topic": 0.875, "quality": 1.0},
    ]
    world = hall(*posts, order=order, edges=((0, 2),), perception={"attention": 2})
    world.rooms[0]["pinned"] = 2  # the post with number 1
    assert read(world).quality == pytest.approx(sum(posts[number]["quality"] for number in expected))


@pytest.mark.parametrize(("attention", "first"), [(1, 2.0**-1), (20, sum(2.0**-k for k in range(1, 9)))])
def test_a_pinned_post_that_is_out_of_view_or_read_is_like_the_others(attention: int, first: float) -> None:
    world = hall(*[{"quality": 2.0**-k} for k in range(9)], perception={"attention": attention})
    world.posts[0]["quality"] = 2.0**-8  # number 8 has taken the place of number 0
    world.rooms[0]["pinned"] = 2
    assert read(world).quality == pytest.approx(first)
    world.rooms[0]["pinned"] = 1  # number 0 is no longer shown
    world.memberships[world.people[0]["membership"]]["read_to"] = 1
    assert read(world).quality == pytest.approx(2.0**-8 if attention == 1 else first)
    world.rooms[0]["pinned"] = 2  # in view, and read before
    world.memberships[world.people[0]["membership"]]["read_to"] = 7
    assert read(world).quality == pytest.approx(2.0**-8 if attention == 1 else 2.0**-8 + 2.0**-7)


def test_reactions_go_to_authors_in_the_room_with_the_rules_chance() -> None:
    world = hall(*[{"author": author, "own": 3} for author in range(1, 8)], edges=((0, 1),))
    p, seed = world.params[0], world.totals[0]["seed"]
    p["posting_reaction"], p["perception_attention"] = 0.5, 20.0
    world.people[7]["state"] = 3  # left
    me = world.people[0]
    reacted = [
        author for author in range(6, 0, -1)
        if uniform(seed, Purpose.REACT, pair(me["key"], world.people[author]["key"]), 3) < 0.5
    ]  # fmt: skip
    read(world)
    assert 0 < len(reacted) < 6
    assert [row[:4] for row in rows(world, JournalKind.REACTION)] == [
        (3.0, 0, author, 0) for author in reacted
    ]
    assert [row[4] for row in rows(world, JournalKind.REACTION)] == [author - 1 for author in reacted]
    assert world.totals[0]["reactions"] == len(reacted)
    for author in range(1, 8):
        assert world.posts[author - 1]["hot"] == (author in reacted)
        assert record_of(world, author)["recognition"] == (author in reacted)
    assert world.totals[0]["n_ties"] == 1  # a reaction makes no tie


def test_a_reaction_grows_a_tie_that_is_there() -> None:
    world = hall({"author": 1}, edges=((0, 1),), posting={"reaction": 1}, relationship={"growth": 0.5})
    read(world)
    assert world.ties[0]["grown"] == 0.25


def test_who_left_and_sits_elsewhere_now_hears_nothing_of_this_room() -> None:
    world = outside({**RULES, "posting": {"reaction": 1}}, rooms=2)
    inside(world, 0, 1, 2)
    for number, author in enumerate((1, 2)):
        post = world.posts[number]
        post["author"], post["quality"], post["topic"] = author, 0.75, world.people[0]["topic"]
        post["serial"] = number
    world.rooms[0]["n_posts"] = 2
    depart(world, 1, 1.0, Reason.OPTIONS.value)
    inside(world, 1, now=2.0, room=1)
    reading = read(world)
    assert reading.n_read == 2
    assert world.everybody["recognition"][[1, 2]].tolist() == [0.0, 1.0]
    assert reading.answer_to == 1


def test_the_post_to_answer_is_drawn_in_proportion_to_enjoyment() -> None:
    world = hall(*[{"author": author, "topic": 0.5 + author / 10} for author in (1, 2, 3)])
    me, seed = world.people[0], world.totals[0]["seed"]
    winners = []
    for own in range(40):
        world.posts["own"] = own
        races = {}
        for author in (1, 2, 3):
            enjoyed = 2.718281828459045 ** (-(author / 10) / 0.25)
            key = pair(me["key"], world.people[author]["key"])
            races[author - 1] = exponential(seed, Purpose.REPLY, key, own) / enjoyed
        world.memberships[me["membership"]]["read_to"] = 0
        reading = read(world)
        assert reading.answer_to == min(races, key=lambda position: races[position])
        assert reading.least == pytest.approx(min(races.values()))
        winners.append(int(reading.answer_to))
    assert set(winners) == {0, 1, 2}


def test_of_posts_without_enjoyment_none_is_answered() -> None:
    world = hall({"quality": 0.25}, {"quality": 0.25})
    reading = read(world)
    assert (reading.answer_to, reading.enjoyment) == (-1, 0.0)


def test_the_newest_answer_to_a_post_of_mine_is_remembered() -> None:
    world = hall({"to": 0}, {"to": 0}, {"to": 2}, {})
    assert read(world).to_me == 1
    assert find_link(world, 0, 1) == -1
    assert read(hall({}, {"to": 2})).to_me == -1
    assert read(hall({"to": 0})).to_me == 0


def test_an_answer_at_the_first_place_of_the_ring_is_the_newest_when_it_was_written_last() -> None:
    posts = [{} for _ in range(SHOWN)]
    posts[SHOWN - 1] = {"to": 0}
    assert read(hall(*posts, {"to": 0})).to_me == 0


def test_an_author_in_a_room_with_a_lower_number_does_not_see_this_one() -> None:
    world = outside({**RULES, "posting": {"reaction": 1}}, rooms=2)
    inside(world, 0, room=1)
    inside(world, 1, room=0)
    post = world.posts[SHOWN]
    post["author"], post["quality"], post["topic"] = 1, 0.75, world.people[0]["topic"]
    world.rooms[1]["n_posts"] = 1
    reading = read(world)
    assert reading.n_read == 1
    assert record_of(world, 1)["recognition"] == 0.0
    assert reading.answer_to == -1


def test_a_race_that_may_not_win_is_lost_and_few_others_are() -> None:
    """The logarithm of a draw is at least v + v²/2, v = 1 − draw: 0.625 for ½, where it is 0.693."""
    assert may_win(0.5, NEVER)
    assert may_win(0.5, 0.6251) and not may_win(0.5, 0.6249)
    assert may_win(1e-16, 1.5001) and not may_win(1e-16, 1.4999)  # it is 37
    chance = random.Random(5)
    for _ in range(10_000):  # at the very bound: no race is lost by rounding
        draw, enjoyment = chance.random() ** chance.choice((1, 1e-6, 9)), chance.random()
        race = -math.log(draw) / enjoyment
        assert may_win(draw, math.nextafter(race, math.inf) * enjoyment)
    draws = [chance.random() for _ in range(10_000)]
    useless = sum(may_win(draw, 0.2) and -math.log(draw) >= 0.2 for draw in draws)
    assert useless < 100  # 0.2 % are between the bound and the logarithm
