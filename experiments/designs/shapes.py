"""Transformations of a design's nodes: explicit levels for short forms, and removal of faulty parts."""

from typing import Any

from shequn.sim.scenario.nodes import Mapping, Node, Scalar
from shequn.sim.scenario.nodes import Sequence as ListNode


def scalars(node: Node) -> list[Scalar]:
    """All single values at and below a node."""
    if isinstance(node, Scalar):
        return [node]
    children = node.items.values() if isinstance(node, Mapping) else node.items
    return [scalar for child in children for scalar in scalars(child)]


def with_explicit_levels(root: Mapping) -> Mapping:
    """Replace each factor that is only a list by a mapping with levels."""
    factors = root.items.get("factors")
    if not isinstance(factors, Mapping):
        return root
    items: dict[str, Node] = {
        name: Mapping(node.mark, {"levels": node}, {"levels": factors.keys[name]})
        if isinstance(node, ListNode)
        else node
        for name, node in factors.items.items()
    }
    return root.with_item("factors", root.keys["factors"], Mapping(factors.mark, items, factors.keys))


def without_faulty_parts(root: Mapping, locations: set[tuple[Any, ...]]) -> Mapping:
    """The design without the keys, factors or figures at these faulty positions."""
    for loc in sorted(locations, key=len):
        top = str(loc[0])
        inner = root.items.get(top)
        if top == "factors" and len(loc) > 1 and isinstance(inner, Mapping):
            root = root.with_item(top, root.keys[top], inner.without(str(loc[1])))
        else:
            root = root.without(top)
    return root
