"""Where a claim that depends turns: which number is moved, the effect at each factor, and the crossing."""

import math
from pathlib import Path

import numpy as np
import pytest

from shequn.app.answers.claims import Answer, boundary_sentences
from shequn.app.claims_page import page
from shequn.app.report.claims import report
from shequn.app.report.page import html
from shequn.app.report.result_folder import ResultFolder
from shequn.experiments.claims.boundaries import (
    NUMBERS,
    SIDE_PAIRS,
    TIMES,
    Step,
    Turn,
    clearest_first,
    crossing,
    shows_both_sides,
    sides,
    sides_plan,
    steps,
    turning_plan,
    turns,
)
from shequn.experiments.claims.design import Range
from shequn.experiments.claims.draws import factors
from shequn.experiments.claims.reading import read_claims
from shequn.experiments.claims.study import Numbers, Runs, Size, Study, effects_of
from shequn.experiments.claims.tables import write_findings
from shequn.experiments.claims.verdicts import Finding, Outcome, Verdict
from shequn.sim.results.manifest import write_manifest

PAIRS, DRAWS = 12, 40
NUMBER = "leaving.base"


def _study(name: str = "c05") -> Study:
    claims = read_claims()
    return Study(claims, claims.chosen((name,)), None, Size(PAIRS, DRAWS, 1))


def _runs(study: Study, slope: float, start: float) -> Runs:
    """Responses whose effect is ``start``, and follows one number's factor in the draws of the article's case."""
    noise = np.random.default_rng(2).normal(0.0, 1e-3, (len(study.cells), 2, max(PAIRS, DRAWS)))
    values, moved = [], []
    for cell, of_cell in zip(study.cells, noise, strict=True):
        first, second = cell.claim.pairs_of_arms[0]
        values.append({first: of_cell[0, :PAIRS], second: start + of_cell[1, :PAIRS]})
        line = start + slope * (factors(NUMBER, DRAWS) - 1.0) if cell.setting == "article" else start
        moved.append({first: of_cell[0, :DRAWS], second: line + of_cell[1, :DRAWS]})
    return Runs(values, moved, 0)


POSITIVE = Range(0.0, math.inf)


def _step(times: float, effect: float, claimed: Range = POSITIVE) -> Step:
    return Step(times, times, 9, effect, effect - 0.1, effect + 0.1, claimed, Outcome.OPEN)


def _turned(slope: float = 2.0, start: float = 1.0) -> tuple[Study, Runs, list[Turn]]:
    study = _study()
    runs = _runs(study, slope, start)
    effects = [effects for _claim, effects in effects_of(study, runs)]
    return study, runs, turns(study, [(effects[0], Finding(Verdict.DEPENDS))], runs)


def test_factors_run_from_a_quarter_to_four_times_by_the_root_of_two() -> None:
    assert TIMES[0] == 0.25
    assert TIMES[4] == 1.0
    assert TIMES[-1] == 4.0
    assert np.diff(np.log(TIMES)) == pytest.approx(math.log(2.0) / 2.0, rel=1e-3)


def test_the_crossing_is_where_the_margin_is_zero_in_the_logarithm() -> None:
    assert crossing([_step(1.0, 1.0), _step(4.0, -1.0)]) == pytest.approx(2.0)
    assert crossing([_step(1.0, 3.0), _step(4.0, -1.0)]) == pytest.approx(4.0**0.75)
    assert crossing([_step(1.0, 3.0), _step(4.0, 1.0)]) is None


def test_of_several_crossings_the_one_nearest_to_the_value_itself_counts() -> None:
    bounded = Range(0.0, 1.0)
    found = [
        _step(0.25, 0.5, bounded),
        _step(0.5, 1.5, bounded),
        _step(1.0, 0.5, bounded),
        _step(4.0, -0.5, bounded),
    ]
    assert crossing(found) == pytest.approx(0.5**0.5)


def test_an_unknown_effect_crosses_nothing() -> None:
    assert crossing([_step(1.0, math.nan), _step(4.0, 1.0)]) is None


def test_the_number_whose_line_goes_farthest_on_both_sides_is_moved_first() -> None:
    *_, found = _turned()
    assert (found[0].cell.setting, found[0].number.name) == ("article", NUMBER)
    assert found[0].effect.setting == "article"
    assert len(found) == NUMBERS
    assert len({(turn.cell.setting, turn.number.name) for turn in found}) == NUMBERS


def test_without_draws_that_differ_no_number_is_moved() -> None:
    study = _study()
    runs = _runs(study, 0.0, 1.0)
    still = [{arm: np.zeros_like(values) for arm, values in of_cell.items()} for of_cell in runs.moved]
    effects = [effects for _claim, effects in effects_of(study, runs)]
    findings = [(effects[0], Finding(Verdict.DEPENDS))]
    assert turns(study, findings, runs._replace(moved=still)) == []


def test_the_number_that_turns_most_clearly_comes_first_and_one_that_does_not_last() -> None:
    *_, (one, two, three) = _turned()
    inside, outside, far = _step(1.0, 0.2), _step(4.0, -0.3), _step(4.0, -2.0)
    turned = [(one, [inside, inside]), (two, [inside, outside]), (three, [_step(1.0, 0.9), far])]
    assert [turn for turn, _ in clearest_first(turned)] == [three, two, one]


