"""Moderation, stages, groups, messages, channels and terms with every command, with Mesa and on the class page."""

import warnings
from pathlib import Path

import mesa
import numpy as np
import pandas as pd
import pytest

from shequn import Community, Scenario
from shequn.app.classroom.bases import Bases
from shequn.app.classroom.pair import Pair
from shequn.app.classroom.settings import Settings
from tests.app.commands import command

CAMP = """\
format: 2
title: Camp
days: 40
runs: 2
population:
  people: 300
  founders: 60
  drivers: {benefit: 0.5}
  talkativeness: {mean: 0.05}
  groups:
    ordinary: {share: 0.9}
    seller: {share: 0.1, drivers: {benefit: 1, interest: 0}}
community: {openness: 0.3}
stages: {before: {until: {day: 10}}, after: {}}
staff: {host: {minutes: 60}}
duties:
  order: {job: host, do: moderate, minutes: 1}
  notice: {job: host, do: post, pinned: true, during: [after]}
operations:
  sellers: {do: shock, people: 40, group: seller, cost: 2, at_stage: after}
  recall: {do: push, every: 5, who: inactive, unseen: 3, during: [after]}
  end: {do: close, day: 25, share: 0.5}
  again: {do: enrol, day: 30}
rules: {advertising: {rate: 0.5}, daring: {alone: 0.5}}
variants:
  nobody-advertises: {title: Nobody advertises, rules: {advertising: {rate: 0}}}
  one-stage: {title: The second stage begins at once, stages: {before: {until: {day: 1}}}}
"""
DESIGN = """\
format: 1
title: A camp
scenario: camp.yaml
design: {design}
factors:
  rules.advertising.rate: {rate}
  operations.sellers.people: {people}
replicates: 2
responses: [channels.sellers, groups.seller, duties.order, advertisements@30, duties.notice]
"""


@pytest.fixture
def camp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the scenario, in which the commands run."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "camp.yaml").write_text(CAMP, encoding="utf-8")
    return tmp_path


def design(folder: Path, name: str, rate: str, people: str) -> None:
    """Write a design over the rate of advertising and the number of people who are brought."""
    text = DESIGN.format(design=name, rate=rate, people=people)
    (folder / "design.yaml").write_text(text, encoding="utf-8")


def test_a_comparison_measures_channels_groups_and_duties(camp: Path) -> None:
    responses = ["channels.sellers", "groups.seller@12", "duties.order", "advertisements@30"]
    named = [part for response in responses for part in ("--response", response)]
    arms = ("camp.yaml", "camp.yaml:one-stage")
    command("compare", *arms, "--runs", 3, *named, "--on", "here", "--out", "out")
    rows = pd.read_parquet(camp / "out" / "tables" / "comparisons.parquet").set_index("response")
    assert set(rows.index) == set(responses)
    assert rows.loc["groups.seller@12", "difference"] > 0  # they have been there for longer


def test_a_sweep_has_no_advertisement_without_the_rule_and_brings_whom_it_pays_for(camp: Path) -> None:
    design(camp, "grid", "[0, 1]", "[5, 40]")
    command("sweep", "design.yaml", "--on", "here", "--out", "out")
    rows = pd.read_parquet(camp / "out" / "tables" / "responses.parquet")
    mean = rows.groupby(["response", "rules.advertising.rate", "operations.sellers.people"])["value"].mean()
    assert mean["channels.sellers", 0, 5] <= 5 < mean["channels.sellers", 0, 40] <= 40
    assert mean["advertisements@30", 0, 40] == 0
    assert (rows[rows["response"] == "duties.notice"]["value"] == 1.0).all()


def test_a_search_and_a_sensitivity_move_them(camp: Path) -> None:
    design(camp, "space", "{low: 0, high: 1}", "[5, 40]")
    aims = ["--objective", "max:channels.sellers", "--constraint", "groups.seller>=0"]
    size = ["--trials", 4, "--batch", 2, "--fresh", 2]
    command("search", "design.yaml", *aims, *size, "--on", "here", "--out", "found")
    trials = pd.read_parquet(camp / "found" / "tables" / "trials.parquet")
    assert trials[trials["best"]].iloc[0]["operations.sellers.people"] == 40
    design(camp, "space", "{low: 0, high: 1}", "{low: 5, high: 40, whole: true}")
    command("sensitivity", "design.yaml", "--points", 2, "--replicates", 2, "--on", "here", "--out", "out")
    indices = pd.read_parquet(camp / "out" / "tables" / "indices.parquet")
    own = indices[
        (indices["response"] == "channels.sellers") & (indices["factor"] == "operations.sellers.people")
    ]
    assert (own["value"].abs() > 0).any()


def test_a_saved_run_goes_on_as_a_branch(camp: Path) -> None:
    command("run", "camp.yaml", "--runs", 1, "--until", 12, "--save", "--out", "saved")
    state = next((camp / "saved").rglob("manifest.json")).parent
    command("run", "--from", state, "--out", "on")
    command("run", "--from", f"{state}:nobody-advertises", "--out", "quiet")
    days = [
        pd.read_parquet(next((camp / folder).rglob("days.parquet"))).set_index("day")
        for folder in ("on", "quiet")
    ]
    assert days[0].loc[:12].equals(days[1].loc[:12])
    late = days[1].loc[14:, "advertisements"]
    assert late.sum() == 0


def test_mesa_runs_the_camp_and_the_class_page_shows_two(camp: Path) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*iterations", DeprecationWarning)  # from Mesa 3.5 on
        rows = mesa.batch_run(
            Community,
            parameters={"scenario": str(camp / "camp.yaml"), "rules.advertising.rate": [0, 1]},
            iterations=1,
            display_progress=False,
        )
    ends = {row["rules.advertising.rate"]: row["members"] for row in rows if row["Step"] == 40}
    assert len(ends) == 2
    bases = Bases(Scenario.load(str(camp / "camp.yaml")))
    pair = Pair(bases, Settings.of_file("own"))
    while pair.day < 40:
        pair.run(1, 9.0)
    community = Community(bases.scenario("own"))
    for _ in range(40):
        community.step()
    for side in pair.sides.values():
        assert side.days.tobytes() == community.machine.days.tobytes()
    assert np.sum(community.machine.days["advertisements"]) > 0
