"""Ten pairs of runs: each is the pair of its seed, and the words say what was shown and what was not."""

import re
import time
from collections.abc import Iterator

import pytest

from shequn.app.classroom import limits
from shequn.app.classroom.bases import Bases
from shequn.app.classroom.comes_back import MEASURES, Counts, counts, rows
from shequn.app.classroom.measures import Measures
from shequn.app.classroom.pair import Pair
from shequn.app.classroom.series import Series, SeriesFullError, SeriesRunner
from shequn.app.classroom.settings import Settings
from shequn.sim.language import in_language
from shequn.sim.scenario import Scenario

SMALL = {"population.people": 200, "population.founders": 30, "days": 30}


@pytest.fixture
def runner() -> Iterator[SeriesRunner]:
    runner = SeriesRunner()
    yield runner
    runner.close()


def scenarios(**changes: object) -> tuple[Scenario, Scenario]:
    scenario = Scenario.load("open-group", None, {**SMALL, **changes})
    return scenario, scenario.with_({"community.openness": 0.9})


def wait_for(runner: SeriesRunner, *series: Series) -> None:
    end = time.monotonic() + 300
    while not all(one.is_done or one.error is not None for one in series):
        runner.proceed()
        time.sleep(0.02)
        assert time.monotonic() < end


def pairs_of(*members: tuple[int, int]) -> list[tuple[Measures, Measures]]:
    zero = Measures(*[0.0] * len(Measures._fields))  # type: ignore[arg-type]
    return [(zero._replace(members=a), zero._replace(members=b)) for a, b in members]


@pytest.mark.parametrize(
    ("less", "more", "comes_back"),
    [(10, 0, True), (9, 1, True), (8, 2, False), (5, 5, False), (0, 6, True), (0, 5, False), (0, 0, False)],
)
def test_nine_of_ten_come_back_and_eight_do_not(less: int, more: int, comes_back: bool) -> None:
    assert Counts(less, more, 10).comes_back is comes_back


def test_a_sentence_for_what_came_back_and_for_what_was_not_shown() -> None:
    (row,) = rows(pairs_of(*[(100, 90)] * 9, (100, 101)))
    assert row["sentence"] == "In 9 of 10 runs B ends with fewer members than A. Median difference: −10."
    assert row["verdict"] == "comes back"
    (row,) = rows(pairs_of(*[(100, 90)] * 4, *[(100, 101)] * 6))
    assert row["sentence"] == "In 6 of 10 runs B ends with more members than A. Median difference: +1."
    assert (row["verdict"], row["comes_back"]) == ("not shown", False)
    (row,) = rows(pairs_of(*[(100, 100)] * 10))
    assert row["sentence"] == "In all runs it is the same."
    assert row["pairs"] == [[0.5, 0.5]] * 10


def test_runs_that_cannot_be_measured_are_left_out() -> None:
    pairs = pairs_of(*[(1, 2)] * 10)
    nan = float("nan")
    some = [
        (a._replace(satisfaction=0.5), b._replace(satisfaction=nan if k < 3 else 0.6))
        for k, (a, b) in enumerate(pairs)
    ]
    assert counts(some, MEASURES["satisfaction"]) == Counts(0, 7, 7)
    (row,) = (row for row in rows(some) if row["label"] == "Satisfaction")
    assert (
        row["sentence"]
        == "In 7 of 7 runs members of B are more satisfied in the last week. Median difference: +0.10."
    )
    assert row["pairs"][:3] == [None] * 3


def test_every_sentence_is_translated() -> None:
    with in_language("zh"):
        from shequn.sim.language import _

        for measure in MEASURES.values():
            for text in (_(measure.label), _(measure.less), _(measure.more)):
                assert not re.findall(r"[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", text)), text


def test_a_pair_of_the_series_is_the_pair_on_the_page(runner: SeriesRunner) -> None:
    bases = Bases(Scenario.load("open-group", None, SMALL))
    settings = Settings.of_file("own").with_position("B", "openness", 19)
    a, b = (bases.resolved(settings, side) for side in ("A", "B"))
    series = runner.start((a, b), range(3, 5))
    wait_for(runner, series)
    assert list(series.pairs) == [3, 4]
    for seed, measured in series.pairs.items():
        pair = Pair(bases, settings.with_position("AB", "seed", seed + 1))
        while not pair.is_over:
            pair.run(pair.last, 9.0)
        on_page = tuple(side.measures() for side in pair.sides.values())
        assert repr(on_page) == repr(measured)


def test_visitors_take_turns(runner: SeriesRunner) -> None:
    long, short = runner.start(scenarios(), range(1, 11)), runner.start(scenarios(), range(1, 3))
    wait_for(runner, short)
    assert not long.is_done
    wait_for(runner, long)
    assert repr([long.pairs[seed] for seed in (1, 2)]) == repr([short.pairs[seed] for seed in (1, 2)])


def test_a_run_that_fails_says_why_and_others_go_on(runner: SeriesRunner) -> None:
    fine = runner.start(scenarios(), range(1, 3))
    wrong = runner.start(scenarios(), [-5])
    wait_for(runner, fine, wrong)
    assert fine.is_done and wrong.error


def test_a_cancelled_series_gives_its_place_away(
    runner: SeriesRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_SERIES", 1)
    first = runner.start(scenarios(), range(1, 11))
    with pytest.raises(SeriesFullError):
        runner.start(scenarios(), range(1, 3))
    runner.cancel(first)
    second = runner.start(scenarios(), range(1, 3))
    wait_for(runner, second)
    assert not first.is_done


def test_processes_that_die_are_started_again(runner: SeriesRunner) -> None:
    series = runner.start(scenarios(), range(1, 11))
    runner.proceed()
    assert runner._workers is not None
    for process in runner._workers._processes:
        process.kill()
    wait_for(runner, series)
    assert series.error == ""
    again = runner.start(scenarios(), range(1, 3))
    wait_for(runner, again)
    assert again.is_done
