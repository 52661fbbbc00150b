"""Earn rules: what each condition and limit lets through, and how units are spent, expire and are lost."""

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from shequn.agents import benefit
from shequn.sim.incentives import first_purses, purses_of
from shequn.sim.kernel.accounts import take
from shequn.sim.kernel.chance import Purpose, uniform
from shequn.sim.kernel.loop import has_room, journal_rows_of_an_event
from shequn.sim.kernel.rewards import earn, most_rewards
from shequn.sim.kernel.state import NOBODY, Act, JournalKind, Payment
from shequn.sim.results.incentives import earned_table, units_table
from tests.sim.incentives.laws.stall import FIRST, MEAN_PURSE, OFFICE, SECOND, SPACES, Stall
from tests.sim.staff.desk import pair

LEVEL = 1e-5
POSTING = {"for": "post", "pay": {"points": 5}}
TWO_CLASSES = {"spaces": SPACES}
TASK = {"gives": {"benefit": 1}}


def stall(rule: dict[str, Any], **content: Any) -> Stall:
    """A stall with one rule."""
    return Stall(earn={"rule": {**POSTING, **rule}}, **content)


# ---- what is rewarded -----------------------------------------------------------------------------


@pytest.mark.parametrize("act", Act)
def test_a_rule_rewards_its_own_act_alone(act: Act) -> None:
    rules = {one.name: {"for": one.name.lower(), "pay": {"points": 1 + one.value}} for one in Act}
    here = Stall(earn=rules, tasks={"check-in": TASK})
    here.do(3, 0.5, act)
    assert here.paid() == [(0.5, 3, 1 + act.value)]
    row = here.rows(JournalKind.EARN)[0]
    assert (row["detail"], row["other"], row["room"]) == (act.value, NOBODY, NOBODY)
    assert here.balance(3) == 1 + act.value
    assert here.balance(2) == 0


def test_a_task_is_rewarded_by_the_rules_for_it_and_by_those_for_all() -> None:
    rules = {name: {"for": "task", "pay": {"points": 1}} for name in ("all", "a", "b")}
    rules["a"]["task"], rules["b"]["task"] = "a", "b"
    here = Stall(earn=rules, tasks={"a": TASK, "b": TASK})
    here.do(0, 0.5, Act.TASK, 1)
    assert here.rows(JournalKind.EARN)["detail"].tolist() == [0, 2]
    here.do(1, 0.6, Act.TASK, 0)
    assert here.rows(JournalKind.EARN)["detail"].tolist() == [0, 2, 0, 1]


def test_members_alone_are_rewarded() -> None:
    here = stall({})
    here.leave(0, 0.5)
    here.do(0, 0.6)
    here.machine.remove([1])
    here.do(1, 0.7)
    assert not here.paid()


def test_joining_and_inviting_are_rewarded_and_being_a_founder_is_not() -> None:
    here = Stall(
        earn={
            "start": {"for": "joined", "pay": {"points": 1}},
            "bring": {"for": "invited", "pay": {"points": 2}},
        }
    )
    here.leave(0, 1.0)
    here.join(0, 2.0, inviter=4)
    here.leave(1, 3.0)
    here.join(1, 4.0)
    assert here.paid() == [(2.0, 0, 1.0), (2.0, 4, 2.0), (4.0, 1, 1.0)]


# ---- conditions -----------------------------------------------------------------------------------


def test_the_first_of_a_window_are_paid_and_windows_begin_at_multiples() -> None:
    here = stall({"first": 2, "each": 1.5})
    for person, at in enumerate((1.2, 1.3, 1.4, 1.5, 2.9, 2.95, 3.0)):
        here.do(person, at)
    assert [(at, who) for at, who, _ in here.paid()] == [(1.2, 0), (1.3, 1), (1.5, 3), (2.9, 4), (3.0, 6)]


def test_the_first_of_a_day_are_counted_from_midnight_to_midnight() -> None:
    here = stall({"first": 1})
    for at in (0.9, 0.99, 1.0, 1.99):
        here.do(0, at)
    assert [at for at, _, _ in here.paid()] == [0.9, 1.0]


