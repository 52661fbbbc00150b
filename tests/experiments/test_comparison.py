"""Paired comparison: errors at the stated level, differences found at the stated power."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from scipy import stats

from shequn import Scenario, simulate
from shequn.app.answers.comparison import assumed_sentences
from shequn.app.cli import cli
from shequn.experiments.comparison import assumed, paired
from shequn.experiments.comparison.assumed import assumed_plan, effects_of_assumed
from shequn.experiments.comparison.comparison import _comparisons, _next_runs, _values, compare
from shequn.experiments.comparison.paired import (
    difference,
    first_parting,
    pairs_needed,
    power,
    variance_reduction,
)
from shequn.experiments.comparison.question import ArmComparison, Question
from shequn.experiments.comparison.tables import write_answer
from shequn.experiments.designs.responses import Response
from shequn.experiments.intervals import mean_interval
from shequn.experiments.sweeps.execution import Watch
from shequn.experiments.sweeps.run_store import RunStore
from shequn.experiments.sweeps.work import RunOutcome
from shequn.sim.kernel.chance import run_seed

TRIALS = 2000
LEVEL = 1e-4  # of every statistical test here
PAIRS = 60

Numbers = npt.NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Numbers]

ARMS: dict[str, Draw] = {
    "normal": lambda chance, n: chance.normal(size=n),
    "sizes": lambda chance, n: chance.gamma(2.0, 50.0, n),
    "counts": lambda chance, n: chance.poisson(3.0, n).astype(float),
}


@pytest.fixture
def _no_bootstrap(monkeypatch: pytest.MonkeyPatch) -> None:
    """What pairing gains is not asked in two thousand trials: it would take most of the time."""
    monkeypatch.setattr(paired, "variance_reduction", lambda a, b: (1.0, 1.0, 1.0))


@pytest.mark.usefixtures("_no_bootstrap")
@pytest.mark.parametrize("arm", ARMS)
def test_the_same_arm_with_other_seeds_is_called_different_in_five_per_cent(arm: str) -> None:
    chance = np.random.default_rng(11)
    called = sum(
        difference(ARMS[arm](chance, PAIRS), ARMS[arm](chance, PAIRS)).is_different for _ in range(TRIALS)
    )
    assert stats.binomtest(called, TRIALS, 0.05).pvalue > LEVEL


@pytest.mark.usefixtures("_no_bootstrap")
@pytest.mark.parametrize("planted", [0.25, 0.5, 1.0])
def test_a_planted_difference_is_found_at_the_stated_power(planted: float) -> None:
    chance = np.random.default_rng(12)
    pairs = pairs_needed(planted, 1.0)
    assert pairs is not None
    assert power(planted, 1.0, pairs) >= 0.8 > power(planted, 1.0, pairs - 1)
    found = 0
    for _ in range(TRIALS):
        luck = chance.normal(0.0, 5.0, pairs)  # shared by both arms: pairing takes it out
        noise = chance.normal(planted, 1.0, pairs)
        found += difference(luck, luck + noise).is_different
    assert stats.binomtest(found, TRIALS, power(planted, 1.0, pairs)).pvalue > LEVEL


def test_the_interval_is_students() -> None:
    values = np.array([1.0, 2.0, 4.0, np.nan])
    found = mean_interval(values)
    reference = stats.ttest_1samp(values[:3], 0.0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((reference.low, reference.high))
    assert found.n == 3
    assert mean_interval(np.array([1.0])).half_width == np.inf


def test_the_variance_reduction_of_correlated_arms_is_one_over_one_minus_rho() -> None:
    chance = np.random.default_rng(13)
    covered = 0
    for _ in range(100):
        a, b = chance.multivariate_normal([0, 0], [[1, 0.9], [0.9, 1]], 200).T
        ratio, low, high = variance_reduction(a, b)
        assert low < ratio < high
        covered += low < 10.0 < high  # 1 / (1 - rho)
    # the percentile bootstrap covers about .93 here: 70 of 100 at .93 has a probability below 1e-9
    assert covered > 70


def test_arms_that_differ_by_a_constant_gain_without_limit() -> None:
    a = np.arange(10.0)
    found = difference(a, a + 2.0)
    assert (found.mean, found.sd, found.b_higher, found.reduction) == (2.0, 0.0, 1.0, np.inf)
    assert found.is_different and found.needed == 2


def test_the_same_runs_are_no_difference() -> None:
    a = np.arange(10.0)
    found = difference(a, a)
    assert not found.is_different
    assert (found.equal, found.b_higher, found.needed) == (1.0, 0.0, None)


def test_a_pair_of_which_one_is_unknown_does_not_count() -> None:
    found = difference(np.array([1.0, 2.0, np.nan, 4.0]), np.array([2.0, np.nan, 1.0, 5.0]))
    assert (found.n, found.mean) == (2, 1.0)
    nothing = difference(np.array([np.nan]), np.array([1.0]))
    assert nothing.n == 0 and not nothing.is_different


def test_runs_part_on_the_first_day_that_differs() -> None:
    assert first_parting("aabbcc", "aabdcc", 2) == 1
    assert first_parting("aabbcc", "aabb", 2) is None


def question(**other: object) -> Question:
    scenario = Scenario.load("small-circle")
    asked = {"runs": 60, "seed": 1, "until": 1.0} | other
    return Question({"a": scenario, "b": scenario}, (Response("end"),), **asked)  # type: ignore[arg-type]


def test_a_failed_run_does_not_count_as_never_parting(tmp_path: Path) -> None:
    asked = question(runs=3, until=None)
    traces = {0: "aaaaaaaabbbbbbbb", 1: "aaaaaaaabbbbbbbb", 5: "aaaaaaaacccccccc"}
    with RunStore(tmp_path, asked.plan(3)) as store:
        for number in range(6):  # run and arm in turn; B of run 1 fails
            made = RunOutcome(number, [1.0], trace=traces.get(number, traces[0]))
            store.add(RunOutcome(number, None, "MemoryError: too large") if number == 3 else made)
        values, partings = _values(store)
    (tmp_path / "tables").mkdir()
    write_answer(asked, tmp_path, _comparisons(asked, values), values, partings)
    parted = pd.read_parquet(tmp_path / "tables" / "partings.parquet")
    assert parted["run"].tolist() == [0, 2]
    assert parted["day"].isna().tolist() == [True, False]
    assert not (tmp_path / "summary.txt").exists()  # sentences are written above


def test_a_half_width_is_waited_for_in_growing_rounds() -> None:
    chance = np.random.default_rng(15)

    def after(half_width: float, runs: int, until: float | None = 1.0) -> int:
        a = chance.normal(size=50)
        found = difference(a, a + chance.normal(size=50))
        found = found._replace(low=-half_width, high=half_width)
        return _next_runs(question(until=until), [ArmComparison("a", "b", "end", found)], runs)

    assert after(0.9, 60) == 60
    assert after(1.2, 60) == 87  # 60 × 1.2²
    assert after(5.0, 60) == 120  # at most twice as many
    assert after(1.01, 60) == 70  # at least ten more
    assert after(5.0, 20_000) == 20_000
    assert after(5.0, 60, until=None) == 60


def shequn(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["compare", *map(str, arguments)])


SHORT = ("--days", 20, "--set", "population.people=150", "--on", "here")


def test_a_comparison_pairs_runs_of_the_same_seed(tmp_path: Path) -> None:
    done = shequn(
        "small-circle", "small-circle:unlimited", "small-circle:strangers", *SHORT,
        "--runs", 5, "--response", "end", "--response", "temperature@10", "--out", tmp_path / "out", "--csv",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "Small circle: after 20 days" in done.stdout
    tables = tmp_path / "out" / "tables"
    pairs = pd.read_parquet(tables / "differences.parquet")
    assert len(pairs) == 2 * 5 * 2
    row = (
        pairs[(pairs["b"] == "small-circle:strangers") & (pairs["run"] == 3)].set_index("response").loc["end"]
    )
    changes = {"days": 20, "population.people": 150}
    ends = [
        simulate(Scenario.load("small-circle", variant, changes), run_seed(1, 3)).runs["end"].iloc[0]
        for variant in (None, "strangers")
    ]
    assert [row["value_a"], row["value_b"]] == ends
    assert row["difference"] == ends[1] - ends[0]
    assert {path.name for path in (tmp_path / "out" / "figures").iterdir()} == {
        "differences.png",
        "differences.svg",
        "over-time.png",
        "over-time.svg",
    }
    assert (tables / "comparisons.csv").exists()
    parted = pd.read_parquet(tables / "partings.parquet")
    assert parted.groupby("b")["day"].min()["small-circle:strangers"] == 0  # other founders
    again = shequn(
        "small-circle", "small-circle:unlimited", "small-circle:strangers", *SHORT,
        "--runs", 5, "--response", "end", "--response", "temperature@10", "--out", tmp_path / "out",
    )  # fmt: skip
    assert "already exists" in again.stderr
    assert again.stdout == done.stdout


def test_a_scenario_alone_is_compared_with_all_its_variants(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = shequn("small-circle", *SHORT, "--runs", 3, "--response", "end")
    assert done.exit_code == 0, done.output
    found = pd.read_parquet(next(tmp_path.rglob("comparisons.parquet")))
    assert found["b"].tolist() == ["small-circle:strangers", "small-circle:unlimited"]
    assert set(found["a"]) == {"small-circle"}


def test_it_goes_on_until_the_half_width_asked_for(tmp_path: Path) -> None:
    done = shequn(
        "small-circle", "small-circle:strangers", *SHORT, "--runs", 4, "--until-half-width", 1.5,
        "--response", "end", "--out", tmp_path / "out",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    found = pd.read_parquet(tmp_path / "out" / "tables" / "comparisons.parquet").iloc[0]
    assert (found["high"] - found["low"]) / 2 <= 1.5
    assert found["n"] > 4


class _KilledError(Exception):
    """Stands for a kill: nothing after it is done."""


def _until_killed(after: int) -> Watch:
    """Watches a comparison, and kills it after so many runs."""
    left = iter(range(after))

    def tell(_: RunOutcome) -> None:
        if next(left, None) is None:
            raise _KilledError

    return lambda runs, n_finished: tell


def test_one_that_waits_for_a_half_width_goes_on_after_a_kill(tmp_path: Path) -> None:
    short = {"days": 5, "population.people": 60, "population.founders": 8}
    arms = {name: Scenario.load("small-circle", name, short) for name in (None, "strangers")}
    asked = Question({str(name): arm for name, arm in arms.items()}, (Response("end"),), 4, 1, until=1.0)
    compare(asked, tmp_path / "whole", lambda runs, n_finished: lambda _: None, on="here")
    with pytest.raises(_KilledError):
        compare(asked, tmp_path / "killed", _until_killed(10), on="here")  # in the second round of pairs
    compare(asked, tmp_path / "killed", lambda runs, n_finished: lambda _: None, on="here")
    for table in ("comparisons", "responses"):
        one, other = (tmp_path / name / "tables" / f"{table}.parquet" for name in ("whole", "killed"))
        assert one.read_bytes() == other.read_bytes()
    assert pd.read_parquet(one)["run"].nunique() > 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("small-circle", "small-circle"), "small-circle is named twice"),
        (("small-circle:strangers", "small-circel"), "did you mean small-circle?"),
        (
            ("small-circle", "--response", "ende"),
            "--response: there is no response 'ende'; did you mean end?",
        ),
        (("small-circle", "--response", "members@99", "--days", "20"), "members@99 is not within the run"),
        (("small-circle", "--on", "moon"), "runs cannot be executed on 'moon'"),
        (("small-circle", "--set", "dys=3"), "unknown key dys; did you mean days?"),
    ],
    ids=lambda part: str(part)[:30],
)
def test_a_mistake_is_one_message_and_nothing_is_written(
    arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = shequn(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_scenario_without_variants_needs_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "alone.yaml").write_text("format: 1\ntitle: Alone\n", encoding="utf-8")
    done = shequn("alone")
    assert done.exit_code == 2
    assert "alone has no variants; name a scenario to compare it with" in done.stderr


def assumed_question(pairs: int) -> Question:
    base = Scenario.load("open-group")
    other = base.with_({"community.openness": 0.2, "rules.interest.standard": 0.5})
    return Question({"a": base, "b": other}, (Response("end"),), 20, 1, assumed=pairs)


def test_assumed_numbers_are_moved_in_both_arms_from_their_own_values() -> None:
    question = assumed_question(3)
    plan = assumed_plan(question)
    assert plan.runs == plan.points * 3
    of = {plan.values(point): plan.scenario_of(point) for point in range(plan.points)}
    assert of["interest.standard", 0.5, "a"].rules["interest"]["standard"] == 0.5 * 0.77
    assert of["interest.standard", 1.5, "b"].rules["interest"]["standard"] == 1.5 * 0.5
    assert of["interest.standard", 1.5, "b"].community.openness == 0.2
    names = {number for number, _, _ in of}
    assert "leaving.hazard_quality" not in names  # half of 0 is 0
    assert "locality.reach" not in names  # it has a source
    assert "leaving.mode" not in names  # a choice, not a number


def test_a_number_that_moves_the_difference_is_named_and_chance_is_not() -> None:
    question = assumed_question(4)
    chance = np.random.default_rng(15)
    plan = assumed_plan(question)
    silent = plan.values(plan.points - 1)[0]
    base = np.zeros((2, 20, 1))
    base[1] = 10.0
    moved = np.empty((plan.points, 4, 1))
    for point in range(plan.points):
        number, times, arm = plan.values(point)
        at = 10.0 * (arm == "b")
        luck = 0.0 if number == silent else chance.normal(scale=0.1, size=4)
        act = 30.0 * (1.0 - float(times)) if (number, arm) == ("interest.half", "b") else 0.0
        moved[point, :, 0] = at + act + luck
    table = effects_of_assumed(question, base, moved)
    first = table.iloc[0]
    assert (first["number"], bool(first["clear"]), bool(first["turns"])) == ("interest.half", True, True)
    assert first["half"] == pytest.approx(25.0, abs=0.5)
    assert first["more"] == pytest.approx(-5.0, abs=0.5)
    assert first["error"] == pytest.approx(0.1 * np.sqrt(2 / 4), rel=0.2)
    # 78 numbers twice beyond 4 standard errors: .0001 each at most with so many degrees of freedom
    assert table["clear"].sum() == 1
    still = table.set_index("number").loc[silent]
    assert (still["largest"], bool(still["clear"])) == (0.0, False)
    said = " ".join(assumed_sentences(table, "end", 4, plan.runs))
    assert "The difference of 10.000 changes most with interest.half (2" in said
    assert "Its sign changes with interest.half." in said


def test_compare_names_the_assumed_numbers_that_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = assumed.assumed_numbers
    monkeypatch.setattr(
        assumed,
        "assumed_numbers",
        lambda arms: [one for one in chosen(arms) if one.name.startswith("joining")],
    )
    arms = ["gated-group:no-gates", "gated-group:fee-only", "--set", "population.people=200"]
    how = ["--days", "15", "--runs", "3", "--on", "here", "--out", str(tmp_path / "out"), "--assumed", "2"]
    done = CliRunner().invoke(cli, ["compare", *arms, "--response", "end", *how])
    assert done.exit_code == 0, done.output
    table = pd.read_parquet(tmp_path / "out" / "tables" / "assumed.parquet")
    assert table["number"].str.startswith("joining").all()
    assert "each tried at 0.5 and 1.5 times its value in both arms (2 pairs" in done.output
    assert not (tmp_path / "out" / "running").exists()
    done = CliRunner().invoke(cli, ["compare", "gated-group", "--assumed", "2"])
    assert done.exit_code == 2
    assert "--assumed takes two arms, not 6" in done.output
