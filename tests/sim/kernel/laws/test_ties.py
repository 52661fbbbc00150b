"""Ties in the run: strength, fading, growth, and what those tied to somebody notice."""

import numpy as np
import pytest

from shequn.sim.kernel.state import NOBODY, State
from shequn.sim.kernel.ties import (
    fade_friends,
    find_link,
    friends_strength,
    given_strength,
    grown_now,
    interact,
    make_tie,
    strength_along,
    strength_now,
    update_neighbours,
    used_tie,
    witness_departure,
)
from shequn.sim.kernel.world import unused_ties
from tests.sim.kernel.laws.worlds import give, inside, outside, tie_between
from tests.sim.records import record_of, records

RULES = {
    "relationship": {"half_life": 10, "growth": 0.25, "max_ties": 2},
    "perception": {"shock": 0.5, "exact": 0},
}


def test_a_tie_is_found_from_both_ends_and_only_where_there_is_one() -> None:
    world = outside(edges=((0, 5), (0, 2), (0, 9), (3, 4)))
    for a, b in ((0, 5), (0, 2), (0, 9), (3, 4)):
        link = world.links[find_link(world, a, b)]
        back = world.links[find_link(world, b, a)]
        assert (link["other"], back["other"]) == (b, a)
        assert link["tie"] == back["tie"]
    for a, b in ((0, 1), (0, 3), (0, 11), (1, 0), (5, 2), (4, 5), (3, 0), (3, 9)):
        assert find_link(world, a, b) == -1


def test_a_tie_has_a_record_from_its_first_use_on() -> None:
    world = outside(edges=((0, 5), (0, 2), (3, 4)))
    give(world, 0.375, 0, 5)
    total = world.totals[0]
    assert total["n_ties"] == 0
    world.ties[0]["grown"], world.ties[0]["asked"] = 9.0, 9  # left by nobody
    link = find_link(world, 5, 0)
    assert strength_along(world, link, 1.0) == 0.375
    assert used_tie(world, 5, link) == 0 == used_tie(world, 0, find_link(world, 0, 5))
    assert total["n_ties"] == 1
    tie = world.ties[0]
    assert (tie["base"], tie["grown"], tie["used_at"], tie["asked"].tolist()) == (0.375, 0.0, 0.0, [0, 0])
    assert world.links[find_link(world, 0, 5)]["tie"] == world.links[link]["tie"] == 0
    assert strength_along(world, link, 4.0) == 0.375
    tie["grown"], tie["used_at"] = 0.25, 4.0
    assert strength_along(world, find_link(world, 0, 5), 4.0) == 0.625
    assert used_tie(world, 3, find_link(world, 3, 4)) == 1
    assert world.links[find_link(world, 0, 2)]["tie"] < 0


@pytest.mark.parametrize("strength", [0.0, 1e-45, 0.1, 1.0, 3e38])
def test_a_link_holds_the_strength_of_an_unused_tie_exactly(strength: float) -> None:
    (held,) = unused_ties(np.array([strength], dtype=np.float32))
    assert held < 0
    assert given_strength(held) == np.float32(strength)


def test_what_grew_halves_without_use_and_what_was_given_stays() -> None:
    world = outside(RULES, edges=((0, 1),))
    tie, p = tie_between(world, 0, 1), world.params[0]
    tie["base"], tie["grown"], tie["used_at"] = 0.5, 0.4, 3.0
    assert grown_now(tie, 13.0, p) == pytest.approx(0.2)
    assert strength_now(tie, 13.0, p) == pytest.approx(0.7)
    assert strength_now(tie, 3.0, p) == pytest.approx(0.9)
    tie["grown"] = 0.0
    assert grown_now(tie, 13.0, p) == 0.0
    assert strength_now(tie, 13.0, p) == 0.5


