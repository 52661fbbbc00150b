"""Going on from a saved run: what ``--from STATE[:VARIANT]`` and a comparison's arms mean."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.faults import Fault, faults_shown

if TYPE_CHECKING:
    from sim.results.saved_run import SavedRun
    from sim.scenario import Scenario


@contextmanager
def state_faults_shown() -> Iterator[None]:
    """As `faults_shown`, and turn what is wrong with a saved state into a `Fault`."""
    from sim.state_file import StateError

    with faults_shown():
        try:
            yield
        except StateError as error:
            raise Fault(str(error)) from None


def named_state(text: str) -> "tuple[SavedRun, str | None]":
    """The saved run and the variant of ``STATE[:VARIANT]``.

    Raises
    ------
    Fault
        There is no such run, it saved no state, or another version did.
    """
    from sim.results.saved_run import saved_run
    from sim.scenario.places import split_variant

    name, variant = (text, None) if Path(text).is_dir() else split_variant(text)
    with state_faults_shown():
        return saved_run(Path(name)), variant


def is_state(text: str) -> bool:
    """Whether an argument that may name a scenario names a folder of results: ``FOLDER[:VARIANT]``."""
    from sim.scenario.places import split_variant

    return Path(text).is_dir() or Path(split_variant(text)[0]).is_dir()


def branch(past: "SavedRun", variant: str | None, scenario: str | None = None, **asked: Any) -> "Scenario":
    """The scenario under which a saved run goes on, read, checked and resolved.

    Parameters
    ----------
    past : SavedRun
    variant : str, optional
        Of the scenario as it was when the run was saved.
    scenario : str, optional
        ``SCENARIO`` or ``SCENARIO:VARIANT`` to be taken instead, as it is now.
    asked
        As of :func:`app.options.resolved_scenario`. The options of the saved run hold too, under these.

    Raises
    ------
    Fault
        It cannot be used, or differs where a saved run cannot differ any more.
    """
    from app.options import overrides
    from sim.branching import check_changes
    from sim.scenario.places import split_variant

    if scenario is not None and variant is not None:
        raise Fault("a variant is named twice: with --from, give it with the state or with the scenario")
    if asked.get("graph") is not None:
        raise Fault("--graph cannot be given with --from: the ties are those of the saved state")
    file = None
    if scenario is not None:
        file, variant = split_variant(scenario)
    with state_faults_shown():
        found = past.settings(variant, overrides(**asked), file)
        check_changes(past.settings(), found, past.day)
    if found.runs > len(past.states):
        raise Fault(f"runs is {found.runs}, but {past.folder} holds the states of {len(past.states)} runs")
    return found
