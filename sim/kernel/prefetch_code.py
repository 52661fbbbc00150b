"""The compiled form of :func:`shequn.sim.kernel.prefetch.will_read`: the processor's prefetch instruction.

:mod:`shequn.agents.compiled` loads it when it loads numba (see ``sim/kernel/prefetch.py``).
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic, overload
from numba.np.arrayobj import make_array

from shequn.sim.kernel.prefetch import will_read

_LINE = 64  # bytes of a line of the cache
_NUMBER, _ADDRESS = ir.IntType(32), ir.IntType(8).as_pointer()
#: LLVM's arguments: for writing as well as reading, keep in the nearest cache, data (not instructions).
_HINT = [ir.Constant(_NUMBER, value) for value in (1, 3, 1)]


@intrinsic
def _prefetch(context: Any, records: Any, position: Any) -> tuple[Any, Callable[..., Any]]:
    def code(target: Any, builder: Any, signature: Any, values: Any) -> Any:
        kind = signature.args[0]
        array = make_array(kind)(target, builder, values[0])
        size = target.get_abi_sizeof(target.get_data_type(kind.dtype))
        first = builder.bitcast(array.data, _ADDRESS)
        place = builder.gep(first, [builder.mul(values[1], ir.Constant(values[1].type, size))])
        kinds = ir.FunctionType(ir.VoidType(), [_ADDRESS, *[_NUMBER] * 3])
        hint = cgutils.get_or_insert_function(builder.module, kinds, "llvm.prefetch.p0")
        for line in range(0, size, _LINE):
            builder.call(hint, [builder.gep(place, [ir.Constant(values[1].type, line)]), *_HINT])
        return target.get_dummy_value()

    return types.void(records, types.int64), code


@overload(will_read)
def _will_read(records: Any, position: Any) -> Callable[..., None]:
    def prefetch(records: Any, position: Any) -> None:  # numba wants the same names and annotations
        _prefetch(records, position)  # type: ignore[call-arg, unused-ignore]  # numba gives the context

    return prefetch
