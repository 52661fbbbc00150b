"""Going on from a saved run: what ``--from STATE[:VARIANT]`` and a comparison's arms mean."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shequn.app.output import note
from shequn.app.user_errors import UserError, show_user_errors
from shequn.sim.language import _

if TYPE_CHECKING:
    from shequn.experiments.replicates.saved_run import SavedRun
    from shequn.sim.scenario import Scenario


@contextmanager
def state_faults_shown() -> Iterator[None]:
    """As `faults_shown`, and turn what is wrong with a saved state into a `Fault`."""
    from shequn.sim.saving.state_file import StateError

    with show_user_errors():
        try:
            yield
        except StateError as error:
            raise UserError(str(error)) from None


def named_state(text: str) -> "tuple[SavedRun, str | None]":
    """The saved run and the variant of ``STATE[:VARIANT]``.

    Raises
    ------
    Fault
        There is no such run, it saved no state, or another version did.
    """
    from shequn.experiments.replicates.saved_run import saved_run
    from shequn.sim.scenario.places import split_variant

    name, variant = (text, None) if Path(text).is_dir() else split_variant(text)
    with state_faults_shown():
        return saved_run(Path(name)), variant


def is_state(text: str) -> bool:
    """Whether an argument that may name a scenario names a folder of results: ``FOLDER[:VARIANT]``."""
    from shequn.sim.results.folder import is_complete
    from shequn.sim.scenario.places import split_variant

    folders = [Path(text), Path(split_variant(text)[0])]
    return any(is_complete(path) or (path.is_dir() and len(path.parts) > 1) for path in folders)


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
        As of :func:`shequn.app.options.resolved_scenario`. The options of the saved run hold too, under these.

    Raises
    ------
    Fault
        It cannot be used, or differs where a saved run cannot differ any more.
    """
    from shequn.app.options import overrides
    from shequn.sim.saving.branching import check_changes
    from shequn.sim.scenario.places import split_variant

    if scenario is not None and variant is not None:
        raise UserError(
            _("a variant is named twice: with --from, give it with the state or with the scenario")
        )
    if asked.get("graph") is not None:
        raise UserError(_("--graph cannot be given with --from: the ties are those of the saved state"))
    file = None
    if scenario is not None:
        file, variant = split_variant(scenario)
    with state_faults_shown():
        found = past.settings(variant, overrides(**asked), file)
        check_changes(past.settings(), found, past.day)
    if found.runs > len(past.states):
        raise UserError(
            _("runs is {runs}, but {folder} holds the states of {n} runs").format(
                runs=found.runs, folder=past.folder, n=len(past.states)
            )
        )
    return found


def branches(named: tuple[str, ...], asked: dict[str, Any]) -> "tuple[SavedRun, dict[str, Scenario]]":
    """The arms ``STATE[:VARIANT]`` of a comparison: branches of one saved run.

    Parameters
    ----------
    named : tuple of str
        As given. Of one alone, its scenario's variants are added; those that cannot go on from there
        are left out, which is told.
    asked : dict
        Options, as of `branch`.

    Returns
    -------
    The saved run, and scenarios by name: scenario, day and variant.

    Raises
    ------
    Fault
        They are not all of the same saved run, or one of them cannot go on from there.
    """
    others = [name for name in named if not is_state(name)]
    if others:
        raise UserError(
            _("{arm} is no saved run's folder: all arms go on from the same states, or none does").format(
                arm=others[0]
            )
        )
    found = [named_state(name) for name in named]
    past = found[0][0]
    if any(other.digest != past.digest for other, _variant in found):
        raise UserError(
            _("the arms are of different saved runs; two policies are compared from the same states")
        )
    chosen = [variant for _past, variant in found]
    if len(chosen) == 1:
        chosen += [name for name in past.settings().variants if name not in (past.variant, *chosen)]
    asked = {key: value for key, value in asked.items() if value}
    whole = f"{past.scenario}@{past.day}"
    names = [whole if variant is None else f"{whole}:{variant}" for variant in chosen]
    arms = {}
    for name, variant in zip(names, chosen, strict=True):
        try:
            arms[name] = branch(past, variant, **asked)
        except UserError as fault:
            if len(named) > 1 or variant is None:
                raise
            told = _("{arm} is left out: {why}")
            note(told.format(arm=name, why=fault.format_message().splitlines()[0]))
    return past, arms


def pairs_of_states(past: "SavedRun", runs: int | None) -> int:
    """How many pairs of runs go on from the states of a saved run: all, or as many as asked for.

    Raises
    ------
    Fault
        There are not so many, or too few for pairs.
    """
    there = len(past.states)
    if there < 2:
        raise UserError(
            _("{folder} holds the state of one run; pairs need two or more (run --runs N --save)").format(
                folder=past.folder
            )
        )
    if runs is not None and runs > there:
        raise UserError(
            _("--runs is {runs}, but {folder} holds the states of {n} runs").format(
                runs=runs, folder=past.folder, n=there
            )
        )
    return runs or there