@pytest.mark.parametrize(
    ("of", "paid"), [("class", [0, 2]), ("camp", [0]), (None, [0]), ("office", [4])], ids=str
)
def test_the_first_are_counted_in_each_room_of_the_space_and_paid_below_it(
    of: str | None, paid: list[int]
) -> None:
    here = stall({"first": 1, "of": of}, **TWO_CLASSES)
    here.sit(FIRST, 0, 1)
    here.sit(SECOND, 2, 3)
    here.sit(OFFICE, 4)
    for person in range(5):
        here.do(person, 0.5)
    assert [who for _, who, _ in here.paid()] == paid


def test_who_loses_the_draw_does_not_use_up_a_place_among_the_first() -> None:
    here = stall({"first": 2, "chance": 0.5})
    for person in range(30):
        here.do(person, 0.5)
    key = here.world.earn["key"][0]
    keys = here.world.people["key"]
    lucky = [k for k in range(30) if uniform(7, Purpose.EARN, pair(keys[k], key), 1 << 32 | 1) < 0.5]
    assert [who for _, who, _ in here.paid()] == lucky[:2]
    assert 0 not in lucky[:2] or 1 not in lucky[:2]  # somebody lost before


def test_what_is_cut_to_nothing_does_not_use_up_a_place_and_what_is_promised_does() -> None:
    here = stall({"first": 1}, units={"points": {"most_per_day": 3}})
    here.give(0, 3, 0.5)
    for person in (0, 1, 2):
        here.do(person, 0.6)
    assert here.paid() == [(0.6, 1, 3.0)]
    here = stall({"first": 1, "delay": 5})
    here.do(0, 0.5)
    here.do(1, 0.6)
    here.machine.run_until(10)
    assert here.paid() == [(5.5, 0, 5.0)]


def test_a_streak_pays_on_the_nth_day_in_a_row_and_every_n_days_of_it() -> None:
    here = stall({"streak": 3})
    for at in (0.9, 1.0, 2.0, 2.5, 3.1, 4.2, 5.3, 5.4, 6.1, 8.0, 9.0, 10.0, 10.5):
        here.do(0, at)
    assert [at for at, _, _ in here.paid()] == [2.0, 5.3, 10.0]


def test_a_streak_begins_again_with_a_new_stay() -> None:
    here = stall({"streak": 2})
    here.do(0, 0.1)
    here.leave(0, 0.5)
    here.join(0, 0.6)
    here.do(0, 1.1)
    here.do(0, 2.1)
    assert [at for at, _, _ in here.paid()] == [2.1]


@pytest.mark.parametrize(("p", "n"), [(0.7, 3), (0.5, 2), (0.9, 7)])
def test_days_between_the_payments_of_a_streak_are_those_of_renewal_theory(p: float, n: int) -> None:
    """Mean (1 − pⁿ)/((1 − p) pⁿ), and the variance of runs (Feller I, XIII.7); at level 1e-5."""
    here = stall({"streak": n})
    days = 6000
    for day in np.flatnonzero(np.random.default_rng(n).random(days) < p).tolist():
        earn(here.world, Act.POST.value, NOBODY, 0, day + 0.5)
    q = 1.0 - p
    mean = (1.0 - p**n) / (q * p**n)
    variance = 1.0 / (q * p**n) ** 2 - (2 * n + 1) / (q * p**n) - p / q**2
    error = math.sqrt(days * variance / mean**3)
    assert abs(len(here.paid()) - days / mean) < stats.norm.ppf(1 - LEVEL / 2) * error + 1


def test_the_first_acts_of_a_day_are_paid_up_to_the_most() -> None:
    here = stall({"most": 2})
    for at in (0.1, 0.2, 0.3, 0.999, 1.0, 1.1, 1.2, 7.5):
        here.do(0, at)
    here.do(1, 7.5)
    assert [at for at, _, _ in here.paid()] == [0.1, 0.2, 1.0, 1.1, 7.5, 7.5]


