"""A search in words."""

from pathlib import Path

import pytest

from shequn.app.answers.search import sentences
from shequn.experiments.designs.reading import read_design
from shequn.experiments.policy_search.question import Search, search_of
from shequn.experiments.policy_search.study import FinishedTrial

SPACE = """
format: 1
title: A space
scenario: small-circle
set: {days: 10}
design: space
factors:
  community.openness: {low: 0, high: 1}
replicates: 2
responses: [end]
"""


@pytest.fixture
def search(tmp_path: Path) -> Search:
    path = tmp_path / "space.yaml"
    path.write_text(SPACE, encoding="utf-8")
    return search_of(read_design(str(path)), ["max:end"], [], 2, "tpe", 1, 2)


def test_failed_trials_are_counted_and_the_first_is_quoted(search: Search) -> None:
    finished = [
        FinishedTrial(0, {"community.openness": 0.1}, None, "too closed"),
        FinishedTrial(1, {}, None, "too open"),
    ]
    assert sentences(search, finished, [], None) == [
        "2 of 2 trials failed; trial 0: too closed.",
        "No trial succeeded.",
    ]
