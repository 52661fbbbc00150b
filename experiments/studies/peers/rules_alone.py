"""Measures the time of pure functions by recording their calls and repeating some of them alone.

A tracing profiler slows down what it measures, short functions most, and a sampling profiler takes samples only between
calls. Rules and draws are pure functions, so their calls can simply be repeated.
"""

import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import ModuleType, SimpleNamespace
from typing import Any

_EVERY = 31  # one of this number of calls is recorded
_MAX_RECORDED = 2000  # calls of each function
_MIN_SECONDS = 0.02  # duration of the repetition of one function


class _Calls:
    """Records calls of one function."""

    def __init__(self, function: Callable[..., Any], what: str) -> None:
        self.function, self.what = function, what
        self.n = 0
        self.recorded: list[tuple[Any, ...]] = []

    def __call__(self, *args: Any) -> Any:
        if self.n % _EVERY == 0 and len(self.recorded) < _MAX_RECORDED:
            self.recorded.append(args)
        self.n += 1
        return self.function(*args)

    def seconds(self) -> float:
        """Estimated time of all calls in seconds, from that of the recorded ones."""
        if not self.recorded:
            return 0.0
        function, recorded, times = self.function, self.recorded, 0
        start = time.perf_counter()
        while (spent := time.perf_counter() - start) < _MIN_SECONDS:
            for args in recorded:
                function(*args)
            times += 1
        return self.n * spent / (times * len(recorded))


class RulesAlone(AbstractContextManager["RulesAlone"]):
    """Records the calls of pure functions within a ``with`` block.

    Only calls from the modules of interest count; the calls that a rule makes are part of the rule.

    Parameters
    ----------
    callers : str
        Prefix of the names of the modules whose calls count.
    pure : dict of str to str
        Packages or modules of pure functions, and the name of their kind.
    """

    def __init__(self, callers: str, pure: dict[str, str]) -> None:
        self._pure = pure
        self._callers = [module for name, module in sys.modules.items() if name.startswith(callers)]
        self._before: list[tuple[ModuleType, str, Any]] = []
        self._calls: dict[int, _Calls] = {}

    def __enter__(self) -> "RulesAlone":
        for module in self._callers:
            for name, value in list(vars(module).items()):
                recorder = self._recorder(value)
                if recorder is not value:
                    self._before.append((module, name, value))
                    setattr(module, name, recorder)
        return self

    def __exit__(self, *_: object) -> None:
        for module, name, value in self._before:
            setattr(module, name, value)

    def _what(self, module_name: str) -> str | None:
        for package, what in self._pure.items():
            if module_name == package or module_name.startswith(package + "."):
                return what
        return None

    def _recorder(self, value: Any) -> Any:
        """The same value with its calls recorded, if it is a pure function or a module of them."""
        if isinstance(value, ModuleType) and self._what(value.__name__):
            return SimpleNamespace(**{name: self._recorder(inner) for name, inner in vars(value).items()})
        function = callable(value) and not isinstance(value, type)  # numba's dispatchers have another type
        if function and (what := self._what(getattr(value, "__module__", None) or "")):
            return self._calls.setdefault(id(value), _Calls(value, what))
        return value

    def calls(self) -> dict[str, int]:
        """Number of calls, by kind."""
        return self._sum(lambda calls: calls.n)

    def seconds(self) -> dict[str, float]:
        """Time in seconds, by kind."""
        return self._sum(_Calls.seconds)

    def _sum(self, measure: Callable[[_Calls], Any]) -> dict[str, Any]:
        total = dict.fromkeys(self._pure.values(), 0)
        for calls in self._calls.values():
            total[calls.what] += measure(calls)
        return total
