"""Graphs from any networkx generator, by name."""

import difflib
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from shequn.sim.fields import MAX_PEOPLE
from shequn.sim.graphs.graph import Graph, GraphError, from_networkx
from shequn.sim.language import _

_NOT_FROM_A_FILE = {"G", "graph", "create_using", "backend", "nodes", "B"}  # need Python objects
_TWO_TO_32 = 2**32  # above the largest seed of numpy's old generator, which parts of networkx use

#: Generators whose ``n`` is not the number of people, and the number of people that they make from it.
_PEOPLE_FROM_N: dict[str, Callable[[int], float]] = {
    "binomial_tree": lambda n: 2.0 ** min(n, 99),
    "hypercube_graph": lambda n: 2.0 ** min(n, 99),
    "dorogovtsev_goltsev_mendes_graph": lambda n: 3.0 ** min(n, 99),
    "mycielski_graph": lambda n: 3.0 * 2.0 ** min(n, 99),
    "margulis_gabber_galil_graph": lambda n: float(n) ** 2,
    "sudoku_graph": lambda n: float(n) ** 4,
}
_MOST_COMPLETE = 5_000  # people; a complete graph of them has 12.5 million ties


def generator_names() -> list[str]:
    """Names of the networkx generators that a scenario can call."""
    import networkx as nx

    names = []
    for name, function in vars(nx).items():
        module = getattr(function, "__module__", "") or ""
        if name.startswith("_") or not callable(function) or inspect.isclass(function):
            continue
        if not module.startswith("networkx.generators") or name.startswith(("is_", "number_of")):
            continue
        needed = {p.name for p in _parameters(function).values() if p.default is inspect.Parameter.empty}
        if not needed & _NOT_FROM_A_FILE:
            names.append(name)
    return sorted(names)


def _parameters(function: Any) -> dict[str, inspect.Parameter]:
    skipped = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return {}
    return {name: p for name, p in parameters.items() if p.kind not in skipped and name != "backend"}


def _signature(name: str, parameters: Mapping[str, inspect.Parameter]) -> str:
    texts = [str(p.replace(annotation=inspect.Parameter.empty)) for key, p in parameters.items()
             if key != "create_using"]  # fmt: skip
    return f"{name}({', '.join(texts)})"


def from_generator(name: str, arguments: Mapping[str, Any], n: int, seed: int) -> Graph:
    """The graph that a networkx generator makes.

    Parameters
    ----------
    name : str
        For example ``watts_strogatz_graph``.
    arguments : mapping
        Its arguments by name. If it takes ``n`` or ``seed`` and they are missing here, they are added.
    n : int
        Number of people wanted. Some generators make another number; a note then says so.
    seed : int
        Passed on modulo 2**32, as some generators take no larger seed.

    Raises
    ------
    GraphError
        The name is unknown (the message has similar ones), the arguments are wrong (the message has the
        signature), or the generator returns no usable graph.
    """
    import networkx as nx

    names = generator_names()
    if name not in names:
        near = difflib.get_close_matches(name, [*names, "social", "none"], n=3, cutoff=0.5)
        hint = _("; did you mean {near}?").format(near=_(" or ").join(near)) if near else ""
        raise GraphError(
            _(
                "unknown generator {name!r}{hint} (allowed: social, none, or a graph generator of networkx)"
            ).format(name=name, hint=hint)
        )
    function = getattr(nx, name)
    parameters = _parameters(function)
    signature = _signature(name, parameters)
    passed = {str(key): value for key, value in arguments.items()}
    unknown = [key for key in passed if key not in parameters or key in _NOT_FROM_A_FILE]
    if unknown:
        near = difflib.get_close_matches(unknown[0], list(parameters), n=1)
        hint = _("; did you mean {near}?").format(near=near[0]) if near else ""
        raise GraphError(
            _("{name} takes no argument {unknown!r}{hint} (it is {shown})").format(
                name=name, unknown=unknown[0], hint=hint, shown=signature
            )
        )
    if "n" in parameters and "n" not in passed:
        if name in _PEOPLE_FROM_N:
            raise GraphError(
                _("argument n of {name} is not the number of people: set it (it is {shown})").format(
                    name=name, shown=signature
                )
            )
        passed["n"] = n
    if "seed" in parameters and "seed" not in passed:
        passed["seed"] = seed % _TWO_TO_32
    missing = [p.name for p in parameters.values()
               if p.default is inspect.Parameter.empty and p.name not in passed]  # fmt: skip
    if missing:
        raise GraphError(
            _("{name} needs {missing} (it is {shown})").format(
                name=name, missing=_(" and ").join(missing), shown=signature
            )
        )
    _refuse_too_large(name, passed)
    try:
        generated = function(**passed)
    except MemoryError:
        raise GraphError(_("{name}: not enough memory for this graph").format(name=name)) from None
    except Exception as error:  # whatever networkx raises, the arguments were wrong
        raise GraphError(
            _("{name}: {error} (it is {shown})").format(
                name=name, error=error or type(error).__name__, shown=signature
            )
        ) from None
    if not isinstance(generated, nx.Graph):
        raise GraphError(
            _("{name} returns {name2}, which is not a graph").format(
                name=name, name2=type(generated).__name__
            )
        )
    try:
        graph = from_networkx(generated)
    except GraphError as error:
        raise GraphError(f"{name}: {error}") from None
    if graph.people != n:
        note = _("{name} makes {people:,} people with these arguments, not the {n:,} asked for").format(
            name=name, people=graph.people, n=n
        )
        graph = graph._replace(notes=(*graph.notes, note))
    return graph


def _refuse_too_large(name: str, passed: Mapping[str, Any]) -> None:
    n = passed.get("n")
    if not isinstance(n, int):
        return
    people = _PEOPLE_FROM_N[name](n) if name in _PEOPLE_FROM_N else float(n)
    if people > MAX_PEOPLE:
        raise GraphError(
            _("{name} with n = {n:,} has too many people; allowed: at most {most_people:,}").format(
                name=name, n=n, most_people=MAX_PEOPLE
            )
        )
    if name == "complete_graph" and n > _MOST_COMPLETE:
        raise GraphError(
            _(
                "complete_graph of {n:,} people; allowed: at most {most_complete:,}. With `mixing: complete` "
                "invitations reach anybody without stored ties"
            ).format(n=n, most_complete=_MOST_COMPLETE)
        )
