"""The numba type of a world: compiled code gets one pointer.

numba would pass a NamedTuple of arrays by value: some 200 numbers at every call, in code with many
calls. Here a ``World`` becomes a pointer to a table of its arrays. The table is built when Python
calls compiled code and is valid for that call. Measured on limit case 3: see DECISIONS.md.

:mod:`shequn.agents.compiled` loads this module when it loads numba (see ``sim/kernel/world.py``).
"""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.imputils import impl_ret_borrowed, lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.core.typing.typeof import typeof, typeof_impl
from numba.extending import NativeValue, infer_getattr, register_model, unbox

from shequn.sim.kernel.features import marked
from shequn.sim.kernel.world import World


class WorldType(types.Type):
    """The type of a world: the names and types of its arrays."""

    def __init__(self, fields: tuple[tuple[str, types.Type], ...]) -> None:
        self.fields = fields
        marker: Any = dict(fields)["features"]
        self.features = marked(tuple(marker.dtype.fields))
        super().__init__(name=f"World{fields}")

    @property
    def mangling_args(self) -> tuple[str, tuple[types.Type, ...]]:
        """How it appears in the names of compiled functions: numba would spell out every field."""
        return f"World{self.features:d}", ()

    def position(self, name: str) -> int:
        """Position of a field in the table."""
        return [field for field, _ in self.fields].index(name)


@typeof_impl.register(World)
def _type_of_world(world: World, context: Any) -> WorldType:
    return WorldType(tuple((name, typeof(part)) for name, part in world._asdict().items()))


@register_model(WorldType)
class _WorldModel(models.PrimitiveModel):
    """A pointer to a struct with the value of each field."""

    def __init__(self, manager: Any, kind: WorldType) -> None:
        table = ir.LiteralStructType([manager.lookup(part).get_value_type() for _, part in kind.fields])
        super().__init__(manager, kind, table.as_pointer())


@infer_getattr
class _WorldFields(AttributeTemplate):
    key = WorldType

    def generic_resolve(  # type: ignore[override]  # numba's own declares no result
        self, kind: WorldType, name: str
    ) -> types.Type | None:
        return dict(kind.fields).get(name)


@lower_getattr_generic(WorldType)
def _get_field(context: Any, builder: Any, kind: WorldType, pointer: Any, name: str) -> Any:
    position = kind.position(name)
    load = builder.load(cgutils.gep_inbounds(builder, pointer, 0, position))
    # the table never changes while compiled code runs, so each field need be loaded only once
    load.set_metadata("invariant.load", builder.module.add_metadata([]))
    return impl_ret_borrowed(context, builder, kind.fields[position][1], load)


@unbox(WorldType)
def _unbox_world(kind: WorldType, world: Any, c: Any) -> NativeValue:
    """Build the table. It borrows the arrays: the caller's World keeps them alive."""
    model = c.context.data_model_manager.lookup(kind)
    table = cgutils.alloca_once(c.builder, model.get_value_type().pointee)
    failed = cgutils.alloca_once_value(c.builder, cgutils.false_bit)
    for position, (name, part) in enumerate(kind.fields):
        array = c.pyapi.object_getattr_string(world, name)
        native = c.unbox(part, array)
        with c.builder.if_then(native.is_error, likely=False):
            c.builder.store(cgutils.true_bit, failed)
        c.builder.store(_borrow(c, part, native.value), cgutils.gep_inbounds(c.builder, table, 0, position))
        c.context.nrt.decref(c.builder, part, native.value)
        c.pyapi.decref(array)
    return NativeValue(table, is_error=c.builder.load(failed))


def _borrow(c: Any, kind: Any, value: Any) -> Any:
    """The same value without an owner, so that counting references to it does nothing."""
    if isinstance(kind, types.Array):
        array = c.context.make_array(kind)(c.context, c.builder, value)
        array.meminfo = cgutils.get_null_value(array.meminfo.type)
        array.parent = cgutils.get_null_value(array.parent.type)
        return array._getvalue()
    for position, part in enumerate(kind.types):  # a NamedTuple of arrays: a heap
        own = _borrow(c, part, c.builder.extract_value(value, position))
        value = c.builder.insert_value(value, own, position)
    return value
