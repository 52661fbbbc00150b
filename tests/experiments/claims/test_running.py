"""Two claims from their runs to the page: the same bytes however they were run, and again from the tables alone."""

from pathlib import Path

import pytest

from shequn.app.answers.claims import Answer
from shequn.app.claims_page import page, present
from shequn.app.report.claims import report
from shequn.app.report.page import html
from shequn.app.report.result_folder import ResultFolder
from shequn.experiments.claims.reading import read_claims
from shequn.experiments.claims.running import try_claims
from shequn.experiments.claims.study import Size, Study
from shequn.experiments.sweeps.run_store import FILE
from shequn.sim.language import LANGUAGES, in_language
from shequn.sim.results.folder import unfinished_folder

SIZE = Size(pairs=3, draws=2, draw_pairs=1, is_quick=True)


def _study() -> Study:
    claims = read_claims()
    return Study(claims, claims.chosen(("c04", "c07", "c24")), None, SIZE)


def _made(final: Path, on: str, jobs: int | None = None) -> Path:
    try_claims(_study(), final, lambda _runs, _finished: lambda _outcome: None, on, jobs, present=present)
    return final


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _made(tmp_path_factory.mktemp("claims") / "here", "here")


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in [*folder.glob("tables/*"), *folder.glob("*.md")]}


def test_two_processes_write_the_same_bytes(made: Path, tmp_path: Path) -> None:
    assert _files(_made(tmp_path / "two", "processes", 2)) == _files(made)


def test_an_interrupted_study_continues_to_the_same_bytes(made: Path, tmp_path: Path) -> None:
    finished = 0

    def watch(_runs: int, _finished: int):  # type: ignore[no-untyped-def]
        def progress(_outcome: object) -> None:
            nonlocal finished
            finished += 1
            if finished == 10:
                raise KeyboardInterrupt

        return progress

    final = tmp_path / "again"
    with pytest.raises(KeyboardInterrupt):
        try_claims(_study(), final, watch, "here", present=present)
    assert (unfinished_folder(final) / FILE).stat().st_size > 0
    assert not final.exists()
    assert _files(_made(final, "here")) == _files(made)


def test_the_page_from_the_tables_alone_is_the_same(made: Path) -> None:
    for language in LANGUAGES:
        with in_language(language):
            assert page(Answer.read(made)).encode() == (made / f"claims.{language}.md").read_bytes()


def test_the_page_says_what_it_is_and_how_to_repeat_it(made: Path) -> None:
    text = (made / "claims.en.md").read_text(encoding="utf-8")
    assert "This was a quick run" in text
    assert "## C4: cannot fail here" in text
    assert "shequn claims --only c24 --quick" in text
    assert "(commit `17bf48f`)" in text
    chinese = (made / "claims.zh.md").read_text(encoding="utf-8")
    assert chinese.count("\n## ") == text.count("\n## ")
    assert chinese.count("\n|") == text.count("\n|")


def test_the_large_graph_is_needed_for_a_group_of_300(made: Path) -> None:
    answer = Answer.read(made)
    assert set(answer.effects.loc[answer.effects["claim"] == "C7", "setting"]) == {"article", "forum", "log"}


def test_the_report_has_a_section_and_a_chart_of_each_claim(made: Path) -> None:
    built = report(ResultFolder(made))
    assert [section.title.split(":")[0] for section in built.sections[1:4]] == ["C4", "C7", "C24"]
    assert html(built).count('<script type="application/json" data-chart') == 2
