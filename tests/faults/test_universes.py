"""Whatever fails, no result is lost or changed: lives of the command line with faults by seed.

``python -m tests.faults 100000`` lives through more; a universe that fails is printed with its story, and
``python -m tests.faults 1 NUMBER`` lives through it again.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from shequn.experiments.replicates import replicates
from shequn.experiments.sweeps import run_store
from shequn.sim.results import folder as folders
from shequn.sim.results import manifest as manifests
from tests.faults.universe import Universe, live

NAMES = st.sampled_from(sorted(Universe.COMMANDS))
FEW, MANY = 100, 2000


def test_no_universe_loses_or_changes_a_row() -> None:
    assert [fault for fault in map(live, range(FEW)) if fault] == []


def test_none_of_two_thousand_universes_loses_or_changes_a_row() -> None:
    assert [fault for fault in map(live, range(FEW, FEW + MANY)) if fault] == []


def test_a_universe_is_lived_the_same_again() -> None:
    stories = []
    for _ in range(2):
        universe = Universe(11)
        universe.live()
        universe.close()
        stories.append(universe.story)
    assert stories[0] == stories[1]


def _nothing(*_arguments: Any, **_options: Any) -> None:
    """Do nothing."""


def _trusting(line: bytes, responses: int) -> Any:
    """Read a line without looking at its checksum."""
    entry = run_store.json.loads(line) if line.endswith(b"\n") else None
    return entry if isinstance(entry, dict) and "run" in entry and "key" in entry else None


def _store_all(folder: Path, run: int) -> bool:
    return folders.part_folder(folder, run).exists()


@pytest.mark.parametrize(
    ("where", "name", "broken"),
    [
        (folders, "_settle", _nothing),
        (run_store, "_parse", _trusting),
        (replicates, "_is_stored", _store_all),
        (manifests, "file_digest", lambda path: "0" * 64),
    ],
    ids=["no sync of folders", "no checksum of lines", "no check of parts", "no digests"],
)
def test_the_universes_find_what_is_broken_on_purpose(
    monkeypatch: pytest.MonkeyPatch, where: Any, name: str, broken: Callable[..., Any]
) -> None:
    monkeypatch.setattr(where, name, broken)
    assert any(live(number) for number in range(600))


class CommandLine(RuleBasedStateMachine):
    """Commands, faults and tampering in any order; hypothesis looks for the shortest order that loses something."""

    @initialize(number=st.integers(0, 2**32), chance=st.sampled_from((0.005, 0.02, 0.08)))
    def begin(self, number: int, chance: float) -> None:
        self.universe, self.chance = Universe(number), chance

    @rule(name=NAMES, restart=st.booleans())
    def command(self, name: str, restart: bool) -> None:
        if name == "branch" and not self.universe.folder("saved").exists():
            name = "saved"
        self.universe.command(name, self.chance, restart)

    @rule()
    def tamper(self) -> None:
        self.universe.tamper()

    @rule()
    def cut_power(self) -> None:
        self.universe.cut_power()

    @invariant()
    def everything_with_a_final_name_is_right(self) -> None:
        if hasattr(self, "universe"):
            self.universe.check()

    def teardown(self) -> None:
        if hasattr(self, "universe"):
            try:
                self.universe.heal(Universe.COMMANDS)
            finally:
                self.universe.close()


TestCommandLine = CommandLine.TestCase
TestCommandLine.settings = settings(
    max_examples=25,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
