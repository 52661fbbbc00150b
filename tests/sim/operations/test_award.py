"""An award needs nothing else in a scenario, and cannot be the first to need accounts in a run that goes on."""

from typing import Any

import numpy as np
import pytest

from shequn.sim.kernel.state import JournalKind
from shequn.sim.saving.branching import check_changes
from shequn.sim.scenario import Scenario, ScenarioError
from tests.sim.small_worlds import PEOPLE, run

AWARD = {"do": "award", "every": 3, "best": 4, "pay": {"money": 2.5}}


def scenario(**content: Any) -> Scenario:
    """A small group, and what is given."""
    return Scenario.from_mapping(
        {"format": 2, "title": "awards", "days": 10, "seed": 3, "population": PEOPLE, **content}
    )


def test_money_is_awarded_where_nothing_else_is_earned() -> None:
    community, rows = run(scenario(operations={"prize": AWARD}))
    given = rows[rows["kind"] == JournalKind.EARN]
    paid = rows[rows["kind"] == JournalKind.PAY]
    assert len(given) == len(paid) == 3 * 4
    assert (paid["value"] == -2.5).all() and np.array_equal(given["person"], paid["person"])
    assert community.machine.days["rewards"][-1] == 12 * 2.5


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ({}, {"operations": {"prize": AWARD}}, "began without them"),
        ({"units": {"points": {}}}, {"marks": {"star": {}}}, "marks.star cannot change"),
        ({"marks": {"star": {}}}, {"marks": {"star": {"honor": 5}}}, "marks.star.honor cannot change"),
    ],
)
def test_a_run_that_goes_on_gets_no_new_accounts_or_marks(
    before: dict[str, Any], after: dict[str, Any], message: str
) -> None:
    with pytest.raises(ScenarioError, match=message):
        check_changes(scenario(**before), scenario(**{**before, **after}), 5.0)
