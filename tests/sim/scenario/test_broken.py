"""Every broken scenario gives one message with the right line; several faults come at once."""

import pickle
import sys
from pathlib import Path

import pytest

from shequn.sim.scenario import Scenario, ScenarioError

sys.path.insert(0, str(Path(__file__).parent))  # the table is shared with the tests of the command line
from broken import BROKEN, HEAD, Broken


def _error(path: Path) -> ScenarioError:
    with pytest.raises(ScenarioError) as caught:
        Scenario.load(path)
    return caught.value


@pytest.mark.parametrize("broken", BROKEN, ids=[broken.name for broken in BROKEN])
def test_a_broken_scenario_gives_one_problem_at_its_line(broken: Broken, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes(broken.text if isinstance(broken.text, bytes) else broken.text.encode())
    error = _error(path)
    assert [problem.line for problem in error.problems] == [broken.line], str(error)
    for word in broken.words:
        assert word in str(error)


def test_there_are_at_least_sixty_broken_scenarios() -> None:
    assert len(BROKEN) >= 60
    assert len({broken.name for broken in BROKEN}) == len(BROKEN)


def test_all_errors_come_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(HEAD + "days: 0\nsed: 1\nruns: x\ncommunity: {openness: 2}\nvariants: {a: {days: 0.5}}\n")
    error = _error(path)
    assert [problem.line for problem in error.problems] == [3, 4, 5, 6, 7]
    assert "5 errors" in str(error)


def test_duplicates_and_wrong_values_come_together(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(HEAD + "days: 3\ndays: 4\nruns: 0\n")
    assert [problem.line for problem in _error(path).problems] == [4, 5]


def test_the_caret_stands_under_the_value_also_after_chinese(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("{format: 1, title: 小组, days: 0}\n", encoding="utf-8")
    line, caret = str(_error(path)).splitlines()[1:3]
    before = line[: line.index("0}")]
    assert caret.index("^") == len(before) + 2  # two Chinese characters take two columns each
    assert caret.count("^") == 1


def test_a_fault_of_the_scenario_is_not_repeated_for_its_variants(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(HEAD + "days: 0\nvariants: {a: {seed: 2}, b: {seed: 3}}\n")
    assert len(_error(path).problems) == 1


def test_long_lines_are_cut_around_the_caret(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("{format: 1, title: x, " + "description: " + "y" * 5000 + ", days: 0}\n")
    lines = str(_error(path)).splitlines()
    assert max(map(len, lines[1:])) < 120
    assert lines[1][lines[2].index("^")] == "0"


def test_missing_folder_and_unreadable_files_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "open.yaml").write_text(HEAD)
    assert "did you mean" in str(_error(tmp_path / "opne.yaml"))
    assert "is a folder" in str(_error(tmp_path))
    assert "nor a folder" in str(_error(tmp_path / "none" / "s.yaml"))
    assert str(_error(tmp_path / ("x" * 300 + ".yaml")))
    assert str(_error(tmp_path / "a\0b.yaml"))

    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert "cannot be read: Permission denied" in str(_error(tmp_path / "open.yaml"))


def test_gbk_is_read_with_a_note_and_utf8_without(tmp_path: Path) -> None:
    text = "format: 1\ntitle: 社群运营\n"
    for encoding, noted in (("utf-8", False), ("utf-8-sig", False), ("gbk", True), ("utf-16", True)):
        path = tmp_path / f"{encoding}.yaml"
        path.write_bytes(text.encode(encoding))
        scenario = Scenario.load(path)
        assert scenario.title == "社群运营"
        assert bool(scenario.notes) is noted


def test_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes((HEAD + "days: 3\nruns: 0\n").replace("\n", "\r\n").encode())
    assert [problem.line for problem in _error(path).problems] == [4]


def test_errors_survive_pickling(tmp_path: Path) -> None:
    error = _error(tmp_path / "none.yaml")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
