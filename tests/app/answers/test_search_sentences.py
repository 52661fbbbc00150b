"""A search in words."""

import pandas as pd

from shequn.app.answers.search import Aims, sentences

AIMS = Aims(["max:end"], [], ["end"], ["community.openness"], 20)


def test_failed_trials_are_counted_and_the_first_is_quoted() -> None:
    trials = pd.DataFrame({"trial": [0, 1], "message": ["too closed", "too open"]})
    assert sentences(AIMS, trials, pd.DataFrame()) == [
        "2 of 2 trials failed; trial 0: too closed.",
        "No trial succeeded.",
    ]


def test_the_numbers_on_fresh_seeds_come_first() -> None:
    trials = pd.DataFrame({"trial": [0, 1], "message": [None, None]})
    best = pd.DataFrame(
        {
            "trial": [1], "community.openness": [0.5], "end": [90.0], "end_sem": [2.0], "end_fresh": [80.0],
            "end_fresh_sem": [3.0], "keeps": [False], "stays": [True], "winner": [True],
        }
    )  # fmt: skip
    lines = sentences(AIMS, trials, best)
    assert lines[0] == "The best of 2 trials is trial 1: community.openness = 0.5."
    assert lines[1] == (
        "Its members at the end: 80.0 ± 3.0 in 20 runs on fresh seeds, 90.0 ± 2.0 in the search."
    )
    assert "violates a constraint" in lines[-1]
