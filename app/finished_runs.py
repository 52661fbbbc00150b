"""Finds the folders of finished runs."""

from pathlib import Path

from shequn.app.user_errors import UserError
from shequn.sim.language import _


def finished_run(path: Path) -> Path:
    """The folder of a finished run: ``path`` itself, or the latest run in a scenario's folder of results."""
    from shequn.sim.results.folder import MANIFEST, is_complete

    if is_complete(path):
        return path
    if not path.exists():
        raise UserError(_("{path}: there is no such folder").format(path=path))
    if not path.is_dir():
        raise UserError(
            _("{path} is a file; a run is a folder, for example results/open-group/0123456789ab").format(
                path=path
            )
        )
    run_folders = _runs(path)
    if not run_folders:
        raise UserError(
            _("{path} contains no finished run (a finished run has a {manifest})").format(
                path=path, manifest=MANIFEST
            )
        )
    return _latest(run_folders)


def saved_run_folder(path: Path) -> Path:
    """The folder of a saved run: in a scenario's folder of results the latest that saved a state, else ``path``."""
    from shequn.experiments.replicates.saved_run import STATES
    from shequn.sim.results.folder import is_complete

    runs = [] if is_complete(path) or not path.is_dir() else _runs(path)
    return _latest([run for run in runs if (run / STATES).is_dir()] or runs) if runs else path


def _latest(run_folders: list[Path]) -> Path:
    from shequn.sim.results.folder import MANIFEST

    return max(run_folders, key=lambda folder: (folder / MANIFEST).stat().st_mtime)


def _runs(path: Path) -> list[Path]:
    from shequn.sim.results.folder import MANIFEST

    return [manifest.parent for manifest in path.glob(f"*/{MANIFEST}")]
