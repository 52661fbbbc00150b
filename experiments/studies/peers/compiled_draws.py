"""The draws of ``sim/kernel/chance.py`` compiled, in a process where nothing else is: the same to the last bit.

Uncompiled they work on NumPy's scalars, which cost some 15 µs a draw, most of the time of a visit of
the twin; in Python's integers a draw takes 1.4 µs, compiled for one signature 0.25. (The rules stay
plain: a rule takes 0.1 µs in Python and, as numba must look at the record of coefficients, 10 compiled.)
"""

import sys
from types import FunctionType, ModuleType
from typing import Any

from shequn.sim.kernel import chance
from shequn.sim.kernel.chance import Purpose

_SIGNATURES = {
    "mix": "u8(u8)",
    "pair": "u8(u8, u8)",
    "word": "u8(u8, u8, u8, u8)",
    "uniform": "f8(u8, u8, u8, u8)",
    "exponential": "f8(u8, u8, u8, u8)",
    "normal": "f8(u8, u8, u8, u8)",
}


def compiled_draws() -> dict[str, Any]:
    """Each function of :mod:`shequn.sim.kernel.chance` that draws, by name, compiled now."""
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
    """Let the twin, where it has been imported, draw from here (in this process, for good).

    Nothing else does: building the world, which the twin takes over from the machine, goes on as it
    is. Purposes become plain integers: numba would look 50 µs at an enum's member.
    """
    draws = compiled_draws()
    instead: dict[int, Any] = {id(getattr(chance, name)): draw for name, draw in draws.items()}
    instead[id(Purpose)] = type("Purpose", (), {purpose.name: int(purpose) for purpose in Purpose})
    module = ModuleType(chance.__name__)
    vars(module).update({**vars(chance), **draws})
    instead[id(chance)] = module
    twins = [module for name, module in sys.modules.items() if name.startswith("tests.reference.twin")]
    for module in twins:
        for name, value in list(vars(module).items()):
            if id(value) in instead:
                setattr(module, name, instead[id(value)])
            elif isinstance(value, Purpose):
                setattr(module, name, int(value))
