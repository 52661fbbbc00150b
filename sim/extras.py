"""Optional dependencies: which extra brings which packages, and what to do when one is missing."""

import importlib.util

from shequn.sim.language import _

#: The extras of pyproject.toml that commands need, with the modules that show whether they are installed.
EXTRAS = {
    "calibrate": ("optuna", "sklearn", "statsmodels"),
    "class": ("panel",),
    "dask": ("distributed",),
    "describe": ("rich", "statsmodels"),
    "discover": ("sklearn",),
    "excel": ("python_calamine",),
    "forecast": ("statsmodels",),
    "mpi": ("mpi4py",),
    "search": ("optuna", "cmaes"),
    "sensitivity": ("SALib",),
}


class MissingExtraError(ImportError):
    """Packages of an extra are not installed; the message says how to install them."""


def require(extra: str) -> None:
    """Check that the packages of an extra are installed.

    Parameters
    ----------
    extra : str
        A key of :data:`EXTRAS`.

    Raises
    ------
    MissingExtraError
        One of them is not installed.
    """
    missing = [name for name in EXTRAS[extra] if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            _('this needs {packages}: pip install "shequn[{extra}]"').format(
                packages=_(" and ").join(missing), extra=extra
            )
        )