def test_whether_an_act_is_paid_is_drawn_by_member_rule_and_act() -> None:
    rules = {name: {**POSTING, "chance": 0.4} for name in ("a", "b")}
    here = Stall(earn=rules)
    drawn = []
    for act in (1, 2, 3):
        for person in range(10):
            here.do(person, 0.25 * act)
            for rule in range(2):
                key = pair(here.world.people["key"][person], here.world.earn["key"][rule])
                if uniform(7, Purpose.EARN, key, 1 << 32 | act) < 0.4:
                    drawn.append((person, rule))
    rows = here.rows(JournalKind.EARN)
    assert list(zip(rows["person"].tolist(), rows["detail"].tolist(), strict=True)) == drawn
    assert 0 < len(drawn) < 60


def test_the_draws_of_a_new_stay_are_its_own_and_begin_at_its_first_act() -> None:
    here = stall({"for": "featured", "chance": 0.5})
    for person in range(20):
        here.do(person, 0.1, Act.FEATURED)
    for person in range(20):
        here.leave(person, 0.2)
    for person in range(20):
        here.join(person, 0.3)
    for person in range(20):
        here.do(person, 0.4, Act.FEATURED)
    keys, key = here.world.people["key"], here.world.earn["key"][0]
    lucky = [k for k in range(20) if uniform(7, Purpose.EARN, pair(keys[k], key), 2 << 32 | 1) < 0.5]
    assert sorted(who for at, who, _ in here.paid() if at == 0.4) == lucky


def test_newcomers_are_paid_in_the_first_days_of_their_stay() -> None:
    here = stall({"newcomers": 5})
    here.do(0, 5.0)
    here.do(1, 5.0001)
    here.leave(2, 6.0)
    here.join(2, 7.0)
    here.do(2, 12.0)
    here.do(2, 12.5)
    assert [(at, who) for at, who, _ in here.paid()] == [(5.0, 0), (12.0, 2)]


def test_acts_elsewhere_or_too_late_are_not_counted_for_the_day_or_the_streak() -> None:
    here = stall({"most": 1, "of": "camp"}, **TWO_CLASSES)
    here.sit(OFFICE, 0)
    here.do(0, 0.1)
    here.sit(FIRST, 0)
    here.do(0, 0.2)
    here.do(0, 0.3)
    assert [at for at, _, _ in here.paid()] == [0.2]


# ---- payment --------------------------------------------------------------------------------------


def test_a_promise_is_paid_after_its_delay() -> None:
    here = stall({"delay": 1.25})
    here.do(0, 0.5)
    here.do(1, 0.75)
    here.do(0, 1.0)
    assert not here.paid()
    here.machine.run_until(3.0)
    assert here.paid() == [(1.75, 0, 5.0), (2.0, 1, 5.0), (2.25, 0, 5.0)]
    here.do(2, 3.0)
    assert here.world.totals["n_promises"][0] == 3  # a free record is used again
    here.machine.run_until(5.0)
    assert here.paid()[3:] == [(4.25, 2, 5.0)]


def test_a_promise_ends_with_the_stay() -> None:
    here = stall({"delay": 2})
    for person in range(3):
        here.do(person, 0.5)
    here.leave(0, 1.0)
    here.leave(1, 1.0)
    here.join(1, 1.5)
    here.machine.run_until(5.0)
    assert [who for _, who, _ in here.paid()] == [2]


def test_a_promise_is_cut_by_the_limits_of_the_day_on_which_it_is_paid() -> None:
    here = stall({"delay": 2}, units={"points": {"most_per_day": 7}})
    here.do(0, 0.5)
    here.give(0, 7, 0.6)
    here.give(0, 4, 2.1)
    here.machine.run_until(3.0)
    assert here.paid() == [(2.5, 0, 3.0)]


