"""check, new, list, schema: what they print, and that a mistake costs one clear message."""

import io
import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shequn.app.cli import cli
from shequn.app.options import resolved_scenario
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.locations import shipped

sys.path.insert(0, str(Path(__file__).parents[1] / "sim" / "scenario"))  # its table of broken scenarios
from broken import BROKEN, HEAD, Broken


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _shequn(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), prog_name="shequn")


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _fails_clearly(result: Result) -> str:
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.count("Error: ") == 1
    assert "Traceback" not in result.stderr
    assert "pydantic" not in result.stderr
    return result.stderr


@pytest.mark.parametrize("broken", BROKEN, ids=[broken.name for broken in BROKEN])
def test_check_of_a_broken_file_is_one_clear_message_and_writes_nothing(broken: Broken, folder: Path) -> None:
    (folder / "s.yaml").write_bytes(broken.text if isinstance(broken.text, bytes) else broken.text.encode())
    before = _files(folder)
    message = _fails_clearly(_shequn("check", "s.yaml"))
    assert "s.yaml" in message or "graph" in message
    if broken.line is not None:
        assert f"s.yaml:{broken.line}:" in message
    for word in broken.words:
        assert word in message
    assert _files(folder) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["opne-group"], ["no scenario 'opne-group'", "did you mean open-group"]),
        (["open-group:clsed"], ["no variant 'clsed'", "did you mean closed"]),
        (["open-group:"], ["no variant ''"]),
        ([""], ["no scenario given"]),
        ([":closed"], ["no scenario ':closed'"]),
        (["none.yaml"], ["there is no file none.yaml"]),
        (["."], ["is a folder"]),
        (["../../../etc/passwd"], ["etc/passwd"]),
        (["x" * 5000], ["no scenario"]),
        (["open-group", "--days", "0"], ["--days: days is 0", "from 1 to 36500"]),
        (["open-group", "--days", "many"], ['--days: days is "many"']),
        (["open-group", "--days", "1e9"], ["--days: days is 1e9"]),
        (["open-group", "--days", ""], ["--days: no value"]),
        (["open-group", "--days", "[3"], ["--days: not YAML"]),
        (["open-group", "--seed", "-1"], ["--seed: seed is -1"]),
        (["open-group", "--seed", "9223372036854775808"], ["--seed: seed is 9223372036854775808"]),
        (["open-group", "--runs", "1.5"], ["--runs: runs is 1.5", "whole number"]),
        (["open-group", "--runs", "１０"], ["--runs", "write 10"]),
        (["open-group", "--set", "days"], ["'days' is not key=value"]),
        (["open-group", "--set", "=3"], ["is not key=value"]),
        (["open-group", "--set", "days="], ["--set: no value for days"]),
        (["open-group", "--set", "dayz=3"], ["--set: unknown key dayz", "did you mean days"]),
        (["open-group", "--set", "community.opennes=.3"], ["did you mean openness"]),
        (["open-group", "--set", "community.openness=2"], ["--set: community.openness is 2"]),
        (["open-group", "--set", "community.openness=30%"], ["write 0.3"]),
        (["open-group", "--set", "community.openness=nan"], ['"nan"', "from 0 to 1"]),
        (["open-group", "--set", "community.openness=.inf"], ["openness is .inf"]),
        (["open-group", "--set", "community=3"], ["a mapping"]),
        (["open-group", "--set", "community.openness.x=3"], ["single value"]),
        (["open-group", "--set", "community..openness=3"], ["not a dotted key"]),
        (["open-group", "--set", "gates.0.amount=3"], ["not a position in this list"]),
        (["gated-group", "--set", "gates.3.cost=3"], ["not a position in this list (allowed: 0 to 2)"]),
        (["gated-group", "--set", "gates.x=3"], ["gates.x is 3; expected a mapping with kind"]),
        (["gated-group", "--set", "gates.taks.cost=3"], ["no gate named taks; did you mean task?"]),
        (["gated-group", "--set", "gates.taks=null"], ["no gate named taks; did you mean task?"]),
        (["flood-of-newcomers", "--set", "operations.shok.people=3"], ["did you mean shock?"]),
        (["open-group", "--set", "operations=[{do: shock}]"], ["people is missing"]),
        (["open-group", "--set", "why=!!python/name:os.system x"], ["tags"]),
        (["open-group", "--set", "why=*a"], ["aliases"]),
        (["open-group", "--set", "why=a: b: c"], ["not YAML"]),
        (["open-group", "--set", "why=a\nb: 3"], ["one line"]),
        (["open-group", "--set", "variants.a.days=3"], ["cannot be set"]),
        (["open-group", "--set", "format=2"], ["cannot be set"]),
        (["open-group", "--set", "population.people=10"], ["50 founders, but only 10"]),
        (["open-group", "--set", "population.people=10000000000"], ["people is 10000000000"]),
        (["open-group", "--set", "rules.leaving.cap=2"], ["cap is 2"]),
        (["open-group", "--graph", "none.txt"], ["--graph: there is no graph file none.txt"]),
        (["open-group", "--graph", "."], ["--graph: the graph's file . is a folder"]),
        (["open-group", "--graph", ""], ["--graph"]),
        (["open-group", "--graph", "a\0b"], ["--graph"]),
        (["open-group", "--nonsense"], ["--nonsense"]),
        ([], ["SCENARIO"]),
        (["open-group", "gated-group"], ["gated-group"]),
    ],
)
def test_a_wrong_name_or_option_is_one_clear_message_and_writes_nothing(
    arguments: list[str], words: list[str], folder: Path
) -> None:
    message = _fails_clearly(_shequn("check", *arguments))
    for word in words:
        assert word in message
    assert _files(folder) == {}


