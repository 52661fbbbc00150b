"""Variance reduction: the three questions are fixed, their worlds have the intended effect, and arms are compared."""

import numpy as np

from shequn import Scenario, simulate
from shequn.experiments.studies.variance_reduction import FILE, answer, fixed, of_variants


def test_the_three_questions_are_those_of_the_file() -> None:
    found = list(fixed())
    assert [(tuple(q.arms), str(q.responses[0]), q.runs) for q in found] == [
        (("open", "gated"), "temperature@180", 40),
        (("quota-5", "quota-20"), "members@180", 40),
        (("openness-20", "openness-60"), "evaporation", 40),
    ]
    assert len({q.seed for q in found}) == 1


def test_in_the_worlds_of_the_quota_it_binds() -> None:
    for variant, per_day in (("quota-5", 5), ("quota-20", 20)):
        days = simulate(Scenario.load(FILE, variant), seed=5).days
        waiting = days["waiting"].to_numpy()[30:]
        assert (waiting > per_day).all()  # more than a day's admissions are always in line


def test_every_shipped_variant_is_weighed_against_its_scenario() -> None:
    pairs = [(next(iter(q.arms)), name) for q in of_variants(30) for name in list(q.arms)[1:]]
    assert ("open-group", "open-group:closed") in pairs
    assert all(b.startswith(f"{a}:") for a, b in pairs)
    assert all(len(Scenario.load(a).variants) > 0 for a, _ in pairs)


def test_the_same_people_have_the_same_luck_so_less_is_left_of_the_variance() -> None:
    question = next(q for q in of_variants(4, days=10) if "cold-start" in q.arms)
    found = answer(question, jobs=1)
    assert len(found) == 2 * 4
    assert all(one.difference.n == 4 for one in found)
    assert np.median([one.difference.reduction for one in found]) > 1.0