def test_the_most_of_a_day_is_a_limit_over_all_rules_and_cuts() -> None:
    here = Stall(
        earn={"a": POSTING, "b": {**POSTING, "pay": {"points": 3}}}, units={"points": {"most_per_day": 10}}
    )
    here.do(0, 0.5)
    here.do(0, 0.6)
    here.do(0, 0.7)
    here.do(1, 0.7)
    here.do(0, 1.0)
    assert [(who, n) for _, who, n in here.paid()] == [(0, 5), (0, 3), (0, 2), (1, 5), (1, 3), (0, 5), (0, 3)]


def test_the_budget_of_a_unit_cuts_and_is_never_exceeded() -> None:
    here = stall({}, units={"points": {"budget": 12}})
    for person in range(5):
        here.do(person, 0.5)
    assert [n for _, _, n in here.paid()] == [5.0, 5.0, 2.0]
    assert here.unit("points")["issued"] == 12
    here.unit("points")["budget"] = 3  # as a branch may set it
    here.do(9, 1.5)
    assert len(here.paid()) == 3


def test_money_is_paid_at_once_is_a_gain_and_counts_against_its_budget() -> None:
    here = stall({"pay": {"money": 5}}, units={"money": {"budget": 8}})
    for person in (0, 1, 2):
        here.do(person, 0.5)
    rows = here.rows(JournalKind.PAY, JournalKind.EARN)
    assert rows["kind"].tolist() == [JournalKind.EARN, JournalKind.PAY] * 2
    assert rows["value"].tolist() == [5.0, -5.0, 3.0, -3.0]
    assert rows["detail"].tolist() == [0, Payment.REWARD, 0, Payment.REWARD]
    gains = here.world.everybody["gains"]
    left = 2.0 ** (-0.5 / here.world.params["satisfaction_stock_half_life"][0])
    for person, amount in ((0, 5.0), (1, 3.0), (2, 0.0)):
        gain = benefit.gain_of_money(amount, MEAN_PURSE, here.world.params[0])
        assert gains[person] * left == pytest.approx(gain, rel=1e-6)
    assert here.world.totals["rewards"][0] == 8
    assert (here.world.holdings["balance"] == 0).all()
    assert here.unit("money")["outstanding"] == 0


HOSTS = {
    "other": {"in": "camp", "from": "members", "people": 3},
    "host": {"in": "class", "from": "members", "people": 2, "purse": {"points": 4}},
    "guard": {"in": "camp", "from": "members", "purse": {"points": 100}},
}


def test_a_purse_is_of_a_desk_and_holds_that_of_all_its_people() -> None:
    here = stall({"from": "host"}, staff=HOSTS, **TWO_CLASSES)
    assert first_purses(here.scenario) == [NOBODY, 0, 2]
    assert purses_of(here.scenario).tolist() == [8.0, 8.0, 100.0]


def test_the_purse_of_the_staff_who_are_there_pays_and_is_cut_at_nothing() -> None:
    here = stall({"from": "host"}, staff=HOSTS, **TWO_CLASSES)
    here.sit(FIRST, 0, 1, 2, 3)
    here.sit(SECOND, 4, 5, 6)
    here.sit(OFFICE, 7)
    here.do(1, 0.1)  # nobody is there
    first = int(here.world.jobs["first_staff"][1])
    here.machine.hire(first + 1, 0)  # the second place of the first desk
    for person in (1, 2, 3, 4, 7):
        here.do(person, 0.2)
    assert here.paid() == [(0.2, 1, 5.0), (0.2, 2, 3.0)]
    assert here.world.purses.tolist() == [0.0, 8.0, 100.0]
    here.machine.hire(first + 2, 6)
    here.do(4, 0.3)
    assert here.paid()[2:] == [(0.3, 4, 5.0)]
    here.machine.dismiss(first + 2)
    here.do(5, 0.4)
    assert here.world.purses.tolist() == [0.0, 3.0, 100.0]
    assert len(here.paid()) == 3


def test_without_a_purse_the_operator_pays() -> None:
    here = stall({}, staff=HOSTS, **TWO_CLASSES)
    here.do(0, 0.1)
    assert here.world.purses.tolist() == [8.0, 8.0, 100.0]
    assert len(here.paid()) == 1


