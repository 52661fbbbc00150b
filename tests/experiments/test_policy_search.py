"""Policy search: known optima are found, an interrupted search goes on, the best is run again."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from shequn import Scenario
from shequn.app.cli import cli
from shequn.experiments.designs.reading import read_design
from shequn.experiments.designs.responses import Response
from shequn.experiments.policy_search import search as searching
from shequn.experiments.policy_search.aims import Constraint, Objective, constraint, dominates, objective
from shequn.experiments.policy_search.question import SAMPLERS, Search, search_of
from shequn.experiments.policy_search.study import Trials, means
from shequn.experiments.sweeps import execution
from shequn.experiments.sweeps.folder import RUNNING, TRIALS
from shequn.experiments.sweeps.plan import MismatchError, Run
from shequn.experiments.sweeps.work import RunOutcome

pytest.importorskip("optuna", reason="the extra search is not installed")

SPACE = """\
format: 1
title: A small space
scenario: small-circle
set: {days: 20, population.people: 120, community.capacity: null}
design: space
factors:
  community.openness: {low: 0.0, high: 1.0}
  population.founders: {low: 5, high: 20, whole: true}
  gate: {key: gates, levels: {none: null, task: {task: {kind: task}}}}
  variant: [base, strangers]
replicates: 2
seed: 3
responses: [end, temperature@10, joins]
"""
RANGES = """\
format: 1
title: Two ranges
scenario: open-group
design: space
factors:
  community.openness: {low: 0.0, high: 1.0}
  rules.inviting.rate: {low: 0.001, high: 0.1, scale: log}
replicates: 2
responses: [end]
"""


def space(tmp_path: Path, text: str = SPACE) -> Path:
    path = tmp_path / "space.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def asked(path: Path, *objectives: str, constraints: tuple[str, ...] = (), **how: object) -> Search:
    given = {"trials": 30, "sampler": "tpe", "batch": 1, "fresh": 2} | how
    return search_of(read_design(str(path)), objectives, constraints, **given)  # type: ignore[arg-type]


def quiet(runs: int, finished: int) -> Callable[[RunOutcome], None]:
    return lambda done: None


def made(search: Search, final: Path, **how: object) -> Path:
    searching.search(search, final, quiet, **({"on": "here"} | how))  # type: ignore[arg-type]
    return final


@pytest.fixture
def _hill(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of a known function instead of a community: two hills, over openness and the rate of inviting."""

    def perform_run(run: Run) -> RunOutcome:
        x = run.scenario.community.openness
        y = float(run.scenario.rules["inviting"]["rate"])
        luck = np.random.default_rng(run.seed).normal(scale=0.01)
        known = {"end": -((x - 0.3) ** 2) - (np.log10(y) + 2) ** 2, "joins": -((x - 0.7) ** 2), "k": x}
        return RunOutcome(run.number, [float(known.get(r.column, 0.0) + luck) for r in run.responses])

    monkeypatch.setattr(execution, "perform_run", perform_run)


