"""A report is one self-contained file, leaves the folder unchanged, and says what is missing."""

import base64
import gzip
import io
import json
import os
import re
import subprocess
import sys
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from shequn.app.cli import cli
from shequn.app.report import alerts
from shequn.app.report.command import make
from shequn.app.report.drawing import Clock, mark_labels, over_time
from shequn.app.report.incentives import _earned_table
from shequn.app.report.leaving import _reasons_table
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.community import Community
from shequn.sim.presentation.marks import Mark, marks
from shequn.sim.results.manifest import write_manifest
from tests.app.report.conftest import scenario, write_run_folder

ROOT = Path(__file__).parents[3]
MOST = 3_000_000  # bytes
KINDS = ["run_folder", "comparison_folder", "sweep_folder", "search_folder", "sensitivity_folder"]


def shequn(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def contents(folder: Path) -> dict[str, bytes]:
    return {path.as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def own_part(html: str) -> str:
    """The page without Bokeh's script."""
    longest = max(re.findall(r"<script>(.*?)</script>", html, re.DOTALL), key=len)
    return html.replace(longest, "")


class Loaded(HTMLParser):
    """Collects the addresses that the tags of a page would load or link to."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            leads_out = name in ("src", "href", "data", "action", "srcset") and not (value or "").startswith(
                "#"
            )
            if leads_out or name.startswith("on"):
                self.addresses.append(f"{tag} {name}={value}")


def table(html: str, name: str) -> pd.DataFrame:
    """A table of the page as its button downloads it."""
    match = re.search(rf'data-name="{name}\.csv" data-gz="([^"]*)"', html)
    assert match, name
    return pd.read_csv(io.BytesIO(gzip.decompress(base64.b64decode(match[1]))))


@pytest.fixture(scope="module")
def page(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return make(run_folder, tmp_path_factory.mktemp("page") / "r.html").read_text(encoding="utf-8")


def test_a_report_is_written_beside_the_folder_which_stays_unchanged(run_folder: Path) -> None:
    before = contents(run_folder)
    result = shequn("report", run_folder, "--lang", "en")
    assert result.exit_code == 0, result.output
    target = run_folder.with_name("0123456789ab-report.html")
    assert str(target) in result.stdout and target.stat().st_size < MOST
    assert contents(run_folder) == before
    assert {path.name for path in run_folder.parent.iterdir()} == {run_folder.name, target.name}
    assert shequn("report", run_folder.parent, "--lang", "zh").exit_code == 0  # the latest run in there
    assert run_folder.with_name("0123456789ab-report.zh.html").exists()


@pytest.mark.parametrize("folder_fixture", KINDS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_of_folder_makes_a_page_that_loads_nothing(
    folder_fixture: str, language: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    result = shequn(
        "report", request.getfixturevalue(folder_fixture), "--out", tmp_path / "r.html", "--lang", language
    )
    assert result.exit_code == 0, result.output
    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert len(html.encode()) < MOST
    assert f'<html lang="{"en" if language == "en" else "zh-Hans"}">' in html
    assert "default-src 'none'" in html
    assert "mathjax@" not in html  # where Bokeh would load it from
    own = own_part(html)
    loaded = Loaded()
    loaded.feed(html)
    assert loaded.addresses == []
    assert not re.search(r"@import|url\(", re.findall(r"<style>(.*?)</style>", html, re.DOTALL)[0])
    assert ("答案" in own or "发生了什么" in own) == (language == "zh")


def test_what_users_write_is_shown_as_text(page: str) -> None:
    own = own_part(page)
    assert own.count("window.hacked") == own.count("window.hacked=1")
    assert "<img" not in own and "<script>window.hacked" not in own
    assert "&lt;script&gt;window.hacked=1&lt;/script&gt;" in own
    assert "{{99991*99989}}" in own and "9998000099" not in own
    for block in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL):
        assert "<" not in block
        assert "$$" not in block  # Bokeh would take it for a formula
        json.loads(block)


def test_names_of_arms_and_titles_of_designs_are_shown_as_text(
    comparison_folder: Path, sweep_folder: Path, tmp_path: Path
) -> None:
    compared = make(comparison_folder, tmp_path / "c.html").read_text(encoding="utf-8")
    swept = make(sweep_folder, tmp_path / "s.html").read_text(encoding="utf-8")
    assert "shut &lt;b&gt;" in compared and "shut <b>" not in own_part(compared)
    assert "&lt;i&gt;Doors&lt;/i&gt;" in swept and "<i>Doors" not in own_part(swept)
    assert "community.openness" in compared  # what differs between the arms
    assert "What does a door do?" in swept


def test_the_same_folder_gives_the_same_page(run_folder: Path, tmp_path: Path) -> None:
    for name, hash_seed in (("a.html", "1"), ("b.html", "2")):
        subprocess.run(
            [
                sys.executable,
                "-m",
                "shequn.app.cli",
                "report",
                str(run_folder),
                "--out",
                str(tmp_path / name),
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "LANGUAGE": "en"},
            check=True,
            capture_output=True,
            timeout=120,
        )
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_the_numbers_of_the_charts_are_those_of_the_tables(page: str, run_folder: Path) -> None:
    days = pd.read_parquet(run_folder / "tables" / "days.parquet")
    size = table(page, "size").set_index("day")
    members = days.groupby("day")["members"]
    assert np.allclose(size["members"], members.median(), rtol=1e-5)
    assert np.allclose(size["members_high"], members.max(), rtol=1e-5)
    parts = table(page, "temperature-parts").set_index("day")
    assert np.allclose(parts["dilution_low"], days.groupby("day")["dilution"].min(), rtol=1e-4, atol=1e-9)
    runs = pd.read_parquet(run_folder / "tables" / "runs.parquet")
    assert np.allclose(table(page, "runs")["end"], runs["end"])
    gone = pd.read_parquet(run_folder / "tables" / "departures.parquet")
    assert table(page, "departures-by-quality").drop(columns="quality").sum().sum() > 0 or not len(gone)
    hours = table(page, "visits-by-hour")
    journal = pd.read_parquet(run_folder / "tables" / "journal.parquet")
    assert hours["n"].sum() == (journal["kind"] == "visit").sum()
    monday = journal[
        (journal["kind"] == "visit") & ((journal["time"] // 1 + 3) % 7 == 0)
    ]  # 2026-01-01: Thursday
    assert hours.loc[hours["weekday"] == "Mon", "n"].sum() == len(monday)


def test_operations_are_marked_when_they_happened(monkeypatch: pytest.MonkeyPatch, run_folder: Path) -> None:
    done: list[tuple[float, int]] = []
    community = Community(scenario(), seed=json.loads((run_folder / "manifest.json").read_text())["seeds"][0])
    carry_out = community.operator.carry_out

    def record(number: int) -> float | None:
        done.append((float(community.machine.time), number + 1))
        return carry_out(number)

    monkeypatch.setattr(community.operator, "carry_out", record)
    while community.running:
        community.step()
    results = ResultFolder(run_folder)
    all_marks = marks(results.scenario, results.table("days"))
    assert [(mark.day, mark.number) for mark in all_marks] == sorted(done)
    assert {1, 2, 3} == {mark.number for mark in all_marks}


def test_a_branch_marks_its_operations_and_says_how_to_reproduce_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "club.yaml").write_text(
        """
format: 1
title: Club
days: 30
runs: 2
population: {people: 200, founders: 20}
operations: [{do: set_openness, day: 5, to: 0.4}]
variants:
  weekly:
    operations:
      - {do: set_openness, day: 5, to: 0.4}
      - {do: set_openness, every: 5, to: 0.3}
      - {do: set_openness, if: {measure: members, above: 1}, to: 0.2}
""",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    with mock.patch("shequn.sim.presentation.figures.write_figures"):
        assert shequn("run", "club.yaml", "--until", 12, "--save", "--jobs", 1).exit_code == 0
        state = next(Path("results/club").iterdir())
        assert shequn("run", "--from", f"{state}:weekly", "--jobs", 1).exit_code == 0
    branch = ResultFolder(next(Path("results/club-weekly").iterdir()))
    all_marks = marks(branch.scenario, branch.table("days"), branching=branch.manifest["branching"])
    assert [(mark.day, mark.number) for mark in all_marks] == [(5, 1), (13, 3), (15, 2), (20, 2), (25, 2)]
    page = make(branch.folder, tmp_path / "b.html").read_text(encoding="utf-8")
    assert f"shequn run scenario.yaml --from {state.as_posix()}\n" in page
    stopped = make(state, tmp_path / "s.html").read_text(encoding="utf-8")
    assert "shequn run scenario.yaml --until 12 --save\n" in stopped
    compared = shequn("compare", state, f"{state}:weekly", "--response", "end", "--on", "here", "--out", "c")
    assert compared.exit_code == 0, compared.output
    page = make(tmp_path / "c", tmp_path / "c.html").read_text(encoding="utf-8")
    assert f"shequn compare {state.as_posix()} {state.as_posix()}:weekly --runs 2 --response end\n" in page


def test_reasons_are_counted_per_run_even_if_nobody_left_in_some() -> None:
    gone = pd.DataFrame(
        {"run": [0] * 4, "reason": "honor", "quality": 0.5, "tenure": 9.0, "matched_rank": 0.5}
    )
    assert _reasons_table(gone, 2).rows["departures per run"].tolist() == ["2"]


def test_only_actual_problems_are_reported(run_folder: Path) -> None:
    results = ResultFolder(run_folder)
    text = " ".join(alerts.alerts(results, results.scenario, marks(results.scenario, results.table("days"))))
    assert "only 3 runs" in text
    assert "never happened in run 0: 4" in text
    assert "from run 0 alone" in text
    assert "Nobody passed the gates" not in text


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"journal": "none"}, "nothing to replay"),
        ({"journal": "membership"}, "does not record visits and posts"),
        ({"runs": 1}, "only one run"),
        (
            {"population": {"people": 60, "founders": 40}, "days": 90, "runs": 1, "operations": []},
            "of the whole population have joined",
        ),
        (
            {
                "gates": [{"kind": "capacity", "members": 1}],
                "community": {"openness": 0.001, "strangers_per_day": 2000},
                "operations": [],
            },
            "Nobody passed the gates|The gates refuse",
        ),
        ({"days": 3, "runs": 1, "operations": []}, "too short for a cohort"),
        (
            {"population": {"people": 5, "founders": 0}, "community": {"strangers_per_day": 0}, "runs": 1},
            "Nobody joined after the start",
        ),
        (
            {
                "population": {"people": 100, "founders": 0},
                "community": {"openness": 0.6, "strangers_per_day": 0.3},
                "days": 14,
                "runs": 1,
                "seed": 1,
                "operations": [],
            },
            "No cohort can be followed for a week",
        ),
    ],
    ids=["no-journal", "membership", "one-run", "exhausted", "shut", "three-days", "nobody", "unfollowed"],
)
def test_missing_data_and_thin_evidence_are_reported(
    changes: dict[str, Any], text: str, tmp_path: Path
) -> None:
    folder = write_run_folder(tmp_path, **changes)
    html = own_part(make(folder, tmp_path / "r.html").read_text(encoding="utf-8"))
    assert re.search(text, html), re.findall(r"<li>(.*?)</li>", html)


def test_run_makes_its_report(tmp_path: Path) -> None:
    result = shequn(
        "run",
        "small-circle",
        "--days",
        20,
        "--runs",
        1,
        "--jobs",
        1,
        "--out",
        tmp_path / "results",
        "--report",
    )
    assert result.exit_code == 0, result.output
    assert len(list((tmp_path / "results").rglob("*-report*.html"))) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere",), "there is no such folder"),
        (("empty",), "contains no finished run"),
        (("odd",), "holds no run, comparison, sweep, search"),
        (("RUN", "--out", "empty"), "is a folder"),
        (("RUN", "--out", "no/such/r.html"), "there is no such folder"),
        (("odd", "--out", "odd/manifest.json"), "which is only read"),
        (("RUN", "--lang", "fr"), "--lang fr"),
    ],
    ids=["nowhere", "empty", "odd", "out-folder", "out-nowhere", "out-inside", "language"],
)
def test_a_mistake_is_one_message_and_nothing_is_written(
    arguments: tuple[str, ...],
    message: str,
    run_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "odd").mkdir()
    write_manifest(tmp_path / "odd")
    before = contents(tmp_path)
    result = shequn("report", *(str(run_folder) if argument == "RUN" else argument for argument in arguments))
    assert result.exit_code == 2
    assert message in result.output and "Traceback" not in result.output
    assert contents(tmp_path) == before


def test_a_failed_write_leaves_the_older_page(
    run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "r.html").write_text("older", encoding="utf-8")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "replace", full)
    result = shequn("report", run_folder, "--out", tmp_path / "r.html")
    assert result.exit_code == 2 and "No space left" in result.output
    assert contents(tmp_path) == {(tmp_path / "r.html").as_posix(): b"older"}


def test_a_scenario_whose_graph_file_is_lost_still_gets_a_report(tmp_path: Path) -> None:
    (tmp_path / "ties.csv").write_text("".join(f"{i},{i + 1}\n" for i in range(80)), encoding="utf-8")
    graph = {"founders": 20, "graph": {"file": str(tmp_path / "ties.csv")}}
    folder = write_run_folder(
        tmp_path, population=graph, operations=[{"do": "set_openness", "day": 20, "to": 0.5}]
    )
    (tmp_path / "ties.csv").unlink()
    results = ResultFolder(folder)
    assert [mark.day for mark in marks(results.scenario, results.table("days"))] == [20.0]
    assert make(folder, tmp_path / "r.html").stat().st_size < MOST


def test_staff_and_incentives_have_sections_whose_numbers_are_those_of_the_tables(tmp_path: Path) -> None:
    folder = write_run_folder(
        tmp_path,
        days=30,
        staff={"host": {"minutes": 120}},
        duties={"welcome": {"job": "host", "do": "welcome"}},
        tasks={"check-in": {"gives": {"benefit": 2}}},
        units={"<b>points</b>": {"expires": 10}},
        earn={"<i>in</i>": {"for": "task", "pay": {"<b>points</b>": 3}}},
        offers={"tea": {"takes": {"<b>points</b>": 6}, "worth": 20, "most": None}},
    )
    html = make(folder, tmp_path / "r.html").read_text(encoding="utf-8")
    assert 'id="staff"' in html and 'id="incentives"' in html
    assert "&lt;b&gt;points&lt;/b&gt;" in html and "<b>points" not in own_part(html)
    units = pd.read_parquet(folder / "tables" / "units.parquet")
    points = units[units["unit"] != "money"]
    held = table(html, "units-held").set_index("day")["<b>points</b>_median"]
    assert np.allclose(held, points.groupby("day")["outstanding"].median(), rtol=1e-5)
    assert points["earned"].sum() > 0
    offers = pd.read_parquet(folder / "tables" / "offers.parquet")
    taken = offers.groupby("run")["sold"].sum().mean()
    assert float(str(table(html, "offers")["taken"][0]).replace(",", "")) == pytest.approx(taken, rel=0.05)
    funnel = pd.read_parquet(folder / "tables" / "funnel.parquet")
    joined = funnel[funnel["step"] == "joined"].groupby("run")["people"].sum().mean()
    shown = table(html, "funnel").set_index("step")["all"]["joined"]
    assert float(str(shown).replace(",", "")) == pytest.approx(joined, rel=0.01)
    waiting = table(html, "waiting-for-staff").set_index("day")["welcome_median"]
    duties = pd.read_parquet(folder / "tables" / "duties.parquet")
    assert np.allclose(waiting, duties.groupby("day")["waiting"].median())


def test_groups_have_a_section_whose_numbers_are_those_of_the_tables(tmp_path: Path) -> None:
    groups = {"<b>many</b>": {"share": 0.7}, "expert": {"share": 0.3, "quality": {"a": 9, "b": 2}}}
    population = {"people": 300, "founders": 60, "groups": groups}
    folder = write_run_folder(tmp_path, population=population, days=14, operations=[])
    html = make(folder, tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<b>many" not in own_part(html)
    shown = table(html, "groups")
    assert shown["group"].tolist() == list(groups)
    assert shown["share of the population"].tolist() == ["70 %", "30 %"]
    rows = pd.read_parquet(folder / "tables" / "groups.parquet")
    assert set(rows["run"]) == {0, 1, 2}
    at_end = rows[rows["day"] == 14].pivot(index="run", columns="group", values="members")
    share = (at_end["expert"] / at_end.sum(axis=1)).median()
    assert shown["share of members at the end"][1] == f"{share:.0%}"
    members = pd.read_parquet(folder / "tables" / "members.parquet")
    posts = members[members["group"] == "expert"]["n_posts"].mean()
    assert float(shown["posts per person"][1]) == round(posts, 2)
    assert {f"{name}_median" for name in groups} <= set(table(html, "groups-members").columns)


def test_what_is_rewarded_has_what_no_earn_rule_pays() -> None:
    units = pd.DataFrame(
        {"run": [0, 0, 1, 1], "unit": ["coins", "money"] * 2, "earned": [30.0, 5.0, 50.0, 5.0]}
    )
    earned = pd.DataFrame(
        {"run": [0, 1], "rule": "speaking", "unit": "coins", "paid": [5, 10], "sum": [10.0, 20.0]}
    )
    rows = _earned_table(earned, units).rows
    assert rows["paid"].tolist() == ["15", "25", "5"]
    assert rows["unit"].tolist() == ["coins", "coins", "money"]
    assert rows["earn rule"].tolist()[1:] == ["awards, and what offers give"] * 2
    assert len(_earned_table(earned, units[units["unit"] == "coins"].assign(earned=[10.0, 20.0])).rows) == 1


def test_repeating_operations_are_ticks_and_single_ones_lines() -> None:
    few = [Mark(5.0, 1, "1 shock")]
    often = [Mark(float(day), 2, "2 award") for day in range(1, 60)]
    plot = over_time(Clock(date(2026, 1, 1), 60, sorted([*few, *often])), "")
    kinds = [type(renderer.glyph).__name__ for renderer in plot.renderers]
    assert kinds.count("VSpan") == 1 and kinds.count("Segment") == 1

    (ticks,) = (r for r in plot.renderers if type(r.glyph).__name__ == "Segment")
    assert len(ticks.data_source.data["x0"]) == 59
    many = [Mark(day / 4, 2, "2 award") for day in range(1, 240)]
    band = over_time(Clock(date(2026, 1, 1), 60, many), "")
    assert [type(r.glyph).__name__ for r in band.renderers] == ["Quad", "Text"]
    assert mark_labels(Clock(date(2026, 1, 1), 60, sorted([*few, *often]))) == [(5.0, "1")]
