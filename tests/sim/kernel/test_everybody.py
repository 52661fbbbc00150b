"""Both records of people, read like one array."""

import numpy as np
import pytest

from shequn.sim.kernel.everybody import Everybody, everybody_dtype
from shequn.sim.kernel.state import NEVER, member_dtype, person_dtype
from shequn.sim.population import new_members, new_people
from tests.sim.small_worlds import run, world


@pytest.fixture
def everybody() -> Everybody:
    """Five people, of whom the fourth and the second have come."""
    people, members = new_people(5), new_members(4)
    people["key"] = [10, 11, 12, 13, 14]
    people["member"][[3, 1]] = [1, 2]
    members["drivers"][1] = [0.5, 0.5, 0, 0, 0, 0]
    members["gains"][1:3] = [1.5, 2.5]
    members["left_at"][1:3] = [7.0, 8.0]
    members["gains"][3:] = 99.0  # nobody's
    return Everybody(people, members)


def test_it_has_every_field_of_both_records_once_and_no_others() -> None:
    assert everybody_dtype.names == (person_dtype.names or ()) + (member_dtype.names or ())
    assert len(set(everybody_dtype.names)) == len(everybody_dtype.names)
    assert Everybody.dtype is everybody_dtype
    for dtype in (person_dtype, member_dtype):
        for name in dtype.names or ():
            assert everybody_dtype[name] == dtype[name]


def test_a_column_is_of_all_people_and_of_outsiders_it_is_blank(everybody: Everybody) -> None:
    assert len(everybody) == 5
    assert everybody["key"].tolist() == [10, 11, 12, 13, 14]
    assert everybody["gains"].tolist() == [0.0, 2.5, 0.0, 1.5, 0.0]
    assert everybody["left_at"].tolist() == [NEVER, 8.0, NEVER, 7.0, NEVER]
    assert everybody["drivers"].shape == (5, 6)
    assert np.isnan(everybody["drivers"][[0, 2, 4]]).all()  # not drawn
    with pytest.raises(ValueError, match="charisma"):
        everybody["charisma"]


def test_one_persons_record_holds_both_and_is_a_copy(everybody: Everybody) -> None:
    for position in (3, np.int64(3), -2):
        record = everybody[position]
        assert record.dtype == everybody_dtype
        assert (record["key"], record["gains"], record["left_at"]) == (13, 1.5, 7.0)
        assert record["drivers"].tolist() == [0.5, 0.5, 0, 0, 0, 0]
        record["gains"], record["key"] = 5.0, 5
    assert (everybody["gains"][3], everybody["key"][3]) == (1.5, 13)
    with pytest.raises(IndexError):
        everybody[5]


def test_records_are_those_of_a_mask_of_positions_or_of_a_part(everybody: Everybody) -> None:
    mask = everybody["gains"] > 0.0
    for which in (mask, [1, 3], slice(1, 4, 2)):
        records = everybody[which]
        assert records.dtype == everybody_dtype
        assert records[["key", "gains", "member"]].tolist() == [(11, 2.5, 2), (13, 1.5, 1)]
    assert everybody[[3, 1, 3]]["gains"].tolist() == [1.5, 2.5, 1.5]
    assert everybody[~mask]["left_at"].tolist() == [NEVER] * 3
    assert len(everybody[:]) == 5
    assert len(everybody[np.zeros(5, dtype=bool)]) == 0


def test_a_field_of_one_person_is_that_of_their_record(everybody: Everybody) -> None:
    assert [everybody.field(k, "gains") for k in range(5)] == everybody["gains"].tolist()
    assert [everybody.field(k, "key") for k in range(5)] == everybody["key"].tolist()
    assert everybody.field(0, "left_at") == NEVER


def test_a_change_is_seen_and_a_copy_stays_as_it_was(everybody: Everybody) -> None:
    before = everybody.copy()
    everybody._people["key"][3] = 77
    everybody._members["gains"][1] = 4.0
    everybody._people["member"][0] = 3
    assert (everybody["key"][3], everybody["gains"][3], everybody["gains"][0]) == (77, 4.0, 99.0)
    assert (before["key"][3], before["gains"][3], before["gains"][0]) == (13, 1.5, 0.0)


def test_after_a_run_it_has_what_both_records_have() -> None:
    of_run = run(world("camp"))[0].machine.world
    own = of_run.people["member"]
    assert 0 < np.count_nonzero(own == 0) < len(own)
    whole = of_run.everybody[:]
    for name in person_dtype.names or ():
        np.testing.assert_array_equal(whole[name], of_run.people[name])
    for name in member_dtype.names or ():
        np.testing.assert_array_equal(whole[name], [of_run.members[k][name] for k in own])
