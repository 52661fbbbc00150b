"""A scenario's variants: each is laid over the scenario and checked as a whole."""

from shequn.sim.hints import full_width_hint
from shequn.sim.language import _
from shequn.sim.scenario.checking import check, describe_node
from shequn.sim.scenario.errors import Problem
from shequn.sim.scenario.merging import overlay
from shequn.sim.scenario.model import VARIANT_NAME
from shequn.sim.scenario.nodes import Mapping, Mark, Scalar


def resolved_variants(root: Mapping) -> tuple[Mapping, dict[str, Mapping], list[Problem]]:
    """The scenario itself, its variants laid over it, and everything that is wrong with any of them.

    A problem of the scenario itself is reported once, not again for each variant.
    """
    base = root.without("variants")
    base_problems = check(base)[1]
    problems = list(base_problems)
    base_faults: set[tuple[Mark | None, str]] = {(problem.mark, problem.message) for problem in base_problems}
    variant_nodes: dict[str, Mapping] = {}
    variants = root.items.get("variants")
    if variants is None or (isinstance(variants, Scalar) and variants.value is None):
        return base, variant_nodes, problems
    if not isinstance(variants, Mapping):
        text = _("variants is {given}; allowed: a mapping from names to what differs").format(
            given=describe_node(variants)
        )
        return base, variant_nodes, [*problems, Problem(text, variants.mark)]
    for name, changes in variants.items.items():
        mark = variants.keys[name]
        if not VARIANT_NAME.fullmatch(name):
            text = _(
                "{name!r} cannot be the name of a variant; allowed: letters, digits, - and _ (at most 64)"
            ).format(name=name)
            problems.append(Problem(text, mark, full_width_hint(name)))
            continue
        if isinstance(changes, Scalar) and changes.value is None:
            changes = Mapping(changes.mark)
        if not isinstance(changes, Mapping):
            text = _("variants.{name} is {over}; allowed: a mapping of what differs").format(
                name=name, over=describe_node(changes)
            )
            problems.append(Problem(text, changes.mark))
            continue
        if fixed_keys := [key for key in ("format", "variants") if key in changes.items]:
            problems += [
                Problem(_("{key} cannot differ in a variant").format(key=key), changes.keys[key], where=name)
                for key in fixed_keys
            ]
            continue
        variant_nodes[name] = overlay(base, changes)
        for problem in check(variant_nodes[name])[1]:
            if (problem.mark, problem.message) not in base_faults:
                problems.append(Problem(problem.message, problem.mark, problem.hint, name))
    return base, variant_nodes, problems
