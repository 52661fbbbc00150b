"""Joining is the first visit."""

import numpy as np
import pytest

from shequn import Scenario, simulate
from shequn.sim.kernel.state import Channel, JournalKind, Payment, Reach
from tests.sim.small_worlds import WORLDS, run, world


@pytest.mark.parametrize("name", WORLDS)
def test_who_comes_in_visits_at_that_instant_and_founders_at_their_own_pace(name: str) -> None:
    rows = run(world(name))[1]
    joins = rows[rows["kind"] == JournalKind.JOIN]
    visits = rows[rows["kind"] == JournalKind.VISIT]
    at = set(zip(visits["person"].tolist(), visits["time"].tolist(), strict=True))
    came = joins[joins["detail"] != Channel.FOUNDER]
    assert len(came) > 10
    assert all((int(row["person"]), float(row["time"])) in at for row in came)
    founders = joins[joins["detail"] == Channel.FOUNDER]
    assert not any((int(row["person"]), 0.0) in at for row in founders)


def test_nobody_visits_where_the_pace_is_0() -> None:
    scenario = Scenario.from_mapping(
        {
            "format": 1,
            "title": "Nobody comes",
            "days": 30,
            "population": {"people": 200, "founders": 20, "pace": {"mean": 0}},
            "community": {"strangers_per_day": 10, "openness": 1},
        }
    )
    result = simulate(scenario, seed=1)
    assert result.days["joins"].sum() > 20
    assert not np.any(result.days["visits"])


@pytest.mark.parametrize("name", ["camp", "chain", "club"])
def test_only_invitations_by_members_are_answered(name: str) -> None:
    inside: set[int] = set()
    pending: set[tuple[int, int]] = set()
    void = 0
    for row in run(world(name, days=90))[1]:
        person, other = int(row["person"]), int(row["other"])
        match row["kind"]:
            case JournalKind.JOIN:
                inside.add(person)
            case JournalKind.LEAVE | JournalKind.REMOVE:
                inside.remove(person)
                void += sum(asker == person for asker, _ in pending)
            case JournalKind.INVITE:
                pending.add((person, other))
            case JournalKind.ACCEPT | JournalKind.DECLINE:
                assert other in inside
                pending.discard((other, person))
    assert void > 0


def test_a_campaign_pays_for_each_stranger_it_reaches_and_each_join_by_invitation_while_it_lasts() -> None:
    campaign = {
        "do": "campaign", "day": 5, "days": 10, "discovery": 3, "cost_per_stranger": 1.25,
        "pay_inviter": 7, "pay_invited": 2,
    }  # fmt: skip
    others = [operation for operation in WORLDS["camp"]["operations"] if operation["do"] != "campaign"]
    rows = run(scenario := world("camp", operations=[*others, campaign]))[1]
    now = (rows["time"] >= 5) & (rows["time"] < 15)
    invited = (rows["kind"] == JournalKind.JOIN) & (rows["detail"] == Channel.INVITATION)
    reached = (rows["kind"] == JournalKind.FIND) & (rows["detail"] == Reach.BOUGHT)
    last = simulate(scenario).days.iloc[-1]
    assert last["rewards"] == 9 * (invited & now).sum() > 0
    assert last["reach_cost"] == 1.25 * reached.sum() > 0
    assert not (reached & ~now).any()
    pays = rows[(rows["kind"] == JournalKind.PAY) & (rows["detail"] == Payment.REWARD)]
    assert -pays["value"].sum() == last["rewards"]
    assert last["balance"] == last["income"] - last["rewards"] - last["reach_cost"] - last["staff_cost"]
