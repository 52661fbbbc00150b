"""Tiers and full rooms: constant hazards make a linear chain (Erlang stages), a capacity makes Erlang's loss."""

import math
from itertools import pairwise

import numpy as np

from shequn import Community, Scenario, simulate
from shequn.sim.kernel.state import JournalKind
from tests.theory.cases import QUIET, case, days_of, mean_is, near

TIERS = ("traffic", "activity", "premium")


def test_promotion_at_constant_hazards_is_a_linear_chain() -> None:
    """3,000 founders start in the first of three tiers; every night a tenth of a tier moves on, and everybody leaves
    at .02 a day. A member is in tier j after k nights with chance e^-.02k times a binomial term (discrete Erlang).
    Counts are sums of independent stays, and of moves of a fixed share, so their spread is at most binomial."""
    people, share, hazard = 3000, 0.1, 0.02
    operations = {
        f"up-{target}": {
            "do": "move", "every": 1, "first": 1, "who": "random", "share": share, "in": source, "to": target,
        }
        for source, target in reversed(list(pairwise(TIERS)))
    }  # fmt: skip
    tiers = Scenario.from_mapping(
        {**QUIET, "format": 2, "days": 40, "spaces": {name: {} for name in TIERS}, "operations": operations}
    )
    community = Community(
        tiers.with_(
            {"population.people": people, "population.founders": people, "rules.leaving.hazard": hazard}
        ),
        seed=3,
    )
    for day in days_of(community):
        rows = community.machine.space_days[-3:]
        members = dict(zip(TIERS, rows["members"][np.argsort(rows["space"])], strict=True))
        stays, nights = math.exp(-hazard * day), day - 1  # the day's row is written before the night's moves
        chance = [math.comb(nights, j) * share**j * (1 - share) ** (nights - j) for j in (0, 1)]
        for tier, p in zip(TIERS, [*chance, 1 - sum(chance)], strict=True):
            # shares are rounded to whole members: at most half a member a night and tier
            sd = math.sqrt(people * p * stays * (1 - p * stays)) + nights
            assert near(members[tier], people * p * stays, sd), (day, tier)


def test_a_full_room_loses_the_share_of_erlangs_formula() -> None:
    """Poisson arrivals of 6 a day who stay a day on average, at 5 seats: blocked is B(5, 6) of them (Erlang B).

    Refused less B times all arrivals has mean 0; batches of 20 mean stays are independent but for e^-20."""
    load, seats = 6.0, 5
    lost = load**seats / math.factorial(seats) / sum(load**k / math.factorial(k) for k in range(seats + 1))
    result = simulate(
        case(
            "Loss",
            4000,
            {
                "journal": "membership",
                "population.people": 2,
                "rules.leaving.hazard": 1.0,
                "gates": [{"kind": "capacity", "members": seats}],
                "operations": [{"do": "arrivals", "day": 0, "per_day": load}],
            },
        ),
        seed=5,
    )
    rows = result.outcome.membership
    batch = (rows["time"] // 20).astype(int)
    refused = np.bincount(batch[rows["kind"] == JournalKind.REFUSE], minlength=200)[1:200]
    joined = np.bincount(batch[rows["kind"] == JournalKind.JOIN], minlength=200)[1:200]
    assert refused.sum() > 8_000
    assert mean_is(refused - lost * (refused + joined), 0.0)