# ---- expiry ---------------------------------------------------------------------------------------

EXPIRING = {"points": {"expires": 2.5}, "coins": {"expires": 1.0}}


def spend(here: Stall, person: int, amount: float) -> None:
    """Take units off a member's account, as an offer does."""
    take(here.world, int(here.world.people["membership"][person]), here.number("points"), amount)
    here.unit("points")["spent"] += amount


def expired(here: Stall, until: float) -> list[tuple[float, int, int, float]]:
    """Time, member, unit and amount of what has expired."""
    here.machine.run_until(until)
    rows = here.rows(JournalKind.EXPIRE)
    return [(float(r["time"]), int(r["person"]), int(r["detail"]), float(r["value"])) for r in rows]


def test_units_expire_to_the_second() -> None:
    here = Stall(units=EXPIRING)
    here.give(0, 5, 1.0)
    here.give(1, 4, 1.0)
    here.give(0, 3, 2.0)
    here.give(0, 2, 2.25, "coins")
    assert expired(here, 10.0) == [(3.25, 0, 2, 2.0), (3.5, 0, 1, 5.0), (3.5, 1, 1, 4.0), (4.5, 0, 1, 3.0)]
    assert here.balance(0) == here.balance(1) == here.unit("points")["outstanding"] == 0
    here.give(0, 1, 10.0)
    assert expired(here, 13.0)[4:] == [(12.5, 0, 1, 1.0)]


def test_what_expires_first_is_spent_first() -> None:
    here = Stall(units=EXPIRING)
    here.give(1, 9, 1.0)
    for at, amount in ((1.0, 5), (1.5, 4), (2.0, 3)):
        here.give(0, amount, at)
    here.machine.run_until(2.2)
    spend(here, 0, 6)
    assert here.balance(0) == 6
    assert expired(here, 5.0) == [(3.5, 1, 1, 9.0), (4.0, 0, 1, 3.0), (4.5, 0, 1, 3.0)]


def test_what_is_spent_to_the_last_does_not_expire_and_the_account_goes_on() -> None:
    here = Stall(units=EXPIRING)
    here.give(0, 5, 1.0)
    here.machine.run_until(2.0)
    spend(here, 0, 5)
    here.give(0, 2, 3.0)
    spend(here, 0, 1)
    assert expired(here, 9.0) == [(5.5, 0, 1, 1.0)]


def test_records_of_what_has_expired_are_used_again() -> None:
    here = Stall(units=EXPIRING)
    for day in range(40):
        here.give(day % 3, 1, day + 0.5)
    assert len(expired(here, 60.0)) == 40
    assert here.world.totals["n_lots"][0] == 3


def test_who_leaves_loses_what_is_left_and_who_takes_the_seat_begins_at_nothing() -> None:
    here = Stall(units=EXPIRING)
    here.give(0, 5, 1.0)
    here.give(0, 3, 1.1)
    here.give(0, 2, 1.2, "coins")
    seat = here.world.people["membership"][0]
    here.leave(0, 1.5)
    assert expired(here, 1.5) == [(1.5, 0, 1, 8.0), (1.5, 0, 2, 2.0)]
    order = here.rows(JournalKind.EXPIRE, JournalKind.LEAVE)["kind"].tolist()
    assert order == [JournalKind.EXPIRE, JournalKind.EXPIRE, JournalKind.LEAVE]
    here.join(0, 2.0)
    assert here.world.people["membership"][0] == seat
    here.give(0, 7, 2.0)
    assert expired(here, 10.0)[2:] == [(4.5, 0, 1, 7.0)]


def test_limits_and_acts_of_the_day_begin_at_nothing_in_a_new_stay() -> None:
    here = stall({"most": 1}, units={"points": {"most_per_day": 5}})
    here.do(0, 1.1)
    here.leave(0, 1.2)
    here.join(0, 1.3)
    here.do(0, 1.4)
    assert len(here.paid()) == 2