def test_aims_are_read_as_written() -> None:
    assert objective("max:members@180", 180) == Objective("max", Response("members", 180))
    assert constraint(" k >= 1 ", 180) == Constraint(Response("k"), ">=", 1.0)
    assert constraint("members@9<=1e3", 9).violation(1001.0) == 1.0
    assert constraint("k>=1", 9).violation(1.5) == -0.5
    assert str(constraint("k>=1", 9)) == "k>=1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("members@180", "is not an objective"),
        ("most:end", "allowed: max:RESPONSE or min:RESPONSE"),
        ("max:ennd", "did you mean end"),
        ("max:members@181", "allowed: members@0 to members@180"),
        ("max:members", "add a day"),
    ],
)
def test_a_wrong_objective_is_told(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        objective(text, 180)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("k=>1", "is not a constraint"),
        ("k>1", "such as k>=1"),
        ("k>=many", "'many' is not a number"),
        ("k>=inf", "not finite"),
        ("kk>=1", "there is no response 'kk'"),
    ],
)
def test_a_wrong_constraint_is_told(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        constraint(text, 180)


def test_one_dominates_another_when_nowhere_worse_and_somewhere_better() -> None:
    aims = [objective("max:end", 9), objective("min:joins", 9)]
    assert dominates([2, 1], [1, 1], aims)
    assert not dominates([2, 2], [1, 1], aims)
    assert not dominates([1, 1], [1, 1], aims)


def test_means_leave_out_what_is_unknown() -> None:
    mean, error = means(np.array([[1.0, np.nan, np.nan], [3.0, 5.0, np.nan]]))
    assert mean[:2].tolist() == [2.0, 5.0]
    assert np.isnan(mean[2])
    assert error[0] == pytest.approx(1.0)
    assert np.isnan(error[1:]).all()


@pytest.mark.usefixtures("_hill")
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_the_top_of_a_hill_is_found(tmp_path: Path, sampler: str) -> None:
    search = asked(space(tmp_path, RANGES), "max:end", trials=100, sampler=sampler)
    final = made(search, tmp_path / "out")
    best = pd.read_parquet(final / "tables" / "best.parquet").iloc[0]
    assert best["community.openness"] == pytest.approx(0.3, abs=0.15)
    assert np.log10(best["rules.inviting.rate"]) == pytest.approx(-2.0, abs=0.25)
    assert Scenario.load(final / "winner.yaml").community.openness == best["community.openness"]


@pytest.mark.usefixtures("_hill")
def test_the_front_of_two_hills_lies_between_their_tops(tmp_path: Path) -> None:
    search = asked(space(tmp_path, RANGES), "max:end", "max:joins", trials=120, sampler="nsga2", batch=20)
    final = made(search, tmp_path / "out")
    front = pd.read_parquet(final / "tables" / "best.parquet")
    trials = pd.read_parquet(final / "tables" / "trials.parquet")
    assert len(front) >= 4
    assert front["community.openness"].between(0.2, 0.8).all()
    assert front["winner"].sum() == 1
    assert front["end"].is_monotonic_decreasing
    assert front["joins"].is_monotonic_increasing
    ours = trials.loc[trials["best"], ["end", "joins"]].to_numpy()
    everybody = trials[["end", "joins"]].to_numpy()
    assert not any(dominates(one, other, search.objectives) for one in everybody for other in ours)
    assert len(list((final / "scenarios").iterdir())) == len(front)


@pytest.mark.usefixtures("_hill")
@pytest.mark.parametrize("sampler", ["tpe", "nsga2"])
def test_the_best_keeps_its_constraints(tmp_path: Path, sampler: str) -> None:
    search = asked(space(tmp_path, RANGES), "max:end", constraints=("k>=0.5",), trials=60, sampler=sampler)
    final = made(search, tmp_path / "out")
    best = pd.read_parquet(final / "tables" / "best.parquet").iloc[0]
    assert best["k"] >= 0.5
    assert best["community.openness"] == pytest.approx(0.55, abs=0.1)
    trials = pd.read_parquet(final / "tables" / "trials.parquet")
    assert trials["feasible"].tolist() == (trials["k"] >= 0.5).tolist()


@pytest.mark.usefixtures("_hill")
def test_constraints_that_nothing_keeps_leave_no_winner(tmp_path: Path) -> None:
    arguments = ["--objective", "max:end", "--constraint", "k>=9", "--trials", "3", "--on", "here"]
    done = CliRunner().invoke(
        cli, ["search", str(space(tmp_path, RANGES)), *arguments, "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 1
    assert "No trial satisfies k>=9" in done.output
    assert not (tmp_path / "out" / "winner.yaml").exists()


@pytest.mark.usefixtures("_hill")
def test_a_flattered_best_is_shown_beside_its_fresh_value(tmp_path: Path) -> None:
    search = asked(space(tmp_path, RANGES), "max:end", trials=20, fresh=40)
    best = pd.read_parquet(made(search, tmp_path / "out") / "tables" / "best.parquet").iloc[0]
    # luck is .01 a run whatever the point: in the search that of two seeds, now that of forty others
    top = -((best["community.openness"] - 0.3) ** 2) - (np.log10(best["rules.inviting.rate"]) + 2) ** 2
    assert best["end_fresh"] == pytest.approx(top, abs=0.01 * 5 / np.sqrt(40))  # 5 standard errors: 6e-7
    assert best["end_fresh_sem"] == pytest.approx(0.01 / np.sqrt(40), rel=0.5)
    assert best["end"] != best["end_fresh"]


@pytest.mark.usefixtures("_hill")
@pytest.mark.parametrize(("sampler", "batch"), [("tpe", 1), ("tpe", 4), ("nsga2", 3), ("cma", 1)])
def test_an_interrupted_search_goes_on_as_if_nothing_had_been(
    tmp_path: Path, sampler: str, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = asked(space(tmp_path, RANGES), "max:end", trials=30, sampler=sampler, batch=batch)
    whole = made(search, tmp_path / "whole")
    known = execution.perform_run
    left = [27]

    def tiring(run: Run) -> RunOutcome:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return known(run)

    monkeypatch.setattr(execution, "perform_run", tiring)
    with pytest.raises(KeyboardInterrupt):
        made(search, tmp_path / "cut")
    kept = tmp_path / ".cut.unfinished"
    with (kept / TRIALS).open("ab") as file:  # a line that a kill cut short, and its lock
        file.write(b'{"op_code": 5, "wor')
    (kept / f"{TRIALS}.lock").touch()
    assert any((kept / RUNNING).iterdir())
    left[0] = 10_000
    made(search, tmp_path / "cut")
    for table in ("trials", "responses", "best"):
        one, other = (tmp_path / name / "tables" / f"{table}.parquet" for name in ("whole", "cut"))
        assert one.read_bytes() == other.read_bytes()
    assert not (tmp_path / "cut" / RUNNING).exists()
    assert (whole / "winner.yaml").read_bytes() == (tmp_path / "cut" / "winner.yaml").read_bytes()


@pytest.mark.usefixtures("_hill")
def test_trials_of_another_search_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = space(tmp_path, RANGES)

    def interrupted(run: Run) -> RunOutcome:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(execution, "perform_run", interrupted)
        with pytest.raises(KeyboardInterrupt):
            made(asked(path, "max:end", trials=5), tmp_path / "out")
    with pytest.raises(MismatchError, match="another objectives"):
        made(asked(path, "min:end", trials=5), tmp_path / "out")
    made(asked(path, "min:end", trials=5), tmp_path / "out", restart=True)
    assert len(pd.read_parquet(tmp_path / "out" / "tables" / "trials.parquet")) == 5


def test_a_trial_of_which_nothing_is_known_has_failed_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def perform_run(run: Run) -> RunOutcome:
        x = run.scenario.community.openness
        if x < 0.3:
            return RunOutcome(run.number, None, "ValueError: too closed")
        return RunOutcome(run.number, [float("nan") if x > 0.7 else x])

    monkeypatch.setattr(execution, "perform_run", perform_run)
    final = made(asked(space(tmp_path, RANGES), "max:end", trials=20), tmp_path / "out")
    trials = pd.read_parquet(final / "tables" / "trials.parquet")
    assert trials.loc[trials["community.openness"] < 0.3, "message"].str.contains("too closed").all()
    assert (
        trials.loc[trials["community.openness"] > 0.7, "message"].eq("end is unknown in all its runs").all()
    )
    assert trials.loc[trials["best"], "community.openness"].between(0.3, 0.7).all()


@pytest.mark.usefixtures("_hill")
def test_a_point_is_run_once_however_often_it_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = RANGES.replace("{low: 0.0, high: 1.0}", "[0.2, 0.4]")
    text = text.replace("  rules.inviting.rate: {low: 0.001, high: 0.1, scale: log}\n", "")
    known, runs = execution.perform_run, [0]

    def counted(run: Run) -> RunOutcome:
        runs[0] += 1
        return known(run)

    monkeypatch.setattr(execution, "perform_run", counted)
    made(asked(space(tmp_path, text), "max:end", trials=12, batch=3), tmp_path / "out")
    assert runs[0] == 2 * 2 + 2  # two points in two runs, and the best of them on two fresh seeds


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["search", *map(str, arguments)])
    return done.exit_code, done.output


def test_a_community_is_searched_with_whole_gates_and_variants_the_same_in_two_processes(
    tmp_path: Path,
) -> None:
    path = space(tmp_path)
    aims = [
        "--objective",
        "max:members@20",
        "--objective",
        "max:temperature@20",
        "--constraint",
        "joins<=400",
    ]
    how = ["--trials", 6, "--batch", 2, "--fresh", 2]
    code, said = run(path, *aims, *how, "--out", tmp_path / "one", "--on", "here", "--csv")
    assert code == 0, said
    assert "on fresh seeds" in said
    assert run(path, *aims, *how, "--out", tmp_path / "two", "--jobs", 2)[0] == 0
    for table in ("trials", "responses", "best"):
        one, other = (tmp_path / name / "tables" / f"{table}.parquet" for name in ("one", "two"))
        assert one.read_bytes() == other.read_bytes()
    trials = pd.read_parquet(tmp_path / "one" / "tables" / "trials.parquet")
    assert set(trials["gate"]) <= {"none", "task"}
    assert set(trials["variant"]) <= {"base", "strangers"}
    assert {"end", "temperature@10", "joins", "members@20_sem"} <= set(trials.columns)
    winner = tmp_path / "one" / "winner.yaml"
    done = CliRunner().invoke(
        cli, ["run", str(winner), "--runs", "1", "--jobs", "1", "--out", str(tmp_path / "run")]
    )
    assert done.exit_code == 0, done.output
    assert "already exists" in run(path, *aims, *how, "--out", tmp_path / "one")[1]
    assert (tmp_path / "one" / "figures" / "search.svg").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--objective", "max:ennd"], "--objective: there is no response 'ennd'"),
        (["--objective", "max:end", "--constraint", "k>1"], "--constraint: 'k>1' is not a constraint"),
        (["--objective", "max:end", "--objective", "min:end"], "end is named twice"),
        (["--objective", "max:members@21"], "allowed: members@0 to members@20"),
        (["--objective", "max:end", "--sampler", "cma"], "gate has levels"),
        (["--objective", "max:end", "--objective", "max:k", "--sampler", "cma"], "one objective, not 2"),
        (["--objective", "max:end", "--constraint", "k>=1", "--sampler", "cma"], "takes no constraint"),
    ],
)
def test_mistakes_are_told_before_anything_runs(tmp_path: Path, arguments: list[str], said: str) -> None:
    code, output = run(space(tmp_path), *arguments, "--out", tmp_path / "out")
    assert code == 2
    assert said in output
    assert not (tmp_path / "out").exists()


def test_a_list_cannot_be_searched(tmp_path: Path) -> None:
    text = "format: 1\ntitle: L\nscenario: open-group\ndesign: list\nparameter_sets: [{days: 9}]\n"
    text += "responses: [end]\n"
    code, output = run(space(tmp_path, text), "--objective", "max:end")
    assert code == 2
    assert "list of fixed parameter sets" in output


def test_a_begun_trial_is_opened_again_with_the_same_values(tmp_path: Path) -> None:
    search = asked(space(tmp_path), "max:end", batch=2)
    first = [trial.params for trial in Trials(tmp_path, search).ask(2)]
    assert [trial.params for trial in Trials(tmp_path, search).ask(2)] == first
