"""The speed script works and tells of every requirement; how fast anything is, is not tested here."""

import subprocess
import sys
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from click.testing import CliRunner

from shequn.experiments.studies.benchmarks.epidemic import expected_size
from shequn.experiments.studies.benchmarks.timing import in_turn, judged, middle
from shequn.experiments.studies.benchmarks.version_before import one, row
from shequn.experiments.studies.peers.compiled_draws import compiled_draws
from shequn.experiments.studies.peers.epidemic import contestants, daily_chances, names
from shequn.experiments.studies.peers.epidemic.mesa_sir import SIR
from shequn.experiments.studies.speed import PARTS, main
from shequn.sim.kernel import chance

ROOT = Path(__file__).resolve().parents[3]

#: A piece of each row of the table, by part.
ROWS = {
    "a": ("as fast as EoN.fast_SIR", "as fast as Mesa", "final sizes agree", "building the world"),
    "b": ("visits per second", "outside rules and draws", "30 µs outside", "day by day | equal | equal"),
    "c": ("times that at 500", "at 500 |", "at 2,000 |"),
    "d": ("at the start", "after 2 days", "2 days, peak", "tables made", "run for 2 days"),
    "e": ("`shequn run open-group`, cold", "`shequn run open-group`, warm"),
    "f": ("1,000 runs of 300 members", "times as fast as one", "memory of the parent", "one process |"),
}


@pytest.fixture(scope="module")
def printed() -> str:
    """What the script prints, with tiny sizes."""
    done = subprocess.run(
        [sys.executable, "-m", "shequn.experiments.studies.speed", "--quick", "--no-install"],
        cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("part", ROWS)
def test_the_table_has_every_row(part: str, printed: str) -> None:
    rows = [line for line in printed.splitlines() if line.startswith(f"| {part} |")]
    for piece in ROWS[part]:
        assert any(piece in row for row in rows), f"no row with {piece!r} in\n{printed}"
    assert not [row for row in rows if "failed" in row or "not measured" in row]
    assert f"**({part})**" in printed


def test_another_version_has_to_be_named() -> None:
    assert set(PARTS) == {*ROWS, "g"}
    done = CliRunner().invoke(main, ["g", "--no-install"])
    assert done.exit_code == 2
    assert "part g needs --before COMMIT" in done.output


def test_versions_are_compared_round_by_round() -> None:
    found = {"before": [100.0, 200.0, 300.0], "now": [50.0, 150.0, 120.0]}
    met = row("visits", 10_000, "ns a visit", found, 1 / 1.3)
    assert met.what == "full model, 10,000 members"
    assert met.measured == "200 (100–300) → 120 (50–150) ns a visit: × 0.5 (0.4–0.75)"
    assert met.met is True
    assert row("visits", 10_000, "ns a visit", found, 0.49).met is False
    assert row("epidemic", 20_000, "ns an event", found, None).met is None


@pytest.mark.parametrize("what", ["epidemic", "visits", "outside", "members"])
def test_one_version_measures_itself(what: str) -> None:
    assert 0.0 < one(what, 300) < 1e9


def test_tiny_sizes_are_called_no_measurements(printed: str) -> None:
    assert printed.startswith("**Quick")


def test_contestants_run_once_a_round_in_an_order_that_shifts() -> None:
    order: list[str] = []
    found = in_turn(2, {name: lambda k, name=name: order.append(name) or k for name in "abc"})
    assert "".join(order) == "abcbca"
    assert found == {name: [0, 1] for name in "abc"}


def test_a_bound_is_met_by_the_median() -> None:
    assert judged("a", "", [1.0, 5.0, 30.0], "×", at_least=5).met
    assert not judged("a", "", [1.0, 5.0, 30.0], "×", at_most=4).met
    assert middle([1.0, 5.0, 1234.0], "s") == "5 (1–1,234) s"


def test_the_peers_draws_are_those_of_the_machine() -> None:
    draws = compiled_draws()
    for number in (1, 2**63 + 11, 2**64 - 1):
        for name in ("word", "uniform", "exponential", "normal"):
            key = np.uint64(chance.pair(np.uint64(number), 5))
            assert draws[name](7, 20, int(key), 3) == getattr(chance, name)(7, 20, key, 3)
        assert draws["pair"](number, 5) == int(chance.pair(np.uint64(number), 5))
        stem = draws["stem"](number, 20)
        assert stem == int(chance.stem(np.uint64(number), 20))
        assert draws["uniform_from"](stem, 11, 3) == draws["uniform"](number, 20, 11, 3)


def test_a_daily_epidemic_crosses_a_tie_as_often_as_in_continuous_time() -> None:
    contact, recovering = daily_chances(0.03, 0.1)
    crossing = sum(
        (1.0 - recovering) ** (day - 1) * recovering * (1.0 - (1.0 - contact) ** day)
        for day in range(1, 2000)
    )
    assert crossing == pytest.approx(0.03 / 0.13)
    contact, same = daily_chances(0.03, 0.1, first_day=False)
    crossing = sum(
        (1.0 - same) ** days * same * (1.0 - (1.0 - contact) ** days) for days in range(2000)
    )  # days of contact before recovery, which may be none
    assert same == recovering
    assert crossing == pytest.approx(0.03 / 0.13)


def test_every_peer_is_in_the_table_or_missed() -> None:
    found, absent = contestants()
    assert {"eon", "epiworld_sir", "fastgemf_sir", "mesa_sir", "starsim_sir"} <= set(names())
    assert len(found) + len(absent) == len(names()) + 1  # Mesa has two
    assert {"EoN.fast_SIR", "Mesa, all step", "Mesa, infected step"} <= set(found)


def test_the_mesa_model_has_the_expected_final_size() -> None:
    """5,000 people: the standard deviation of one run is about 35, of the mean of four 18."""
    graph = nx.random_regular_graph(10, 5000, seed=1)
    sizes = []
    for seed in range(4):
        model = SIR(graph, 0.03, 0.1, 5, seed, only_infected=True)
        model.run()
        sizes.append(model.final_size)
    assert sum(sizes) / 4 == pytest.approx(expected_size(5000), abs=90)
