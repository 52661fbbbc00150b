"""Central formulas of MODEL.md, written again from that page alone, give the numbers of a run.

Nothing here imports a rule: coefficients are read from the page's tables, formulas are its sentences, and the numbers
they must give stand in the run's tables and journal. Records hold 32-bit numbers, hence the tolerances.
"""

import math
from bisect import insort
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shequn import Scenario, simulate
from shequn.sim.result import Result
from tests.agents.model_tables import coefficient_tables

DAYS = 90
GATE_COST = 0.4
BINDING = 0.2
P = {
    f"{group}.{row.name}": float(row.default)
    for group, table in coefficient_tables().items()
    for row in table.rows
    if row.default[0].isdigit() or row.default[0] == "-"
} | {"joining.binding": BINDING, "inviting.rate": 0.02}
SCENARIO = {
    "format": 2,
    "title": "A group for formulas",
    "days": DAYS,
    "population": {
        "people": 500, "founders": 40, "quality": {"distribution": "beta", "a": 2, "b": 3},
        "pace": {"mean": 0.8, "log_sd": 0.8}, "talkativeness": {"mean": 0.4, "log_sd": 0.5},
    },
    "community": {"openness": 0.4, "strangers_per_day": 4, "bypass": 0, "rhythm": "flat"},
    "gates": {"task": {"kind": "task", "cost": GATE_COST}},
    "rules": {"joining": {"binding": BINDING}, "inviting": {"rate": 0.02}},
}  # fmt: skip


@pytest.fixture(scope="module")
def result() -> Result:
    return simulate(Scenario.from_mapping(SCENARIO), seed=5, network=(0, DAYS))


def rows(result: Result, *kinds: str) -> pd.DataFrame:
    return result.journal[result.journal["kind"].isin(kinds)]


def half(elapsed: Any, half_life: float) -> Any:
    """Halving in d days is 2^(−age/d)."""
    return 2.0 ** (-elapsed / half_life)


def members_now(result: Result) -> pd.DataFrame:
    """Members who joined once, as they are at the end."""
    members = result.members
    return members[(members["state"] == "member") & (members["n_joins"] == 1)].set_index("person")


def test_temperature_dilution_and_evaporation(result: Result) -> None:
    """Σ over joins of (q − T)/(n + 1), over departures of −(q − T)/(n − 1)."""
    quality = result.members.set_index("person")["quality"].to_dict()
    n, temperature = 0, 0.0
    sums = {"join": 0.0, "leave": 0.0}
    for row in rows(result, "join", "leave").itertuples():
        q = float(quality[row.person])
        if row.kind == "join":
            change, n = (q - temperature) / (n + 1), n + 1
        else:
            change, n = (-(q - temperature) / (n - 1) if n > 1 else 0.0), n - 1
        temperature += change
        assert row.value == pytest.approx(change, abs=1e-6)
        founded = row.kind == "join" and row.time == 0.0
        sums[row.kind] += 0.0 if founded else change
    last = result.days.iloc[-1]
    assert n == last["members"]
    assert temperature == pytest.approx(last["temperature"], abs=1e-6)
    assert sums["join"] == pytest.approx(last["dilution"], abs=1e-5)
    assert sums["leave"] == pytest.approx(last["evaporation"], abs=1e-5)
    assert last["departures"] >= 0
    assert len(rows(result, "leave")) > 20


def splitmix64(key: int) -> int:
    word = 2**64 - 1
    h = (key + 0x9E3779B97F4A7C15) & word
    h = ((h ^ (h >> 30)) * 0xBF58476D1CE4E5B9) & word
    h = ((h ^ (h >> 27)) * 0x94D049BB133111EB) & word
    return h ^ (h >> 31)


def test_matched_rank(result: Result) -> None:
    """Among the up to 25 who joined last before and the up to 25 who joined first after; equal ones half."""
    members = result.members.set_index("person")
    present: list[tuple[float, int, int]] = []  # time of joining, hash, person: in order of tenure
    joined: dict[int, tuple[float, int, int]] = {}
    expected = []
    for row in rows(result, "join", "leave").itertuples():
        if row.kind == "join":
            joined[row.person] = (row.time, splitmix64(int(members["key"][row.person])), row.person)
            insort(present, joined[row.person])
            continue
        at = present.index(joined[row.person])
        near = [*present[max(0, at - 25) : at], *present[at + 1 : at + 26]]
        q = members["quality"][row.person]
        others = members["quality"].loc[[person for _, _, person in near]]
        worse = (others < q).sum() + 0.5 * (others == q).sum()
        expected.append(worse / len(near) if len(near) >= 5 else np.nan)
        present.remove(joined[row.person])
    np.testing.assert_allclose(result.departures["matched_rank"], expected)


