"""Global sensitivity: known indices come out, and inert factors are not told from 0."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from click.testing import CliRunner

from shequn.app.cli import cli
from shequn.experiments.designs.points import Sample
from shequn.experiments.designs.reading import read_design
from shequn.experiments.global_sensitivity.analysis import FewFactorsError, sample_design
from shequn.experiments.global_sensitivity.indices import MAIN_INDEX, Index, indices
from shequn.experiments.global_sensitivity.sampling import UnitSample

pytest.importorskip("SALib", reason="the extra sensitivity is not installed")

SPACE = """\
format: 1
title: A small space
scenario: with-a-guide.yaml
set: {days: 20}
design: space
factors:
  community.openness: {low: 0.0, high: 1.0}
  gate: {key: gates, levels: {none: null, task: {task: {kind: task}}}}
  staff.guide.pay: {low: 1, high: 50}
replicates: 3
seed: 3
responses: [end, temperature@10]
"""
GUIDE = """\
format: 2
title: A group with a guide
population: {people: 120, founders: 12}
staff: {guide: {pay: 1}}
"""
Numbers = npt.NDArray[np.float64]
A, B = 7.0, 0.1


def space(tmp_path: Path, text: str = SPACE) -> Path:
    (tmp_path / "with-a-guide.yaml").write_text(GUIDE, encoding="utf-8")
    path = tmp_path / "space.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def ishigami(x: Numbers) -> Numbers:
    """Ishigami & Homma (1990), over x in [-pi, pi]³."""
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


def known() -> dict[str, tuple[float, float]]:
    """First and total indices of Ishigami's function, in closed form."""
    v1 = 0.5 * (1 + B * np.pi**4 / 5) ** 2
    v2 = A**2 / 8
    v13 = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
    v = v1 + v2 + v13
    return {"x1": (v1 / v, (v1 + v13) / v), "x2": (v2 / v, v2 / v), "x3": (0.0, v13 / v)}


def three(tmp_path: Path) -> Path:
    """A design of three ranges; what they vary does not matter here."""
    ranges = "\n".join(
        f"  x{i}: {{key: rules.{key}, low: 1, high: 3}}"
        for i, key in enumerate(("relationship.half", "interest.half", "locality.half"), start=1)
    )
    return space(
        tmp_path, f"format: 1\ntitle: Three\nscenario: open-group\ndesign: space\nfactors:\n{ranges}\n"
    )


def at(path: Path, method: str, n: int) -> tuple[Numbers, UnitSample]:
    """The points of a design, from its levels' own values scaled to [-pi, pi], and the sample."""
    design, sampled = sample_design(read_design(str(path)), method, n)
    assert isinstance(design.points, Sample)
    values = np.array([design.values(point) for point in range(len(design.points))], dtype=float)
    return (values - 2.0) * np.pi, sampled


def test_the_indices_of_ishigamis_function_come_out(tmp_path: Path) -> None:
    x, sampled = at(three(tmp_path), "sobol", 2048)
    found = {(i.factor, i.measure): i for i in indices(sampled, ishigami(x)[:, None])}
    for name, (first, total) in known().items():
        # scrambled Sobol points of one fixed seed: an error of some .01 is usual at this size
        assert found[name, "first"].value == pytest.approx(first, abs=0.03)
        assert found[name, "total"].value == pytest.approx(total, abs=0.03)
        # four intervals' half widths: beyond 7 standard errors
        for index, truth in (("first", first), ("total", total)):
            one = found[name, index]
            assert abs(one.value - truth) < 4.0 * (one.high - one.low) / 2.0
    assert not found["x3", "first"].clear
    assert all(found[name, "total"].clear for name in known())


def test_the_elementary_effects_of_a_linear_function_are_its_slopes(tmp_path: Path) -> None:
    x, sampled = at(three(tmp_path), "morris", 10)
    y = 3.0 * x[:, 0] - 2.0 * x[:, 1]
    found = {(i.factor, i.measure): i for i in indices(sampled, y[:, None])}
    whole = 2.0 * np.pi  # a factor's range
    assert found["x1", "mu"].value == pytest.approx(3.0 * whole)
    assert found["x2", "mu"].value == pytest.approx(-2.0 * whole)
    assert found["x2", "mu_star"].value == pytest.approx(2.0 * whole)
    assert found["x1", "sigma"].value == pytest.approx(0.0, abs=1e-9)
    assert [found[name, "mu_star"].clear for name in ("x1", "x2", "x3")] == [True, True, False]


