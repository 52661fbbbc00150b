"""Scenario discovery: planted boxes are found, noise is said to be noise, mistakes are one message."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from scipy.stats import binom

from shequn.app.answers.discovery import sentences
from shequn.app.cli import cli
from shequn.experiments.discovery.boxes import (
    LEVEL,
    RESHUFFLES,
    Box,
    NothingToFindError,
    cases_in,
    discover,
)
from shequn.experiments.discovery.cases import Outcome, cases_of, outcome
from shequn.experiments.discovery.tables import BOXES, boxes_table

ERROR = 1e-4  # share of seeds on which a test of chance may fail


def factors(seed: int, n: int = 256) -> pd.DataFrame:
    draws = np.random.default_rng(seed)
    frame = pd.DataFrame(draws.random((n, 4)), columns=["a", "b", "c", "d"])
    frame["gate"] = draws.choice(["fee", "none", "task"], n)
    return frame


def test_the_limits_of_a_box_of_one_factor_are_exact() -> None:
    frame = factors(1)
    planted = (frame["a"] >= 0.6).to_numpy()
    found = discover(frame, planted)
    (box,) = found.boxes
    assert box.clear
    assert box.p == 1 / (RESHUFFLES + 1)
    (a,) = box.restrictions
    assert (a.factor, a.low, a.high) == ("a", frame["a"][planted].min(), None)
    assert (box.cases, box.found, box.coverage, box.density) == (planted.sum(), planted.sum(), 1.0, 1.0)


@pytest.mark.parametrize("seed", range(1, 5))
def test_a_planted_box_of_three_factors_is_found(seed: int) -> None:
    """With 512 parameter sets; a tree that divides by one factor at a time may cut some off (docs, how-to/research)."""
    frame = factors(seed, 512)
    planted = ((frame["a"] >= 0.6) & (frame["b"] <= 0.5) & (frame["gate"] == "task")).to_numpy()
    box = discover(frame, planted, reshuffles=199).boxes[0]
    assert box.clear
    assert box.density >= 0.9
    assert box.coverage >= 0.8
    assert [one.factor for one in box.restrictions] == ["a", "b", "gate"]
    a, b, gate = box.restrictions
    assert a.low == pytest.approx(0.6, abs=0.1)
    assert a.high is b.low is gate.low is None
    assert b.high == pytest.approx(0.5, abs=0.1)
    assert gate.levels == ("task",)
    inside = cases_in(frame, box.restrictions)
    assert (box.cases, box.found) == (inside.sum(), planted[inside].sum())
    assert all(one.quasi_p < ERROR for one in box.restrictions)


def test_two_boxes_far_apart_are_both_found_and_do_not_overlap() -> None:
    frame = factors(2, 400)
    planted = ((frame["a"] > 0.75) | (frame["a"] < 0.2)).to_numpy()
    found = discover(frame, planted)
    assert [box.clear for box in found.boxes] == [True, True]
    inside = [cases_in(frame, box.restrictions) for box in found.boxes]
    assert not (inside[0] & inside[1]).any()
    assert sum(box.coverage for box in found.boxes) == 1.0


def test_a_box_survives_noise_in_the_outcome() -> None:
    frame = factors(3)
    chance = np.where((frame["c"] >= 0.5) & (frame["d"] >= 0.5), 0.9, 0.1)
    found = discover(frame, np.random.default_rng(4).random(256) < chance)
    assert found.boxes[0].clear
    assert {"c", "d"} <= {one.factor for one in found.boxes[0].restrictions}


def test_pure_noise_is_said_to_be_noise() -> None:
    """Under chance alone p <= LEVEL in a share LEVEL of all cases: exact, as reshuffled outcomes are alike."""
    reshuffles, tries = 199, 150
    alarms = sum(
        discover(factors(seed, 60), np.random.default_rng(1000 + seed).random(60) < 0.4, reshuffles)
        .boxes[0]
        .clear
        for seed in range(tries)
    )
    assert alarms <= binom.ppf(1 - ERROR, tries, LEVEL)


def test_noise_is_told_in_words_and_not_used() -> None:
    found = discover(factors(7, 60), np.random.default_rng(8).random(60) < 0.4)
    assert not found.boxes[0].clear
    assert len(found.boxes) == 1
    text = " ".join(sentences(Outcome("end", ">=", 100), found, 3))
    assert "No box is better than chance (at a level of 1%)" in text
    assert "Do not use it" in text
    assert "3 parameter sets are left out" in text


def test_no_sentence_calls_a_box_a_cause() -> None:
    frame = factors(1)
    found = discover(frame, (frame["a"] >= 0.6).to_numpy())
    text = " ".join(sentences(Outcome("end", "<=", 5), found, 0))
    assert "at most 5" in text
    assert "not why" in text
    assert not any(word in text.lower() for word in ("cause", "because", "leads to", "drives"))


def test_quasi_p_is_the_binomial_tail_without_the_restriction() -> None:
    frame = factors(5)
    has = ((frame["a"] >= 0.6) & (frame["gate"] != "fee") & (frame["b"] >= 0.1)).to_numpy()
    box = discover(frame, has).boxes[0]
    for one in box.restrictions:
        wider = cases_in(frame, tuple(other for other in box.restrictions if other is not one))
        expected = sum(binom.pmf(k, box.cases, has[wider].mean()) for k in range(box.found, box.cases + 1))
        assert one.quasi_p == pytest.approx(expected, abs=1e-12)


def test_the_same_cases_give_the_same_boxes_and_the_table_holds_them() -> None:
    frame = factors(6)
    has = (frame["a"] >= 0.6).to_numpy()
    found = discover(frame, has)
    assert discover(frame.copy(), has.copy()) == found
    table = boxes_table(found)
    assert tuple(table.columns) == BOXES.names
    assert table["cases"].tolist() == [found.boxes[0].cases]
    assert table["levels"].isna().all()


def test_factors_that_never_vary_give_no_box() -> None:
    frame = pd.DataFrame({"a": [1.0] * 40, "w": ["x"] * 40})
    assert discover(frame, np.arange(40) < 9).boxes == ()


def test_whole_levels_are_limits_that_were_tried() -> None:
    frame = pd.DataFrame({"rooms": np.tile([1.0, 2.0, 5.0, 9.0], 20), "x": np.repeat(np.arange(20.0), 4)})
    box: Box = discover(frame, (frame["rooms"] >= 5).to_numpy()).boxes[0]
    assert [(one.factor, one.low, one.high) for one in box.restrictions] == [("rooms", 5.0, None)]


def responses(values: list[float]) -> pd.DataFrame:
    points = np.arange(len(values))
    return pd.DataFrame(
        {"point": points, "run": 0, "seed": 1, "x": points / 10, "response": "end", "value": values}
    )


def test_a_case_is_the_mean_over_known_runs() -> None:
    rows = pd.concat([responses([float(k) for k in range(30)]), responses([float(k + 2) for k in range(30)])])
    rows.loc[rows["point"] == 0, "value"] = np.nan
    cases = cases_of(rows, outcome("end>=16", rows))
    assert cases.unknown == 1
    assert cases.has.tolist() == [k + 1 >= 16 for k in range(1, 30)]
    assert cases.factors["x"].tolist() == [k / 10 for k in range(1, 30)]


@pytest.mark.parametrize(
    ("values", "bound", "words"),
    [
        (range(19), 3, "19 parameter sets are too few"),
        (range(30), 31, "no parameter set has end>=31"),
        (range(30), -1, "all parameter sets have end>=-1"),
    ],
)
def test_where_there_is_nothing_to_find_it_says_so(values: range, bound: int, words: str) -> None:
    rows = responses([float(value) for value in values])
    with pytest.raises(NothingToFindError, match=words):
        cases_of(rows, outcome(f"end>={bound}", rows))


DESIGN = """\
format: 1
title: Openness and size
scenario: small-circle
set: {days: 6, population.people: 90, community.capacity: null}
design: sobol
points: 32
factors: {community.openness: {low: 0, high: 1}, population.founders: {low: 5, high: 40, whole: true}}
replicates: 1
seed: 3
responses: [end, k]
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = tmp_path_factory.mktemp("discovery")
    (here / "design.yaml").write_text(DESIGN, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        assert shequn("sweep", "design.yaml", "--on", "here", "--out", "sweep").exit_code == 0
        assert shequn("run", "small-circle", "--days", "3", "--runs", "1", "--out", "run").exit_code == 0
    return here


@pytest.fixture
def here(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def shequn(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def test_the_command_finds_that_many_founders_make_a_large_group(here: Path) -> None:
    done = shequn("discover", "sweep", "end>=30")
    assert done.exit_code == 0, done.output
    assert "population.founders at least" in done.stdout
    folder = next(Path("results/discovery/sweep").iterdir())
    for name in ("tables/boxes.csv", "tables/boxes.parquet", "figures/boxes.png", "figures/boxes.svg"):
        assert (folder / name).stat().st_size > 0
    assert (folder / "summary.txt").read_text(encoding="utf-8") in done.stdout
    again = shequn("discover", "sweep", "end>=30")
    assert "already exist" in again.stderr
    before = (folder / "tables/boxes.parquet").read_bytes()
    assert shequn("discover", "sweep", "end>=30", "--force").exit_code == 0
    assert (folder / "tables/boxes.parquet").read_bytes() == before


def test_it_speaks_chinese(here: Path) -> None:
    done = shequn("--lang", "zh", "discover", "sweep", "end>=30", "--out", "zh")
    assert done.exit_code == 0, done.output
    assert "参数组" in done.stdout
    assert "parameter set" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none", "end>=30"], "there is no such folder"),
        (["design.yaml", "end>=30"], "is a file"),
        (["run/small-circle", "end>=30"], "is no sweep and no sensitivity analysis"),
        (["sweep", "end"], "is not a constraint"),
        (["sweep", "end>=many"], "is not a number"),
        (["sweep", "end>=inf"], "not finite"),
        (["sweep", "ennd>=3"], "no response 'ennd'; did you mean end?"),
        (["sweep", "end>=1e6"], "no parameter set has"),
        (["sweep", "k>=0.1"], "too few"),  # unknown: the runs are too short
        (["sweep", "end>=30", "--out", "run"], "is not a folder of such results"),
    ],
)
def test_a_mistake_is_one_message_and_writes_nothing(here: Path, arguments: list[str], words: str) -> None:
    before = sorted(here.rglob("*"))
    done = shequn("discover", *arguments)
    assert done.exit_code == 2, done.output
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert sorted(here.rglob("*")) == before
