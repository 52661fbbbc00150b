"""A tiny study from its runs to the page: the same bytes however it was run, and again from the tables alone."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from shequn.app.answers.playbook import Answer
from shequn.app.playbook_page import page, present
from shequn.app.report.page import html
from shequn.app.report.playbook import report
from shequn.app.report.result_folder import ResultFolder
from shequn.experiments.playbook.design import AS_IT_IS, AS_SHIPPED
from shequn.experiments.playbook.reading import Kind, Playbook, read_playbook
from shequn.experiments.playbook.running import rank_levers
from shequn.experiments.playbook.study import Size, Study
from shequn.experiments.sweeps.run_store import FILE
from shequn.experiments.sweeps.studies import Where
from shequn.sim.language import LANGUAGES, in_language
from shequn.sim.results.folder import unfinished_folder

ALL = read_playbook()


class World(NamedTuple):
    """A chat of few people."""

    days: int
    people: int
    size: Size


SMALL = World(
    40, 150, Size(pairs=3, mix_pairs=2, is_quick=True)
)  # too short for a week 4: retention is unknown
TINY = World(8, 60, Size(pairs=2, mix_pairs=0, is_quick=True))


def _study(world: World) -> Study:
    """Three levers, and two mixes beside the one as shipped."""
    chat = ALL.kinds[0]
    changed = {"days": world.days, "population": {"people": world.people, "founders": 15}}
    levers = {name: chat.levers[name] for name in ("welcome", "points", "fee")}
    mixes = {name: ALL.settings.mixes[name] for name in ("event", "locality")}
    kind = Kind(chat.name, chat.title, chat.scenario, changed, chat.retention, levers)
    playbook = Playbook(ALL.settings.model_copy(update={"mixes": mixes}), (kind,))
    return Study(playbook, playbook.kinds, world.size)


def _made(final: Path, world: World = SMALL) -> Path:
    rank_levers(_study(world), final, Where(lambda _runs, _finished: lambda _outcome: None, "here"), present)
    return final


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _made(tmp_path_factory.mktemp("playbook") / "here")


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in [*folder.glob("tables/*"), *folder.glob("*.md")]}


def test_without_compilation_it_is_the_same_to_the_byte(tmp_path: Path) -> None:
    folder = Path(__file__).resolve().parent
    code = "from pathlib import Path; from test_running import TINY, _made; _made(Path('plain'), TINY)"
    path = os.pathsep.join([str(folder), str(folder.parents[2]), os.environ.get("PYTHONPATH", "")])
    plain = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": path}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=plain, check=True)
    assert _files(tmp_path / "plain") == _files(_made(tmp_path / "compiled", TINY))


def test_an_interrupted_study_continues_to_the_same_bytes(made: Path, tmp_path: Path) -> None:
    finished = 0

    def watch(_runs: int, _finished: int):  # type: ignore[no-untyped-def]
        def progress(_outcome: object) -> None:
            nonlocal finished
            finished += 1
            if finished == 15:  # within the runs of the other mixes
                raise KeyboardInterrupt

        return progress

    final = tmp_path / "again"
    with pytest.raises(KeyboardInterrupt):
        rank_levers(_study(SMALL), final, Where(watch, "here"), present)
    assert (unfinished_folder(final) / FILE).stat().st_size > 0
    assert not final.exists()
    assert _files(_made(final)) == _files(made)


def test_the_page_from_the_tables_alone_is_the_same(made: Path) -> None:
    for language in LANGUAGES:
        with in_language(language):
            assert page(Answer.read(made)).encode() == (made / f"playbook.{language}.md").read_bytes()


def test_the_page_says_what_it_is_and_how_to_repeat_it(made: Path) -> None:
    text = (made / "playbook.en.md").read_text(encoding="utf-8")
    assert "This was a quick run" in text
    assert f"(commit `{ALL.settings.committed}`)" in text
    assert "shequn playbook --quick --pairs 3 --mix-pairs 2 --only chat" in text
    chinese = (made / "playbook.zh.md").read_text(encoding="utf-8")
    assert chinese.count("\n#") == text.count("\n#")
    assert chinese.count("\n|") == text.count("\n|")


def test_effects_and_costs_are_those_of_the_runs(made: Path) -> None:
    """Worked again from the table of runs: a host of 12.5 a day, and what the fee does to growth."""
    results = ResultFolder(made)
    runs, effects = results.table("lever_runs"), results.table("lever_effects")
    ends = runs[runs["mix"] == AS_SHIPPED].pivot_table(index="run", columns="arm", values="end")
    fee = effects[
        (effects["mix"] == AS_SHIPPED) & (effects["lever"] == "fee") & (effects["goal"] == "growth")
    ]
    np.testing.assert_allclose(fee["effect"], (ends["fee"] - ends[AS_IT_IS]).mean())
    costs = results.table("levers")[["lever", "money", "money_low", "money_high"]].to_numpy().tolist()
    assert costs[0] == ["welcome", 500.0, 500.0, 500.0]
    assert costs[2] == ["fee", 0.0, 0.0, 0.0]
    assert set(results.table("ratios")["lever"]) == {"welcome"}  # points are too few to be clearly above 0


def test_the_report_has_a_section_of_each_kind(made: Path) -> None:
    built = report(ResultFolder(made))
    assert [section.title for section in built.sections][:2] == ["chat", "How it is measured"]
    assert "What to do first, for what" in html(built)
