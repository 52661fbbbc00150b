"""The summary says what the tables say, in letters that every console has."""

import datetime

import numpy as np
import pandas as pd
import pytest

from shequn.sim.presentation.summary import sentences, summary
from shequn.sim.result import Result
from tests.sim.results.conftest import made_up

START = datetime.date(2026, 1, 1)


def _tables(result: Result) -> dict[str, pd.DataFrame]:
    return {name: table.assign(run=0) for name, table in result.tables().items()}


def _summary(tables: dict[str, pd.DataFrame]) -> str:
    return summary("Group", "Why?", START, 1, tables, [])


@pytest.mark.parametrize("case", ["usual", "nobody", "one day", "no visits"])
def test_every_console_can_print_it(case: str) -> None:
    kinds = {
        "usual": {},
        "nobody": {"people": 1, "founders": 0, "days": 3},
        "one day": {"days": 1},
        "no visits": {"journal": "membership"},
    }
    text = _summary(_tables(made_up(**kinds[case])))
    text.encode("ascii")
    assert "nan" not in text.lower()
    assert "none" not in text.lower()
    assert max(map(len, text.splitlines())) <= 88


def test_it_names_the_numbers_of_the_tables(result: Result) -> None:
    text = " ".join(sentences(_tables(result)))
    days = result.days
    assert f"{days['members'].iloc[0]} members at the start" in text
    assert f"at most {days['members'].max()} on day" in text
    assert f"{days['joins'].sum()} joined" in text
    assert f"{days['evaporation'].iloc[-1]:+.3f} (evaporation)" in text


def _with_ranks(result: Result, means: list[float]) -> str:
    runs = pd.concat(
        [result.runs.assign(run=i, matched_rank=m, compared_departures=1000) for i, m in enumerate(means)]
    )
    return " ".join(sentences(_tables(result) | {"runs": runs}))


def test_cooling_is_claimed_only_when_it_is_clear(result: Result) -> None:
    rng = np.random.default_rng(1)
    assert "evaporative cooling." in _with_ranks(result, list(0.6 + 0.01 * rng.normal(size=10)))
    assert "The weaker members left first" in _with_ranks(result, list(0.4 + 0.01 * rng.normal(size=10)))
    assert "No evaporative cooling is shown: on average" in _with_ranks(
        result, list(0.5 + 0.01 * rng.normal(size=10))
    )
    assert "Not known whether" in _with_ranks(result, [0.3, 0.9, 0.2, 0.8])
    assert "Not known whether" in _with_ranks(result, [np.nan, np.nan])


def test_several_runs_are_given_with_their_spread(result: Result) -> None:
    runs = pd.concat([result.runs.assign(run=i, end=end) for i, end in enumerate([10, 40, 70])])
    text = " ".join(sentences(_tables(result) | {"runs": runs}))
    assert "40 (10 to 70) at the end" in text
    assert "It was larger at the end than at the start in 2 of 3 runs." in text
