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
    run_folders = [manifest.parent for manifest in path.glob(f"*/{MANIFEST}")]
    if not run_folders:
        raise UserError(
            _("{path} contains no finished run (a finished run has a {manifest})").format(
                path=path, manifest=MANIFEST
            )
        )
    return max(run_folders, key=lambda folder: (folder / MANIFEST).stat().st_mtime)
