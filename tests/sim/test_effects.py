"""What single mechanisms do to a whole small community. Laws of their functions are in the folders ``laws``."""

from typing import Any

import numpy as np
import pytest

from shequn.sim.kernel.state import JournalKind
from shequn.sim.outcome import outcome_of
from shequn.sim.results.funnel import funnel_table
from shequn.sim.results.stays import stays_of
from tests.sim.small_worlds import run, same_bytes, world


@pytest.mark.parametrize("name", ["camp", "chain", "club"])
def test_who_may_not_invite_asks_nobody(name: str) -> None:
    """With a clock per member, a clock per tie, and complete mixing."""
    closed = world(name, days=15).with_(
        {
            "units": {"points": {}}, "earn": {"rule": {"for": "visit", "pay": {"points": 1}}},
            "marks": {"level": {"by": "points", "steps": [1000], "allows": {"invite": 1}}},
        }
    )  # fmt: skip
    assert (run(world(name, days=15))[1]["kind"] == JournalKind.INVITE).sum() > 0
    assert (run(closed)[1]["kind"] == JournalKind.INVITE).sum() == 0


def test_first_posts_become_fewer_and_nothing_changes_where_everybody_dares() -> None:
    def journal(alone: float) -> Any:
        return run(world("hall", days=20, rules__daring__alone=alone))[1]

    def writers(rows: Any) -> int:
        return len(np.unique(rows["person"][np.isin(rows["kind"], (JournalKind.POST, JournalKind.REPLY))]))

    assert same_bytes(journal(1.0), run(world("hall", days=20))[1])
    assert writers(journal(0.05)) < 0.7 * writers(journal(1.0))


def test_the_best_leave_for_a_rival_where_benefit_counts_and_nobody_else() -> None:
    def departures(**more: Any) -> Any:
        rows = run(world("hall", days=20).with_({"population": {"drivers": {"benefit": 0.5}}, **more}))[1]
        return rows[rows["kind"] == JournalKind.LEAVE]

    rival = {"operations": {"rival": {"do": "rival", "day": 5, "share": 0.2, "pay": 500}}}
    without, with_it = departures(), departures(**rival)
    assert len(with_it) > len(without)
    assert same_bytes(with_it[with_it["time"] < 5], without[without["time"] < 5])


def test_the_funnel_narrows_and_agrees_with_the_journal() -> None:
    community, rows = run(world("bazaar"))
    outcome = outcome_of(community)
    table = funnel_table(outcome, stays_of(outcome.membership)).set_index(["channel", "step"])["people"]
    total = table.groupby("step", observed=True).sum()
    assert total["joined"] == len(np.unique(rows["person"][rows["kind"] == JournalKind.JOIN]))
    assert total["joined"] >= total["spoke"] > 0
    assert total["bought"] >= total["again"] > 0
    stays = {(int(p), int(n)) for p, n in _purchases(rows)}
    assert total["bought"] == len(stays)
    for channel in ("stranger", "invitation"):
        assert table[channel, "found"] >= table[channel, "joined"]


def _purchases(rows: Any) -> Any:
    """Member and number of the stay of each purchase."""
    joins: dict[int, int] = {}
    for row in rows:
        if row["kind"] == JournalKind.JOIN:
            joins[int(row["person"])] = joins.get(int(row["person"]), 0) + 1
        elif row["kind"] == JournalKind.BUY:
            yield int(row["person"]), joins[int(row["person"])]
