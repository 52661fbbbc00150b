"""How compiled functions that only compiled code calls are built: for linking, not for running.

numba turns every function into machine code of its own, in which all it calls is built in anew: in a
deep tree of calls most of that code is never run. Here an inner function ends as LLVM's intermediate
code, lightly optimised; machine code is made once, of the function that Python calls, with
everything in it and fully optimised. Half the compile time: see DECISIONS.md.

Loaded by :mod:`shequn.agents.compiled` only when something is compiled.
"""

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler

#: Versions of numba whose private parts below were tried; others compile in their usual, slower way.
TRIED = ("0.68.",)


class _NoMachineCode:
    """Stands for the code generator where numba would tell machine code its environment."""

    def set_env(self, name: str, environment: Any) -> None:
        """Nothing: where there is no machine code there is nobody to tell."""


class _LinkedLibrary(JITCodeLibrary):
    """One function's code, to be linked into that of its callers."""

    @property
    def codegen(self) -> Any:
        """What numba asks for once the function is compiled."""
        return _NoMachineCode()

    def get_pointer_to_function(self, name: str) -> int:
        """No address: numba takes that for a function that Python cannot call."""
        self._ensure_finalized()
        return 0

    def _optimize_final_module(self) -> None:
        """The first, cheap one of numba's two rounds."""
        passes, builder = self._codegen._module_pass_manager(
            loop_vectorize=False, slp_vectorize=False, cost="cheap"
        )
        passes.run(self._final_module, builder)

    def _finalize_final_module(self) -> None:
        """As numba's own, without handing the module to the machine code generator."""
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True


class LinkedCompiler(Compiler):
    """numba's compiler, with such a library for the function's code."""

    def compile_extra(self, function: Any) -> Any:
        """Compile a function (numba's entry)."""
        self.state.library = _LinkedLibrary(self.state.targetctx.codegen(), function.__qualname__)
        return super().compile_extra(function)
