"""Compiled code that a wheel brings along, so that a first run does not wait for the compiler.

It is used only if it was made from exactly these sources, with this version of Python and of numba, for this kind of
system and processor. Else everything is compiled at its first use, as it is from a clone. It works on any processor of
its kind (numba's target ``generic``), and its results are the same to the byte.

``nox -s wheel`` makes such a wheel; see ``app/precompile.py``.
"""

import importlib.metadata
import os
import shutil
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "compiled"
TARGET = "generic"  # of numba's processors


def name_for(digest: str) -> str:
    """Name of the folder of code for sources with this digest, this Python, numba and system."""
    numba = importlib.metadata.version("numba")
    return f"{digest}-numba{numba}-{sys.implementation.cache_tag}-{sysconfig.get_platform()}"


def use_target(digest: str) -> bool:
    """Have numba compile for the target of the code that was brought along, if that fits; returns whether it does.

    Call it before numba is imported; afterwards numba has its target already, and nothing fits.
    """
    if not (FOLDER / name_for(digest)).is_dir():
        return False
    if "numba" not in sys.modules:
        os.environ.setdefault("NUMBA_CPU_NAME", TARGET)  # worker processes inherit it
    return os.environ.get("NUMBA_CPU_NAME") == TARGET


def unpack(digest: str, into: Path) -> None:
    """Copy the code that was brought along into a new folder of compiled code."""
    source = FOLDER / name_for(digest)
    for path in sorted(source.rglob("*")):
        home = path.parent.relative_to(source)  # of the functions, as below the package
        if path.is_file():
            target = into / (subfolder(ROOT / home) if home.parts else "")
            target.mkdir(exist_ok=True)
            shutil.copyfile(path, target / path.name)


def pack(digest: str, compiled: Path, homes: list[Path]) -> None:
    """Copy a folder of compiled code to where the wheel takes it from.

    Parameters
    ----------
    digest : str
        Of the sources.
    compiled : Path
        Folder of compiled code; numba has one in it for each source folder.
    homes : list of Path
        The source folders.
    """
    target = FOLDER / name_for(digest)
    shutil.rmtree(target, ignore_errors=True)
    for home in homes:
        if (compiled / subfolder(home)).is_dir():
            shutil.copytree(compiled / subfolder(home), target / home.relative_to(ROOT))
    for path in compiled.iterdir():
        if path.is_file():
            shutil.copyfile(path, target / path.name)


def subfolder(home: Path) -> str:
    """Name of numba's folder for the code of functions in a source folder: it depends on where that lies."""
    from numba.core.caching import UserProvidedCacheLocator

    name: str = UserProvidedCacheLocator.get_suitable_cache_subpath(str(home / "any.py"))
    return name
