"""Tags of the event list: their bits, by hand. Orders are tested in tests/sim/kernel/test_heap.py."""

import pytest

from shequn.sim.kernel.heap import LARGEST_IN_TAG, event_tag, next_version


def test_a_tag_has_room_for_two_people_of_28_bits() -> None:
    assert LARGEST_IN_TAG == 268_435_455


@pytest.mark.parametrize(
    ("kind", "person", "other", "stint", "tag"),
    [
        (0, 0, 0, 0, 0),
        (0, 0, 0, 5, 5),
        (0, 0, 1, 0, 8),
        (0, 1, 0, 0, 2**31),
        (1, 0, 0, 0, 2**59),
        (9, 3, 2, 9, 9 * 2**59 + 3 * 2**31 + 2 * 8 + 1),
        (0, 0, 2**28 + 1, 0, 8),  # versions wrap
    ],
)
def test_kind_person_other_and_stint_lie_one_above_the_other(
    kind: int, person: int, other: int, stint: int, tag: int
) -> None:
    assert event_tag(kind, person, other, stint) == tag


def test_versions_wrap_at_65536() -> None:
    assert [next_version(version) for version in (0, 7, 65534, 65535)] == [1, 8, 65535, 0]


def test_a_tag_without_a_stint_has_stint_0() -> None:
    assert event_tag(9, 3, 2) == 9 * 2**59 + 3 * 2**31 + 2 * 8