@pytest.mark.parametrize(("rate", "days"), [(4.0, 2.5), (0.5, 3.0)])
def test_points_that_come_at_random_and_expire_are_a_queue_with_endless_servers(
    rate: float, days: float
) -> None:
    """M/D/∞: outstanding is Poisson with mean rate × days; looked at every 3 lives, at level 1e-5."""
    here = Stall(units={"points": {"expires": days}})
    rng = np.random.default_rng(5)
    ats = np.cumsum(rng.exponential(1 / rate, int(380 * rate)))
    looks = np.arange(days, 370.0, 1.001 * days)
    seen = []
    for at, person in sorted([(at, 1) for at in ats.tolist()] + [(at, -1) for at in looks.tolist()]):
        if at >= looks[-1]:
            break
        if person < 0:
            here.machine.run_until(at)
            seen.append(float(here.unit("points")["outstanding"]))
        else:
            here.give(int(rng.integers(30)), 1, at)
    mean = rate * days
    edges = stats.poisson.ppf((0.15, 0.4, 0.65, 0.9), mean)
    observed = np.bincount(np.searchsorted(edges, seen), minlength=5)
    below = np.append(stats.poisson.cdf(edges, mean), 1.0)
    assert stats.chisquare(observed, len(seen) * np.diff(below, prepend=0.0)).pvalue > LEVEL


# ---- tables, and room for what an event may add ---------------------------------------------------


def test_the_tables_of_units_and_rules_have_a_row_for_each_day() -> None:
    here = Stall(units=EXPIRING, earn={"a": POSTING, "b": {"for": "visit", "pay": {"money": 2}}})
    here.do(0, 0.5)
    here.do(0, 1.5)
    here.do(0, 1.6, Act.VISIT)
    here.machine.run_until(1.7)
    spend(here, 0, 4)
    here.machine.run_until(5.0)

    class Outcome:
        scenario = here.scenario
        unit_days = here.machine.unit_days
        rule_days = here.machine.rule_days

    units, earned = units_table(Outcome), earned_table(Outcome)
    points = units[units["unit"] == "points"]
    assert points["day"].tolist() == [0, 1, 2, 3, 4, 5]
    assert points["earned"].tolist() == [0, 5, 5, 0, 0, 0]
    assert points["spent"].tolist() == [0, 0, 4, 0, 0, 0]
    assert points["expired"].tolist() == [0, 0, 0, 0, 1, 5]  # at 3.0, after the end of the day, and at 4.0
    assert points["outstanding"].tolist() == [0, 5, 6, 6, 5, 0]
    money = units[units["unit"] == "money"]
    assert money["earned"].tolist() == [0, 0, 2, 0, 0, 0]
    assert (money["outstanding"] == 0).all()
    assert earned["paid"].tolist() == [0, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0]
    assert earned["sum"].tolist() == [0, 0, 5, 0, 5, 2, 0, 0, 0, 0, 0, 0]
    assert earned["unit"].tolist()[:2] == ["points", "money"]


def test_an_event_may_reward_each_rule_once_for_each_task_or_offer() -> None:
    offers = {f"offer-{k}": {"takes": {"money": 1}, "gives": {"points": 1}} for k in range(5)}
    here = Stall(earn={"a": POSTING, "b": POSTING}, offers=offers, tasks={"t": TASK}, units=EXPIRING)
    assert most_rewards(here.world) == 2 * 5 + 5
    for used, array in (("n_lots", "lots"), ("n_promises", "promises")):
        size = len(getattr(here.world, array))
        here.world.totals[used] = size - 15
        assert has_room(here.world)
        here.world.totals[used] = size - 14
        assert not has_room(here.world)
        here.machine.make_room()
        assert has_room(here.world)
        here.world.totals[used] = 0
    assert journal_rows_of_an_event(here.world) == 90


def test_the_journal_has_room_for_what_all_who_are_removed_lose() -> None:
    here = Stall(units=EXPIRING)
    here.machine.make_room(50_000)
    assert len(here.world.journal) >= 50_000 * 4