@pytest.mark.parametrize(("method", "n"), [("morris", 20), ("sobol", 256)])
def test_a_factor_that_only_shuffles_the_luck_is_not_told_from_0(tmp_path: Path, method: str, n: int) -> None:
    x, sampled = at(three(tmp_path), method, n)
    called = 0
    for seed in range(20):
        chance = np.random.default_rng(seed).normal(
            size=(len(x), 4)
        )  # every point its own luck: no factor acts
        found = indices(sampled, chance)
        called += sum(i.clear for i in found if i.measure == MAIN_INDEX[method])
        noise = [i.noise / i.value for i in found if i.measure == MAIN_INDEX[method]]
        assert 0.5 < np.mean(noise) < 2.0  # what chance makes is foretold
    # one-sided at 2.5 % each, 60 factors: more than 9 has a probability below 1e-5
    assert called <= 9


def test_a_response_that_nothing_moves_has_indices_of_0(tmp_path: Path) -> None:
    x, sampled = at(three(tmp_path), "sobol", 8)
    found = indices(sampled, np.ones((len(x), 2)))
    assert {i.value for i in found} == {0.0}
    assert not any(i.clear for i in found)


def test_a_morris_grid_reaches_every_level(tmp_path: Path) -> None:
    text = SPACE.replace(
        "{none: null, task: {task: {kind: task}}}", "{a: null, b: {b: {kind: rules}}, c: {c: {kind: task}}}"
    )
    design, _ = sample_design(read_design(str(space(tmp_path, text))), "morris", 20)
    assert {design.values(point)[1] for point in range(len(design.points))} == {"a", "b", "c"}


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["sensitivity", *map(str, arguments)])
    return done.exit_code, done.output


def test_a_design_is_analysed_and_what_touches_nothing_has_exactly_0(tmp_path: Path) -> None:
    final = tmp_path / "out"
    path = space(tmp_path)
    code, said = run(path, "--points", 3, "--out", final, "--on", "here", "--csv")
    assert code == 0, said
    table = pd.read_parquet(final / "tables" / "indices.parquet")
    assert list(table.columns) == ["response", *Index._fields]
    assert len(table) == 2 * 3 * 3
    cost = table[table["factor"] == "staff.guide.pay"]  # money moves nobody
    assert cost.loc[cost["measure"] == "mu_star", "value"].eq(0.0).all()
    assert not cost["clear"].any()
    assert (final / "figures" / "indices.png").exists()
    assert (final / "tables" / "indices.csv").exists()
    assert "3 factors, 12 points × 3 runs = 36 runs" in said
    first = (final / "tables" / "indices.parquet").read_bytes()
    assert "already exists" in run(path, "--points", 3, "--out", final)[1]
    code, said = run(path, "--points", 4, "--out", final)
    assert code == 2
    assert "never mixed" in said
    assert run(path, "--points", 3, "--out", final, "--jobs", 2, "--force")[0] == 0
    assert (final / "tables" / "indices.parquet").read_bytes() == first


def test_mistakes_are_told(tmp_path: Path) -> None:
    path = space(tmp_path)
    assert run(path, "--method", "sobol", "--points", 100) == (
        2,
        "Error: --points is 100; sobol takes a power of two (64 or 128)\n",
    )
    one = SPACE.replace("  staff.guide.pay: {low: 1, high: 50}\n", "")
    one = one.replace("  community.openness: {low: 0.0, high: 1.0}\n", "")
    code, said = run(space(tmp_path, one))
    assert code == 2
    assert "compares two or more" in said
    with pytest.raises(FewFactorsError, match="list"):
        listed = "format: 1\ntitle: L\nscenario: open-group\ndesign: list\nparameter_sets: [{days: 9}]\n"
        sample_design(read_design(str(space(tmp_path, listed + "responses: [end]\n"))), "morris", 4)


def test_a_sweep_of_a_space_says_what_to_do(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["sweep", str(space(tmp_path))])
    assert done.exit_code == 2
    assert "shequn search" in done.output


def test_the_ends_of_a_space_are_checked(tmp_path: Path) -> None:
    text = SPACE.replace("{low: 0.0, high: 1.0}", "{low: 0.0, high: 1.2}")
    code, said = run(space(tmp_path, text), "--check")
    assert code == 2
    assert "community.openness" in said
