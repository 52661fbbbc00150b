"""A comparison in words: what differs, what is not shown to, what it costs, how sure it is."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shequn import Scenario
from shequn.app.answers.arm_names import arm_labels, arm_title
from shequn.app.answers.comparison import (
    agreement,
    answer_sentences,
    assumed_sentences,
    best_arms,
    certainty,
    costs,
    dependence,
    divergence,
    gain,
    present,
    summary,
)
from shequn.app.answers.facts import Facts, facts
from shequn.app.answers.values import alone, beside, period, value_texts
from shequn.app.report.assumed_numbers import comparison_table
from shequn.experiments.comparison.comparison import compare
from shequn.experiments.comparison.curves import Curves, curves_of, curves_table
from shequn.experiments.comparison.paired import Numbers, difference, pairs_needed
from shequn.experiments.comparison.question import ArmComparison, Question
from shequn.experiments.designs.responses import Response
from shequn.sim.language import in_language
from shequn.sim.presentation.formats import number

LUCK = np.linspace(-1.0, 1.0, 30)
NOBODY = pd.DataFrame({"b": [], "day": []})


def found(
    values: Mapping[str, tuple[Numbers, Numbers]],
    titles: Mapping[str, str] | None = None,
    assumed: pd.DataFrame | None = None,
    lengths: tuple[int, int] = (180, 180),
) -> Facts:
    """Facts of two arms with these values of each response."""
    rows = [ArmComparison("camp", "camp:task", name, difference(a, b)) for name, (a, b) in values.items()]
    named = titles or {"camp": "Camp", "camp:task": "With the task"}
    return facts("Camp", "Does the task help?", named, rows, list(values), lengths, NOBODY, NOBODY, assumed)


def test_an_arm_is_a_sentence_in_people_quality_and_yuan() -> None:
    told = found(
        {
            "end": (85 + LUCK, 30 + LUCK),
            "temperature_end": (0.5 + LUCK / 900, 0.63 + LUCK / 900),
            "posts_per_day": (4.5 + LUCK, 2.4 + LUCK),
            "balance": (2000 + LUCK, 800 + LUCK),
        }
    )
    assert answer_sentences(told) == [
        "Camp: after half a year 85 members, quality 0.50, 4.5 posts a day, a gain of 2,000 yuan.",
        "With the task: after half a year 30 members instead of 85; quality 0.63 instead of 0.50; 2.4 posts a day "
        "instead of 4.5; a gain of 800 yuan instead of a gain of 2,000 yuan.",
    ]
    with in_language("zh"):
        assert answer_sentences(told)[1] == (
            "With the task：半年后有 30 人，而不是 85 人；质量 0.63，而不是 0.50；"
            "每天 2.4 帖，而不是 4.5 帖；赚 800 元，而不是赚 2,000 元。"
        )


def test_what_no_interval_shows_is_not_stated_as_a_difference() -> None:
    chance = np.random.default_rng(14)
    luck = chance.normal(size=30)
    told = found({"end": (luck, luck + 0.1 + chance.permutation(LUCK)), "k": (LUCK, LUCK + 1.0)})
    (_base, sentence) = answer_sentences(told)
    assert sentence.endswith("; no difference is shown in members at the end.")
    d = told.of("camp:task")["end"]
    needed = pairs_needed(d.mean, d.sd)
    assert needed is not None and needed > 30
    text = (
        f"Members at the end: no difference is shown. One of the size seen would take about {needed:,} pairs."
    )
    assert agreement("end", d) == text
    assert costs(told) == ["No cost is shown in members at the end or K."]
    assert costs(found({"longest_silence": (LUCK, LUCK + 1.0)})) == [
        "Nothing was measured here of which more or less would be a cost."
    ]


def test_different_values_never_look_the_same() -> None:
    assert value_texts("temperature_end", 0.4956, 0.4985) == ["0.496", "0.498"]
    assert beside("end", "", 1000.2, 1000.4) == "1,000.2 members instead of 1,000.4"
    assert value_texts("tasks.homework", 0.51, 0.49) == ["51%", "49%"]
    assert value_texts("evaporation", -0.0123, 0.02) == ["-0.012", "+0.020"]
    assert value_texts("end", float("nan"), 3.0) == ["unknown", "3.0"]


def test_money_is_said_as_a_gain_or_a_loss_beside_the_other_arms() -> None:
    assert (
        beside("balance", "", -17_596.0, 9_291.0) == "a loss of 17,596 yuan instead of a gain of 9,291 yuan"
    )
    assert beside("balance", "", 300.0, -0.4) == "a gain of 300 yuan instead of no gain and no loss"
    assert beside("income", "income", 15.0, 40.0) == "income at 15 yuan instead of 40 yuan"
    with in_language("zh"):
        assert beside("balance", "", -17_596.0, 9_291.0) == "亏 17,596 元，而不是赚 9,291 元"


def test_a_task_is_told_over_all_its_days_or_on_one() -> None:
    assert alone("tasks.homework", "", 0.52) == (
        "52% of each day's members do homework (over all days on which it is open)"
    )
    assert beside("tasks.homework@20", "", 0.52, 0.4) == (
        "52% of the members do homework on day 20 instead of 40%"
    )


def test_a_number_has_the_same_digits_in_every_sentence() -> None:
    told = found({"posts_per_day": (0.32 + LUCK / 99, 13.8 + LUCK), "end": (464.2 + LUCK, 464.4 + LUCK)})
    assert answer_sentences(told) == [
        "Camp: after half a year 0.3 posts a day, 464.2 members.",
        "With the task: after half a year 14 posts a day instead of 0.3; 464.4 members instead of 464.2.",
    ]


def test_costs_are_money_paid_and_what_gets_less_and_savings_stand_apart() -> None:
    told = found(
        {
            "end": (85 + LUCK, 30 + LUCK),
            "income": (900 + LUCK, 400 + LUCK),
            "staff_cost": (700 + LUCK, 100 + LUCK),
            "balance": (200 + LUCK, 300 + LUCK),
        }
    )
    (line,) = costs(told)
    assert line == (
        "500 yuan less income; 30 members instead of 85. In return: 600 yuan less for staff. "
        "In all a gain of 300 yuan instead of a gain of 200 yuan."
    )


def test_every_measure_of_which_more_is_wanted_can_be_a_cost() -> None:
    told = found({"end": (LUCK, LUCK + 9.0), "evaporation": (LUCK / 900, LUCK / 900 - 0.0046)})
    assert costs(told) == ["Evaporation at -0.005 instead of 0.000."]


def test_a_lower_balance_is_a_cost_even_where_no_amount_accounts_for_it() -> None:
    lower = {"end": (LUCK, LUCK), "balance": (8000 + LUCK, 200 + LUCK)}
    assert costs(found(lower)) == ["A gain of 200 yuan instead of a gain of 8,000 yuan."]
    saving = {"staff_cost": (700 + LUCK, 100 + LUCK), "balance": (900 + LUCK, 200 + LUCK)}
    assert costs(found(saving)) == [
        "A gain of 200 yuan instead of a gain of 900 yuan. In return: 600 yuan less for staff."
    ]
    with in_language("zh"):
        assert costs(found(lower)) == ["赚 200 元，而不是赚 8,000 元。"]


def test_how_sure_it_is_counts_the_pairs_that_agree() -> None:
    a = np.arange(10.0)
    assert agreement("end", difference(a, a + 2.0)) == "Members at the end: higher in every pair."
    mixed = np.array([-3.0, -3, -3, -3, -3, -3, -3, -3, -3, 1.0])
    assert agreement("end", difference(a, a + mixed)) == "Members at the end: lower in 9 of 10 pairs."
    assert agreement("end", difference(a, a)) == "Members at the end: the same in every pair."
    assert agreement("k", difference(np.array([np.nan]), np.array([1.0]))) == "K: known in 0 pairs only."
    assert certainty(found({"end": (a, a + 1.0)}))[0] == "Only 10 pairs of runs; try --runs 60."
    with in_language("zh"):
        assert agreement("end", difference(a, a + 2.0)) == "期末人数：每一对都更高。"


def test_of_several_arms_the_certainty_of_every_measure_stated_is_told() -> None:
    rows = [
        ArmComparison("club", arm, name, difference(LUCK, LUCK + more))
        for arm in ("club:fee", "club:free")
        for name, more in (("end", 1.0), ("balance", 0.0))
    ]
    named = {"club": "Club", "club:fee": "A fee", "club:free": "Free"}
    told = facts("Club", "", named, rows, ["end", "balance"], (5, 5), NOBODY, NOBODY, None)
    text = "Members at the end: higher in every pair. The money balance: the same in every pair."
    assert certainty(told)[1:] == [f"A fee: {text}", f"Free: {text}"]


def of_three(fee: Numbers, free: Numbers) -> Facts:
    """Facts of three arms in their balance, of which the first has LUCK."""
    arms = {"club:fee": fee, "club:free": free}
    rows = [ArmComparison("club", arm, "balance", difference(LUCK, values)) for arm, values in arms.items()]
    pairs = pd.concat(
        [
            pd.DataFrame(
                {"b": arm, "run": range(30), "response": "balance", "value_a": LUCK, "value_b": values}
            )
            for arm, values in arms.items()
        ]
    )
    named = {"club": "Club", "club:fee": "A fee", "club:free": "Free"}
    return facts("Club", "", named, rows, ["balance"], (5, 5), NOBODY, pairs, None)


def test_the_best_arm_is_named_only_where_it_is_shown_to_be() -> None:
    assert best_arms(of_three(LUCK + 9.0, LUCK + 5.0)) == [
        "By the money balance, A fee is best, in 30 of 30 pairs."
    ]
    assert best_arms(of_three(LUCK + 9.0, LUCK[::-1] + 9.1)) == []  # both beat the first, neither the other
    assert best_arms(found({"end": (LUCK, LUCK + 1.0)})) == []


def test_what_it_depends_on_names_the_numbers_that_turn_it_around() -> None:
    values = {"end": (LUCK, LUCK + 1.0)}
    assert "--assumed" in dependence(found(values))[0]
    assumed = pd.DataFrame(
        {
            "response": "end",
            "number": ["a.b", "c.d", "e.f"],
            "difference": 1.0,
            "error": 0.1,
            "largest": [3.0, 2.0, 0.0],
            "clear": [True, True, False],
            "turns": [True, False, False],
        }
    )
    first, not_tried = dependence(found(values, assumed=assumed))
    assert first == (
        "a.b turn the difference in members at the end around at half or 1.5 times the value. "
        "1 changes its size clearly: c.d."
    )
    assert not_tried == "What the scenario itself sets, such as purses, prices and wages, was not tried."
    still = assumed.assign(turns=False, clear=False)
    none = "None of 3 assumed numbers is shown to turn the difference in members at the end around."
    assert dependence(found(values, assumed=still))[0] == none
    no_difference = found({"end": (LUCK, LUCK[::-1])}, assumed=assumed)
    assert dependence(no_difference)[0] == (
        "No difference in members at the end is shown, so none of 3 assumed numbers can turn it around. "
        "2 change its size clearly: a.b, c.d."
    )
    both = {"end": (LUCK, LUCK + 1.0), "balance": (LUCK, LUCK - 5.0)}
    of_money = pd.concat([still, assumed.assign(response="balance", difference=-5.0)])
    assert dependence(found(both, assumed=of_money))[1].startswith(
        "a.b turn the difference in the money balance"
    )


def test_too_few_pairs_say_nothing_about_assumed_numbers() -> None:
    one_pair = pd.DataFrame(
        {
            "response": "end",
            "number": ["a.b", "c.d"],
            "difference": 1.0,
            "half": [4.0, 1.0],
            "more": [-2.0, 1.0],
            "error": np.nan,
            "largest": [3.0, 0.0],
            "clear": False,
            "turns": False,
        }
    )
    few = (
        "Members at the end: too few pairs were tried to say which assumed numbers the difference depends on; give "
        "--assumed more of them."
    )
    values = {"end": (LUCK, LUCK + 1.0)}
    assert dependence(found(values, assumed=one_pair))[0] == few
    against = one_pair.assign(error=0.1, difference=-1.0)
    assert dependence(found(values, assumed=against))[0] == few
    (said,) = assumed_sentences(one_pair, "end", 1, 8)
    assert "1 do not change" in said and "too few to say" in said and "clearly" not in said
    nothing = one_pair.assign(largest=0.0)
    assert dependence(found(values, assumed=nothing))[0].startswith("None of 2 assumed numbers is shown")
    assert set(comparison_table(one_pair, "end").rows.iloc[:, -1]) == {"unknown"}
    assert set(comparison_table(nothing, "end").rows.iloc[:, -1]) == {"no"}


def test_arms_are_called_by_their_titles_and_else_by_what_differs() -> None:
    assert arm_labels({"club": "Club", "club:fee": "With a fee", "club:task": "Club"}) == {
        "club": "Club",
        "club:fee": "With a fee",
        "club:task": "task",
    }
    long = "A title " * 10
    assert arm_labels({"a.yaml": long, "b:fee": "B"}) == {"a.yaml": "a.yaml", "b:fee": "B"}
    assert arm_labels({"c:x": "Same", "c:y": "Same"}) == {"c:x": "Same", "c:y": "y"}


def test_the_scenario_itself_is_called_what_its_question_calls_it() -> None:
    assert arm_title("Fission", "Shut at 60", "Fission") == "Shut at 60"
    assert arm_title("No limit", "Shut at 60", "Fission") == "No limit"
    assert arm_title("Fission", "", "Fission") == "Fission"


def test_runs_of_different_lengths_end_at_the_end() -> None:
    told = found({"end": (LUCK, LUCK + 1.0)}, lengths=(10, 20))
    assert answer_sentences(told)[0].startswith("Camp: at the end ")
    assert [period(days) for days in (365, 180, 730, 90, 28, 10, 1)] == [
        "a year", "half a year", "2 years", "3 months", "4 weeks", "10 days", "1 day",
    ]  # fmt: skip


def test_without_a_question_it_asks_what_changes() -> None:
    rows = [ArmComparison("a", "b", "end", difference(LUCK, LUCK + 1.0))]
    told = facts("", "", {"a": "Old", "b": "New"}, rows, [], (5, 5), NOBODY, NOBODY, None)
    assert told.question == "What changes with New instead of Old?"
    assert list(summary(told))[:2] == ["Old or New?", "What changes with New instead of Old?"]


@pytest.mark.parametrize(
    ("value", "half", "text"),
    [
        (1234.567, 80.0, "1,235"),
        (1.23456, 0.012, "1.235"),
        (0.5, 0.0, "0.50"),
        (float("nan"), 1.0, "unknown"),
    ],
)
def test_numbers_have_the_decimals_that_their_interval_allows(value: float, half: float, text: str) -> None:
    assert number(value, half) == text


def test_equal_gains_are_exact() -> None:
    a = np.arange(10.0)
    assert gain(difference(a, a + 2.0)) == "exact"


def test_divergence_counts_the_pairs_that_never_part() -> None:
    assert "in 1 of 2 pairs they never do" in divergence(np.array([np.nan, 1.0]))
    assert divergence(np.full(2, np.nan)) == "The two never diverge: every day of every run is the same."
    assert divergence(np.zeros(0)) == "It is unknown whether the two diverge."


def test_sentences_and_figures_are_written_only_on_request(tmp_path: Path) -> None:
    short = {"days": 5, "population.people": 60, "population.founders": 8}
    arms = {name: Scenario.load("small-circle", variant, short) for name, variant in
            (("a", None), ("b", "strangers"))}  # fmt: skip
    question = Question(arms, (Response("end"),), 2, 1, curves=curves_of(arms.values()))

    def quiet(runs: int, n_finished: int) -> object:
        return lambda outcome: None

    compare(question, tmp_path / "numbers", quiet, on="here")  # type: ignore[arg-type]
    compare(question, tmp_path / "words", quiet, on="here", present=present)  # type: ignore[arg-type]
    assert not (tmp_path / "numbers" / "summary.txt").exists()
    assert not list((tmp_path / "numbers" / "figures").iterdir())
    assert "What changes with" in (tmp_path / "words" / "summary.txt").read_text(encoding="utf-8")
    for name in ("differences.png", "over-time.png"):
        assert (tmp_path / "words" / "figures" / name).exists()
    for table in (tmp_path / "numbers" / "tables").iterdir():
        assert table.read_bytes() == (tmp_path / "words" / "tables" / table.name).read_bytes()


def test_curves_are_those_of_the_runs_and_no_responses(tmp_path: Path) -> None:
    from shequn.sim.kernel.chance import run_seed
    from shequn.sim.running import simulate

    scenario = Scenario.load("small-circle", None, {"days": 9, "population.people": 60})
    arms = {"a": scenario, "b": scenario.with_({"community.openness": 0})}
    curves = curves_of(arms.values())
    assert curves.days == tuple(range(10)) and curves.columns == ("members", "temperature", "active_week")
    question = Question(arms, (Response("end"),), 3, 7, curves=curves)
    compare(question, tmp_path / "c", lambda runs, n: lambda outcome: None, on="here")
    table = (
        pd.read_parquet(tmp_path / "c/tables/curves.parquet")
        .set_index(["arm", "measure", "day"])
        .sort_index()
    )
    runs = [simulate(scenario, run_seed(7, run)).days["members"].to_numpy() for run in range(3)]
    assert table.loc[("a", "members"), "mean"].to_numpy() == pytest.approx(np.mean(runs, axis=0))
    assert table.loc[("a", "members"), "low"].to_numpy() == pytest.approx(np.quantile(runs, 0.1, axis=0))
    responses = pd.read_parquet(tmp_path / "c/tables/responses.parquet")
    assert set(responses["response"]) == {"end"} and len(responses) == 6


def test_curves_have_no_quality_where_nobody_is_a_member() -> None:
    curves = Curves(("members", "temperature"), (0, 1))
    values = np.array([[[0.0, 2.0, 0.0, 0.5], [0.0, 0.0, 0.0, 0.0]]])  # one arm, two runs
    table = curves_table(curves, ["a"], values).set_index(["measure", "day"])
    assert np.isnan(table.loc[("temperature", 0), "mean"])
    assert table.loc[("temperature", 1), "mean"] == 0.5
    assert table.loc[("members", 1), "mean"] == 1.0
