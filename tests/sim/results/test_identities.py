"""What must hold exactly in every result."""

import numpy as np
import pytest

from shequn.sim.result import Result
from shequn.sim.results.tables import journal_rows
from tests.sim.results.conftest import made_up
from tests.sim.results.identities import check_days, check_identities, check_temperature


@pytest.mark.parametrize("seed", range(4))
def test_identities_hold_in_every_run(seed: int) -> None:
    check_identities(made_up(seed=seed))


@pytest.mark.parametrize("founders", [0, 1, 2])
def test_identities_hold_with_hardly_any_founders(founders: int) -> None:
    check_identities(made_up(founders=founders, days=30))


def test_identities_hold_when_nobody_comes() -> None:
    check_identities(made_up(people=1, founders=0, days=3))


def test_a_wrong_temperature_change_is_noticed(result: Result) -> None:
    journal = result.journal.copy()
    leave = journal.index[journal["kind"] == "leave"][3]
    journal.loc[leave, "value"] += 1e-6
    with pytest.raises(AssertionError):
        check_temperature(result.days, result.members, journal)


@pytest.mark.parametrize("column", ["active_week", "gini", "waiting", "silence", "leavers_rank"])
def test_a_wrong_day_is_noticed(result: Result, column: str) -> None:
    days = result.days.copy()
    days.loc[20, column] = days.loc[20, column] + 1
    days.loc[21:, column] = days.loc[21:, column].fillna(0.5)
    with pytest.raises(AssertionError, match=column):
        check_days(days, result.journal, result.members)


def test_the_journal_table_gives_the_rows_back(result: Result) -> None:
    assert np.array_equal(journal_rows(result.journal), result.outcome.journal)