def test_all_wrong_options_are_reported_at_once(folder: Path) -> None:
    message = _fails_clearly(_shequn("check", "open-group", "--days", "0", "--set", "community.openness=2"))
    assert "--days: days is 0" in message
    assert "--set: community.openness is 2" in message


def test_an_unknown_command_names_the_nearest() -> None:
    assert "did you mean check" in _fails_clearly(_shequn("chek"))


def test_check_explains_and_yaml_prints_what_loads_again(folder: Path) -> None:
    result = _shequn("check", "flood-of-newcomers:pruned", "--days", "200", "--set", "community.openness=0.1")
    assert result.exit_code == 0
    assert "200 days" in result.stdout
    assert "removed" in result.stdout
    result = _shequn("check", "open-group", "--yaml")
    (folder / "again.yaml").write_text(result.stdout, encoding="utf-8")
    assert Scenario.load("again.yaml") == Scenario.load("open-group")


def test_options_win_over_the_file_and_the_later_over_the_earlier(folder: Path) -> None:
    found = resolved_scenario("open-group", ("days=5", "days=7"), days="6", seed="9", runs="3")
    assert (found.days, found.seed, found.runs) == (7, 9, 3)


def test_a_graph_option_replaces_graph_and_people(folder: Path) -> None:
    (folder / "g.txt").write_text("1 2\n")
    found = resolved_scenario("invitation-chain:watts-strogatz", graph="g.txt")
    assert found.graph_path == (folder / "g.txt").resolve()
    assert found.population.people is None
    (folder / "again.yaml").write_text(found.dump(), encoding="utf-8")
    assert resolved_scenario("again.yaml").graph_path == found.graph_path


def test_notes_go_to_stderr(folder: Path) -> None:
    (folder / "s.yaml").write_bytes("format: 1\ntitle: 社群\n".encode("gbk"))
    result = _shequn("check", "s.yaml")
    assert result.exit_code == 0
    assert "GB18030" in result.stderr
    assert "GB18030" not in result.stdout


def test_new_writes_a_scenario_that_checks_and_never_overwrites(folder: Path) -> None:
    assert _shequn("new", "book-club").exit_code == 0
    written = _files(folder)
    assert _shequn("check", "book-club").exit_code == 0
    assert _shequn("check", "book-club.yaml:closed").exit_code == 0
    assert Scenario.load("book-club").title == "Book club"
    assert "not changed" in _fails_clearly(_shequn("new", "book-club.yaml"))
    assert _files(folder) == written
    assert _shequn("new").exit_code == 0
    assert (folder / "my-community.yaml").is_file()


def test_the_schema_that_new_names_is_found_from_the_new_file(folder: Path) -> None:
    _shequn("new", "a")
    first = (folder / "a.yaml").read_text(encoding="utf-8").splitlines()[0]
    target = folder / first.partition("$schema=")[2]
    assert json.loads(target.read_text(encoding="utf-8"))["title"] == "shequn scenario"


