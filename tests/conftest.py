"""Tests speak English, whatever the locale of the machine they run on and whatever ran before.

Under pytest-xdist each process is pinned to one processor. Commands that it runs inherit this, so they start no second
process unless a test asks for one: starting one takes longer than most runs in a test.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from shequn.sim.language import _language

os.environ["SHEQUN_LANG"] = "en"
#: One kernel for all scenarios; that each gives the same in its own is for sim/test_features.py.
os.environ["SHEQUN_FEATURES"] = "all"

if (worker := os.environ.get("PYTEST_XDIST_WORKER")) and hasattr(os, "sched_setaffinity"):
    processors = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {processors[int(worker.removeprefix("gw")) % len(processors)]})

#: Tests that run commands, many communities or a browser, that read texts, or whose laws hold on every Python once they
#: hold on one, as worlds that obey them are pinned on all. The rest is the fast tier, pytest -m "not slow": rules, the
#: pinned worlds, scenarios and graphs. They run first and in this order, so that no long file is left to one process at
#: the end. While the first file compiles, the next ones do without a kernel, so that it is compiled once.
SLOW = (
    "sim/test_features.py", "app/test_site.py", "test_catalogues.py", "test_glossary.py", "sim/saving",
    "test_blocks.py", "sim/test_machine.py", "app", "experiments", "behaviour", "reference", "theory", "faults",
    "sim/kernel/test_laws.py", "test_research.py", "sim/test_levers.py", "sim/operations/test_operations.py",
    "sim/results", "sim/incentives/test_no_unit_is_lost.py", "sim/kernel/test_conversations.py",
    "sim/kernel/test_joining.py", "sim/kernel/test_luck.py", "sim/kernel/test_mm1.py", "sim/kernel/test_mood.py",
    "sim/kernel/test_ties.py", "sim/kernel/test_unread.py", "sim/staff/test_duties.py",
    "sim/staff/test_moderation.py", "sim/test_community.py", "sim/test_group.py", "sim/test_identities.py",
    "sim/test_measures.py", "sim/test_mesa_batch.py", "test_contributing.py", "test_floors.py", "test_package.py",
    "test_papers.py", "test_sources.py", "test_tutorials.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow ones, and put them first."""
    items.sort(key=_position)
    for item in items:
        if _position(item) < len(SLOW):
            item.add_marker(pytest.mark.slow)


def _position(item: pytest.Item) -> int:
    """Where a test's file is in SLOW; of the fast ones, behind its end."""
    place = item.path.relative_to(Path(__file__).parent).as_posix()
    return next((k for k, slow in enumerate(SLOW) if f"{place}/".startswith(f"{slow}/")), len(SLOW))


@pytest.fixture(autouse=True)
def _nobody_has_chosen_a_language() -> Iterator[None]:
    """What code under test chooses for its process ends with the test: tests share one."""
    _language.set(None)
    yield
    _language.set(None)
