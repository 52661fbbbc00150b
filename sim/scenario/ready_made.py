"""Ready-made groups of the population, by the word that a scenario writes instead of a map.

*six-needs*: six groups that differ in what they join for, after the six needs of article A1 of the field notes (S2):
keep in touch, work, make friends, learn, promote themselves, daily life. The article gives no numbers. Assumed are the
equal shares and every weight: what a need asks for most has a third to two thirds of the weight, what it asks for
besides has less. How much people of one group differ (``spread``) is as by default.
"""

from dataclasses import replace
from typing import Any, cast

from shequn.sim.scenario.named import GROUPS
from shequn.sim.scenario.nodes import Mapping, Node, Path, Scalar, from_python

_DRIVERS = ("honor", "interest", "benefit", "relationship", "event", "locality")
_SIX_NEEDS = {  # mean weights, in the order of _DRIVERS
    "keep-in-touch": (0.05, 0.1, 0.05, 0.65, 0.05, 0.1),  # people whom they know already
    "work": (0.1, 0.25, 0.5, 0.15, 0.0, 0.0),  # gain; then knowledge, and people to work with
    "make-friends": (0.1, 0.25, 0.0, 0.35, 0.1, 0.2),  # people like them and near them, and occasions to meet
    "learn": (0.1, 0.5, 0.35, 0.05, 0.0, 0.0),  # content, and what it is good for
    "promote-themselves": (0.55, 0.05, 0.3, 0.1, 0.0, 0.0),  # to be seen, and what comes of it
    "daily-life": (0.0, 0.1, 0.35, 0.15, 0.05, 0.35),  # what is useful and near
}
#: Groups by name, as a scenario would write them, by the word that stands for them.
READY_MADE: dict[str, dict[str, Any]] = {
    "six-needs": {
        name: {"share": 1 / len(_SIX_NEEDS), "drivers": dict(zip(_DRIVERS, weights, strict=True))}
        for name, weights in _SIX_NEEDS.items()
    }
}


def with_ready_made(file: Mapping) -> Mapping:
    """The nodes of a file, variants included, with maps of groups for the words that stand for them."""
    file = cast(Mapping, with_groups(file))
    variants = file.items.get("variants")
    if isinstance(variants, Mapping):
        for name, variant in variants.items.items():
            variants = variants.with_item(name, variants.keys[name], with_groups(variant))
        file = file.with_item("variants", file.keys["variants"], variants)
    return file


def with_groups(node: Node, path: Path = ()) -> Node:
    """The value at a path with a map of groups for the word that stands for them, if it has that word.

    The map replaces what it is laid over.
    """
    depth = len(path)
    if path != GROUPS[:depth]:
        return node
    if path == GROUPS:
        word = node.value if isinstance(node, Scalar) else None
        if not isinstance(word, str) or word not in READY_MADE:
            return node
        return replace(cast(Mapping, from_python(READY_MADE[word], node.mark)), replaces=True)
    key = GROUPS[depth]
    if not isinstance(node, Mapping) or key not in node.items:
        return node
    return node.with_item(key, node.keys[key], with_groups(node.items[key], (*path, key)))
