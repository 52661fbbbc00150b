"""A finished run, comparison and sweep to report on, with hostile texts; a browser without network."""

from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from shequn import Scenario
from shequn.app.answers.comparison import present as present_comparison
from shequn.app.answers.run import present as present_run
from shequn.app.answers.sweep import present as present_sweep
from shequn.experiments.comparison.comparison import compare
from shequn.experiments.comparison.curves import curves_of
from shequn.experiments.comparison.question import Question
from shequn.experiments.designs.reading import read_design
from shequn.experiments.designs.responses import response
from shequn.experiments.replicates.replicates import write_run
from shequn.experiments.sweeps.sweep import sweep
from shequn.sim.running import simulate

HOSTILE = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1> $$x^2$$ {{99991*99989}} 社群"


def scenario(**changes: Any) -> Scenario:
    """A small community with operations of every kind of timing and a hostile title."""
    values = {
        "format": 1,
        "title": HOSTILE,
        "question": f"Does it hold? {HOSTILE}",
        "description": HOSTILE,
        "days": 70,
        "runs": 3,
        "seed": 5,
        "population": {"people": 400, "founders": 40},
        "community": {"openness": 0.9, "strangers_per_day": 6, "rooms": 2},
        "operations": [
            {"do": "set_openness", "day": 20, "to": 0.5},
            {"do": "hot_event", "every": 20, "first": 10},
            {"do": "remove", "if": {"measure": "members", "above": 60}, "who": "random", "share": 0.1},
            {"do": "set_gates", "if": {"measure": "members", "above": 5000}, "gates": []},
        ],
        **changes,
    }
    return Scenario.from_mapping(values)


def write_run_folder(where: Path, **changes: Any) -> Path:
    """Run that scenario with changes; return the folder of the finished run."""
    final = where / "club" / "0123456789ab"
    final.parent.mkdir(parents=True)
    with mock.patch("shequn.sim.presentation.figures.write_figures"):  # drawing takes longer than the run
        write_run(scenario(**changes), final, simulate, lambda run, day: None, present=present_run)
    return final


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run_folder(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="session")
def comparison_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    final = tmp_path_factory.mktemp("compare") / "answer"
    arms = {
        "open": scenario(operations=[]),
        "shut <b>": scenario(operations=[], community={"openness": 0}),
        "as it is": scenario(),
    }
    named = tuple(response(name, 70) for name in ("end", "temperature_end", "k"))
    compare(
        Question(arms, named, 4, 1, title=HOSTILE, text=HOSTILE, curves=curves_of(arms.values())),
        final,
        lambda plan, n: lambda run: None,
        on="here",
        present=present_comparison,
    )
    return final


@pytest.fixture(scope="session")
def sweep_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("sweep")
    (top / "design.yaml").write_text(
        "format: 1\ntitle: <i>Doors</i>\nquestion: What does a door do?\nscenario: small-circle\n"
        "set: {days: 40}\nfactors:\n  community.openness: [0, 0.5, 1]\n"
        "  gate: {key: gates, levels: {none: [], rules: [{kind: rules}]}}\n"
        "replicates: 2\nresponses: [end, temperature_end, k]\n"
        "figures: [{response: end, along: community.openness, by: gate}]\n",
        encoding="utf-8",
    )
    sweep(
        read_design(str(top / "design.yaml")),
        top / "made",
        lambda plan, n: lambda run: None,
        on="here",
        present=present_sweep,
    )
    return top / "made"


SPACE = """
format: 1
title: <i>Doors</i>
question: How large can it be?
scenario: small-circle
set: {days: 20}
design: space
factors:
  community.openness: {low: 0, high: 1}
  rules.inviting.rate: {low: 0.001, high: 0.01}
  gate: {key: gates, levels: {none: null, rules: {rules: {kind: rules}}, quota: {quota: {kind: quota, per_day: 1}}}}
replicates: 2
responses: [end, k]
"""


@pytest.fixture(scope="session")
def search_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from shequn.app.answers.search import present
    from shequn.experiments.policy_search.question import search_of
    from shequn.experiments.policy_search.search import search

    top = tmp_path_factory.mktemp("search")
    (top / "space.yaml").write_text(SPACE, encoding="utf-8")
    aims = ["max:end", "max:temperature_end"]
    question = search_of(read_design(str(top / "space.yaml")), aims, ["end>=5"], 5, "tpe", 1, 2)
    search(question, top / "made", lambda runs, n: lambda run: None, on="here", present=present)
    return top / "made"


@pytest.fixture(scope="session")
def sensitivity_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from shequn.app.answers.sensitivity import present
    from shequn.experiments.global_sensitivity.analysis import analyse, sample_design

    top = tmp_path_factory.mktemp("sensitivity")
    (top / "space.yaml").write_text(SPACE, encoding="utf-8")
    design, sample = sample_design(read_design(str(top / "space.yaml")), "morris", 4)
    analyse(design, sample, top / "made", lambda runs, n: lambda run: None, on="here", present=present)
    return top / "made"
