"""What rewards are worth to members: as it adds to tasks, and by what the units can buy."""

import math
from typing import Any

import pytest

from shequn.agents import earning
from shequn.agents.drivers import Driver
from shequn.sim.kernel.invitations import accepts, promised_to, update_invitation
from shequn.sim.kernel.reading import clear
from shequn.sim.kernel.rewards import worth_of_act
from shequn.sim.kernel.state import NOBODY, Act, JournalKind
from shequn.sim.kernel.tasks import do_tasks
from tests.sim.incentives.laws.stall import FIRST, GAIN, OFFICE, SECOND, SPACES, Stall
from tests.sim.records import record_of, records

PAID = {"for": "post", "pay": {"points": 6}}
OFFER = {"takes": {"points": 12}, "worth": 8}
EACH = 8 / GAIN / 12  # gains of one point by that offer


def stall(rule: dict[str, Any], **content: Any) -> Stall:
    """A stall with one rule and one offer."""
    return Stall(**{"earn": {"rule": {**PAID, **rule}}, "offers": {"offer": OFFER}, **content})


def worth(here: Stall, person: int = 0, at: float = 0.5, act: Act = Act.POST, task: int = NOBODY) -> Any:
    """What an act is worth now, as a test of equality."""
    here.machine.run_until(at)
    return pytest.approx(worth_of_act(here.world, act.value, task, person, at), rel=1e-6, abs=1e-12)


def test_money_is_worth_its_gains_by_the_weight_of_benefit() -> None:
    here = stall({"pay": {"money": 6}}, offers={})
    assert worth(here) == 6 / GAIN
    records(here.world)["drivers"][0, Driver.BENEFIT] = 0.25
    assert worth(here) == 1.5 / GAIN
    assert worth(here, 1) == 6 / GAIN


def test_units_are_worth_their_part_of_the_best_offer() -> None:
    offers = {
        "poor": {"takes": {"points": 10}, "worth": 1},
        "best": {"takes": {"points": 12, "money": 3}, "worth": 5, "gives": {"money": 3, "coins": 9}},
        "other": {"takes": {"coins": 1}, "worth": 1000},
        "dear": {"takes": {"points": 100}, "worth": 20},
    }
    here = stall({}, offers=offers, units={"points": {}, "coins": {}})
    assert worth(here) == 6 * EACH
    records(here.world)["drivers"][0, Driver.BENEFIT] = 0.5
    assert worth(here) == 3 * EACH


def test_units_that_buy_nothing_are_worth_nothing() -> None:
    assert worth(stall({}, offers={})) == 0
    assert worth(stall({}, offers={"o": {"takes": {"points": 5}, "gives": {"points": 9}}})) == 0


def test_offers_count_until_they_close_for_good() -> None:
    here = stall({}, offers={"offer": {**OFFER, "first": 1, "every": 2, "open": 0.5, "until": 4}})
    for at in (0.5, 2.0, 3.2, 3.499):
        assert worth(here, at=at) == 6 * EACH
    assert worth(here, at=3.5) == 0


def test_rules_for_the_act_add_up_by_chance_and_delay() -> None:
    rules = {
        "a": {**PAID, "chance": 0.3},
        "b": {**PAID, "delay": 14},
        "c": {**PAID, "for": "reply"},
        "d": {**PAID, "for": "task", "task": "t"},
        "e": {**PAID, "for": "task"},
    }
    here = stall({}, earn=rules, tasks={name: {"gives": {"benefit": 1}} for name in ("s", "t")})
    assert worth(here) == 6 * EACH * (0.3 + 1 / (1 + 14 / 7))
    assert worth(here, act=Act.REPLY) == 6 * EACH
    assert worth(here, act=Act.TASK, task=0) == 6 * EACH
    assert worth(here, act=Act.TASK, task=1) == 12 * EACH
    assert worth(here, act=Act.VISIT) == 0


def test_patience_is_the_delay_that_halves_it() -> None:
    assert worth(stall({"delay": 3}, rules={"earning": {"patience": 3}})) == 3 * EACH


def test_each_day_of_a_streak_brings_a_part_once() -> None:
    here = stall({"streak": 4})
    assert worth(here) == 6 * EACH / 4
    here.do(0, 0.5)
    assert worth(here) == 0
    assert worth(here, at=1.0) == 6 * EACH / 4


def test_what_is_over_for_today_is_worth_nothing_until_midnight() -> None:
    here = stall({"most": 2})
    here.do(0, 0.5)
    assert worth(here) == 6 * EACH
    here.do(0, 0.5)
    assert worth(here) == 0
    assert worth(here, 1) == 6 * EACH
    assert worth(here, at=1.0) == 6 * EACH


def test_it_is_worth_nothing_when_the_first_have_been_paid_in_the_room() -> None:
    here = stall({"first": 2, "each": 2, "of": "class"}, spaces=SPACES)
    here.sit(FIRST, 0, 1)
    here.sit(SECOND, 2)
    here.sit(OFFICE, 3)
    here.do(0, 0.5)
    assert worth(here, 1) == 6 * EACH
    here.do(0, 0.5)
    assert worth(here, 1) == 0
    assert worth(here, 2) == 6 * EACH
    assert worth(here, 3) == 0
    assert worth(here, 1, at=2.0) == 6 * EACH


def test_it_is_worth_nothing_after_the_first_days_of_a_stay() -> None:
    here = stall({"newcomers": 2})
    assert worth(here, at=2.0) == 6 * EACH
    assert worth(here, at=2.01) == 0