@pytest.mark.parametrize(
    "name", ["open-group", "none/x", "", "a:b", ".", "..", "a/", "a\0b", "x" * 300, "-x", "a\nb", "a\x1b[31m"]
)
def test_new_refuses_a_name_that_is_none(name: str, folder: Path) -> None:
    _fails_clearly(_shequn("new", "--", name))
    assert _files(folder) == {}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_new_leaves_nothing_behind_when_the_disk_is_full(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shequn.app.scenario_commands as commands

    class Full(type(Path())):  # type: ignore[misc]  # the platform's own kind of path
        def open(self, *args: object, **kwargs: object) -> object:  # type: ignore[override]
            Path(str(self)).touch(exist_ok=False)
            return io.open("/dev/full", "w")  # noqa: UP020  # handed on; Path.open is the one replaced

    monkeypatch.setattr(commands, "Path", Full)
    assert "No space left" in _fails_clearly(_shequn("new", "x"))
    assert _files(folder) == {}


def test_list_names_every_shipped_scenario_with_its_question() -> None:
    result = _shequn("list")
    assert result.exit_code == 0
    for name in shipped():
        assert f"{name}: {Scenario.load(name).title}" in result.stdout
    assert result.stdout.count("?") >= len(shipped())


def test_schema_prints_json() -> None:
    assert "$defs" in json.loads(_shequn("schema").stdout)


def test_help_and_version_need_no_command() -> None:
    assert "Commands:" in _shequn("--help").stdout
    assert "shequn, version" in _shequn("--version").stdout


def test_head_of_the_table_is_a_valid_scenario(folder: Path) -> None:
    (folder / "s.yaml").write_text(HEAD)
    assert _shequn("check", "s.yaml").exit_code == 0


OLD_FILE = """\
# a comment
format: 1
title: Old club
gates: [{kind: rules, cost: 1}, {kind: fee, amount: 9}]  # a door
operations:
  - {do: campaign, day: 3, invitations: 2}
variants:
  free: {gates: [{kind: rules, cost: 1}]}
  calm: {title: Calm, operations: []}
"""


def test_new_from_an_old_file_writes_it_in_format_2_and_says_what_is_lost(folder: Path) -> None:
    (folder / "club.yaml").write_text(OLD_FILE, encoding="utf-8")
    result = _shequn("new", "--from", "club.yaml", "new-club")
    assert result.exit_code == 0, result.output
    assert "Comments of club.yaml are not in it" in result.stdout
    assert "reminders: 1" in result.stderr  # a key of version 0.2
    text = (folder / "new-club.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=")
    assert "free:\n    gates: {fee: null}\n" in text
    assert "calm: {title: Calm, operations: null}\n" in text
    assert (folder / "club.yaml").read_text(encoding="utf-8") == OLD_FILE
    for variant in (None, "free", "calm"):
        assert Scenario.load("new-club", variant) == Scenario.load("club", variant)
    assert not any("reminders" in note for note in Scenario.load("new-club").notes)
    written = _files(folder)
    assert "not changed" in _fails_clearly_after_notes(_shequn("new", "--from", "club.yaml", "new-club"))
    assert _files(folder) == written
    assert _shequn("new", "--from", "club.yaml").exit_code == 0
    assert (folder / "club-format-2.yaml").is_file()


def test_a_copy_of_a_shipped_scenario_has_its_titles_in_the_users_language(folder: Path) -> None:
    result = _shequn("--lang", "zh", "new", "--from", "reading-club", "mine")
    assert result.exit_code == 0, result.output
    text = (folder / "mine.yaml").read_text(encoding="utf-8")
    assert "99 元的读书会" in text and "99 yuan" not in text
    copy, original = Scenario.load("mine", "free"), Scenario.load("reading-club", "free")
    assert copy.places == original.places and copy.operations == original.operations


def _fails_clearly_after_notes(result: Result) -> str:
    assert result.exit_code == 2, result.output
    assert result.stderr.count("Error: ") == 1
    return result.stderr


def test_new_from_a_file_with_mistakes_reports_them_and_writes_nothing(folder: Path) -> None:
    (folder / "club.yaml").write_text(OLD_FILE.replace("amount: 9", "amuont: 9"), encoding="utf-8")
    before = _files(folder)
    assert "club.yaml:4" in _fails_clearly(_shequn("new", "--from", "club.yaml", "new-club"))
    assert "did you mean" in _fails_clearly(_shequn("new", "--from", "gated-gruop"))
    assert _files(folder) == before


MISTAKES = """\
format: 2
title: Mistakes of every kind
days: 60
days: 90
community: {openess: 0.5, openness: 3}
spaces: {hall: {}, room: {in: hal}}
staff: {head: {in: nowhere}}
operations: {up: {do: set, day: 3, key: rules.visiting.nothing, to: 3}}
population: {graph: {file: none.csv}}
question: {text: Does it?, arms: [nobody]}
variants: {later: {days: 0}}
"""


def test_mistakes_are_reported_in_as_few_rounds_as_the_help_says(folder: Path) -> None:
    rounds = (
        (["duplicate key days", "unknown key openess", "openness is 3", "no variant 'nobody'", "days is 0"],
         {"days: 90\n": "", "openess: 0.5, openness: 3": "openness: 0.3", "nobody": "later", "days: 0": "days: 9"}),
        (["room is in hal", "there is no space nowhere"], {"in: hal}": "in: hall}", "nowhere": "room"}),
        (["unknown key nothing", "there is no graph file"], {}),
    )  # fmt: skip
    text = MISTAKES
    for expected, mended in rounds:
        (folder / "s.yaml").write_text(text, encoding="utf-8")
        message = _fails_clearly(_shequn("check", "s.yaml"))
        assert f"{len(expected)} errors in this scenario" in message
        for words in expected:
            assert words in message
        for wrong, right in mended.items():
            text = text.replace(wrong, right)


@pytest.mark.parametrize(
    "key",
    ["rules.relationship.half_life", "rules.visiting.need_half_life", "rules.satisfaction.stock_half_life",
     "rules.joining.commitment_half_life", "community.mood.half_life", "community.return_after"],
)  # fmt: skip
def test_what_never_fades_can_be_said_in_yaml(key: str) -> None:
    endless, never = (resolved_scenario("open-group", (f"{key}={word}",)) for word in (".inf", "never"))
    assert endless == never
    assert f"{key.rsplit('.')[-1]}: never" in endless.dump()


def test_a_mood_that_never_fades_is_that_of_the_first_day() -> None:
    import numpy as np

    from shequn.sim.kernel.mood import moods

    records = moods(1, 30, 0.5, float("inf"), None, np.linspace(0.0, 7.0, 169))
    assert np.unique(records["factor"][:30]).size == 1
