"""What earlier versions wrote: keys that have gone, each with a note, and the lists of format 1."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from shequn.sim.language import _
from shequn.sim.scenario.errors import Problem
from shequn.sim.scenario.named import LISTS, lists_as_maps
from shequn.sim.scenario.nodes import Mapping, Mark, Node, Scalar, Sequence, from_python, plain

#: Defaults of ``rules.benefit.purse_per_gain`` and ``population.purse.mean``: one unit of gains is their product.
PURSE_PER_GAIN, PURSE = 0.1, 100.0


def without_retired(file: Mapping) -> tuple[Mapping, list[str]]:
    """The nodes of a file, variants included, without retired keys; and a note for each key found."""
    notes: list[str] = []
    worth = _number(file, ("population", "purse", "mean"), PURSE) * _number(
        file, ("rules", "benefit", "purse_per_gain"), PURSE_PER_GAIN
    )
    file = _staff(_operations(file, worth, notes), notes)
    variants = file.items.get("variants")
    if isinstance(variants, Mapping):
        for name, variant in variants.items.items():
            if isinstance(variant, Mapping):
                changed = _staff(_operations(variant, worth, notes), notes)
                variants = variants.with_item(name, variants.keys[name], changed)
        file = file.with_item("variants", file.keys["variants"], variants)
    return file, notes


def in_format_2(file: Mapping) -> tuple[Mapping, list[Problem]]:
    """The nodes of a file, variants included, in format 2; and what is wrong with a file of format 1.

    A variant of format 1 replaces whole lists: what its list lacks is taken away.
    """
    written = file.items.get("format")
    if not isinstance(written, Scalar) or isinstance(written.value, bool) or written.value != 1:
        return file, []
    file = file.with_item("format", file.keys["format"], Scalar(written.mark, 2, "2"))
    file, problems = _with_maps(file)
    variants = file.items.get("variants")
    if isinstance(variants, Mapping):
        for name, variant in variants.items.items():
            if isinstance(variant, Mapping):
                changed, faults = _with_maps(variant)
                problems += [replace(problem, where=name) for problem in faults]
                variants = variants.with_item(name, variants.keys[name], changed)
        file = file.with_item("variants", file.keys["variants"], variants)
    return file, problems


def _with_maps(scenario: Mapping) -> tuple[Mapping, list[Problem]]:
    problems: list[Problem] = []
    for key in LISTS:
        if isinstance(scenario.items.get(key), Mapping):
            text = _("{key} is a mapping; in format 1 it is a list (write format: 2)").format(key=key)
            problems.append(Problem(text, scenario.keys[key]))
    changed, faults = lists_as_maps(scenario)
    return cast(Mapping, changed), [*problems, *faults]


def _staff(scenario: Mapping, notes: list[str]) -> Mapping:
    """``community.staff`` and ``community.welcome`` as jobs and duties: the words of version 0.3 and before."""
    community = scenario.items.get("community")
    if not isinstance(community, Mapping) or not set(_OF_STAFF) & set(community.items):
        return scenario
    for key in _OF_STAFF:
        if isinstance(community.items.get(key), Mapping) != (key == "welcome") and key in community.items:
            return scenario  # the check says what is wrong with it
    jobs: dict[str, Any] = {}
    duties: dict[str, Any] = {}
    people, cost = _number(community, ("staff",), 0.0), _number(community, ("staff_cost",), 0.0)
    if people > 0 and cost > 0:
        whole = people >= 1 and float(people).is_integer()
        jobs["staff"] = {"people": int(people) if whole else 1, "pay": cost if whole else people * cost}
    share = _number(community, ("welcome", "share"), 0.0)
    if share > 0:
        jobs["host"] = {"hours": [0, 24], "minutes": 1440}
        duties["welcome"] = {"do": "welcome", "job": "host", "share": share}
    marks = [community.keys[key] for key in _OF_STAFF if key in community.items]
    became = ", ".join([*(f"staff.{name}" for name in jobs), *(f"duties.{name}" for name in duties)])
    text = _("staff and welcome are people with a job now; this is read as: {became}")
    notes.append(_where(marks[0]) + text.format(became=became or _("nothing")))
    for key in _OF_STAFF:
        if key in community.items:
            community = community.without(key)
    scenario = scenario.with_item("community", scenario.keys["community"], community)
    for key, entries in (("staff", jobs), ("duties", duties)):
        if entries:
            given = scenario.items.get(key)
            base = given if isinstance(given, Mapping) else cast(Mapping, from_python({}, marks[0]))
            for name, entry in entries.items():
                if name not in base.items:
                    base = base.with_item(name, marks[0], from_python(entry, marks[0]))
            scenario = scenario.with_item(key, scenario.keys.get(key, marks[0]), base)
    return scenario


_OF_STAFF = ("staff", "staff_cost", "welcome")


def _operations(scenario: Mapping, worth: float, notes: list[str]) -> Mapping:
    operations = scenario.items.get("operations")
    if not isinstance(operations, Sequence):
        return scenario
    changed = tuple(_operation(node, worth, notes) for node in operations.items)
    if all(new is old for new, old in zip(changed, operations.items, strict=True)):
        return scenario
    return scenario.with_item("operations", scenario.keys["operations"], Sequence(operations.mark, changed))


def _operation(node: Node, worth: float, notes: list[str]) -> Node:
    if not isinstance(node, Mapping) or plain(node.items.get("do", node)) != "campaign":
        return node
    for key, retire in _CAMPAIGN.items():
        if key in node.items:
            node = retire(node, key, worth, notes)
    return node


def _remind(node: Mapping, key: str, worth: float, notes: list[str]) -> Mapping:
    value = plain(node.items[key])
    if isinstance(value, bool) or not isinstance(value, int | float):
        return node  # the check says what is wrong with it
    mark, reminders = node.keys[key], max(0, round(value - 1))
    text = _(
        "invitations: {value:g} multiplied everybody's invitations; it is read as reminders: {reminders}, which cost "
        "attention and are heeded at visits"
    )
    notes.append(_where(mark) + text.format(value=value, reminders=reminders))
    return node.without(key).with_item(
        "reminders", mark, Scalar(node.items[key].mark, reminders, str(reminders))
    )


def _leave_out_budget(node: Mapping, key: str, worth: float, notes: list[str]) -> Mapping:
    text = _(
        "budget_per_join is left out: rewards cost what they pay, and bought reach costs cost_per_stranger"
    )
    notes.append(_where(node.keys[key]) + text)
    return node.without(key)


def _pay(new: str) -> Callable[[Mapping, str, float, list[str]], Mapping]:
    def retire(node: Mapping, key: str, worth: float, notes: list[str]) -> Mapping:
        value = plain(node.items[key])
        if isinstance(value, bool) or not isinstance(value, int | float):
            return node  # the check says what is wrong with it
        money = value * worth
        text = _(
            "{old}: {value:g} units of gains are read as {new}: {money:g}, in money that the operator pays"
        )
        notes.append(_where(node.keys[key]) + text.format(old=key, value=value, new=new, money=money))
        mark = node.keys[key]
        return node.without(key).with_item(new, mark, Scalar(node.items[key].mark, money, f"{money:g}"))

    return retire


_CAMPAIGN: dict[str, Callable[[Mapping, str, float, list[str]], Mapping]] = {
    "reward_inviter": _pay("pay_inviter"),
    "reward_invited": _pay("pay_invited"),
    "invitations": _remind,
    "budget_per_join": _leave_out_budget,
}


def _where(mark: Mark) -> str:
    return _("line {line}: ").format(line=mark.line + 1) if mark.source.is_file else ""


def _number(node: Node | None, path: tuple[str, ...], default: float) -> float:
    for key in path:
        node = node.items.get(key) if isinstance(node, Mapping) else None
    value: Any = plain(node) if node is not None else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else default
