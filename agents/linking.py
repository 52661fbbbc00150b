"""How numba compiles the functions that only compiled code calls: for linking, not for running.

By default numba turns every function into machine code that again includes everything it calls; in a
deep call tree most of that code never runs. Here an inner function stays LLVM intermediate code, of
itself alone. What Python calls is linked with everything below it, once, then fully optimised and turned
into machine code. This more than halves the compile time: see DECISIONS.md.

Loaded by :mod:`shequn.agents.compiled` only when something is compiled.
"""

from typing import Any

import numba
from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.datamodel import models
from numba.core.datamodel.registry import register_default
from numba.core.imputils import lower_builtin
from numba.core.typing.templates import signature
from numba.core.typing.typeof import typeof

#: Versions of numba with which the private parts below were tried; others use numba's own, slower way.
TRIED = ("0.68.",)


def is_tried() -> bool:
    """Whether the installed numba is one of these versions."""
    return numba.__version__.startswith(TRIED)


class _NoMachineCode:
    """Replaces the code generator where numba would set the environment of the machine code."""

    def set_env(self, name: str, environment: Any) -> None:
        """Do nothing: there is no machine code to set it for."""


class _LinkedLibrary(JITCodeLibrary):
    """The code of one function alone, to be linked into the function that Python calls."""

    @property
    def codegen(self) -> Any:
        """numba reads this once the function is compiled."""
        return _NoMachineCode()

    def get_pointer_to_function(self, name: str) -> int:
        """Return 0, no address: numba takes it for a function that Python cannot call."""
        self._ensure_finalized()
        return 0

    def finalize(self) -> None:
        """Keep the code as it is: what it calls is linked, and everything is optimised, where Python calls it."""
        self._raise_if_finalized()
        self._finalize_dynamic_globals()
        self._finalized = True


class _EntryLibrary(JITCodeLibrary):
    """The code of a function that Python calls, with all functions that are called in it, however deep."""

    def finalize(self) -> None:
        """Link everything once, then optimise it and generate machine code, as numba does."""
        self._linking_libraries = _everything_below(self)
        super().finalize()


def _everything_below(library: Any) -> list[Any]:
    """All libraries that a library's code needs, each once."""
    found: dict[Any, None] = {}
    waiting = list(library._linking_libraries)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found[one] = None
            if isinstance(one, _LinkedLibrary):
                waiting += one._linking_libraries
    return list(found)


class EntryCompiler(Compiler):
    """numba's compiler, with an `_EntryLibrary` for the function's code."""

    def compile_extra(self, function: Any) -> Any:
        """Compile a function; numba calls this."""
        self.state.library = _EntryLibrary(self.state.targetctx.codegen(), function.__qualname__)
        self.state.library.enable_object_caching()
        return super().compile_extra(function)


class LinkedCompiler(Compiler):
    """numba's compiler, with a `_LinkedLibrary` for the function's code."""

    def compile_extra(self, function: Any) -> Any:
        """Compile a function; numba calls this."""
        self.state.library = _LinkedLibrary(self.state.targetctx.codegen(), function.__qualname__)
        return super().compile_extra(function)


class InnerFunction(types.Dispatcher):
    """The type of an inner function.

    It is compiled once, not again for each width of the integers it is called with. Where an argument's type has
    ``features`` that lack ``only_with``, a call is the constant ``otherwise``, and the function is not compiled.
    """

    def __init__(self, function: Any, only_with: int, otherwise: Any) -> None:
        super().__init__(function)
        self._only_with = only_with
        self._constant = _Constant(otherwise) if only_with else None

    def get_call_type(self, context: Any, args: Any, kws: Any) -> Any:
        """Signature of a call; numba calls this to find the types of its result and its arguments."""
        if self._constant is not None and self._is_constant(args):
            assert not kws
            return signature(types.unliteral(typeof(self._constant.value)), *args)
        args = [_widened(kind) for kind in args]
        return super().get_call_type(context, args, {name: _widened(kind) for name, kind in kws.items()})

    def get_overload(self, sig: Any) -> Any:
        """What generates the code of a call with this signature; numba calls this."""
        if self._constant is not None and self._is_constant(sig.args):
            return self._constant
        return super().get_overload(sig)

    def _is_constant(self, args: Any) -> bool:
        features = next((kind.features for kind in args if hasattr(kind, "features")), self._only_with)
        return features & self._only_with != self._only_with


class _Constant:
    """Takes the place of a compiled function where numba generates a call: the result is always the same."""

    def __init__(self, value: Any) -> None:
        self.value = value
        lower_builtin(self, types.VarArg(types.Any))(self._generate)

    def _generate(self, context: Any, builder: Any, sig: Any, args: Any) -> Any:
        if self.value is None:
            return context.get_dummy_value()
        return context.get_constant(sig.return_type, self.value)


def _widened(kind: Any) -> Any:
    """A type that holds all values of this one: of integers up to 32 bits, constants and enums, int64; else itself."""
    if isinstance(kind, types.IntEnumMember):
        kind = kind.dtype
    kind = types.unliteral(kind)
    if isinstance(kind, types.Integer) and kind != types.uint64:
        return types.int64
    return kind


register_default(InnerFunction)(models.OpaqueModel)
