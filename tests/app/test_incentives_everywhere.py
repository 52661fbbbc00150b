"""Units, offers and marks with every command, with Mesa and on the class page: a shop is swept, searched, and more."""

import warnings
from pathlib import Path

import mesa
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from shequn import Community, Scenario
from shequn.app.classroom.bases import Bases
from shequn.app.classroom.pair import Pair
from shequn.app.classroom.settings import Settings
from shequn.app.cli import cli
from tests.app.commands import command

SHOP = """\
format: 2
title: Shop
days: 30
runs: 2
population: {people: 200, founders: 60, drivers: {benefit: 0.4, honor: 0.2}}
community: {openness: 0.5, strangers_per_day: 5}
units: {points: {}}
earn: {speaking: {for: post, pay: {points: 50}}}
marks: {star: {honor: 2}}
offers:
  cash: {takes: {points: 100}, gives: {money: 1}, most: null}
  tea: {takes: {money: 4}, worth: 12, buyers: 2, every: 7}
  badge: {takes: {points: 200}, mark: star}
variants:
  no-points: {title: No points, units: null, earn: null, offers: {cash: null, badge: null}, marks: null}
"""
DESIGN = """\
format: 1
title: A shop
scenario: shop.yaml
design: {design}
factors:
  earn.speaking.pay.points: {points}
  offers.cash.at_least: {least}
replicates: 2
responses: [units.points, offers.cash@20, earned.speaking, funnel.bought, posts_per_day]
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the scenario, in which the commands run."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.yaml").write_text(SHOP, encoding="utf-8")
    return tmp_path


def design(folder: Path, name: str, points: str, least: str) -> None:
    """Write a design over the amount paid and the threshold."""
    text = DESIGN.format(design=name, points=points, least=least)
    (folder / "design.yaml").write_text(text, encoding="utf-8")


def test_a_comparison_measures_the_funnel_and_what_was_sold(shop: Path) -> None:
    responses = ["offers.cash", "units.points", "funnel.bought", "funnel.spoke", "offers.tea@14"]
    named = [part for response in responses for part in ("--response", response)]
    command(
        "compare", "shop.yaml:no-points", "shop.yaml", "--runs", 3, *named, "--on", "here", "--out", "out"
    )
    rows = pd.read_parquet(shop / "out" / "tables" / "comparisons.parquet")
    mean = rows.set_index("response")["difference"]
    assert set(mean.index) == set(responses)
    assert mean["offers.cash"] > 20
    assert mean["units.points"] > 5000
    assert mean["funnel.bought"] > 5


def test_a_sweep_says_more_points_for_more_pay_and_none_sold_above_the_threshold(shop: Path) -> None:
    design(shop, "grid", "[5, 50]", "[0, 10000000]")
    command("sweep", "design.yaml", "--on", "here", "--out", "out")
    rows = pd.read_parquet(shop / "out" / "tables" / "responses.parquet")
    mean = rows.groupby(["response", "earn.speaking.pay.points", "offers.cash.at_least"])["value"].mean()
    assert mean["units.points", 5, 0] < mean["units.points", 50, 0]
    assert mean["offers.cash@20", 50, 10000000] == 0 < mean["offers.cash@20", 50, 0]
    paid = rows[rows["response"] == "earned.speaking"]["value"].to_numpy()
    assert (paid == rows[rows["response"] == "units.points"]["value"].to_numpy()).all()


def test_a_search_finds_what_sells_most(shop: Path) -> None:
    design(shop, "space", "[5, 50]", "[0, 10000000]")
    aims = ["--objective", "max:offers.cash", "--constraint", "units.points>=0"]
    command(
        "search",
        "design.yaml",
        *aims,
        "--trials",
        6,
        "--batch",
        3,
        "--fresh",
        2,
        "--on",
        "here",
        "--out",
        "out",
    )
    trials = pd.read_parquet(shop / "out" / "tables" / "trials.parquet")
    best = trials[trials["best"]].iloc[0]
    assert (best["earn.speaking.pay.points"], best["offers.cash.at_least"]) == (50, 0)


def test_a_sensitivity_ranks_the_amount(shop: Path) -> None:
    design(shop, "space", "{low: 10, high: 60, whole: true}", "{low: 0, high: 200}")
    command("sensitivity", "design.yaml", "--points", 2, "--replicates", 2, "--on", "here", "--out", "out")
    indices = pd.read_parquet(shop / "out" / "tables" / "indices.parquet")
    own = indices[(indices["response"] == "units.points") & (indices["factor"] == "earn.speaking.pay.points")]
    assert (own["value"].abs() > 0).any()


def test_an_unknown_name_gets_the_nearest(shop: Path) -> None:
    done = CliRunner().invoke(
        cli, ["compare", "shop.yaml:no-points", "shop.yaml", "--response", "offers.cahs"]
    )
    assert done.exit_code == 2
    assert "offers.cash" in done.output
    assert shop.joinpath("out").exists() is False


def test_mesa_runs_a_shop_and_the_class_page_shows_two(shop: Path) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*iterations", DeprecationWarning)  # from Mesa 3.5 on
        rows = mesa.batch_run(
            Community,
            parameters={"scenario": str(shop / "shop.yaml"), "offers.cash.at_least": [0, 10000000]},
            iterations=1,
            display_progress=False,
        )
    rewards = {row["offers.cash.at_least"]: row["rewards"] for row in rows if row["Step"] == 30}
    assert rewards[0] > rewards[10000000] == 0
    bases = Bases(Scenario.load(str(shop / "shop.yaml")))
    pair = Pair(bases, Settings.of_file("own"))
    while pair.day < 30:
        pair.run(1, 9.0)
    community = Community(bases.scenario("own"))
    for _ in range(30):
        community.step()
    for side in pair.sides.values():
        assert side.days.tobytes() == community.machine.days.tobytes()
    assert np.sum(community.machine.offer_days["sold"]) > 10
