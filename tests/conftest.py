"""Tests speak English, whatever the locale of the machine they run on and whatever ran before."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from shequn.sim.language import _language

os.environ["SHEQUN_LANG"] = "en"
#: One kernel for all scenarios; that each gives the same in its own is for sim/test_features.py.
os.environ["SHEQUN_FEATURES"] = "all"

#: Tests that run commands, many communities or a browser. The rest is the fast tier, pytest -m "not slow": rules,
#: laws of the kernel's functions, the pinned worlds, scenarios, graphs and documents.
SLOW = (
    "app", "behaviour", "experiments", "reference", "theory", "sim/operations/test_operations.py", "sim/results",
    "sim/saving", "sim/kernel/test_conversations.py", "sim/kernel/test_joining.py", "sim/kernel/test_luck.py",
    "sim/kernel/test_mm1.py", "sim/kernel/test_ties.py", "sim/kernel/test_unread.py", "sim/test_community.py",
    "sim/test_features.py", "sim/test_group.py", "sim/test_identities.py", "sim/test_machine.py",
    "sim/test_measures.py", "sim/test_mesa_batch.py", "test_package.py", "test_sources.py", "test_tutorials.py",
)  # fmt: skip


#: Tests whose fixtures cost much, a served page or many runs: with several processes, each of these lies in one.
TOGETHER = (
    "app/classroom", "app/studio", "app/report", "app/test_site.py", "behaviour/test_directions.py",
    "experiments/claims/test_running.py", "experiments/studies/test_realism.py", "experiments/studies/test_speed.py",
    "reference/test_twin.py", "sim/test_features.py", "theory/test_epidemic.py",
)  # fmt: skip


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow ones, and those that belong together."""
    folder = Path(__file__).parent
    for item in items:
        place = item.path.relative_to(folder).as_posix()
        if any(_lies_in(place, slow) for slow in SLOW):
            item.add_marker(pytest.mark.slow)
        for one in TOGETHER:
            if _lies_in(place, one):
                item.add_marker(pytest.mark.xdist_group(one))


def _lies_in(place: str, part: str) -> bool:
    return place == part or place.startswith(f"{part}/")


@pytest.fixture(autouse=True)
def _nobody_has_chosen_a_language() -> Iterator[None]:
    """What code under test chooses for its process ends with the test: tests share one."""
    _language.set(None)
    yield
    _language.set(None)
