"""The one compile decorator, and the cache of compiled code.

Rules and kernel are plain Python functions that numba can compile. ``compiled`` wraps one of them
without importing numba: the import and the compilation happen at the first call, so commands that
only read a scenario stay fast.

It avoids two traps. First, numba's ``cache=True`` checks only the file of the function that it
caches: after an edit of a rule in another file, the cached loop would still use the old rule. So the
name of the cache folder contains a digest of all sources of rules and kernel. Second,
``NUMBA_CACHE_DIR`` is global to a process; it is set only while our own functions are registered.
"""

import ast
import atexit
import hashlib
import importlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, overload

import platformdirs

from shequn.agents import prebuilt

_ROOT = Path(__file__).resolve().parent.parent
_RESULTS_DEPEND_ON = ("agents", "sim")
_COMPILED = ("agents", "sim/kernel")  # everything that a compiled function of ours may call
_WITH_WORDS = (
    "sim/kernel/gates",
    "sim/kernel/duties",
)  # these files hold fields and texts beside a compiled rule
_EXTENSIONS: list[str] = []  # modules that teach numba a type; see `extends_numba`
_KEEP_DAYS = 30.0  # compiled code of other versions is deleted when unused for longer than this


def source_digest(folders: Iterable[str] = _RESULTS_DEPEND_ON, but: Iterable[str] = ()) -> str:
    """Digest of all sources below these folders, except those below ``but``: 16 hexadecimal digits."""
    paths = [path for folder in folders for path in sorted((_ROOT / folder).rglob("*.py"))]
    exceptions = [_ROOT / folder for folder in but]
    return _digest([p for p in paths if not any(p.is_relative_to(one) for one in exceptions)], _ROOT)


def compiled_digest() -> str:
    """Digest of everything that compiled code depends on; texts beside a rule are not part of it."""
    digest = hashlib.sha256(source_digest(_COMPILED, _WITH_WORDS).encode())
    for folder in _WITH_WORDS:
        for path in sorted((_ROOT / folder).glob("*.py")):
            digest.update(_without_words(path.read_text(encoding="utf-8")).encode())
    return digest.hexdigest()[:16]


def _without_words(source: str) -> str:
    """A file's syntax tree with every text blanked, except inside functions that are compiled."""
    tree = ast.parse(source)
    in_compiled_code = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and _is_compiled(function)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in in_compiled_code
        ):
            node.value = ""
    return ast.dump(tree)


def _is_compiled(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == "compiled"
        for decorator in function.decorator_list
        for node in [decorator.func if isinstance(decorator, ast.Call) else decorator]
    )


def folder_digest(folder: Path) -> str:
    """Digest of the sources of a custom model, all in one folder: 16 hexadecimal digits."""
    return _digest(sorted(folder.glob("*.py")), folder)


def _digest(paths: list[Path], root: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Folder for compiled code of exactly these sources; it is created when missing.

    Where no cache can be written, it is a new folder for this command and its worker processes alone.
    """
    base = Path(os.environ.get("SHEQUN_CACHE_DIR") or platformdirs.user_cache_dir("shequn", appauthor=False))
    try:
        return _folder_in(base)
    except OSError:
        # nobody else may write there: compiled code is run as it is
        private = tempfile.mkdtemp(prefix="shequn-")
        atexit.register(shutil.rmtree, private, ignore_errors=True)
        os.environ["SHEQUN_CACHE_DIR"] = private
        return _folder_in(Path(private))


def _folder_in(base: Path) -> Path:
    # numba's own cache index does not record whether bounds are checked
    checked = "-checked" if os.environ.get("NUMBA_BOUNDSCHECK", "0") not in ("", "0") else ""
    target = f"-{prebuilt.TARGET}" if comes_compiled() else ""
    folder = base / f"compiled-{compiled_digest()}{target}{checked}"
    if not folder.exists():
        _make(folder)
        _delete_unused(base)
    os.utime(folder)
    with tempfile.TemporaryFile(dir=folder):  # raises an error if nothing can be written
        return folder


def _make(folder: Path) -> None:
    """Make a folder for compiled code, with that which was brought along: complete, or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="compiled-unfinished-", dir=folder.parent) as unfinished:
        new = Path(unfinished) / folder.name
        new.mkdir()
        if comes_compiled():
            prebuilt.unpack(compiled_digest(), new)
        try:
            new.rename(folder)
        except OSError:  # another process was faster
            if not folder.exists():
                raise


@lru_cache(maxsize=1)
def comes_compiled() -> bool:
    """Whether the package brings compiled code, with all features, that fits this machine."""
    checked = os.environ.get("NUMBA_BOUNDSCHECK", "0") not in ("", "0")
    return prebuilt.FOLDER.is_dir() and not checked and prebuilt.use_target(compiled_digest())


