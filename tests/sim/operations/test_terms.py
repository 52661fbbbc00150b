"""Terms: members become graduates, who come again if they would have stayed."""

from typing import Any

import numpy as np
import pytest

from shequn import Scenario, simulate
from shequn.agents import leaving
from shequn.sim.kernel.chance import Purpose, uniform
from shequn.sim.kernel.state import Channel, JournalKind, Reason, State
from shequn.sim.kernel.ties import friends_strength
from tests.sim.records import record_of, records
from tests.sim.small_worlds import run, world
from tests.sim.staff.desk import Desk

CLOSE = {"operations": {"end": {"do": "close", "day": 30}, "again": {"do": "enrol", "day": 35}}}


def room(**content: Any) -> Desk:
    """A quiet room of thirty, of whom the operator can end the membership."""
    return Desk(**{**CLOSE, **content}, rules={"leaving": {"mode": "stay", "stay_days": 1000}})


def test_a_term_that_is_over_is_pruning_and_no_departure_and_they_may_come_again() -> None:
    desk = room()
    desk.machine.run_until(1.0)
    desk.machine.close(range(10))
    rows = desk.rows(JournalKind.REMOVE, 1.0)
    assert rows["person"].tolist() == list(range(10))
    assert set(rows["detail"]) == {Reason.TERM}
    total = desk.machine.totals
    assert (total["members"], total["removals"], total["departures"], total["evaporation"]) == (
        20,
        10,
        0,
        0.0,
    )
    assert total["pruning"] == pytest.approx(rows["value"].sum())
    assert (desk.world.people["state"][:10] == State.LEFT).all()
    desk.machine.close([3, 15])  # who is no member is passed over
    assert len(desk.rows(JournalKind.REMOVE, 1.0)) == 11


def test_who_would_have_stayed_comes_to_the_next_term() -> None:
    desk = room()
    desk.machine.run_until(1.0)
    people, p = desk.world.people, desk.world.params[0]
    records(desk.world)["satisfaction"][:30] = np.linspace(0, 1, 30)
    desk.machine.close(range(30))
    seed, due = int(desk.world.totals["seed"][0]), []
    for person in range(30):
        who, member = people[person], record_of(desk.world, person)
        lost = leaving.lost_by_leaving(friends_strength(who, member, 1.0, p), float(member["n_visits"]), p)
        reserve = leaving.reservation(float(who["quality"]), 0.0, float(member["commitment"]), lost, p)
        chance = leaving.coming_again_probability(float(member["satisfaction"]), reserve, p)
        if uniform(seed, Purpose.ENROL, who["key"], who["n_joins"]) < chance:
            due.append(person)
    desk.machine.enrol(range(30))
    rows = desk.rows(JournalKind.JOIN, 1.0)
    again = rows[rows["detail"] == Channel.ARRIVAL]
    assert again["person"].tolist() == due
    assert 3 < len(due) < 28
    assert np.mean(due) > 15  # rather those who were content


def test_only_graduates_are_asked() -> None:
    desk = room()
    desk.machine.run_until(1.0)
    records(desk.world)["satisfaction"][:30] = 1.0
    desk.machine.remove([1])
    desk.machine.close([2, 3])
    desk.world.params["leaving_width"] = 0.0  # whoever is satisfied enough comes for certain
    desk.operator.carry_out(1)
    rows = desk.rows(JournalKind.JOIN, 1.0)
    assert rows["person"][rows["detail"] == Channel.ARRIVAL].tolist() == [2, 3]
    desk.operator.carry_out(1)  # who is inside is not asked again
    assert (desk.rows(JournalKind.JOIN, 1.0)["detail"] == Channel.ARRIVAL).sum() == 2


def test_a_head_who_is_still_there_brings_back_those_who_are_tied_to_them() -> None:
    p = room().world.params[0]

    def reserve(friends: float) -> float:
        return float(leaving.reservation(0.5, 0.0, 0.0, leaving.lost_by_leaving(friends, 5.0, p), p))

    chances = [leaving.coming_again_probability(0.3, reserve(friends), p) for friends in (0.0, 1.0, 5.0)]
    assert chances == sorted(chances) and chances[2] > chances[0] + 0.02


def test_a_job_for_graduates_is_taken_by_those_who_have_been_here_before() -> None:
    rows = run(world("course"))[1]
    alumnus = list(world("course").staff).index("alumnus")
    hired = rows[(rows["kind"] == JournalKind.HIRE) & (rows["detail"] == alumnus)]
    assert len(hired) > 0
    joins = rows[rows["kind"] == JournalKind.JOIN]
    for row in hired:
        assert ((joins["person"] == row["person"]) & (joins["time"] <= row["time"])).sum() > 1


def test_terms_give_the_share_who_repeat_and_the_temperature_adds_up() -> None:
    scenario = Scenario.from_mapping(
        {
            "format": 2, "title": "t", "days": 63, "population": {"people": 400, "founders": 0},
            "community": {"openness": 0},
            "operations": {
                "enrolment": {"do": "shock", "every": 21, "first": 0, "people": 60, "over": 2},
                "graduates": {"do": "enrol", "every": 21},
                "end": {"do": "close", "every": 21, "first": 20.5},
            },
        }
    )  # fmt: skip
    result = simulate(scenario, 4)
    days, departures = result.days, result.departures
    by_parts = days[["dilution", "evaporation", "pruning"]].sum(axis=1)
    assert np.abs(days["temperature"].iloc[1:] - by_parts.iloc[1:]).max() < 1e-9
    term = departures[departures["reason"] == "term"]
    assert len(term) > 60 and term["removed"].all()
    returns = days["joins_arrival"].sum() - 180
    assert 5 < returns < len(term)
