"""Invitations, trees, K, R and retention."""

import numpy as np
import pytest

from shequn.sim.kernel.state import NEVER, Channel, JournalKind, journal_dtype
from shequn.sim.result import Result
from shequn.sim.results.cohorts import CohortCounts
from shequn.sim.results.stays import stays_of
from shequn.sim.results.viral import FINISHED_AFTER, daily_k, viral_growth
from tests.sim.results import naive
from tests.sim.results.conftest import made_up
from tests.sim.results.synthetic import synthetic_outcome

K = JournalKind


def _journal(*rows: tuple[float, int, int, int, int]) -> np.ndarray:
    """Rows of (time, kind, person, other, detail)."""
    full = [(time, 0.0, person, other, 0, detail, kind) for time, kind, person, other, detail in rows]
    return np.array(full, dtype=journal_dtype)


def test_every_joining_by_invitation_belongs_to_one_invitation(result: Result) -> None:
    invitations = result.invitations
    assert invitations["joined"].sum() == result.days["joins_invitation"].sum()
    assert (invitations["accepted"] | ~invitations["joined"]).all()
    assert invitations["refused_by_gate"][invitations["joined"]].isna().all()


def test_an_answer_belongs_to_the_latest_open_invitation() -> None:
    outcome = synthetic_outcome(people=5, founders=2, days=1, per_day=1)
    journal = _journal(
        (0.0, K.JOIN, 0, -1, Channel.FOUNDER),
        (1.0, K.INVITE, 0, 3, 1),  # never answered
        (2.0, K.INVITE, 0, 3, 2),
        (3.0, K.DECLINE, 3, 0, 1),
        (4.0, K.INVITE, 0, 3, 3),
        (5.0, K.ACCEPT, 3, 0, 1),
        (5.0, K.WAIT, 3, -1, 1),
        (6.0, K.GIVE_UP, 3, -1, 1),
        (7.0, K.JOIN, 3, -1, Channel.STRANGER),
    )
    table = Result(outcome._replace(membership=journal)).invitations
    assert np.array_equal(table["answered_at"], [np.nan, 3.0, 5.0], equal_nan=True)
    assert table["accepted"].tolist() == [False, False, True]
    assert np.array_equal(table["refused_by_gate"], [np.nan, np.nan, 1.0], equal_nan=True)
    assert not table["joined"].any()


def test_a_tree_hangs_on_the_inviters_stay_of_that_time() -> None:
    stays = stays_of(
        _journal(
            (0.0, K.JOIN, 0, -1, Channel.FOUNDER),
            (1.0, K.JOIN, 1, 0, Channel.INVITATION),
            (2.0, K.LEAVE, 1, -1, 0),
            (3.0, K.JOIN, 2, 1, Channel.INVITATION),  # by one who had left meanwhile
            (4.0, K.JOIN, 1, 2, Channel.INVITATION),
            (5.0, K.JOIN, 3, 1, Channel.INVITATION),
        )
    )
    assert stays.parent.tolist() == [-1, 0, 1, 2, 3]
    assert stays.depth.tolist() == [0, 1, 2, 3, 4]
    assert (stays.root == 0).all()
    assert stays.left_at.tolist() == [NEVER, 2.0, NEVER, NEVER, NEVER]
    grown = viral_growth(stays, 10)
    assert (grown.largest_tree, grown.deepest_tree) == (5, 4)
    assert grown.cycle_time == np.mean([1.0, 2.0, 1.0, 1.0])


def test_k_counts_finished_cohorts_only() -> None:
    rows = [(0.0, K.JOIN, 0, -1, Channel.FOUNDER), (1.0, K.JOIN, 1, -1, Channel.STRANGER)]
    rows += [(8.0, K.JOIN, 2, 1, Channel.INVITATION), (9.0, K.LEAVE, 1, -1, 0), (10.0, K.LEAVE, 0, -1, 0)]
    rows += [(15.0, K.JOIN, 3, 2, Channel.INVITATION), (16.0, K.JOIN, 4, 2, Channel.INVITATION)]
    k = daily_k(stays_of(_journal(*rows)), 120)
    assert np.isnan(k[:10]).all()  # the first week's members are all gone on day 10
    assert (k[10:104] == 0.5).all()  # one joining by two members
    # day 14 + 90: the second week's one member brought two
    assert k[int(14 + FINISHED_AFTER)] == pytest.approx((1 + 2) / 3)


def test_k_of_an_extinct_community_is_one_less_founders_by_all() -> None:
    rows = [(0.0, K.JOIN, 0, -1, Channel.FOUNDER)]
    rows += [(float(i), K.JOIN, i, i - 1, Channel.INVITATION) for i in range(1, 10)]
    rows += [(20.0 + i, K.LEAVE, i, -1, 0) for i in range(10)]
    grown = viral_growth(stays_of(_journal(*rows)), 40)
    assert grown.k == grown.k_ended == pytest.approx(1 - 1 / 10)


def test_r_by_week_adds_up_to_all_invited(result: Result) -> None:
    growth = result.growth
    assert growth["caused"].sum() == result.days["joins_invitation"].sum()
    channels = [f"joined_{c.name.lower()}" for c in Channel]
    assert (growth[channels].sum(axis=1) == growth["joined"]).all()
    assert growth["joined"].sum() == len(result.stays.person)


def test_retention_equals_a_count_over_the_whole_journal(result: Result) -> None:
    due = naive.seen_by_age(result.outcome.journal, 60)
    for row in result.cohorts.itertuples():
        assert row.active == due.get((row.founder, row.cohort, row.week), 0)
        assert row.retention == row.active / row.size
    assert (
        result.cohorts["active"][result.cohorts["week"] == 0]
        == result.cohorts["size"][result.cohorts["week"] == 0]
    ).all()


def test_present_is_membership_at_the_end_of_the_week(result: Result) -> None:
    stays = result.stays
    for row in result.cohorts.itertuples():
        people = set()
        inside = set()
        for person in np.unique(stays.person):
            own = stays.person == person
            first = stays.joined_at[own][0]
            is_founder = stays.channel[own][0] == Channel.FOUNDER
            if int(first // 7) == row.cohort and is_founder == row.founder:
                people.add(person)
                at = first + 7 * (row.week + 1)
                if ((stays.joined_at[own] <= at) & (at < stays.left_at[own])).any():
                    inside.add(person)
        assert (row.size, row.present) == (len(people), len(inside))


def test_cohorts_show_only_weeks_that_were_observed_to_the_end(result: Result) -> None:
    cohorts = result.cohorts[~result.cohorts["founder"]]
    assert (7 * (cohorts["cohort"] + 1) + 7 * (cohorts["week"] + 1) <= 60).all()


@pytest.mark.parametrize("chunk", [1, 50, 10**6])
def test_who_was_seen_does_not_depend_on_the_chunks(result: Result, chunk: int) -> None:
    whole, parts = CohortCounts(60), CohortCounts(60)
    journal = result.outcome.journal
    whole(journal)
    for start in range(0, len(journal), chunk):
        parts(journal[start : start + chunk])
    assert np.array_equal(whole.counts, parts.counts)


def test_without_visits_retention_is_missing_and_presence_known() -> None:
    cohorts = made_up(journal="membership").cohorts
    assert cohorts["active"].isna().all()
    assert (cohorts["present"] <= cohorts["size"]).all()
