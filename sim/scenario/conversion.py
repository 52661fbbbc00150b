"""Writes the content of a file of format 1 in format 2: variants say what differs, by name."""

import math
from collections.abc import Container
from typing import Any

from shequn.sim.kernel.gates.kinds import GATES
from shequn.sim.language import _
from shequn.sim.operations.kinds import OPERATIONS
from shequn.sim.operations.operation import name_in_draws
from shequn.sim.scenario.errors import ScenarioError, scenario_error
from shequn.sim.scenario.named import MAPS, Entry, entry_at, free_name
from shequn.sim.scenario.nodes import Mapping, Mark, Source, from_python, plain
from shequn.sim.scenario.retired import in_format_2
from shequn.sim.scenario.scenario import Scenario

Values = dict[str, Any]
_WHEN = ("day", "date", "every", "if")  # each takes the place of the others


def content_in_format_2(scenario: Scenario) -> Values:
    """The whole file of a scenario in format 2, variants included; reading it gives equal scenarios.

    Raises
    ------
    ScenarioError
        A variant of the file cannot be written in format 2.
    """
    record = scenario.to_record()
    file, problems = in_format_2(_mapping(record["content"]))
    if problems:  # cannot happen: the scenario has been read from it
        raise ScenarioError(problems)
    content: Values = plain(file)
    variants = file.items.get("variants")
    for name, variant in variants.items.items() if isinstance(variants, Mapping) else ():
        for key in MAPS:
            part = variant.items.get(key) if isinstance(variant, Mapping) else None
            if isinstance(part, Mapping) and part.replaces:
                changed = _changes_of_map(content.get(key) or {}, plain(part), (key,))
                content["variants"][name][key] = changed if plain(part) else None  # None takes away all
                if not changed:
                    del content["variants"][name][key]
    _check(record, content, scenario.variants)
    return content


def _mapping(content: Values) -> Mapping:
    node = from_python(content, Mark(Source("")))
    if not isinstance(node, Mapping):
        raise TypeError("a scenario is a mapping")
    return node


def _check(record: Values, content: Values, variants: tuple[str, ...]) -> None:
    """Check that old and new form give equal scenarios."""
    for variant in (None, *variants):
        old, new = (
            Scenario.from_record({**record, "content": form, "changes": []}, variant)
            for form in (record["content"], content)
        )
        if old != new:
            text = _(
                "variant {variant} cannot be written in format 2; its order or its names are too unusual"
            )
            raise scenario_error(text.format(variant=variant))


def _changes_of_map(base: Values, new: Values, path: tuple[str, ...]) -> Values:
    """What a variant says whose map at this path is ``new``, where the scenario itself has ``base``.

    Merging keeps the order of ``base`` and appends what is new. What stands elsewhere in ``new`` is
    therefore taken away and added under another name.
    """
    entry = entry_at(path)
    if entry is None:
        raise ValueError(f"there is no map by name at {path}")
    order = list(base)
    changed: Values = {}
    added: Values = {}
    n_passed = 0  # entries of the base that are kept, changed or left out so far
    for name, value in new.items():
        difference = None
        if not added and name in order[n_passed:]:
            difference = _changes_of_entry(base[name], value, entry, (*path, name))
        if difference is None:
            taken = {*base, *new, *added}
            added[_other_name(name, value, entry, taken) if name in base else name] = value
        else:
            changed[name] = difference
            n_passed = order.index(name) + 1
    kept = {name: changed.get(name) for name in order if changed.get(name) != {}}
    return {**kept, **added}


def _changes_of_entry(base: Values, new: Values, entry: Entry, path: tuple[str, ...]) -> Values | None:
    """What differs between two gates or operations; None if the one cannot be laid over the other."""
    kind = new[entry.chooser]
    if base[entry.chooser] != kind:
        return new
    changed: Values = {}
    for key, value in new.items():
        old = base.get(key)
        if old == value and key in base:
            continue
        if isinstance(old, dict) and isinstance(value, dict):
            if entry_at((*path, key)) is not None:
                value = _changes_of_map(old, value, (*path, key))
            elif set(old) - set(value):
                return None
        changed[key] = value
    for key in base:
        if key in new or (key in (*_WHEN, "first", "until") and any(when in changed for when in _WHEN)):
            continue
        default = _default(entry, kind, key)
        if default is not None and not isinstance(default, int | float | str):
            return None
        if isinstance(default, float) and not math.isfinite(default):
            return None
        changed[key] = default
    return changed


def _default(entry: Entry, kind: str, key: str) -> Any:
    """The value that a gate or operation of this kind has if it gives none."""
    model: Any = (GATES if entry.chooser == "kind" else OPERATIONS)[kind]
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    return fields[key].default


def _other_name(name: str, value: Values, entry: Entry, taken: Container[str]) -> str:
    """Another name for the same: with the same draws, for an operation."""
    kind = value[entry.chooser]
    return name_in_draws(kind, name) if entry.chooser == "do" else free_name(kind, taken)
