"""Terms, pay and volunteers: who is there when, what they cost, and that staff without work change nothing."""

from typing import Any

import numpy as np
import pytest

from shequn.sim.kernel.state import JournalKind, State
from shequn.sim.scenario import Scenario
from tests.sim.small_worlds import LEAVING, PEOPLE, Rows, run

OF_STAFF = (JournalKind.HIRE, JournalKind.DISMISS)


def scenario(days: int = 20, **more: Any) -> Scenario:
    """A lively group with this staff."""
    return Scenario.from_mapping(
        {
            "format": 2, "title": "staff", "seed": 3, "days": days, "population": PEOPLE,
            "community": {"openness": 0.5, "strangers_per_day": 6}, "rules": {"leaving": LEAVING}, **more,
        }
    )  # fmt: skip


def of_members(rows: Rows) -> bytes:
    """The journal without the rows of staff."""
    rows = rows[~np.isin(rows["kind"], OF_STAFF)]
    return b"".join(rows[name].tobytes() for name in rows.dtype.names or ())


WITHOUT = scenario()
DUTIES = {
    "welcome": {"do": "welcome", "job": "host"},
    "answers": {"do": "answer", "job": "host", "to": "post"},
    "notice": {"do": "post", "job": "host"},
}


@pytest.mark.parametrize(
    "more",
    [
        {"staff": {"host": {"people": 5, "pay": 20}}},
        {"staff": {"host": {"people": 5, "from": "members"}}},
        {"staff": {"host": {"first": 10_000}}, "duties": DUTIES},
        {"staff": {"host": {"first": 5, "days": 9, "from": "members", "chosen": "quality", "pay": 3}}},
    ],
)
def test_staff_without_duties_and_duties_without_staff_change_nothing_for_members(
    more: dict[str, Any],
) -> None:
    assert of_members(run(scenario(**more))[1]) == of_members(run(WITHOUT)[1])


def test_duties_change_something() -> None:
    assert of_members(run(scenario(staff={"host": {}}, duties=DUTIES))[1]) != of_members(run(WITHOUT)[1])


def test_paid_staff_are_there_for_their_term_and_cost_their_pay_and_count_nowhere() -> None:
    job = {"people": 4, "pay": 12.5, "first": 3, "days": 10}
    community, rows = run(scenario(staff={"host": job, "guard": {"pay": 1}}, duties=DUTIES))
    days, people = community.machine.days, community.machine.world.people
    hired = rows[rows["kind"] == JournalKind.HIRE]
    gone = rows[rows["kind"] == JournalKind.DISMISS]
    assert hired["time"].tolist() == [0.0] + [3.0] * 4
    assert gone["time"].tolist() == [13.0] * 4
    # the four are there at the ends of days 4 to 13
    assert np.diff(days["staff_cost"]).tolist() == [1.0] * 3 + [51.0] * 10 + [1.0] * 7
    assert (people["state"][hired["person"]] >= State.STAFF).all()
    assert (people["n_joins"][hired["person"]] == 0).all()
    joins = rows[rows["kind"] == JournalKind.JOIN]
    assert not np.isin(hired["person"], joins["person"]).any()
    inside = (people["state"] == State.MEMBER).sum()
    assert days["members"][-1] == inside
    # what staff write is no measure of members
    wrote = rows[np.isin(rows["kind"], (JournalKind.POST, JournalKind.REPLY))]
    by_members = ~np.isin(wrote["person"], hired["person"])
    assert days["posts"].sum() == by_members.sum() < len(wrote)


def test_staff_go_when_their_pay_ends_and_come_back_with_it() -> None:
    stop = {"do": "set_staff", "job": "host", "pay": 0, "day": 5, "days": 4}
    rows = run(scenario(staff={"host": {"people": 3, "pay": 9}}, operations={"stop": stop}))[1]
    assert rows["time"][rows["kind"] == JournalKind.DISMISS].tolist() == [5.0] * 3
    assert rows["time"][rows["kind"] == JournalKind.HIRE].tolist() == [0.0] * 3 + [9.0] * 3


def test_volunteers_are_members_chosen_by_quality_and_replaced_at_the_end_of_the_day_they_leave() -> None:
    job = {"people": 6, "from": "members", "chosen": "quality"}
    community, rows = run(scenario(days=30, staff={"host": job}))
    people = community.machine.world.people
    hired = rows[rows["kind"] == JournalKind.HIRE]
    gone = rows[rows["kind"] == JournalKind.DISMISS]
    founders = rows["person"][(rows["kind"] == JournalKind.JOIN) & (rows["time"] == 0.0)]
    best = founders[np.argsort(-people["quality"][founders], kind="stable")][:6]
    assert sorted(hired["person"][:6]) == sorted(best)
    assert len(gone) >= 3
    left = rows[np.isin(rows["kind"], (JournalKind.LEAVE, JournalKind.REMOVE))]
    for row in gone:  # each of them at the moment they leave
        assert ((left["person"] == row["person"]) & (left["time"] == row["time"])).any()
    replaced = hired[6:]
    assert (replaced["time"] == np.floor(replaced["time"])).all()
    assert set(np.ceil(gone["time"][gone["time"] < 29])) <= set(replaced["time"])


def test_sixty_paid_hosts_are_there_on_day_180_and_volunteers_leave_as_members_do() -> None:
    paid = {"people": 60, "pay": 10, "quality": 0.95}
    community, rows = run(scenario(days=180, staff={"host": paid}, duties=DUTIES))
    assert community.machine.world.jobs["present"].tolist() == [60]
    assert not (rows["kind"] == JournalKind.DISMISS).any()
    unpaid = {"people": 25, "from": "members"}
    rows = run(scenario(days=180, staff={"host": unpaid}))[1]
    assert of_members(rows) == of_members(run(scenario(days=180))[1])
    assert (rows["kind"] == JournalKind.DISMISS).sum() > 10
