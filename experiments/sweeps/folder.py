"""The folder of a sweep or comparison: one design of one version, complete or not there."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shequn.experiments.sweeps.plan import MismatchError, provenance
from shequn.experiments.sweeps.run_store import FILE
from shequn.sim.language import N_, _
from shequn.sim.results import folder as folders
from shequn.sim.results.manifest import read_json, write_json

ASKED = "asked.json"  # what was asked for, and by which version
TRIALS = "trials.journal"  # of a search: its trials, as Optuna keeps them
RUNNING = "running"  # folder of runs that something is still to be made of

_NAMES = {"version": N_("version of shequn"), "sources": N_("state of the sources")}


def _holds_runs(folder: Path, error: BaseException) -> bool:
    """Finished runs are worth keeping, also when the disk is full."""
    return kept(folder)


def kept(folder: Path) -> bool:
    """Whether an unfinished folder holds a finished run, or the trials of a search."""
    for name in (FILE, TRIALS):
        with contextlib.suppress(OSError):
            if (folder / name).stat().st_size > 0:
                return True
    return False


def is_there(final: Path, asked: dict[str, Any]) -> bool:
    """Whether the results of exactly this lie in ``final``, complete.

    Raises
    ------
    MixedError
        Others do.
    """
    if not final.exists():
        return False
    _refuse_strange(final)
    _refuse_others(final, asked)
    return True


def _refuse_strange(final: Path) -> None:
    """Nothing but results of this kind is ever replaced.

    Raises
    ------
    MixedError
        Something else has that name.
    """
    if final.exists() and not (folders.is_complete(final) and (final / ASKED).is_file()):
        raise MismatchError(
            _("{final} is there already and is no folder of such results; choose another --out").format(
                final=final
            )
        )


@contextlib.contextmanager
def writing(final: Path, asked: dict[str, Any], restart: bool = False) -> Iterator[Path]:
    """The folder to write into, renamed to ``final`` when the block ends well.

    Runs that an earlier command finished are found there, unless ``restart``.

    Parameters
    ----------
    final : Path
        The folder in the end.
    asked : dict
        All that the results depend on beside the version, as JSON takes it.
    restart : bool
        Throw away what an earlier command left.

    Raises
    ------
    MixedError
        An earlier command left runs of another design or version, or ``final`` is something else.
    InUseError
        Another process is writing there.
    """
    final = final.resolve()  # the folder beside it needs its name
    _refuse_strange(final)
    unfinished = folders.unfinished_folder(final)
    if kept(unfinished) and not restart:
        _refuse_others(unfinished, asked)
    with folders.writing(final, _holds_runs) as folder:
        if restart or not kept(folder):
            for name in (FILE, TRIALS):
                (folder / name).unlink(missing_ok=True)
            shutil.rmtree(folder / RUNNING, ignore_errors=True)
            write_json(folder / ASKED, _whole(asked))
        for part in ("tables", "figures"):  # cut short by a kill while they were written
            shutil.rmtree(folder / part, ignore_errors=True)
            (folder / part).mkdir()
        yield folder


def _whole(asked: dict[str, Any]) -> dict[str, Any]:
    return {**provenance(), **asked}


def _refuse_others(folder: Path, asked: dict[str, Any]) -> None:
    """Compare what lies there with what is asked for.

    Raises
    ------
    MixedError
        They differ; the message says in what.
    """
    there, here = read_json(folder / ASKED), _whole(asked)
    differing = [key for key in {**here, **there} if here.get(key) != there.get(key)]
    if not differing:
        return
    key = differing[0]
    said = _("another {key}").format(key=_(_NAMES.get(key, key)))
    simple = all(isinstance(found.get(key), int | float | str) for found in (there, here))
    if simple and max(len(str(found[key])) for found in (there, here)) <= 40:
        said += _(" ({there}, now {here})").format(there=there[key], here=here[key])
    raise MismatchError(
        _(
            "{folder} holds results of {said}; results are never mixed. Choose another --out, or give "
            "--force to throw them away"
        ).format(folder=folder, said=said)
    )
