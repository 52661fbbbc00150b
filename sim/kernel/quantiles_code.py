"""The compiled form of :func:`shequn.sim.kernel.quantiles.gamma_quantile`: a call of SciPy's own function.

SciPy publishes the addresses of its special functions for compiled code (`scipy.special.cython_special`). LLVM finds
this one by a name of ours, so that code from the cache finds it in another process, where its address is another.

:mod:`shequn.agents.compiled` loads this module when it loads numba (see ``sim/kernel/quantiles.py``).
"""

from collections.abc import Callable

from llvmlite import binding
from numba import types
from numba.extending import get_cython_function_address, overload

from shequn.sim.kernel.quantiles import gamma_quantile

_NAME = "shequn_gammaincinv"
binding.add_symbol(_NAME, get_cython_function_address("scipy.special.cython_special", "gammaincinv"))
# the last argument says how Cython calls it: 0, like a plain function
_gammaincinv = types.ExternalFunction(_NAME, types.float64(types.float64, types.float64, types.int32))


@overload(gamma_quantile)
def _gamma_quantile(shape: float, probability: float) -> Callable[..., float]:
    def quantile(shape: float, probability: float) -> float:
        # numba makes a call of it; without numba's stubs mypy does not mind
        return _gammaincinv(shape, probability, 0)  # type: ignore[call-overload, no-any-return, unused-ignore]

    return quantile
