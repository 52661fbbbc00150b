"""The folder of answers: tables, figures and Markdown tables, all computed from the tables of the sweeps."""

from pathlib import Path

from shequn.experiments.studies.headline.answering import AGAIN, MIX, TABLES, Findings, findings
from shequn.experiments.studies.headline.bootstrap import counts
from shequn.experiments.studies.headline.forest import draw_forest
from shequn.experiments.studies.headline.parts import PARTS
from shequn.experiments.studies.headline.phase_diagrams import SIZE, draw_phases
from shequn.experiments.studies.headline.wording import page
from shequn.sim.presentation.sheet import sheet
from shequn.sim.results.folder import writing
from shequn.sim.results.parquet import write_table

FOLDER = "answers"
_FOREST = (7.2, 10.6)  # inches
_TITLES = {
    "social": "a year of 50 founders in 2,000 people of a social graph",
    "email-eu-core": "a year of 50 founders among the people of email-eu-core",
    "ego-facebook": "a year of 50 founders among the people of ego-facebook",
}


def write_report(out: Path) -> Path:
    """Write ``out/answers``, complete or not at all; returns it.

    Raises
    ------
    FileNotFoundError
        There is no sweep in ``out``.
    """
    found = findings(out)
    if not found.sweeps:
        raise FileNotFoundError(f"there are no tables of the headline experiment in {out}; run it first")
    with writing(out / FOLDER, lambda folder: False) as folder:
        (folder / "tables").mkdir(exist_ok=True)
        (folder / "figures").mkdir(exist_ok=True)
        for table in TABLES:
            write_table(folder, table, getattr(found, table.name))
        _draw(found, folder / "figures")
        (folder / "answers.md").write_text(page(found), encoding="utf-8", newline="\n")
    return out / FOLDER


def _draw(found: Findings, folder: Path) -> None:
    for part in PARTS:
        if part.name not in _TITLES or part.name not in found.sweeps:
            continue
        cells = found.sweeps[part.name].cells
        with sheet(folder, f"phases-{part.name}", *SIZE) as figure:
            title = f"{part.name}: {_TITLES[part.name]}, mean of {cells.replicates} runs"
            draw_phases(figure, cells, title, counts(part.seed, cells.replicates))
    graphs = {name: sweep for name, sweep in found.sweeps.items() if not name.startswith(MIX)}
    mixes = {name: sweep for name, sweep in found.sweeps.items() if name.startswith(MIX)}
    if graphs:
        with sheet(folder, "answers-graphs", *_FOREST) as figure:
            title = "Answers with 95 % intervals; hollow: new seeds, pale: not in all draws"
            draw_forest(figure, found.answers, graphs, AGAIN, title)
    if mixes:
        with sheet(folder, "answers-mixes", *_FOREST) as figure:
            title = "Answers with 95 % intervals, by what members come for; pale: not in all draws"
            draw_forest(figure, found.answers, mixes, "", title)
