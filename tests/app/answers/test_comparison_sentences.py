"""A comparison in words: its direction, its interval, and what it does not show."""

from pathlib import Path

import numpy as np
import pytest

from shequn import Scenario
from shequn.app.answers.comparison import divergence, gain, present, sentences
from shequn.experiments.comparison.comparison import compare
from shequn.experiments.comparison.paired import difference, pairs_needed
from shequn.experiments.comparison.question import Question
from shequn.experiments.designs.responses import Response
from shequn.sim.presentation.formats import number


def test_too_small_a_difference_says_how_many_more_pairs_it_takes() -> None:
    chance = np.random.default_rng(14)
    luck = chance.normal(size=30)
    found = difference(luck, luck + 0.1 + chance.permutation(np.linspace(-1, 1, 30)))
    output = sentences("open", "gated", "end", found)
    needed = pairs_needed(found.mean, found.sd)
    assert needed is not None
    assert "no difference in members at the end is shown" in output[0]
    assert f"about {needed} pairs: {needed - 30} more" in output[1]


def test_a_difference_is_stated_with_its_direction_and_interval() -> None:
    a = np.array([10.0, 20.0, 30.0, 40.0])
    (output,) = sentences("open", "gated", "temperature@9", difference(a, a - np.array([4.0, 5.0, 6.0, 5.0])))
    assert output.startswith(
        "With gated instead of open, mean quality on day 9: 5.0 lower (95% interval 3.7 to 6.3"
    )
    assert output.endswith("and lower in 100% of the pairs.")


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


def test_equal_runs_and_unknown_values_have_sentences_of_their_own() -> None:
    a = np.arange(10.0)
    assert gain(difference(a, a + 2.0)) == "exact"
    assert "comes out the same in all 10 pairs" in sentences("x", "y", "end", difference(a, a))[0]
    nothing = difference(np.array([np.nan]), np.array([1.0]))
    assert "Nothing can be said about" in sentences("x", "y", "k", nothing)[0]


def test_divergence_counts_the_pairs_that_never_part() -> None:
    assert "in 1 of 2 pairs they never do" in divergence(np.array([np.nan, 1.0]))
    assert divergence(np.full(2, np.nan)) == "The two never diverge: every day of every run is the same."
    assert divergence(np.zeros(0)) == "It is unknown whether the two diverge."


def test_sentences_and_figures_are_written_only_on_request(tmp_path: Path) -> None:
    short = {"days": 5, "population.people": 60, "population.founders": 8}
    arms = {name: Scenario.load("small-circle", variant, short) for name, variant in
            (("a", None), ("b", "strangers"))}  # fmt: skip
    question = Question(arms, (Response("end"),), 2, 1)

    def quiet(runs: int, n_finished: int) -> object:
        return lambda outcome: None

    compare(question, tmp_path / "numbers", quiet, on="here")  # type: ignore[arg-type]
    compare(question, tmp_path / "words", quiet, on="here", present=present)  # type: ignore[arg-type]
    assert not (tmp_path / "numbers" / "summary.txt").exists()
    assert not list((tmp_path / "numbers" / "figures").iterdir())
    assert "instead of a" in (tmp_path / "words" / "summary.txt").read_text(encoding="utf-8")
    assert (tmp_path / "words" / "figures" / "differences.png").exists()
    for table in (tmp_path / "numbers" / "tables").iterdir():
        assert table.read_bytes() == (tmp_path / "words" / "tables" / table.name).read_bytes()
