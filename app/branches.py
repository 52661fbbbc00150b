"""Continues saved runs: ``run --from STATE[:VARIANT]``, and comparisons whose arms are saved states."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shequn.app.finished_runs import saved_run_folder
from shequn.app.output import note
from shequn.app.user_errors import UserError, show_user_errors
from shequn.sim.language import _

if TYPE_CHECKING:
    from shequn.experiments.replicates.saved_run import SavedRun
    from shequn.sim.scenario import Scenario


@contextmanager
def show_state_errors() -> Iterator[None]:
    """Turn errors of a saved state into a `UserError`, as `show_user_errors` does with other errors."""
    from shequn.sim.saving.state_file import StateError

    with show_user_errors():
        try:
            yield
        except StateError as error:
            raise UserError(str(error)) from None


def named_state(text: str) -> "tuple[SavedRun, str | None]":
    """The saved run and the variant of ``STATE[:VARIANT]``; of a scenario's folder of results, the latest run.

    Raises
    ------
    UserError
        There is no such run, it saved no state, or another version of shequn saved it.
    """
    from shequn.experiments.replicates.saved_run import saved_run
    from shequn.sim.scenario.locations import split_variant

    name, variant = (text, None) if Path(text).is_dir() else split_variant(text)
    with show_state_errors():
        return saved_run(saved_run_folder(Path(name))), variant


def is_state(text: str) -> bool:
    """Whether an argument is a folder of results, ``FOLDER[:VARIANT]``, rather than a scenario.

    A name without a separator is a shipped scenario, if there is one of that name, whatever folders there are.
    """
    from shequn.sim.results.folder import is_complete
    from shequn.sim.scenario.locations import shipped, split_variant

    if split_variant(text)[0] in shipped():
        return False
    folders = [Path(text), Path(split_variant(text)[0])]
    return any(is_complete(path) or (path.is_dir() and len(path.parts) > 1) for path in folders)


def branch(past: "SavedRun", variant: str | None, scenario: str | None = None, **options: Any) -> "Scenario":
    """The scenario under which a saved run continues, read, checked and resolved.

    Parameters
    ----------
    past : SavedRun
    variant : str, optional
        A variant of the scenario as it was when the run was saved.
    scenario : str, optional
        ``SCENARIO`` or ``SCENARIO:VARIANT`` to use instead, as it is now.
    options
        See :func:`shequn.app.options.resolved_scenario`. They are applied after the options of the saved run.

    Raises
    ------
    UserError
        The scenario cannot be used, or changes something that cannot change after the start of a run.
    """
    from shequn.app.options import overrides
    from shequn.sim.saving.branching import check_changes
    from shequn.sim.scenario.locations import split_variant

    if scenario is not None and variant is not None:
        raise UserError(
            _("two variants are given: with --from, give one with the state or with the scenario")
        )
    if any(name.startswith("graph") and value is not None for name, value in options.items()):
        raise UserError(_("--graph cannot be used with --from: the ties are those of the saved state"))
    file = None
    if scenario is not None:
        file, variant = split_variant(scenario)
    with show_state_errors():
        settings = past.settings(variant, overrides(**options), file)
        check_changes(past.settings(), settings, past.day)
    if settings.runs > len(past.states):
        raise UserError(
            _("runs is {runs}, but {folder} has the states of {n} runs").format(
                runs=settings.runs, folder=past.folder, n=len(past.states)
            )
        )
    return settings


def branches(arguments: tuple[str, ...], options: dict[str, Any]) -> "tuple[SavedRun, dict[str, Scenario]]":
    """The arms ``STATE[:VARIANT]`` of a comparison: branches of one saved run.

    Parameters
    ----------
    arguments : tuple of str
        The arms as given. If there is only one, the variants of its scenario become arms too; a note names
        those that cannot continue the run and are left out.
    options : dict
        See `branch`.

    Returns
    -------
    The saved run, and the scenarios by name: ``scenario@day`` or ``scenario@day:variant``.

    Raises
    ------
    UserError
        The arms are not all of the same saved run, or one of them cannot continue it.
    """
    scenarios = [name for name in arguments if not is_state(name)]
    if scenarios:
        raise UserError(
            _("{arm} is not the folder of a saved run: all arms must continue saved states, or none").format(
                arm=scenarios[0]
            )
        )
    states = [named_state(name) for name in arguments]
    past = states[0][0]
    if any(other.digest != past.digest for other, _variant in states):
        raise UserError(
            _("the arms are of different saved runs; they must continue the same states to be compared")
        )
    variants = [variant for _past, variant in states]
    if len(variants) == 1:
        variants += [name for name in past.settings().variants if name not in (past.variant, *variants)]
    options = {key: value for key, value in options.items() if value}
    base_name = f"{past.scenario}@{past.day}"
    names = [base_name if variant is None else f"{base_name}:{variant}" for variant in variants]
    arms = {}
    for name, variant in zip(names, variants, strict=True):
        try:
            arms[name] = branch(past, variant, **options)
        except UserError as error:
            if len(arguments) > 1 or variant is None:
                raise
            text = _("{arm} is left out: {why}")
            note(text.format(arm=name, why=error.format_message().splitlines()[0]))
    return past, arms


def pairs_of_states(past: "SavedRun", runs: int | None) -> int:
    """Number of pairs of runs that continue the states of a saved run: ``runs``, or as many as there are states.

    Raises
    ------
    UserError
        There are fewer states than ``runs``, or fewer than two.
    """
    n_states = len(past.states)
    if n_states < 2:
        raise UserError(
            _("{folder} has the state of one run; pairs need two or more (run --runs N --save)").format(
                folder=past.folder
            )
        )
    if runs is not None and runs > n_states:
        raise UserError(
            _("--runs is {runs}, but {folder} has the states of {n} runs").format(
                runs=runs, folder=past.folder, n=n_states
            )
        )
    return runs or n_states
