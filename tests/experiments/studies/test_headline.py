"""The headline experiment: designs as promised, estimators on made-up tables with known answers, figures."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from shequn.experiments.designs.reading import read_design
from shequn.experiments.studies.headline import __main__ as headline
from shequn.experiments.studies.headline import bootstrap
from shequn.experiments.studies.headline.agreement import Pair, critical_t, differences, orders
from shequn.experiments.studies.headline.answers import answers, critical_gates, crossing
from shequn.experiments.studies.headline.bootstrap import SweepAnswers, answer_sweep, counts
from shequn.experiments.studies.headline.cells import LADDER, cells_of
from shequn.experiments.studies.headline.parts import FIRST_SEED, NEW_SEED, PARTS, design_of
from shequn.experiments.studies.headline.report import write_report

SIZES = (60.0, 100.0, 150.0, 300.0, 500.0, 1000.0)
OPENNESS = (0.0, 0.05, 0.1, 0.2, 0.5, 1.0)
Law = Callable[[float, float, float], float]


def table(
    n_runs: int = 4, noise: float = 0.0, seed: int = 1, shift: float = 0.0, **laws: Law
) -> pd.DataFrame:
    """Rows as a sweep writes them; each response a law of size, bound and openness, plus noise of its run."""
    chance = np.random.default_rng(seed)
    usual: dict[str, Law] = {
        "temperature_start": lambda s, b, o: 0.9,
        "temperature_end": lambda s, b, o: 0.8 - 0.4 * o * (1 - b) - s / 1e4,
        "evaporation": lambda s, b, o: 0.02 - 0.1 * o + 0.05 * b,
        "evaporation_control": lambda s, b, o: 0.0,
        "k": lambda s, b, o: 1.2 - o - b + s / 1e4,
        "end": lambda s, b, o: 50 + s * (1 - b),
        "founders_top_share": lambda s, b, o: 0.5 - 0.1 * o,
        "active_share": lambda s, b, o: 0.3,
        "active_month@365": lambda s, b, o: 0.3 * s,
    }
    rows = []
    for run in range(n_runs):
        luck = noise * chance.normal()
        for size, (gate, bound), openness in product(SIZES, LADDER.items(), OPENNESS):
            for name, law in (usual | laws).items():
                own = 1.0 if name == "temperature_start" else 1.0 + luck + noise * chance.normal() + shift
                rows.append((size, gate, openness, run, name, law(size, bound, openness) * own))
    return pd.DataFrame(rows, columns=["size", "gate", "openness", "run", "response", "value"])


def of(rows: pd.DataFrame, seed: int = 1) -> tuple[SweepAnswers, np.ndarray]:
    cells = cells_of(rows)
    drawn = counts(seed, cells.replicates)
    return answer_sweep(cells, drawn), drawn


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "DRAWS", 60)


def test_the_design_is_as_large_as_promised_and_the_ladder_has_its_bounds() -> None:
    design = design_of(PARTS[0])
    assert [len(factor.levels) for factor in design.factors] == [6, 4, 6]
    assert design.replicates == 30
    assert design.seed == FIRST_SEED
    for point in range(len(design.points)):
        scenario = design.scenario(point)
        assert scenario.days == 365
        gates = scenario.resolved()["gates"]
        bound = gates["task"]["at_least"] if gates else 0.0
        assert bound == LADDER[str(design.values(point)[1])]


def test_mixes_have_the_same_doors_and_some_of_the_sizes() -> None:
    whole, mixes = design_of(PARTS[0]), design_of(next(part for part in PARTS if part.file == "mixes"))
    by_name = {factor.name: {level.value for level in factor.levels} for factor in whole.factors}
    for factor in mixes.factors:
        levels = {level.value for level in factor.levels}
        assert factor.name == "mix" or levels == by_name[factor.name] or factor.name == "size"
        assert factor.name != "size" or levels < by_name["size"]


def test_a_part_on_a_real_graph_has_its_people_and_new_seeds_are_new() -> None:
    again = next(part for part in PARTS if part.name == "email-eu-core-again")
    if not again.is_possible:
        pytest.skip("../shared is not there: no real graph")
    design = design_of(again)
    assert design.seed == NEW_SEED
    assert again.graph_file is not None
    assert design.scenario(0).graph_path == again.graph_file.resolve()
    assert "carried out on the graph email-eu-core" in design.text
    assert len(design.points) == 144


def test_a_graph_that_is_not_there_is_left_out_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shequn.experiments.studies.headline.parts.GRAPHS", tmp_path)
    result = CliRunner().invoke(headline.main, ["--only", "ego-facebook", "--out", str(tmp_path / "out")])
    assert "ego-facebook is left out" in result.stderr
    assert result.exit_code == 2
    assert "run it first" in result.stderr
    assert not (tmp_path / "out").exists()


def test_the_runs_of_a_part_are_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = tmp_path / "small.yaml"
    small.write_text(
        "format: 1\ntitle: Small\nquestion: Does it run?\nscenario: small-circle\nset: {days: 2}\n"
        "factors: {community.openness: [0, 1]}\nreplicates: 1\nresponses: [end]\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(
        "shequn.experiments.studies.headline.__main__.design_of", lambda part: read_design(str(small))
    )
    headline.run(PARTS[0], tmp_path, jobs=1)
    made = tmp_path / PARTS[0].name / "tables" / "responses.parquet"
    assert len(pd.read_parquet(made)) == 2
    before = made.stat().st_mtime_ns
    headline.run(PARTS[0], tmp_path, jobs=1)
    assert made.stat().st_mtime_ns == before


def test_crossings_are_found_on_straight_lines() -> None:
    at = np.array([0.0, 1.0, 2.0, 4.0])
    assert crossing(at, np.array([-1.0, -0.5, 0.5, 2.0])) == pytest.approx(1.5)
    assert np.isnan(crossing(at, np.array([-1.0, -0.5, 0.5, 2.0]), "down"))
    assert crossing(at, np.array([1.0, -1.0, 1.0, -1.0]), "up") == pytest.approx(1.5)
    assert crossing(at, np.array([1.0, 1.0, 0.0, -1.0]), "down") == pytest.approx(2.0)
    assert np.isnan(crossing(at, np.array([1.0, 2.0, np.nan, -1.0])))


def test_answers_of_a_made_up_table_are_those_put_in() -> None:
    cells = cells_of(table())
    found = answers(cells, cells.means())
    assert found["best size: change, all doors"] == 60
    assert found["best size: k, open door"] == 1000
    # k − 1 = .2 − openness − bound + seats/10,000
    assert found["tipping openness: k, 1000 seats, gate none"] == pytest.approx(0.3)
    assert np.isnan(found["tipping openness: k, 1000 seats, gate medium"])
    # cooling = .02 − .1 openness + .05 bound
    assert found["tipping openness: cooling, 300 seats, gate none"] == pytest.approx(0.2)
    assert found["tipping openness: cooling, 300 seats, gate medium"] == pytest.approx(0.5)
    assert found["tipping openness: half, 300 seats, gate none"] == pytest.approx(0.5)
    # .2 open, without a gate: added = seats, so half at a bound of .5
    assert found["critical gate: growth, 300 seats"] == pytest.approx(0.5)
    assert np.isnan(found["critical gate: half, 300 seats"])
    assert found["contrast: gate, k"] == pytest.approx(-0.8)
    assert found["contrast: size, members"] == pytest.approx(940 * (1 - np.mean([0, 0.4, 0.6, 0.8])))


def test_the_gate_that_stops_cooling_lies_where_it_passes_zero() -> None:
    cells = cells_of(
        table(evaporation=lambda s, b, o: -0.05 + 0.1 * b, temperature_end=lambda s, b, o: 0.5 + 0.4 * b)
    )
    found = critical_gates(cells, cells.means(), 300, 0.2)
    assert found["cooling"] == pytest.approx(0.5)
    assert found["half"] == pytest.approx(0.5)  # change −.4 without a gate
    cells = cells_of(table(evaporation=lambda s, b, o: 0.01))
    assert critical_gates(cells, cells.means(), 300, 0.2)["cooling"] == 0.0  # no gate needed


def test_steepest_is_per_unit_of_openness() -> None:
    def falls_late(s: float, b: float, o: float) -> float:
        return 0.8 - 0.1 * min(o, 0.1) - 2.0 * max(0.0, min(o, 0.2) - 0.1) - 0.3 * max(0.0, o - 0.2)

    cells = cells_of(table(temperature_end=falls_late))
    found = answers(cells, cells.means())
    assert found["tipping openness: steepest, 300 seats, gate none"] == pytest.approx(0.15)


def test_unknown_values_do_not_count() -> None:
    rows = table(n_runs=2)
    rows.loc[(rows["response"] == "k") & (rows["run"] == 1), "value"] = np.nan
    cells = cells_of(rows)
    assert cells.means()["k"][0, 0, 0] == pytest.approx(1.2 + 60 / 1e4)


def test_a_gate_off_the_ladder_is_refused() -> None:
    with pytest.raises(ValueError, match="not on the ladder"):
        cells_of(table().replace({"gate": {"strict": "stricter"}}))


def test_replicates_are_drawn_whole_and_alike_for_one_seed() -> None:
    drawn = counts(7, 30)
    assert (drawn.sum(axis=1) == 30).all()
    assert (drawn == counts(7, 30)).all()
    cells = cells_of(table(n_runs=30, noise=0.1))
    direct = cells.values["k"] @ drawn[3] / 30
    assert cells.resampled_means(drawn[3:4])[0]["k"] == pytest.approx(direct)


def test_an_answer_that_few_draws_have_has_no_interval() -> None:
    found, _ = of(table(n_runs=10, noise=0.01))
    rows = found.table().set_index("answer")
    assert rows.loc["tipping openness: k, 1000 seats, gate medium", "there"] == 0.0
    assert np.isnan(rows.loc["tipping openness: k, 1000 seats, gate medium", "low"])
    inside = rows.loc["tipping openness: k, 1000 seats, gate none"]
    assert inside["low"] <= inside["value"] <= inside["high"]


def test_sweeps_of_one_law_agree_and_of_another_do_not() -> None:
    first, drawn_a = of(table(n_runs=20, noise=0.05, seed=1), seed=1)
    second, drawn_b = of(table(n_runs=20, noise=0.05, seed=2), seed=2)
    found = differences([Pair("first", "again", first, second)])
    assert len(found) == len(first.values)
    assert not found["differs"].any()  # joint level 99.9 %; seeds are fixed
    order = orders([Pair("first", "again", first, second)], {"first": drawn_a, "again": drawn_b})
    clear = order[order["clear_a"]]
    assert len(clear) > 50
    assert (np.sign(clear["a"]) == np.sign(clear["b"])).all()

    other, _ = of(table(n_runs=20, noise=0.05, seed=2, k=lambda s, b, o: 0.5 + o), seed=2)
    comparison = differences([Pair("first", "other", first, other)]).set_index("answer")["differs"]
    assert comparison["contrast: openness, k"]
    assert not comparison["contrast: openness, members"]


def test_none_against_a_number_is_a_difference() -> None:
    first, _ = of(table(n_runs=10, noise=0.001, seed=1))
    never, _ = of(table(n_runs=10, noise=0.001, seed=2, k=lambda s, b, o: 0.5))
    comparison = differences([Pair("first", "never", first, never)]).set_index("answer")
    name = "tipping openness: k, 1000 seats, gate none"
    assert np.isnan(comparison.loc[name, "b"])
    assert comparison.loc[name, "differs"]
    both = differences([Pair("never", "never", never, never)]).set_index("answer")
    assert not both.loc[name, "differs"]


def test_the_joint_level_is_bonferronis() -> None:
    from scipy import stats

    assert stats.t.sf(critical_t(174, 30), 29) * 2 * 174 == pytest.approx(0.001)


def test_tables_and_figures_come_from_the_tables_alone(tmp_path: Path) -> None:
    def lay(name: str, rows: pd.DataFrame) -> None:
        folder = tmp_path / name / "tables"
        folder.mkdir(parents=True)
        rows.to_parquet(folder / "responses.parquet")

    lay("social", table(noise=0.1))
    lay("social-again", table(noise=0.1, seed=2))
    mixed = table(noise=0.1)
    mixed = mixed[mixed["size"].isin([100.0, 300.0, 1000.0])]
    lay("mixes", pd.concat([mixed.assign(mix=name) for name in ("interest", "honor")]))
    folder = write_report(tmp_path)
    figures = {path.name for path in (folder / "figures").iterdir()}
    names = ("phases-social", "answers-graphs", "answers-mixes")
    assert figures == {f"{name}.{ending}" for name in names for ending in ("png", "svg")}
    answered_there = pd.read_parquet(folder / "tables" / "answers.parquet")
    assert set(answered_there["sweep"]) == {
        "social", "social-again", "mix even", "mix interest", "mix honor",
    }  # fmt: skip
    page = (folder / "answers.md").read_text(encoding="utf-8")
    assert "| best size: change, all doors | 60 (60 to 60) |" in page
    drawn = (folder / "figures" / "phases-social.svg").read_bytes()
    assert (write_report(tmp_path) / "figures" / "phases-social.svg").read_bytes() == drawn
