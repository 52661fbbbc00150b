"""The folder of a sweep, comparison or search: results of one design and version, complete or absent."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shequn.experiments.sweeps.plan import MismatchError, provenance
from shequn.experiments.sweeps.run_store import FILE, SERIES
from shequn.sim.language import N_, _
from shequn.sim.results import folder as folders
from shequn.sim.results.manifest import read_json, write_json

INPUTS = "asked.json"  # the inputs of the results, with version and sources
TRIALS = "trials.journal"  # the trials of a search, as Optuna stores them
RUNNING = "running"  # subfolder of runs whose results are not combined yet

_NAMES = {
    "version": N_("version of shequn"),
    "sources": N_("state of the sources"),
    "series": N_("choice of --series"),
}


def holds_runs(folder: Path) -> bool:
    """Whether an unfinished folder holds a finished run, or the trials of a search."""
    for name in (FILE, TRIALS):
        with contextlib.suppress(OSError):
            if (folder / name).stat().st_size > 0:
                return True
    return False


def holds_results(final: Path, inputs: dict[str, Any]) -> bool:
    """Whether ``final`` holds the complete results of these inputs.

    Raises
    ------
    MismatchError
        It holds other results.
    """
    if not final.exists():
        return False
    _refuse_foreign(final)
    _refuse_mismatch(final, inputs)
    return True


def _refuse_foreign(final: Path) -> None:
    """Refuse a folder of anything else: only results of this kind are ever replaced.

    Raises
    ------
    MismatchError
        The folder holds something else.
    """
    if final.exists() and not (folders.is_complete(final) and (final / INPUTS).is_file()):
        raise MismatchError(
            _("{final} exists and is not a folder of such results; choose another --out").format(final=final)
        )


@contextlib.contextmanager
def writing(final: Path, inputs: dict[str, Any], restart: bool = False) -> Iterator[Path]:
    """The folder to write into, renamed to ``final`` when the block ends without an error.

    It still holds the runs that an earlier command finished, unless ``restart`` is set.

    Parameters
    ----------
    final : Path
        The folder once it is complete.
    inputs : dict
        Everything that the results depend on besides the version, in types of JSON.
    restart : bool
        Delete what an earlier command left.

    Raises
    ------
    MismatchError
        An earlier command left runs of another design or version, or ``final`` is something else.
    InUseError
        Another process is writing there.
    """
    final = final.resolve()  # the unfinished folder beside it needs its name
    _refuse_foreign(final)
    unfinished = folders.unfinished_folder(final)
    if holds_runs(unfinished) and not restart:
        _refuse_mismatch(unfinished, inputs)
    with folders.writing(final, holds_runs, (FILE, SERIES, RUNNING)) as folder:
        if restart or not holds_runs(folder):
            for name in (FILE, SERIES, TRIALS):
                (folder / name).unlink(missing_ok=True)
            shutil.rmtree(folder / RUNNING, ignore_errors=True)
            write_json(folder / INPUTS, _with_provenance(inputs))
        for part in ("tables", "figures"):  # a kill may have left them incomplete
            shutil.rmtree(folder / part, ignore_errors=True)
            (folder / part).mkdir()
        yield folder


def _with_provenance(inputs: dict[str, Any]) -> dict[str, Any]:
    return {**provenance(), **inputs}


def _refuse_mismatch(folder: Path, inputs: dict[str, Any]) -> None:
    """Refuse a folder whose results have other inputs.

    Raises
    ------
    MismatchError
        The inputs differ; the message says how.
    """
    there, here = read_json(folder / INPUTS), _with_provenance(inputs)
    differing = [key for key in {**here, **there} if here.get(key) != there.get(key)]
    if not differing:
        return
    key = differing[0]
    difference = _("another {key}").format(key=_(_NAMES.get(key, key)))
    is_short = all(isinstance(side.get(key), int | float | str) for side in (there, here))
    if is_short and max(len(str(side[key])) for side in (there, here)) <= 40:
        difference += _(" ({there}, now {here})").format(there=there[key], here=here[key])
    raise MismatchError(
        _(
            "{folder} holds results of {difference}; results are never mixed. Choose another --out, or give "
            "--force to delete them"
        ).format(folder=folder, difference=difference)
    )
