"""What is wrong with a scenario is told in Chinese too: no English sentence is left, only keys and values."""

import re
import sys
from pathlib import Path

import pytest

from shequn.sim.language import in_language
from shequn.sim.scenario import Scenario, ScenarioError

sys.path.insert(0, str(Path(__file__).parent))  # the table is shared with the English tests
from broken import BROKEN, Broken

_ENGLISH = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,}\b")  # two words in a row


@pytest.mark.parametrize("broken", BROKEN, ids=[broken.name for broken in BROKEN])
def test_a_broken_scenario_is_reported_in_chinese(broken: Broken, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes(broken.text if isinstance(broken.text, bytes) else broken.text.encode())
    with in_language("zh"), pytest.raises(ScenarioError) as caught:
        Scenario.load(path)
    assert [problem.line for problem in caught.value.problems] == [broken.line]
    for problem in caught.value.problems:
        said = f"{problem.message} {problem.hint}".replace(str(tmp_path), "")
        said = re.sub(r"\"[^\"]*\"|'[^']*'", "", said)  # what stands in the file
        assert re.search(r"[\u4e00-\u9fff]", said), said
        assert not _ENGLISH.search(said), said
