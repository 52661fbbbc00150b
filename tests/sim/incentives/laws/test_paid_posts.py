"""Posts written for pay: who writes them, what they are like, how many there are, and when they stop."""

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from shequn.agents.curves import exponential_wait
from shequn.agents.drivers import Driver
from shequn.sim.kernel.chance import Purpose, uniform
from shequn.sim.kernel.state import NOBODY, JournalKind
from shequn.sim.kernel.visits import lapse
from shequn.sim.kernel.writing import perhaps_write_for_pay
from tests.sim.incentives.laws.stall import GAIN, OFFICE, SPACES, Stall
from tests.sim.records import record_of, records

LEVEL = 1e-5
EFFORT, SCALE = 0.005, 0.01
SURE = {"for": "post", "pay": {"money": 1}}  # 100 times the scale: .99 a post


def pays(chance: float) -> dict[str, Any]:
    """A rule that makes people write one more with this chance."""
    return {"for": "post", "pay": {"money": GAIN * (EFFORT - SCALE * math.log(1.0 - chance))}}


def stall(rule: dict[str, Any], **content: Any) -> Stall:
    """A stall with one rule."""
    return Stall(earn={"rule": rule}, **content)


def visit(here: Stall, person: int, at: float) -> None:
    """What a member does at a visit about writing for pay."""
    here.machine.run_until(at)
    perhaps_write_for_pay(here.world, person, at, 2 * int(here.world.everybody["n_visits"][person]))
    record_of(here.world, person)["n_visits"] += 1


def posts(here: Stall, until: float) -> Any:
    """The posts so far."""
    here.machine.run_until(until)
    return here.rows(JournalKind.POST)


def test_who_cares_for_no_benefit_never_writes_for_pay() -> None:
    here = stall(SURE)
    records(here.world)["drivers"][:, Driver.BENEFIT] = 0.0
    for person in range(30):
        visit(here, person, 0.5)
    assert len(posts(here, 1.0)) == 0


def test_pay_of_no_more_than_the_effort_makes_nobody_write() -> None:
    here = stall({"for": "post", "pay": {"money": EFFORT * GAIN}})
    for person in range(30):
        visit(here, person, 0.5)
    assert len(posts(here, 1.0)) == 0
    here = stall({"for": "post", "pay": {"points": 1000}})  # points buy nothing
    for person in range(30):
        visit(here, person, 0.5)
    assert len(posts(here, 1.0)) == 0


def test_who_writes_is_drawn_by_member_and_visit_and_when_by_the_same_draw() -> None:
    here = stall({**pays(0.4), "most": 1})
    for person in range(30):
        record_of(here.world, person)["n_visits"] = 3
        visit(here, person, 0.5)
    keys = here.world.people["key"]
    draws = [uniform(7, Purpose.PAID_POST, keys[person], 6) for person in range(30)]
    rows = posts(here, 1.0)
    at = dict(zip(rows["person"].tolist(), rows["time"].tolist(), strict=True))
    assert sorted(at) == [person for person in range(30) if draws[person] < 0.4]
    assert 3 < len(at) < 25
    for person, time in at.items():
        pause = exponential_wait(draws[person] / 0.4, 3.0)
        assert (time - 0.5) * 1440 == pytest.approx(pause, abs=1e-6)


def test_such_a_post_is_careless_and_about_anything_and_new() -> None:
    here = stall({**SURE, "most": 1}, rules={"earning": {"care": 0.25}})
    for person in range(30):
        record_of(here.world, person)["n_posts"] = 5
        visit(here, person, 0.5)
    rows = posts(here, 1.0)
    assert len(rows) > 20
    people, shown = here.world.people, int(here.world.params["shown"][0])
    for row in rows:
        who = row["person"]
        assert row["value"] == pytest.approx(0.25 * float(people["quality"][who]), rel=1e-6)
        assert row["other"] == NOBODY
        post = here.world.posts[row["detail"] % shown]
        assert post["topic"] == pytest.approx(uniform(7, Purpose.OFF_TOPIC, people["key"][who], 5), rel=1e-6)
        assert post["quality"] == pytest.approx(row["value"], rel=1e-6)
        assert post["author"] == who


@pytest.mark.parametrize(
    ("limit", "units", "n"),
    [({"most": 2}, {}, 2), ({"first": 5}, {}, 5), ({}, {"money": {"most_per_day": 3}}, 3),
     ({}, {"money": {"budget": 4}}, 4), ({"newcomers": 0.4}, {}, 0)],
)  # fmt: skip
def test_they_stop_where_it_pays_no_longer(limit: dict[str, Any], units: dict[str, Any], n: int) -> None:
    here = stall({**SURE, **limit}, units=units)
    for _ in range(40):  # in vain, once it is over
        visit(here, 0, 0.5)
    assert len(posts(here, 0.9)) == n


def test_one_that_pays_no_longer_when_it_is_due_is_not_written() -> None:
    here = stall({**SURE, "first": 1})
    for person in range(30):
        visit(here, person, 0.5)  # all are tempted, the first to write is paid
    assert len(posts(here, 0.9)) == 1


def test_who_lapses_leaves_or_moves_to_where_nobody_writes_does_not() -> None:
    spaces = {**SPACES, "office": {"may_post": "nobody"}}
    here = stall({**SURE, "most": 1}, spaces=spaces)
    here.sit(OFFICE, 3)
    for person in range(8):
        visit(here, person, 0.5)
    lapse(here.world, 0, here.room(0), 0.5, 0.5)
    here.leave(1, 0.5)
    here.sit(OFFICE, 2)
    assert set(posts(here, 0.9)["person"].tolist()) == {4, 5, 6, 7}


@pytest.mark.parametrize("chance", [0.3, 0.7])
def test_posts_for_pay_at_a_visit_are_geometric_and_those_of_two_visits_independent(chance: float) -> None:
    """P(n) = cⁿ (1 − c), and as many after a visit with some as after one with none; at level 1e-5 each."""
    here = stall(pays(chance))
    counts = []
    for day in range(60):
        before = here.world.everybody["n_posts"][:30].copy()
        for person in range(30):
            visit(here, person, day + 0.25)
        here.machine.run_until(day + 0.9)
        counts.append(here.world.everybody["n_posts"][:30] - before)
    numbers = np.array(counts)
    observed = np.bincount(np.minimum(numbers.ravel(), 5), minlength=6)
    expected = [chance**n * (1.0 - chance) for n in range(5)] + [chance**5]
    assert stats.chisquare(observed, numbers.size * np.array(expected)).pvalue > LEVEL
    some = numbers[:-1] > 0
    table = [[(numbers[1:][then] > 0).sum(), (numbers[1:][then] == 0).sum()] for then in (some, ~some)]
    assert stats.chi2_contingency(table).pvalue > LEVEL