def test_the_sum_over_friends_fades_as_each_tie_does() -> None:
    world = outside(RULES)
    who, member, p = world.people[0], record_of(world, 0), world.params[0]
    who["base_inside"], member["grown_inside"], member["friends_at"] = 1.5, 0.8, 2.0
    fade_friends(member, 12.0, p)
    assert (float(member["grown_inside"]), member["friends_at"]) == (pytest.approx(0.4), 12.0)
    assert friends_strength(who, member, 22.0, p) == pytest.approx(1.7)
    assert member["friends_at"] == 22.0
    who["base_inside"], member["grown_inside"] = 0.0, -1e-9
    assert friends_strength(who, member, 23.0, p) == 0.0  # rounding below 0
    member["grown_inside"] = 0.0
    assert friends_strength(who, member, 40.0, p) == 0.0
    assert member["friends_at"] == 40.0


def test_those_tied_count_who_comes_in_and_who_goes() -> None:
    world = outside(RULES, edges=((0, 1), (0, 2), (1, 2)))
    for a, b, strength in ((0, 1, 0.5), (0, 2, 0.25), (1, 2, 1.0)):
        give(world, strength, a, b)
    tie = tie_between(world, 0, 1)
    tie["grown"], tie["used_at"] = 0.4, 0.0
    given = float(tie["base"])
    assert given == 0.5
    update_neighbours(world, 0, 10.0, 1)
    one, two, zero = world.people[1], world.people[2], world.people[0]
    first, second = record_of(world, 1), record_of(world, 2)
    assert (one["ties_inside"], two["ties_inside"], zero["ties_inside"]) == (1, 1, 0)
    assert one["base_inside"] == pytest.approx(given)
    assert (float(first["grown_inside"]), first["friends_at"]) == (pytest.approx(0.2), 10.0)
    assert second["grown_inside"] == 0.0
    update_neighbours(world, 0, 20.0, -1)
    assert (one["ties_inside"], two["ties_inside"]) == (0, 0)
    assert one["base_inside"] == pytest.approx(0.0)
    assert float(first["grown_inside"]) == pytest.approx(0.0, abs=1e-7)


def test_members_see_who_of_those_tied_to_them_leaves_and_others_do_not() -> None:
    world = outside(RULES, edges=((0, 1), (0, 2), (3, 4)))
    world.people["quality"][0] = 0.9
    inside(world, 0, 1, 3)
    records(world)["seen_leaving_of"] = NOBODY
    seat = world.memberships[world.people[1]["membership"]]
    other = world.memberships[world.people[3]["membership"]]
    seat["level"] = other["level"] = 0.5
    update_neighbours(world, 0, 6.0, -1)
    assert world.everybody["seen_leaving_of"].tolist() == [NOBODY, 0, *[NOBODY] * 10]  # 2 is outside
    assert record_of(world, 1)["seen_leaving_at"] == 6.0
    # shock 0.5 × strength 0.5 × (0.9 − 0.5)
    assert seat["level"] == pytest.approx(0.4)
    assert other["level"] == pytest.approx(0.5)
    update_neighbours(world, 0, 7.0, 1)  # one who comes in is no shock
    assert (seat["level"], record_of(world, 1)["seen_leaving_at"]) == (pytest.approx(0.4), 6.0)


def test_the_shock_goes_by_what_was_given_and_what_has_grown() -> None:
    world = outside(RULES, edges=((0, 1),))
    world.people["quality"][0] = 0.9
    inside(world, 1)
    seat = world.memberships[world.people[1]["membership"]]
    seat["level"] = 0.5
    tie = tie_between(world, 0, 1)
    tie["grown"], tie["used_at"] = 0.5, 0.0
    update_neighbours(world, 0, 10.0, -1)  # 0.5 + 0.25
    assert seat["level"] == pytest.approx(0.5 - 0.5 * 0.75 * 0.4)


def test_without_a_shock_a_departure_is_seen_all_the_same() -> None:
    world = outside({"perception": {"shock": 0}})
    inside(world, 1)
    seat = world.memberships[world.people[1]["membership"]]
    level = float(seat["level"])
    witness_departure(world, world.people[1], 4, 1.0, 3.5)
    assert (record_of(world, 1)["seen_leaving_of"], record_of(world, 1)["seen_leaving_at"]) == (4, 3.5)
    assert seat["level"] == level


