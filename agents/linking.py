"""How numba compiles the functions that only compiled code calls: for linking, not for running.

By default numba turns every function into machine code that again includes everything it calls; in a
deep call tree most of that code never runs. Here an inner function stays LLVM intermediate code,
lightly optimised. Machine code is generated once, for the function that Python calls, with everything
linked in and fully optimised. This halves the compile time: see DECISIONS.md.

Loaded by :mod:`shequn.agents.compiled` only when something is compiled.
"""

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler

#: Versions of numba with which the private parts below were tried; others use numba's own, slower way.
TRIED = ("0.68.",)


class _NoMachineCode:
    """Replaces the code generator where numba would set the environment of the machine code."""

    def set_env(self, name: str, environment: Any) -> None:
        """Do nothing: there is no machine code to set it for."""


class _LinkedLibrary(JITCodeLibrary):
    """The code of one function, to be linked into its callers."""

    @property
    def codegen(self) -> Any:
        """numba reads this once the function is compiled."""
        return _NoMachineCode()

    def get_pointer_to_function(self, name: str) -> int:
        """Return 0, no address: numba takes it for a function that Python cannot call."""
        self._ensure_finalized()
        return 0

    def _optimize_final_module(self) -> None:
        """Run only the first, cheap one of numba's two rounds of optimisation."""
        passes, builder = self._codegen._module_pass_manager(
            loop_vectorize=False, slp_vectorize=False, cost="cheap"
        )
        passes.run(self._final_module, builder)

    def _finalize_final_module(self) -> None:
        """Do what numba does, without handing the module to the machine code generator."""
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True


class LinkedCompiler(Compiler):
    """numba's compiler, with a `_LinkedLibrary` for the function's code."""

    def compile_extra(self, function: Any) -> Any:
        """Compile a function; numba calls this."""
        self.state.library = _LinkedLibrary(self.state.targetctx.codegen(), function.__qualname__)
        return super().compile_extra(function)
