"""The draws of ``sim.chance`` in Python's integers: the same numbers to the last bit.

Uncompiled, ``sim.chance`` works on NumPy's scalars, which cost some 20 µs a draw, most of the time
of a visit of the twin. These take about 1 µs.
"""

import math
import sys
from functools import cache
from types import ModuleType
from typing import Any

from sim import chance

_WORD = (1 << 64) - 1
_A, _B, _C = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_TO_UNIT = 2.0**-53
_TWO_PI = 6.283185307179586


def _mix(h: int) -> int:
    h = (h + _A) & _WORD
    h = ((h ^ (h >> 30)) * _B) & _WORD
    h = ((h ^ (h >> 27)) * _C) & _WORD
    return h ^ (h >> 31)


@cache
def _begun(seed: int, purpose: int) -> int:
    return _mix(_mix(seed) ^ purpose)


def word(seed: Any, purpose: Any, key: Any, count: Any) -> int:
    """64 random bits, as ``sim.chance.word``."""
    return _mix(_mix(_begun(seed, purpose) ^ int(key)) ^ int(count))


def uniform(seed: Any, purpose: Any, key: Any, count: Any) -> float:
    """On (0, 1), as ``sim.chance.uniform``."""
    return ((word(seed, purpose, key, count) >> 11) + 0.5) * _TO_UNIT


def exponential(seed: Any, purpose: Any, key: Any, count: Any) -> float:
    """With mean 1, as ``sim.chance.exponential``."""
    return -math.log(uniform(seed, purpose, key, count))


def normal(seed: Any, purpose: Any, key: Any, count: Any) -> float:
    """Standard normal, as ``sim.chance.normal``."""
    h = word(seed, purpose, key, count)
    u = ((h >> 11) + 0.5) * _TO_UNIT
    v = ((_mix(h) >> 11) + 0.5) * _TO_UNIT
    return math.sqrt(-2.0 * math.log(u)) * math.cos(_TWO_PI * v)


def pair(a: Any, b: Any) -> int:
    """The key of an ordered pair, as ``sim.chance.pair``."""
    return _mix(int(a)) ^ int(b)


_DRAWS = {"uniform": uniform, "exponential": exponential, "normal": normal, "pair": pair}


def use_plain_draws() -> None:
    """Let the twin, where it has been imported, draw from here (in this process, for good).

    Nothing else does: building the world, which the twin takes over from the machine, goes on as it is.
    """
    plain = ModuleType(chance.__name__)
    vars(plain).update({**vars(chance), **_DRAWS})
    instead: dict[int, Any] = {id(getattr(chance, name)): draw for name, draw in _DRAWS.items()}
    instead[id(chance)] = plain
    twins = [module for name, module in sys.modules.items() if name.startswith("tests.reference.twin")]
    for module in twins:
        for name, value in list(vars(module).items()):
            if id(value) in instead:
                setattr(module, name, instead[id(value)])
