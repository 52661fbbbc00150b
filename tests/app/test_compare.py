"""`compare` answers the question of the scenario: its arms, its responses, its title, and the money."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from shequn.app.cli import cli
from shequn.app.report.command import make

CLUB = """
format: 2
title: Reading club
question:
  text: Does a fee pay?
  responses: [members@10, tasks.check-in]
  arms: [paid]
days: 20
population: {people: 120, founders: 20}
community: {strangers_per_day: 3}
tasks:
  check-in: {effort: 0.1, gives: {honor: 4, benefit: 2}}
variants:
  paid:
    title: With a fee
    gates: {fee: {kind: fee, amount: 5}}
  closed: {community: {openness: 0}}
"""


def shequn(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.fixture
def club(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "club.yaml").write_text(CLUB, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def compare(*arguments: object) -> str:
    result = shequn("compare", *arguments, "--runs", 4, "--on", "here", "--out", "out", "--force")
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_question_names_the_arms_and_what_is_measured_first(club: Path) -> None:
    text = compare("club.yaml")
    lines = text.splitlines()
    assert lines[:2] == ["Reading club", "Does a fee pay?"]
    assert "Reading club: after 20 days" in text and "With a fee: after 20 days" in text
    assert "members on day 10" in text and "check-in" in text
    assert "closed" not in text and "yaml" not in text.partition("What it costs")[0]
    rows = pd.read_parquet("out/tables/comparisons.parquet")
    assert rows["response"].head(2).tolist() == ["members@10", "tasks.check-in"]
    assert {"income", "balance"} <= set(rows["response"])
    assert "yuan" in text


def test_a_variant_alone_is_compared_with_its_scenario(club: Path) -> None:
    compare("club.yaml:closed")
    rows = pd.read_parquet("out/tables/comparisons.parquet")
    assert (set(rows["a"]), set(rows["b"])) == ({"club.yaml"}, {"club.yaml:closed"})
    assert "balance" not in set(rows["response"])  # nobody pays anything in either


def test_the_page_has_the_question_and_both_arms_over_time(club: Path) -> None:
    compare("club.yaml")
    html = make(Path("out"), club / "r.html").read_text(encoding="utf-8")
    assert "<h1>Reading club</h1>" in html and "Does a fee pay?" in html
    first = html.partition("<nav")[0]
    for words in ("With a fee: after 20 days", "What it costs", "How sure this is", "What it depends on"):
        assert words in first
    assert 'data-name="members-over-time.csv"' in first and 'data-name="temperature-over-time.csv"' in first
    assert "100% of" not in first


def test_what_is_asked_for_on_the_command_line_comes_instead(club: Path) -> None:
    text = compare("club.yaml", "--response", "joins")
    assert pd.read_parquet("out/tables/comparisons.parquet")["response"].unique().tolist() == ["joins"]
    assert "joins" in text.partition("What it costs")[0]


def test_a_column_of_what_the_scenario_names_is_compared(club: Path) -> None:
    names = ["wrote_within.7", "channels.stranger.quality", "tasks.check-in.done@9"]
    compare("club.yaml", *(part for name in names for part in ("--response", name)))
    rows = pd.read_parquet("out/tables/differences.parquet")
    assert rows["response"].unique().tolist() == names
    assert rows[["value_a", "value_b"]].notna().all(axis=None)


def test_errors_stand_beside_the_means(club: Path) -> None:
    text = compare("club.yaml", "--response", "end")
    (line,) = (line for line in text.splitlines() if line.split()[:1] == ["end"])
    assert line.count("±") == 3
    values = pd.read_parquet("out/tables/differences.parquet")["value_a"]
    mean, error = line.split()[1], float(line.split()[3])
    assert float(mean) == pytest.approx(values.mean(), abs=0.06)
    assert error == pytest.approx(values.sem(), rel=0.06)


def test_a_folder_of_results_does_not_hide_a_shipped_scenario(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    short = ("--days", 5, "--set", "population.people=60", "--set", "population.founders=10")
    for _time in range(2):  # the second time the folder is there
        result = shequn(
            "compare", "small-circle:strangers", "--runs", 2, *short, "--on", "here", "--out", "small-circle"
        )
        assert result.exit_code == 0, result.output
    assert "Small circle" in result.stdout


@pytest.mark.parametrize("command", ["check", "compare"])
def test_a_response_that_does_not_exist_is_one_message(club: Path, command: str) -> None:
    (club / "club.yaml").write_text(CLUB.replace("tasks.check-in]", "task.check-in]"), encoding="utf-8")
    result = shequn(command, "club.yaml")
    assert result.exit_code == 2
    assert (
        "question.responses: there is no response 'task.check-in'; did you mean tasks.check-in?"
        in result.stderr
    )


def test_check_takes_the_responses_of_a_variant(club: Path) -> None:
    moved = CLUB.replace("tasks:\n  check-in: {effort: 0.1, gives: {honor: 4, benefit: 2}}\n", "")
    moved = moved.replace("  paid:\n", "  paid:\n    tasks: {check-in: {effort: 0.1, gives: {honor: 4}}}\n")
    (club / "club.yaml").write_text(moved, encoding="utf-8")
    result = shequn("check", "club.yaml")
    assert result.exit_code == 0, result.output
    assert "Does a fee pay?" in result.stdout


def test_check_names_the_purses(club: Path) -> None:
    assert "They can and will spend" not in shequn("check", "club.yaml").stdout
    paid = " ".join(shequn("check", "club.yaml:paid", "--set", "population.purse.mean=40").stdout.split())
    assert "They can and will spend 40 yuan here in 30 days on average" in paid
    assert "a purse of 2000 coins each" in " ".join(shequn("check", "coins").stdout.split())
