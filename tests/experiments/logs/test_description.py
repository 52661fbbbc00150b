"""The printed page: every statistic has a name, a group and, where known, a range."""

import json
from pathlib import Path

import pytest

from shequn.experiments.logs.ranges import KINDS, ranges
from shequn.experiments.logs.statistic_names import GROUPS, PUBLISHED
from shequn.experiments.logs.statistics import statistics

TARGETS = Path(__file__).resolve().parents[4] / "shared" / "data" / "targets.json"
NAMES = [line.name for lines in GROUPS.values() for line in lines]


def test_every_statistic_is_named_once() -> None:
    assert len(NAMES) == len(set(NAMES))
    assert set(statistics([1], [0.0])) <= set(NAMES)
    assert set(PUBLISHED) <= set(NAMES)


@pytest.mark.parametrize("kind", KINDS)
def test_every_statistic_has_a_range_for_every_kind(kind: str) -> None:
    assert set(ranges(kind)) == set(statistics([1], [0.0]))
    assert all(found.low <= found.median <= found.high for found in ranges(kind).values())


@pytest.mark.skipif(not TARGETS.exists(), reason=f"the targets are not here ({TARGETS})")
def test_the_ranges_are_those_of_the_targets() -> None:
    targets = json.loads(TARGETS.read_text(encoding="utf-8"))
    for kind, theirs in zip(KINDS, ("all", "chat", "forum", "mailing_list"), strict=True):
        for name, found in ranges(kind).items():
            assert list(found) == list(targets[name][theirs].values())
