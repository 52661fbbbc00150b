"""The heap against a sorted list."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from shequn.sim.kernel.heap import (
    LARGEST_IN_TAG,
    drop,
    empty_heap,
    event_tag,
    grown_heap,
    heap_of,
    push,
    tag_kind,
    tag_other,
    tag_person,
    tag_stint,
)
from shequn.sim.kernel.state import EventKind

# few values and tags, so that equal ones are frequent
ENTRY = st.tuples(st.sampled_from([0.0, 0.5, 1.0, 1.0 + 2**-52, 7.25]), st.integers(0, 9))
STEPS = st.lists(st.one_of(ENTRY, st.none()), max_size=300)


def emptied(heap: Any) -> list[tuple[float, int]]:
    """All entries in the order in which they come out."""
    found = []
    while heap.size[0] > 0:
        found.append((float(heap.values[0]), int(heap.tags[0])))
        drop(heap)
    return found


@settings(deadline=None, max_examples=200)
@given(STEPS)
def test_entries_come_out_by_value_then_tag_whatever_was_pushed_and_dropped(steps: list[Any]) -> None:
    heap, model = empty_heap(300), []
    for entry in steps:
        if entry is not None:
            push(heap, *entry)
            model.append(entry)
        elif model:
            model.remove(min(model))
            drop(heap)
        assert heap.size[0] == len(model)
        if model:
            assert (heap.values[0], heap.tags[0]) == min(model)
    assert emptied(heap) == sorted(model)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 5).map(round), st.integers(0, LARGEST_IN_TAG)), max_size=200))
def test_a_heap_made_at_once_or_grown_holds_the_same_entries(entries: list[tuple[float, int]]) -> None:
    values = np.array([value for value, _ in entries], dtype=np.float64)
    people = np.array(sorted(person for _, person in entries), dtype=np.int64)
    due = sorted(zip(values.tolist(), [event_tag(0, person, 0) for person in people], strict=True))
    heap = heap_of(values, people, 1)
    bigger = grown_heap(heap, 1000)
    assert len(bigger.values) == 1000
    assert emptied(bigger) == emptied(heap) == due


@settings(deadline=None)
@given(
    st.sampled_from(EventKind),
    st.integers(0, LARGEST_IN_TAG - 1),
    st.integers(0, LARGEST_IN_TAG),
    st.integers(0, 100),
)
def test_a_tag_gives_back_what_it_was_made_of(kind: EventKind, person: int, other: int, stint: int) -> None:
    tag = event_tag(kind.value, person, other, stint)
    assert 0 <= tag < 2**63
    assert (tag_kind(tag), tag_person(tag)) == (kind, person)
    assert (tag_other(tag), tag_stint(tag)) == (other, stint % 8)


def test_tags_are_ordered_by_kind_then_person() -> None:
    tags = [
        event_tag(kind.value, person, 5) for kind in EventKind for person in (0, 1, 26, LARGEST_IN_TAG - 1)
    ]
    assert tags == sorted(tags)
