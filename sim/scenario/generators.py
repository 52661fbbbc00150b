"""Names and arguments of networkx's graph generators, checked before a run."""

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

from shequn.sim.language import _

_SUPPLIED = ("n", "seed", "create_using")  # set by shequn, or not allowed


@cache
def generators() -> dict[str, Callable[..., Any]]:
    """All networkx generators that make a graph from plain arguments, by name."""
    import networkx

    return {
        name: function
        for name, function in vars(networkx).items()
        if callable(function)
        and str(getattr(function, "__module__", "")).startswith("networkx.generators")
        and not name.startswith("_")
        and _makes_a_graph(function)
    }


def _makes_a_graph(function: Callable[..., Any]) -> bool:
    """Whether a generator needs no other graph; one that transforms a graph takes it as first argument."""
    first = next(iter(inspect.signature(function).parameters), "")
    return first not in ("G", "g", "H", "T", "root", "graph") and not inspect.isclass(function)


def argument_faults(name: str, arguments: dict[str, Any]) -> list[tuple[str | None, str, list[str]]]:
    """What is wrong with a generator's arguments.

    Returns
    -------
    list of tuples
        Argument (None: the call as a whole), message, and known names.
    """
    parameters = inspect.signature(generators()[name]).parameters
    named = [p for p in parameters.values() if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    known = [p.name for p in named if p.name not in _SUPPLIED and p.name != "backend"]
    faults: list[tuple[str | None, str, list[str]]] = []
    for argument in arguments:
        if argument in _SUPPLIED:
            faults.append(
                (argument, _("{argument} is set by shequn and cannot be given").format(argument=argument), [])
            )
        elif argument not in known:
            faults.append(
                (argument, _("{name} has no argument {argument}").format(name=name, argument=argument), known)
            )
    needed = [p.name for p in named if p.default is p.empty and p.name in known]
    missing = [argument for argument in needed if argument not in arguments]
    if missing and not faults:
        faults.append((None, _("{name} needs {missing}").format(name=name, missing=", ".join(missing)), []))
    return faults