def test_it_is_worth_what_the_limits_leave() -> None:
    here = stall({}, units={"points": {"most_per_day": 8}})
    here.do(0, 0.5)
    assert worth(here) == 2 * EACH
    assert worth(here, at=1.0) == 6 * EACH
    here = stall({}, units={"points": {"budget": 10}})
    here.do(0, 0.5)
    assert worth(here, 1) == 4 * EACH
    here = stall({"from": "host"}, staff={"host": {"from": "members", "purse": {"points": 10}}})
    assert worth(here) == 0
    here.machine.hire(0, 7)
    assert worth(here) == 6 * EACH
    here.do(0, 0.5)
    assert worth(here) == 4 * EACH


def test_a_rule_for_one_task_is_worth_nothing_for_another() -> None:
    for name, worths in (("s", [6 * EACH, 0.0]), ("t", [0.0, 6 * EACH])):
        rules = {"rule": {**PAID, "for": "task", "task": name}}
        here = stall({}, earn=rules, tasks={name: {"gives": {"benefit": 1}} for name in ("s", "t")})
        for task, due in enumerate(worths):
            assert worth(here, act=Act.TASK, task=task) == due


def test_a_task_is_worth_its_reward_more() -> None:
    """Unpaid, nobody does it."""
    earn = {"rule": {**PAID, "for": "task", "most": 1}}
    for paid in (True, False):
        here = stall({}, **({"earn": earn} if paid else {}), tasks={"t": {"effort": 0.5, "gives": {"interest": 1}}},
                     rules={"task": {"scale": 0.001}})  # fmt: skip
        clear(here.world.reading[0])
        do_tasks(here.world, 0, 0.5)
        rows = here.rows(JournalKind.TASK)
        assert len(rows) == paid
        if paid:
            assert rows["value"][0] == pytest.approx(6 * EACH)
            assert here.paid() == [(0.5, 0, 6.0)]


# ---- inviting and joining -------------------------------------------------------------------------


def promised(here: Stall, person: int = 0, at: float = 0.5) -> Any:
    """What somebody outside is promised for joining, as a test of equality."""
    here.machine.run_until(at)
    return pytest.approx(promised_to(here.world, person, at), rel=1e-6, abs=1e-12)


def test_what_is_paid_for_joining_counts_by_the_weight_of_benefit_before_one_is_inside() -> None:
    here = stall({"for": "joined", "chance": 0.5})
    assert promised(here) == 3 * EACH
    records(here.world)["drivers"][0, Driver.BENEFIT] = 0.25
    assert promised(here) == 0.75 * EACH
    assert promised(stall({"for": "joined", "pay": {"money": 2}}, offers={})) == 2 / GAIN
    assert promised(stall({"for": "joined", "pay": {"money": 2}, "delay": 3}, offers={})) == pytest.approx(
        earning.delayed(2 / GAIN, 3.0, here.world.params[0])
    )
    assert promised(stall({"for": "visit"})) == 0


@pytest.mark.parametrize(
    ("rule", "content"),
    [({"of": "class"}, {"spaces": SPACES}), ({"streak": 2}, {}),
     ({"from": "host"}, {"staff": {"host": {"purse": {"points": 90}}}})],
)  # fmt: skip
def test_what_depends_on_the_seat_is_no_promise(rule: dict[str, Any], content: dict[str, Any]) -> None:
    assert promised(stall({"for": "joined", **rule}, **content)) == 0


def test_a_promise_is_bound_by_the_first_n_the_limit_of_a_day_and_the_budget() -> None:
    here = stall({"for": "joined", "first": 3, "each": 9})
    assert promised(here) == 6 * EACH  # founders are not paid
    for person in range(3):
        here.leave(person, 0.6)
        here.join(person, 0.7)
    assert promised(here, at=0.8) == 0
    assert promised(here, at=9.1) == 6 * EACH
    limited = {"points": {"most_per_day": 4}}
    assert promised(stall({"for": "joined"}, units=limited)) == 4 * EACH
    assert promised(stall({"for": "joined"}, units={"points": {"budget": 5}})) == 5 * EACH
    assert promised(stall({"for": "joined"}, units={"points": {"budget": 0}})) == 0


def test_who_is_paid_for_inviting_invites_more_and_who_is_paid_for_joining_says_yes_more() -> None:
    talk = {
        "community": {"openness": 0, "mixing": "complete"},
        "rules": {"inviting": {"rate": 0.01}},
        "offers": {},
    }
    plain = stall({"for": "visit", "pay": {"money": 2}}, **talk).world
    paid = stall({"for": "invited", "pay": {"money": 2}}, **talk).world
    rates = [float(world.everybody["invite_rate"][0]) for world in (plain, paid)]
    # when the clock was set nobody cared yet: the weights of the stall come after
    for world in (plain, paid):
        update_invitation(world, 0, 0.0)
    again = [float(world.everybody["invite_rate"][0]) for world in (plain, paid)]
    assert again[0] == rates[0]
    assert again[1] / again[0] == pytest.approx(1 + paid.params["inviting_asker_reward"][0] * 2 / GAIN)


def test_the_answer_to_an_invitation_counts_what_joining_promises() -> None:
    chances = []
    for pay in (0.5, 2):
        here = stall(
            {"for": "joined", "pay": {"money": pay}}, offers={}, rules={"inviting": {"acceptance": "model"}}
        )
        here.leave(0, 0.2)
        record_of(here.world, 1)["n_invites"] = 1
        accepts(here.world, 0, 1, 0.5, 1)
        row = here.rows(JournalKind.ACCEPT, JournalKind.DECLINE)[-1]
        chances.append(float(row["value"]))
    odds = [chance / (1 - chance) for chance in chances]
    reward = here.world.params["inviting_reward"][0]
    assert math.log(odds[1] / odds[0]) == pytest.approx(reward * 1.5 / GAIN, rel=1e-4)