def test_a_new_tie_begins_with_nothing_and_is_between_people_inside() -> None:
    world = outside()
    inside(world, 3, 8)
    total = world.totals[0]
    world.ties[0]["base"], world.ties[0]["grown"], world.ties[0]["asked"] = 9.0, 9.0, 9
    number = make_tie(world, 8, 3, 4.5)
    assert (number, total["n_ties"]) == (0, 1)
    tie = world.ties[0]
    assert (tie["base"], tie["grown"], tie["used_at"]) == (0.0, 0.0, 4.5)
    assert tie["asked"].tolist() == [0, 0]
    assert world.links[find_link(world, 3, 8)]["tie"] == 0
    assert world.links[find_link(world, 8, 3)]["tie"] == 0
    assert world.people["ties_inside"][[3, 8]].tolist() == [1, 1]
    assert world.people["n_links"][[3, 8]].tolist() == [1, 1]
    assert make_tie(world, 3, 5, 5.0) == 1
    assert total["n_ties"] == 2
    assert total["most_links"] == 2


def test_a_full_block_of_links_moves_to_the_end_with_room_for_half_as_many_more() -> None:
    world = outside()
    total = world.totals[0]
    start = int(total["n_links"])
    for other in (9, 2, 7, 4):
        make_tie(world, 0, other, 0.0)
    member = world.people[0]
    assert member["links_room"] == 4
    place = int(total["n_links"])
    make_tie(world, 0, 5, 0.0)
    assert (member["links_start"], member["links_room"], member["n_links"]) == (place, 6, 5)
    assert total["n_links"] == place + 6 + 4  # and the other's first block
    assert place >= start
    links = world.links[member["links_start"] : member["links_start"] + 5]
    assert links["other"].tolist() == [2, 4, 5, 7, 9]
    assert links["tie"].tolist() == [1, 3, 4, 2, 0]
    assert total["most_links"] == 5


def test_an_interaction_grows_a_tie_and_both_ends_sums() -> None:
    world = outside(RULES, edges=((0, 1),))
    inside(world, 0, 1)
    tie = tie_between(world, 0, 1)
    tie["grown"], tie["used_at"] = 0.2, 0.0
    for person in (0, 1):
        record_of(world, person)["grown_inside"], record_of(world, person)["friends_at"] = 0.2, 0.0
    interact(world, 0, 1, 10.0, False)
    # given 0.5, grown 0.1 left: a quarter of the distance 0.4
    assert float(tie["grown"]) == pytest.approx(0.2)
    assert tie["used_at"] == 10.0
    for person in (0, 1):
        assert float(record_of(world, person)["grown_inside"]) == pytest.approx(0.2)
        assert record_of(world, person)["friends_at"] == 10.0
    assert world.totals[0]["n_ties"] == 1


def test_a_tie_is_made_by_an_answer_only_and_while_both_have_room_for_it() -> None:
    world = outside(RULES)
    inside(world, 0, 1, 2, 3, 4)
    total = world.totals[0]
    interact(world, 0, 1, 1.0, False)
    assert total["n_ties"] == 0
    interact(world, 0, 1, 1.0, True)
    assert total["n_ties"] == 1
    assert float(world.ties[0]["grown"]) == pytest.approx(0.25)  # of strength 0 before it grows
    assert [float(record_of(world, k)["grown_inside"]) for k in (0, 1)] == pytest.approx([0.25, 0.25])
    interact(world, 0, 2, 1.0, True)
    assert total["n_ties"] == 2
    interact(world, 0, 3, 1.0, True)  # 0 has two
    interact(world, 3, 0, 1.0, True)
    assert total["n_ties"] == 2
    interact(world, 3, 4, 1.0, True)
    assert total["n_ties"] == 3
    assert (world.people["state"][:5] == State.MEMBER).all()