def _delete_unused(base: Path) -> None:
    limit = time.time() - _KEEP_DAYS * 86_400
    for other in base.glob("compiled-*"):
        if other.stat().st_mtime < limit:
            shutil.rmtree(other, ignore_errors=True)


@lru_cache
def _folder_for(home: Path) -> Path:
    """Cache folder for the compiled code of the functions in a source folder.

    For a custom model the name also contains a digest of the sources beside it.
    """
    ours = any(home.is_relative_to(_ROOT / folder) for folder in _COMPILED)
    return _shared_folder() if ours else _shared_folder() / f"own-{folder_digest(home)}"


_shared_folder = lru_cache(maxsize=1)(cache_folder)  # the same for the whole process


def _source_folder(function: Callable[..., Any]) -> Path:
    return Path(function.__code__.co_filename).resolve().parent


def _linking() -> Any:
    """The module :mod:`shequn.agents.linking`, loaded once it is decided for which processor numba compiles."""
    comes_compiled()
    return importlib.import_module("shequn.agents.linking")


def _dispatcher(function: Callable[..., Any], options: dict[str, Any]) -> Any:
    import numba

    for name in _EXTENSIONS:
        importlib.import_module(name)
    folder = _folder_for(_source_folder(function))
    before = numba.config.CACHE_DIR  # type: ignore[attr-defined]
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    try:
        return numba.njit(error_model="numpy", **options)(function)
    finally:
        numba.config.CACHE_DIR = before  # type: ignore[attr-defined]


def extends_numba(module: str) -> None:
    """Import this module before anything is compiled: it teaches numba one of our types or functions."""
    _EXTENSIONS.append(module)


class Compiled:
    """A function that numba compiles at its first use.

    Call it like the function it wraps; ``py_func`` is that function, uncompiled. Other compiled
    functions may call it too: numba then reads ``_numba_type_``.
    """

    def __init__(
        self, function: Callable[..., Any], options: dict[str, Any], only_with: int = 0, otherwise: Any = None
    ) -> None:
        self.py_func = function
        self._options = options
        self._only_with = only_with
        self._otherwise = otherwise
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__
        self.__module__ = function.__module__

    @cached_property
    def dispatcher(self) -> Any:
        """numba's dispatcher for calls from Python."""
        linking = _linking()
        options: dict[str, Any] = {"cache": True}
        if linking.is_tried():
            options["pipeline_class"] = linking.EntryCompiler
        return _dispatcher(self.py_func, {**options, **self._options})

    @cached_property
    def inner(self) -> Any:
        """The dispatcher for calls from compiled code.

        It has no wrapper for calls from Python, which would unpack every array of a ``World`` again
        in each function, and no reference counts, as the caller holds the arrays. Both together halve
        the compile time. It has no machine code of its own either, which halves the compile time
        again: see :mod:`shequn.agents.linking`. A function that creates arrays needs reference
        counts: decorate it with ``compiled(_nrt=True)``.
        """
        linking = _linking()
        lean: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False}
        if linking.is_tried():
            lean["pipeline_class"] = linking.LinkedCompiler
        return _dispatcher(self.py_func, {**lean, **self._options})

    @cached_property
    def _numba_type_(self) -> Any:
        """numba reads this from a global that compiled code refers to."""
        linking = _linking()
        if not linking.is_tried():
            return self.inner._numba_type_
        return linking.InnerFunction(self.inner, self._only_with, self._otherwise)

    def __call__(self, *args: Any) -> Any:
        """Call the compiled function; compile it first if necessary."""
        return self.dispatcher(*args)


@overload
def compiled(function: Callable[..., Any], /) -> Any: ...
@overload
def compiled(
    *, only_with: int = 0, otherwise: Any = None, **options: Any
) -> Callable[[Callable[..., Any]], Any]: ...
def compiled(
    function: Callable[..., Any] | None = None, *, only_with: int = 0, otherwise: Any = None, **options: Any
) -> Any:
    """Compile ``function`` at its first call; with NUMBA_DISABLE_JIT=1 return it unchanged.

    Parameters
    ----------
    only_with : int
        A feature (see ``sim/kernel/features.py``): compiled code that works on a world without it does not call the
        function.
    otherwise : bool, int, float or None
        The value that such a call has.
    options
        Numba's (``boundscheck``, ``inline``).
    """
    if function is None:
        return lambda f: compiled(f, only_with=only_with, otherwise=otherwise, **options)  # type: ignore[call-overload]
    if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        return function
    return Compiled(function, options, only_with, otherwise)
