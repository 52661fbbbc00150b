"""Ranks of departing members, cascades, and the control that is blind to quality."""

import numpy as np
import pytest

from shequn.sim.kernel.state import JournalKind
from shequn.sim.result import Result
from tests.sim.results import naive
from tests.sim.results.conftest import made_up


@pytest.mark.parametrize("founders", [0, 3, 30, 120])
def test_ranks_equal_those_counted_by_looking_at_everybody(founders: int) -> None:
    result = made_up(founders=founders, days=40, people=300)
    columns = ["rank", "matched_rank", "control"]
    due = np.array(naive.ranks(result.outcome))
    assert np.allclose(result.departures[columns].to_numpy(), due, atol=1e-9, equal_nan=True)


def test_ranks_do_not_change_when_founders_are_listed_in_another_order(result: Result) -> None:
    membership = result.outcome.membership
    founders = int((membership["detail"][membership["kind"] == JournalKind.JOIN] == 0).sum())
    turned = np.concatenate((membership[:founders][::-1], membership[founders:]))
    other = Result(result.outcome._replace(membership=turned))
    for column in ("rank", "matched_rank", "tenure"):
        assert np.array_equal(result.departures[column], other.departures[column], equal_nan=True)


def test_control_of_the_whole_group_is_zero() -> None:
    small = made_up(people=20, founders=8, days=30)  # all present members are matched
    assert np.abs(small.departures["control"]).max() < 1e-12


def test_the_better_leaving_first_shows_in_both_ranks(result: Result) -> None:
    assert result.departures["rank"].mean() > 0.6
    assert result.departures["matched_rank"].mean() > 0.6
    assert result.days["evaporation"].iloc[-1] < result.days["evaporation_control"].iloc[-1]


def test_a_cascade_is_the_tree_of_those_who_followed(result: Result) -> None:
    departures = result.departures
    followers = departures[departures["parent"] >= 0]
    leaders = departures.loc[followers["parent"]]
    before = result.outcome.membership[result.outcome.membership["kind"] == JournalKind.LEAVE]
    named = before["other"][before["other"] >= 0]
    assert len(followers) == len(named)
    assert (leaders["person"].to_numpy() == named).all()
    assert (followers["depth"].to_numpy() == leaders["depth"].to_numpy() + 1).all()
    assert (followers["cascade"].to_numpy() == leaders["cascade"].to_numpy()).all()
    roots = departures[departures["parent"].isna()]
    assert (roots["cascade"] == roots.index).all()
    assert (roots["depth"] == 0).all()
    assert result.days["branching"].iloc[-1] == len(followers) / len(departures)


def test_tenure_runs_from_the_last_joining(result: Result) -> None:
    joined: dict[int, float] = {}
    tenures = []
    for row in result.outcome.membership:
        if row["kind"] == JournalKind.JOIN:
            joined[row["person"]] = row["time"]
        elif row["kind"] <= JournalKind.REMOVE:
            tenures.append(row["time"] - joined[row["person"]])
    assert np.array_equal(result.departures["tenure"], tenures)
