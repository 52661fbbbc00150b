"""The draws of ``sim/kernel/chance.py``, compiled in a process where nothing else is; the results are identical.

Without compilation they use NumPy scalars, which take about 15 µs per draw: most of the time of a visit of the twin.
With Python integers a draw takes 1.4 µs, compiled for one signature 0.25 µs. The rules are not compiled: a rule takes
0.1 µs in Python, and 10 µs compiled, because numba must inspect the record of coefficients at each call.
"""

import sys
from types import FunctionType, ModuleType
from typing import Any

from shequn.sim.kernel import chance
from shequn.sim.kernel.chance import Purpose

_SIGNATURES = {
    "mix": "u8(u8)",
    "pair": "u8(u8, u8)",
    "stem": "u8(u8, u8)",
    "word_from": "u8(u8, u8, u8)",
    "word": "u8(u8, u8, u8, u8)",
    "uniform_from": "f8(u8, u8, u8)",
    "uniform": "f8(u8, u8, u8, u8)",
    "exponential": "f8(u8, u8, u8, u8)",
    "normal": "f8(u8, u8, u8, u8)",
}


def compiled_draws() -> dict[str, Any]:
    """Compile the functions of :mod:`shequn.sim.kernel.chance` that draw; returns them by name."""
    import numba

    off = numba.config.DISABLE_JIT  # type: ignore[attr-defined]
    names = dict(vars(chance))
    numba.config.DISABLE_JIT = 0  # type: ignore[attr-defined]
    try:
        for name, signature in _SIGNATURES.items():  # in the order in which they call each other
            plain = getattr(chance, name)
            plain = getattr(plain, "py_func", getattr(plain, "__wrapped__", plain))
            names[name] = numba.njit(signature, error_model="numpy")(FunctionType(plain.__code__, names))
    finally:
        numba.config.DISABLE_JIT = off  # type: ignore[attr-defined]
    return {name: names[name] for name in _SIGNATURES}


def use_compiled_draws() -> None:
    """Replace the draws in the imported modules of the twin by compiled ones, permanently in this process.

    No other module is changed, not even those that build the twin's world. Purposes become plain integers, because
    numba takes 50 µs to inspect a member of an enum.
    """
    draws = compiled_draws()
    replacements: dict[int, Any] = {id(getattr(chance, name)): draw for name, draw in draws.items()}
    replacements[id(Purpose)] = type("Purpose", (), {purpose.name: int(purpose) for purpose in Purpose})
    module = ModuleType(chance.__name__)
    vars(module).update({**vars(chance), **draws})
    replacements[id(chance)] = module
    twins = [module for name, module in sys.modules.items() if name.startswith("tests.reference.twin")]
    for module in twins:
        for name, value in list(vars(module).items()):
            if id(value) in replacements:
                setattr(module, name, replacements[id(value)])
            elif isinstance(value, Purpose):
                setattr(module, name, int(value))
