"""Messages, rivals and usual hours: what they do to a member, exactly."""

import math
from typing import Any

import numpy as np
import pytest

from shequn.agents.attention import follow_probability
from shequn.agents.curves import exponential_wait, halving
from shequn.agents.drivers import Driver
from shequn.sim.kernel.chance import Purpose, uniform
from shequn.sim.kernel.contacts import keep_hours, pull_of_rival
from shequn.sim.kernel.membership import depart, join
from shequn.sim.kernel.offers import buy, chance_to_take
from shequn.sim.kernel.reading import read_path
from shequn.sim.kernel.rhythm import when
from shequn.sim.kernel.state import NOBODY, Channel, JournalKind, Reason
from tests.sim.records import record_of, records
from tests.sim.staff.desk import Desk, pair

PUSH = {"operations": {"push": {"do": "push", "day": 39}}}
RECALL = {"visiting": {"recall": 0.5}}


def room(rules: Any = None, **content: Any) -> Desk:
    """A quiet room in which nobody comes unless they are sent a message."""
    return Desk(**{**PUSH, **content}, rules={**RECALL, **(rules or {})})


def message(desk: Desk, people: Any, at: float, occurrence: int = 0, offer: int | None = None) -> Any:
    """The operator sends these people a message; returns the rows of all so far."""
    desk.machine.run_until(at)
    desk.machine.send_messages(people, 77, occurrence, offer)
    return desk.rows(JournalKind.MESSAGE, at)


def test_who_follows_a_message_comes_after_the_delay_of_an_answer() -> None:
    desk = room()
    before = desk.world.everybody["visit_due"][:30].copy()
    rows = message(desk, range(30), 0.5)
    assert rows["person"].tolist() == list(range(30))
    assert rows["value"] == pytest.approx(0.5)
    p, seed, came = desk.world.params[0], int(desk.world.totals["seed"][0]), 0
    for person in range(30):
        u = uniform(seed, Purpose.MESSAGE, pair(desk.world.people["key"][person], 77), 0)
        due = before[person]
        if u < 0.5:
            due = when(desk.world.rhythm, 0.5, exponential_wait(u / 0.5, p["visiting_recall_delay"]))
            came += 1
        assert desk.world.everybody["visit_due"][person] == pytest.approx(due)
    assert 5 < came < 25


def test_each_message_of_a_week_dulls_the_next() -> None:
    desk = room({"attention": {"tolerance": 2, "others": 0.25}})
    p = desk.world.params[0]
    chances = [message(desk, [3], at, n)["value"][-1] for n, at in enumerate((0.5, 1.5, 8.5, 40.0))]
    lately = [0.0]
    for days in (1.0, 7.0, 31.5):
        lately.append((lately[-1] + 1.0) * halving(days, 7.0))
    assert chances == pytest.approx([follow_probability(0.5, one, p) for one in lately], rel=1e-6)
    assert message(desk, [4], 40.0, 9)["value"][-1] == pytest.approx(follow_probability(0.5, 0.0, p))


def test_a_message_takes_the_place_of_a_post_at_the_next_visit() -> None:
    desk = room({"perception": {"attention": 3}, "visiting": {"recall": 0}})
    for author in (5, 6, 7, 8, 9):
        desk.write(author, 0.2)
    message(desk, [3], 0.3)
    message(desk, [3, 4], 0.4, 1)
    read = {}
    for person in (3, 4, 10):
        read_path(desk.world, person, 0.5)
        read[person] = int(desk.world.reading["n_read"][0])
    assert read == {3: 1, 4: 2, 10: 3}
    desk.write(5, 0.6)
    desk.write(6, 0.6)
    desk.write(7, 0.6)
    read_path(desk.world, 3, 0.7)
    assert desk.world.reading["n_read"][0] == 3  # the messages have been read


