"""Maps by name: where a scenario has them, what their entries are, and lists read as such maps.

In format 1 operations and gates were lists. A list is read as a map: an entry gets the name that it has, or
its kind, or its kind and number. A list replaces what it is laid over, as in format 1.
"""

from collections import Counter
from collections.abc import Container
from typing import NamedTuple

from shequn.sim.kernel.duties.kinds import DUTIES
from shequn.sim.kernel.gates.kinds import GATES
from shequn.sim.language import N_, _
from shequn.sim.operations.kinds import OPERATIONS
from shequn.sim.operations.operation import numbered, unlike_generated
from shequn.sim.scenario.errors import Problem
from shequn.sim.scenario.nodes import Mapping, Mark, Node, Path, Sequence, is_null, plain


class Entry(NamedTuple):
    """What the entries of a map by name are.

    ``word`` is their name in messages, ``chooser`` the key that chooses the kind, ``kinds`` its words.
    """

    word: str
    chooser: str
    kinds: tuple[str, ...]


_GATE = Entry(N_("gate"), "kind", tuple(GATES))
_SPACE = Entry(N_("space"), "", ())
_JOB = Entry(N_("job"), "", ())
_DUTY = Entry(N_("duty"), "do", tuple(DUTIES))
_TASK = Entry(N_("task"), "", ())
_UNIT = Entry(N_("unit"), "", ())
_MARK = Entry(N_("mark"), "", ())
_RULE = Entry(N_("earn rule"), "", ())
_OFFER = Entry(N_("offer"), "", ())
_GROUP = Entry(N_("group"), "", ())
_STAGE = Entry(N_("stage"), "", ())
_OPERATION = Entry(N_("operation"), "do", tuple(OPERATIONS))
#: The maps by name, by their paths; an asterisk stands for any name.
_MAPS: dict[tuple[str, ...], Entry] = {
    ("gates",): _GATE,
    ("operations",): _OPERATION,
    ("spaces",): _SPACE,
    ("staff",): _JOB,
    ("duties",): _DUTY,
    ("tasks",): _TASK,
    ("units",): _UNIT,
    ("marks",): _MARK,
    ("earn",): _RULE,
    ("offers",): _OFFER,
    ("stages",): _STAGE,
    ("spaces", "*", "gates"): _GATE,
    ("operations", "*", "gates"): _GATE,
    ("population", "groups"): _GROUP,
}
#: Their keys at the top level.
MAPS = tuple(path[0] for path in _MAPS if len(path) == 1)
GROUPS = ("population", "groups")  # the map that is not at the top level and not in another map
LISTS = ("gates", "operations")  # those that were lists in format 1
MAX_NAME = 100  # characters of a name in format 1


def entry_at(path: Path) -> Entry | None:
    """What the entries of the map at this path are; None if there is no map by name."""
    keys = tuple(map(str, path))
    pattern = tuple("*" if place % 2 else key for place, key in enumerate(keys))
    return _MAPS.get(keys) or _MAPS.get(pattern)


def free_name(kind: str, taken: Container[str]) -> str:
    """The first name for an operation or gate of this kind that is not taken: ``fee``, ``fee-2``."""
    number = 1
    while numbered(kind, number) in taken:
        number += 1
    return numbered(kind, number)


def lists_as_maps(node: Node, path: Path = ()) -> tuple[Node, list[Problem]]:
    """The value at a path with maps for the lists of format 1 in it, and what is wrong with their names."""
    entry = entry_at(path)
    if entry in (_GATE, _OPERATION) and isinstance(node, Sequence):
        node, problems = _as_map(node, entry)
    else:
        problems = []
    if isinstance(node, Mapping) and any(len(path) < len(of_map) for of_map in _MAPS):
        for key, value in node.items.items():
            changed, faults = lists_as_maps(value, (*path, key))
            problems += faults
            if changed is not value:
                node = node.with_item(key, node.keys.get(key, value.mark), changed)
    return node, problems


def _as_map(node: Sequence, entry: Entry) -> tuple[Mapping, list[Problem]]:
    unnamed: Counter[str] = Counter()
    items: dict[str, Node] = {}
    keys: dict[str, Mark] = {}
    problems: list[Problem] = []
    for position, item in enumerate(node.items):
        name, mark = str(position), item.mark  # of an entry whose kind cannot be read
        given = item.items.get("name") if isinstance(item, Mapping) and entry is _OPERATION else None
        if isinstance(item, Mapping):
            kind = plain(item.items[entry.chooser]) if entry.chooser in item.items else None
            if isinstance(kind, str) and kind in entry.kinds and (given is None or is_null(given)):
                unnamed[kind] += 1
                name = numbered(kind, unnamed[kind])
        if given is not None and isinstance(item, Mapping):
            item = item.without("name")
            text = plain(given)
            if isinstance(text, str) and 0 < len(text) <= MAX_NAME:
                name, mark = unlike_generated(text, entry.kinds), given.mark
                if name in items:
                    problems.append(Problem(_("a second operation named {name!r}").format(name=text), mark))
            elif not is_null(given):
                wrong = _("the name of an operation is a text of 1 to {most} characters")
                problems.append(Problem(wrong.format(most=MAX_NAME), given.mark))
        items[name], keys[name] = item, mark
    return Mapping(node.mark, items, keys, replaces=True), problems
