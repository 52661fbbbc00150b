"""Newcomers fall into a few groups by time of joining, each followed as long as all of its cohorts are."""

import pandas as pd

from shequn.sim.results.retention import GROUPS, cohort_groups, retention_column, retention_percent


def _cohorts(last: int, days: int) -> pd.DataFrame:
    """Ten people a week and one group of founders; one newcomer of each cohort leaves every week."""
    rows = [
        {"run": 0, "cohort": cohort, "founder": founder, "size": 10, "week": week,
         "active": 10 - week, "present": 10}
        for founder, cohorts in ((True, [0]), (False, range(last + 1)))
        for cohort in cohorts
        for week in range(days // 7 - cohort)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_groups_are_stretches_of_equal_length_without_founders() -> None:
    groups = cohort_groups(_cohorts(last=19, days=280))
    assert len(groups) == GROUPS == groups[0].n_stretches
    assert [(group.first_day, group.last_day) for group in groups[:2]] == [(0, 27), (28, 55)]
    assert not any(group.rows["founder"].any() for group in groups)


def test_a_group_ends_at_the_age_that_its_last_cohort_has_reached() -> None:
    group = cohort_groups(_cohorts(last=19, days=280))[0]
    assert group.rows["week"].max() == 280 // 7 - 3 - 1  # cohort 3 joined last


def test_a_group_that_has_only_the_week_of_joining_is_left_out() -> None:
    assert [group.number for group in cohort_groups(_cohorts(last=4, days=35))] == [0, 1, 2, 3]


def test_retention_is_pooled_over_cohorts() -> None:
    cohorts = _cohorts(last=1, days=70).query("not founder")
    shares = retention_percent(cohorts, "active", ("run", "week")).set_index("week")["share"]
    assert shares[2] == 80.0


def test_without_visits_retention_counts_members() -> None:
    cohorts = _cohorts(last=1, days=70)
    assert retention_column(cohorts) == "active"
    assert retention_column(cohorts.assign(active=float("nan"))) == "present"