def test_a_message_about_an_offer_brings_those_who_would_take_it() -> None:
    offers = {
        "tea": {"takes": {"money": 1}, "worth": 2},
        "gone": {"takes": {"money": 1}, "worth": 9, "until": 0, "open": 0.1},
    }
    desk = room(offers=offers, population={
        "people": 30, "founders": "all", "graph": {"generator": "none"}, "pace": {"mean": 1e-9, "log_sd": 0},
    })  # fmt: skip
    records(desk.world)["drivers"] = 0.0
    records(desk.world)["drivers"][:15, Driver.BENEFIT] = 1.0
    chances = np.array([float(chance_to_take(desk.world, 0, person, 0.5)) for person in range(15)])
    assert np.median(chances) > 0.01 and chances.min() < 0.9
    rows = message(desk, range(30), 0.5, offer=0)
    assert rows["value"][:15] == pytest.approx(0.5 + 0.5 * chances)
    assert rows["value"][15:] == pytest.approx(0.5)
    late = message(desk, [3], 0.5, 2, offer=1)["value"][-1]
    again = follow_probability(0.5, 1.0, desk.world.params[0])
    assert late == pytest.approx(again)


def test_who_lapsed_can_be_called_back() -> None:
    desk = room({"visiting": {"recall": 1}})
    record_of(desk.world, 3)["lapsed"] = 1
    record_of(desk.world, 3)["visit_due"] = 500.0
    message(desk, [3], 0.5)
    assert desk.world.everybody["visit_due"][3] < 30
    desk.machine.run_until(39.0)
    assert desk.world.everybody["lapsed"][3] == 0


def test_a_stay_begins_without_messages_rivals_and_hours() -> None:
    desk = room({"visiting": {"recall": 0}})
    message(desk, [3], 0.5)
    seat = int(desk.world.people["membership"][3])
    for name in ("rival", "hour_x", "hour_y"):
        desk.world.contacts[name][seat] = 0.5
    depart(desk.world, 3, 0.6, Reason.CLOCK.value)
    join(desk.world, 3, 0, 0.7, Channel.STRANGER.value, NOBODY, 0.0)
    seat = int(desk.world.people["membership"][3])
    assert desk.world.contacts[seat].tolist() == (0.0, 0.0, 0, 0.0, 0.0, 0.0)


def test_a_rival_pulls_by_the_weight_of_benefit() -> None:
    rival = {"do": "rival", "day": 1, "share": 0.5, "pay": 20}
    desk = room(operations={"rival": rival}, population={
        "people": 30, "founders": "all", "graph": {"generator": "none"}, "pace": {"mean": 1e-9, "log_sd": 0},
        "purse": {"mean": 40},
    })  # fmt: skip
    desk.machine.run_until(1.0)
    desk.operator.carry_out(0)
    best = np.argsort(-desk.world.people["quality"][:30])[:15]
    gain = 20 / (float(desk.world.params["benefit_purse_per_gain"][0]) * 40)
    for person in range(30):
        weight = float(records(desk.world)["drivers"][person, Driver.BENEFIT])
        due = weight * gain if person in best else 0.0
        assert pull_of_rival(desk.world, desk.world.people[person]) == pytest.approx(due, rel=1e-6)


def hours(desk: Desk, *times: float) -> list[float]:
    """How near each of these visits of a member is to the usual hour."""
    return [float(keep_hours(desk.world, desk.world.people[3], at)) for at in times]


def test_an_hour_is_usual_once_visits_come_at_it_and_twelve_hours_off_is_not() -> None:
    desk = room({"visiting": {"regular": 1, "hours_update": 0.5}})
    assert hours(desk, 0.25, 1.25, 2.25) == pytest.approx([0.5, 0.75, 0.875])
    assert hours(desk, 3.75) == pytest.approx([0.5 * (1 - 0.875)])
    other = room({"visiting": {"regular": 1, "hours_update": 1}})
    assert hours(other, 0.25, 1.5) == pytest.approx([0.5, 0.5], abs=1e-7)  # a quarter of a day off
    assert math.hypot(*desk.world.contacts[["hour_x", "hour_y"]][0].tolist()) <= 1.0


def test_where_habits_go_by_no_hour_every_hour_is_near() -> None:
    desk = room()
    assert hours(desk, 0.25, 0.75) == [1.0, 1.0]
    assert not desk.world.contacts["hour_x"].any()


def test_taking_an_offer_renews_the_need() -> None:
    offers = {"tea": {"takes": {"money": 1}, "worth": 6}}
    for renewal in (0.0, 0.25):
        desk = room({"buying": {"renewal": renewal}}, offers=offers)
        record_of(desk.world, 3)["need"] = 0.2
        buy(desk.world, 0, 3, 0.5)
        assert desk.world.everybody["need"][3] == pytest.approx(0.2 + renewal * 0.8)