def test_the_sides_are_where_the_effect_lies_most_clearly_in_half_widths_of_its_interval() -> None:
    found = [
        _step(0.5, 3.0)._replace(low=-1.0, high=7.0),
        _step(1.0, 0.5),
        _step(2.0, -0.1),
        _step(4.0, -0.4),
    ]
    assert sides(found) == (1.0, 4.0)
    assert sides(list(reversed(found))) == (1.0, 4.0)
    assert sides(found[:2]) is None
    nothing = _step(4.0, 0.0)._replace(low=0.0, high=0.0)  # on the end itself
    assert sides([*found[:3], nothing]) == (1.0, 2.0)
    certain = _step(4.0, -0.01)._replace(low=-0.01, high=-0.01)
    assert sides([*found[:3], certain]) == (1.0, 4.0)
    assert sides([found[1], _step(2.0, math.nan)]) is None


def test_it_turns_if_it_holds_on_one_side_and_fails_on_the_other() -> None:
    holds, fails = (_step(1.0, 1.0)._replace(outcome=outcome) for outcome in (Outcome.HOLDS, Outcome.FAILS))
    assert shows_both_sides([holds, fails])
    assert not shows_both_sides([holds, _step(1.0, -1.0)])
    assert not shows_both_sides([_step(1.0, 1.0), fails])


def test_runs_on_both_sides_have_seeds_of_their_own_and_more_pairs() -> None:
    study, _, (turn, *_rest) = _turned()
    plan, steps_plan = sides_plan(study, [(turn, (0.5, 4.0))]), turning_plan(study, [turn])
    assert [plan.values(point)[3] for point in range(plan.points)] == [0.5, 0.5, 4.0, 4.0]
    assert plan.replicates == SIDE_PAIRS * PAIRS
    seeds = [{one.run(number).seed for number in range(one.runs)} for one in (plan, steps_plan)]
    assert not seeds[0] & seeds[1]


@pytest.mark.parametrize("verdict", [one for one in Verdict if one is not Verdict.DEPENDS])
def test_only_a_claim_that_depends_is_turned(verdict: Verdict) -> None:
    study = _study()
    runs = _runs(study, 2.0, 1.0)
    assert turns(study, [(effects_of(study, runs)[0][1], Finding(verdict))], runs) == []


def test_both_arms_have_the_number_moved_and_nothing_else() -> None:
    study, _, (turn, *_rest) = _turned()
    plan = turning_plan(study, [turn])
    assert plan.points == 2 * len(TIMES)
    for point in range(plan.points):
        *_, times, arm = plan.values(point)
        before, after = turn.cell.arms[str(arm)], plan.scenario_of(point)
        group, own = NUMBER.split(".")
        assert after.rules[group][own] == pytest.approx(float(times) * before.rules[group][own])
        assert after.with_({f"rules.{NUMBER}": before.rules[group][own]}) == before


def _responses(study: Study, found: list[Turn]) -> Numbers:
    """Effects that fall from 1.5 to −1.5 in steps of 3/8, with a spread of a thousandth."""
    noise = np.random.default_rng(3).normal(0.0, 1e-3, (2 * len(TIMES), PAIRS))
    noise[1::2] += np.linspace(1.5, -1.5, len(TIMES))[:, None]
    return noise


def test_steps_are_paired_effects_with_their_outcomes() -> None:
    study, _, (first, *_rest) = _turned()
    found = [first]
    ((turn, its_steps),) = steps([(first, TIMES)], _responses(study, found))
    assert [step.effect for step in its_steps] == pytest.approx(np.linspace(1.5, -1.5, len(TIMES)), abs=2e-3)
    assert [step.n for step in its_steps] == [PAIRS] * len(TIMES)
    assert all(step.low < step.effect < step.high for step in its_steps)
    assert {its_steps[0].outcome, its_steps[-1].outcome} == {Outcome.HOLDS, Outcome.FAILS}
    value = turn.cell.arms[turn.effect.second].rules["leaving"]["base"]
    assert its_steps[0].value == pytest.approx(0.25 * value)


def test_a_run_that_failed_takes_its_pair_along() -> None:
    study, _, (first, *_rest) = _turned()
    found = [first]
    values = _responses(study, found)
    values[0, :5] = math.nan
    ((_turn, its_steps),) = steps([(first, TIMES)], values)
    assert [step.n for step in its_steps] == [PAIRS - 5] + [PAIRS] * (len(TIMES) - 1)


def test_page_and_report_show_where_it_turns(tmp_path: Path) -> None:
    study, runs, found = _turned()
    turned = steps([(found[0], TIMES)], _responses(study, found[:1]))
    on_sides = steps([(found[0], (0.25, 4.0))], _responses(study, found[:1])[[0, 1, -2, -1]])
    turned += [(turn, [step._replace(effect=1.0) for step in turned[0][1]]) for turn in found[1:]]
    (tmp_path / "tables").mkdir()
    ((claim, effects),) = effects_of(study, runs)
    write_findings(
        study,
        tmp_path,
        [(claim, effects, Finding(Verdict.DEPENDS, ("article",), ("log",)))],
        runs,
        turned,
        on_sides,
    )
    write_manifest(tmp_path, title="claims", runs=PAIRS, failed=0, seconds=0.0)
    answer = Answer.read(tmp_path)
    (row,) = answer.rows()
    first, crosses, on_both, others = boundary_sentences(answer, row)
    assert NUMBER in first and "crosses the end" in crosses
    assert f"{PAIRS} pairs" in on_both and "(holds)" in on_both and "(fails)" in on_both
    assert others.count("(nowhere)") == NUMBERS - 1
    assert len(answer.steps_of(row)) == len(TIMES)
    text = page(answer)
    assert "**Where it turns**: Moved alone in the article's case" in text
    assert all(f"\n{times:g} " in text for times in TIMES)
    assert html(report(ResultFolder(tmp_path))).count('<script type="application/json" data-chart') == 2