def test_odds_of_accepting_an_invitation(result: Result) -> None:
    """odds × strength^trust × max(1, friends)^friends × exp(ρ − 1 − gate_cost × Σ costs) × 2^(−before/fatigue)."""
    reputation = result.days["reputation"].to_numpy()
    first_joined = result.members.set_index("person")["first_joined_at"]
    waiting: dict[tuple[int, int], list[Any]] = {}
    compared = 0
    for row in rows(result, "invite", "accept", "decline").itertuples():
        if row.kind == "invite":
            waiting.setdefault((row.person, int(row.other)), []).append(row)
            continue
        pending = waiting[int(row.other), row.person]
        odds = [
            P["inviting.odds"]
            * invited.value ** P["inviting.trust"]
            * max(1, row.detail) ** P["inviting.friends"]
            * math.exp(reputation[int(row.time) + 1] - 1.0 - P["inviting.gate_cost"] * GATE_COST)
            * half(invited.detail, P["inviting.fatigue"])
            for invited in pending
        ]
        distance = [abs(row.value - one / (1.0 + one)) for one in odds]
        answered = pending.pop(int(np.argmin(distance)))  # one person may have invited another twice by now
        if first_joined.get(row.person, math.inf) >= answered.time:  # else the tie has grown meanwhile
            assert min(distance) == pytest.approx(0.0, abs=1e-6)
            compared += 1
    assert compared > 50


def test_rate_of_visits(result: Result) -> None:
    """pace × exp(by_satisfaction (s − satisfied)) × (1 − need_share + need_share × need) × (1 + habit × habit)."""
    members = members_now(result)
    members = members[~members["lapsed"] & (members["n_visits"] > 1)]
    came = rows(result, "visit").groupby("person")["time"].last()
    members = members[members["last_visit_at"] == came.reindex(members.index)]
    share = P["visiting.need_share"]
    rate = (
        members["pace"]
        * np.exp(P["visiting.by_satisfaction"] * (members["satisfaction"] - P["visiting.satisfied"]))
        * (1.0 - share + share * members["need"])
        * (1.0 + P["visiting.habit"] * members["habit"])
    )
    called = members["visit_rate"] == 0.0  # called back: the next visit does not come by the rate
    assert (~called).sum() > 30
    np.testing.assert_allclose(members["visit_rate"][~called], rate[~called], rtol=1e-5)


def test_need_and_habit(result: Result) -> None:
    """Need starts at 1 and halves; habit halves with absence, each visit closes habit_growth of the distance to 1."""
    members = members_now(result)
    visits = rows(result, "visit").groupby("person")["time"].apply(list)
    assert len(members) > 50
    for person, member in members.iterrows():
        before, habit = member["joined_at"], 0.0
        for time in visits.get(person, []):
            habit *= half(time - before, P["visiting.habit_half_life"])
            habit += P["visiting.habit_growth"] * (1.0 - habit)
            before = time
        assert member["habit"] == pytest.approx(habit, rel=1e-4, abs=1e-6)
        need = half(before - member["joined_at"], P["visiting.need_half_life"])
        assert member["need"] == pytest.approx(need, rel=1e-4)


def test_commitment(result: Result) -> None:
    """binding × cost of the gates passed, halving; founders have passed none."""
    members = members_now(result)
    cost = np.where(members["founder"], 0.0, GATE_COST)
    left = half(members["last_visit_at"] - members["joined_at"], P["joining.commitment_half_life"])
    np.testing.assert_allclose(members["commitment"], BINDING * cost * left, rtol=1e-4)
    assert (members["commitment"] > 0).sum() > 20


def test_reputation(result: Result) -> None:
    """ρ = 1 − v + v × (mean quality of members seen within 30 days)/(expected quality of a person), once a day."""
    v, expected = P["joining.reputation"], 2 / (2 + 3)
    rho = 1.0 - v + v * result.days["temperature_active"] / expected  # set after the row is written
    assert result.days["reputation"][0] == 1.0
    np.testing.assert_allclose(result.days["reputation"][1:], rho[:-1], rtol=1e-9)
    assert result.days["reputation"].nunique() > 50


def test_strength_of_ties(result: Result) -> None:
    """An interaction closes `growth` of the distance to 1; grown strength halves, given strength does not fade.

    Reactions strengthen existing ties; an answer makes one, of strength 0 before it grows.
    """
    first, last = (result.edges[result.edges["day"] == day] for day in (0, DAYS))
    given = {(row.person, row.other): row.given for row in first.itertuples()}
    grown: dict[tuple[int, int], float] = {}
    used: dict[tuple[int, int], float] = {}
    for row in rows(result, "reaction", "reply").itertuples():
        pair = (min(row.person, int(row.other)), max(row.person, int(row.other)))
        if pair not in given and pair not in grown and row.kind == "reaction":
            continue
        now = grown.get(pair, 0.0) * half(row.time - used.get(pair, row.time), P["relationship.half_life"])
        strength = given.get(pair, 0.0) + now
        grown[pair] = now + P["relationship.growth"] * (1.0 - strength)
        used[pair] = row.time
    assert len(grown) > 100
    for row in last.itertuples():
        pair = (row.person, row.other)
        left = grown.get(pair, 0.0) * half(DAYS - used.get(pair, 0.0), P["relationship.half_life"])
        assert row.strength == pytest.approx(given.get(pair, 0.0) + left, abs=1e-5)
    assert set(zip(last["person"], last["other"], strict=True)) == set(given) | set(grown)
