"""A scenario's variants: each laid over the scenario and checked as a whole."""

from shequn.sim.language import _
from shequn.sim.scenario.checking import check, describe_node
from shequn.sim.scenario.errors import Problem
from shequn.sim.scenario.hints import full_width
from shequn.sim.scenario.merging import overlay
from shequn.sim.scenario.model import VARIANT_NAME
from shequn.sim.scenario.nodes import Mapping, Mark, Scalar


def resolved_variants(root: Mapping) -> tuple[Mapping, dict[str, Mapping], list[Problem]]:
    """The scenario itself, its variants laid over it, and everything wrong with any of them.

    What is wrong with the scenario itself is told once, not again for each variant.
    """
    base = root.without("variants")
    problems = check(base)[1]
    found = list(problems)
    known: set[tuple[Mark | None, str]] = {(problem.mark, problem.message) for problem in problems}
    others: dict[str, Mapping] = {}
    given = root.items.get("variants")
    if given is None or (isinstance(given, Scalar) and given.value is None):
        return base, others, found
    if not isinstance(given, Mapping):
        text = _("variants is {given}; allowed: a mapping from names to what differs").format(
            given=describe_node(given)
        )
        return base, others, [*found, Problem(text, given.mark)]
    for name, over in given.items.items():
        mark = given.keys[name]
        if not VARIANT_NAME.fullmatch(name):
            text = _("{name!r} is no name for a variant: letters, digits, - and _ (at most 64)").format(
                name=name
            )
            found.append(Problem(text, mark, full_width(name)))
            continue
        if isinstance(over, Scalar) and over.value is None:
            over = Mapping(over.mark)
        if not isinstance(over, Mapping):
            text = _("variants.{name} is {over}; allowed: a mapping of what differs").format(
                name=name, over=describe_node(over)
            )
            found.append(Problem(text, over.mark))
            continue
        if wrong := [key for key in ("format", "variants") if key in over.items]:
            found += [
                Problem(_("{key} cannot differ in a variant").format(key=key), over.keys[key], where=name)
                for key in wrong
            ]
            continue
        others[name] = overlay(base, over)
        for problem in check(others[name])[1]:
            if (problem.mark, problem.message) not in known:
                found.append(Problem(problem.message, problem.mark, problem.hint, name))
    return base, others, found
