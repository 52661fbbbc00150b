"""Retention by channel, space and mark, and who writes soon: worked by hand on a few people."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from shequn import simulate
from shequn.sim.kernel.state import NOBODY, Channel, JournalKind, State, journal_dtype, space_day_dtype
from shequn.sim.outcome import outcome_of
from shequn.sim.results.marks import marks_table
from shequn.sim.results.spaces import spaces_table
from shequn.sim.results.staying import is_member, retention, wrote_within
from shequn.sim.results.stays import Stays, stays_of
from shequn.sim.results.traces import Traces
from tests.sim.results.test_channels import case
from tests.sim.small_worlds import run, world

K = JournalKind
LAST = 40
OFFICE, HALL = 1, 0  # rooms


def rows(*entries: tuple[Any, ...]) -> Any:
    """Journal rows of time, kind, person, room, detail and value."""
    found = np.zeros(len(entries), dtype=journal_dtype)
    for row, (time, kind, person, room, detail, value) in zip(found, entries, strict=True):
        row["time"], row["kind"], row["person"], row["other"] = time, kind, person, NOBODY
        row["room"], row["detail"], row["value"] = room, detail, value
    return found


#: A founder; one who leaves on day 10; one who stays; one who leaves and is back; one who comes late.
MEMBERSHIP = rows(
    (0, K.JOIN, 0, OFFICE, Channel.FOUNDER, 0),
    (1, K.JOIN, 1, OFFICE, Channel.STRANGER, 0),
    (2, K.JOIN, 2, OFFICE, Channel.STRANGER, 0),
    (3, K.JOIN, 3, OFFICE, Channel.STRANGER, 0),
    (5, K.LEAVE, 3, OFFICE, 0, 0),
    (10, K.LEAVE, 1, OFFICE, 0, 0),
    (15, K.JOIN, 4, OFFICE, Channel.STRANGER, 0),
    (20, K.JOIN, 3, OFFICE, Channel.STRANGER, 0),
)


@pytest.fixture(name="stays")
def stays_of_the_few() -> Stays:
    return stays_of(MEMBERSHIP)


def traces(*entries: tuple[Any, ...]) -> Traces:
    """Traces of these rows, which came one by one."""
    found = Traces()
    for entry in entries:
        found(rows(entry))
    return found


def course(table: Any, column: str, **name: str) -> list[float]:
    ((of, word),) = name.items()
    values: list[float] = table[table[of] == word][column].tolist()
    return values


def test_whoever_left_in_time_to_be_back_is_a_member_and_whoever_leaves_at_the_instant_is_not(
    stays: Stays,
) -> None:
    person = np.array([1, 1, 3, 3, 3, 4, 4])
    time = np.array([9.9, 10.0, 4.0, 5.0, 20.0, 14.9, 15.0])
    assert is_member(stays, person, time).tolist() == [True, False, True, False, True, False, True]


def test_retention_counts_those_followed_for_28_days_and_nobody_else(stays: Stays) -> None:
    found = retention(stays, np.array([1, 2, 3, 4]), np.array([1.0, 2.0, 3.0, 15.0]), LAST)
    assert np.isnan(found[:29]).all()
    assert found[29:32].tolist() == [0.0, 1 / 2, 2 / 3]
    assert found[-1] == 2 / 3  # who came on day 15 has not been seen for 28 days


def test_newcomers_wrote_in_time_or_not_if_the_run_shows_them_for_as_long(stays: Stays) -> None:
    posts = traces((0.5, K.POST, 0, 0, 0, 0), (3, K.POST, 1, 0, 0, 0), (4, K.POST, 1, 0, 0, 0),
                   (12, K.REPLY, 2, 0, 0, 0), (16, K.POST, 4, 0, 0, 0))  # fmt: skip
    assert wrote_within(stays, posts, 7, LAST) == 2 / 4
    assert wrote_within(stays, posts, 10, LAST) == 3 / 4
    assert wrote_within(stays, posts, 30, LAST) == 2 / 3
    assert math.isnan(wrote_within(stays, posts, 40, LAST))


def test_a_mark_is_held_until_it_is_taken_away_or_its_holder_leaves(stays: Stays) -> None:
    found = marks_table(
        SimpleNamespace(
            scenario=SimpleNamespace(marks={"star": None, "badge": None}),
            days=np.array([(day,) for day in range(LAST + 1)], dtype=[("day", "i8")]),
        ),
        stays,
        traces(
            (1.5, K.MARK, 0, NOBODY, 0, 1), (2.5, K.MARK, 0, NOBODY, 0, 2), (3.0, K.MARK, 2, NOBODY, 0, 1),
            (4.2, K.MARK, 3, NOBODY, 0, 1), (4.5, K.MARK, 0, NOBODY, 0, 0), (9.5, K.MARK, 1, NOBODY, 0, 1),
            (30.5, K.MARK, 0, NOBODY, 0, 1), (31, K.MARK, 2, NOBODY, 1, 1),
        ),
    )  # fmt: skip
    holders, given = course(found, "holders", mark="star"), course(found, "given", mark="star")
    assert holders[:12] == [0, 0, 1, 1, 2, 2, 1, 1, 1, 1, 2, 1]  # on day 5 one leaves: the row of day 6
    assert holders[30:] == [1] + [2] * 10
    assert {day: n for day, n in enumerate(given) if n} == {2: 1, 4: 1, 5: 1, 10: 1, 31: 1}
    stayed = course(found, "retention", mark="star")
    assert math.isnan(stayed[29]) and stayed[30] == 1 and stayed[-1] == 3 / 4
    assert course(found, "holders", mark="badge")[31:] == [0] + [1] * 9
    assert np.isnan(course(found, "retention", mark="badge")).all()


def test_a_space_retains_those_who_sat_there_or_in_spaces_in_it(stays: Stays) -> None:
    places = [
        SimpleNamespace(name=name, parent=parent)
        for name, parent in (("market", -1), ("hall", 0), ("office", -1))
    ]
    days = np.zeros(3 * (LAST + 1), dtype=space_day_dtype)
    days["day"], days["space"] = np.repeat(np.arange(LAST + 1), 3), np.tile([0, 1, 2], LAST + 1)
    outcome = SimpleNamespace(
        scenario=SimpleNamespace(places=places), days=np.arange(LAST + 1), membership=MEMBERSHIP,
        space_days=days, room_spaces=np.array([1, 2]),
    )  # fmt: skip
    moves = traces((6, K.MOVE, 2, HALL, OFFICE, 0), (7, K.MOVE, 1, HALL, OFFICE, 0))
    found = spaces_table(outcome, stays, moves)
    for name in ("hall", "market"):
        stayed = course(found, "retention", space=name)
        assert math.isnan(stayed[33]) and stayed[34:36] == [1.0, 1 / 2]
    assert course(found, "retention", space="office")[-1] == 3 / 4
    assert spaces_table(outcome, stays, None)["retention"].isna().all()


def test_a_channel_retains_only_whom_it_brought_early_enough() -> None:
    ads = {"do": "shock", "people": 7, "over": 0}
    result = simulate(case(early={**ads, "day": 5}, late={**ads, "day": 30}), 3)
    stayed = result.channels.set_index("channel")["retention"]
    assert stayed["early"] == 1.0 and math.isnan(stayed["late"]) and math.isnan(stayed["stranger"])
    gone = case(early={**ads, "day": 5}).with_({"rules.leaving.stay_days": 28})
    assert simulate(gone, 3).channels.set_index("channel")["retention"]["early"] == 0.0


def test_joins_are_spread_over_founders_and_costs_over_joins() -> None:
    result = simulate(case(ads={"do": "shock", "day": 2, "people": 10, "cost": 3}), 3)
    found = result.runs.iloc[0]
    assert (found["joins_per_founder"], found["cost_per_join"], found["cost_per_newcomer"]) == (0.5, 3.0, 3.0)
    nobody = simulate(case(), 3).runs.iloc[0]
    assert nobody["joins_per_founder"] == 0
    assert math.isnan(nobody["cost_per_join"]) and math.isnan(nobody["cost_per_newcomer"])


def test_without_the_full_journal_moves_marks_and_first_posts_are_unknown() -> None:
    result = simulate(world("bazaar", days=30, journal="membership"), 7)
    assert result.marks[["holders", "given", "retention"]].isna().all(axis=None)
    assert result.spaces["retention"].isna().all() and math.isnan(result.wrote_within(7))
    assert not math.isnan(result.channels["retention"].iloc[0])


def test_holders_at_the_end_are_the_members_whose_seats_have_the_mark() -> None:
    community, journal = run(world("bazaar"))
    kept = Traces()
    kept(journal)
    outcome = outcome_of(community)
    found = marks_table(outcome, stays_of(outcome.membership), kept)
    here = community.machine.world
    seats = here.people["membership"][here.people["state"] == State.MEMBER]
    expected = dict(zip(community.settings.marks, (here.levels[seats] > 0).sum(axis=0), strict=True))
    assert min(expected["rank"], expected["star"]) > 0
    assert found[found["day"] == 24].set_index("mark")["holders"].to_dict() == expected
