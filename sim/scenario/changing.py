"""What may change while a run goes on: in a branch, or by the operation *set*."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from shequn.sim.scenario.named import MAPS

if TYPE_CHECKING:
    from shequn.sim.scenario.scenario import Scenario

#: Texts and lengths, which do not affect what happens up to any day.
_NOT_POLICY = ("title", "description", "source", "question", "why", "what", "where", "who", "days", "runs")
_JOURNALS = ("none", "membership", "full")  # each has more rows than the one before
#: Settings that the operator may change on any day.
_COMMUNITY = (
    "capacity", "placing", "openness", "visibility", "bypass", "order", "reach", "strangers_per_day", "return_after",
)  # fmt: skip
#: The same of each space, job, duty and task; what else they say stands in records of the saved run.
_BY_KEY = {
    "spaces": ("seats", "fill", "gates", "order", "splits"),
    "staff": ("minutes", "pay", "hours", "chosen"),
    "duties": (
        "minutes",
        "share",
        "within",
        "quality",
        "topic",
        "kind",
        "pinned",
        "below",
        "error",
        "strikes",
        "during",
        "every",
        "first",
        "until",
        "most",
        "by",
        "who",
        "unseen",
        "in",
        "group",
    ),
    "tasks": ("until", "open", "effort", "gives", "during"),
    "units": ("most_per_day", "budget"),
    "marks": (),
    "earn": ("first", "most", "chance", "delay", "newcomers", "during"),
    "offers": ("at_least", "worth", "stock", "most", "until", "open", "wait", "during"),
}
_WHOLE = tuple(f"{key}." for key in MAPS)
#: Coefficients that entered running sums, thresholds already drawn, or the queue.
_FIXED_RULES = (
    "inviting.mode", "joining.by_topic", "leaving.mode", "locality.reach", "relationship.half_life",
    "satisfaction.stock_half_life",
)  # fmt: skip


class Change(NamedTuple):
    """One key that differs between the scenario before and the one after."""

    key: str
    before: Any
    after: Any


def changes(before: "Scenario", after: "Scenario") -> list[Change]:
    """The differences by dotted key, except for texts and lengths."""
    old, new = before.resolved(), after.resolved()
    old_leaves, new_leaves = dict(_leaves(old)), dict(_leaves(new))
    keys = [key for key in {**old_leaves, **new_leaves} if key.partition(".")[0] not in _NOT_POLICY]
    differences = [
        difference
        for key in keys
        for difference in _differences(Change(key, old_leaves.get(key), new_leaves.get(key)))
    ]
    maps = {key: (old[key], new[key]) for key in MAPS}
    maps["population.groups"] = old["population"]["groups"], new["population"]["groups"]
    for key, (old_map, new_map) in maps.items():
        before_order = [name for name in old_map if name in new_map]
        after_order = [name for name in new_map if name in old_map]
        if before_order != after_order:
            differences.append(Change(key, before_order, after_order))
    return differences


def _differences(change: Change) -> Iterator[Change]:
    """The change itself if there is any; the keys of a space, job, duty or task one by one."""
    key, before, after = change
    if before == after:
        return
    if (
        key.startswith(tuple(f"{one}." for one in _BY_KEY))
        and key.count(".") == 1
        and isinstance(before, dict)
        and isinstance(after, dict)
    ):
        for part in {**before, **after}:
            yield from _differences(Change(f"{key}.{part}", before.get(part), after.get(part)))
    else:
        yield change


def _leaves(values: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Values by dotted key; each gate and each operation as a whole."""
    for key, value in values.items():
        if isinstance(value, dict) and not prefix.startswith(_WHOLE):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def may_be_set(change: Change) -> bool:
    """Whether an operation may make this change: as a branch may, but for rounds, which are in the calendar already."""
    group, _dot, rest = change.key.partition(".")
    is_of_calendar = group == "duties" and rest.partition(".")[2] in ("every", "first", "until")
    return may_change(change) and not is_of_calendar


def may_change(change: Change) -> bool:
    """Whether a run that has begun can go on after this change."""
    key = change.key
    if key == "journal":
        return _JOURNALS.index(change.after) < _JOURNALS.index(change.before)
    if key == "community.return_after":  # with never, nobody who left has a threshold
        return "never" not in (change.before, change.after)
    group, _dot, rest = key.partition(".")
    if group == "community":
        return rest in _COMMUNITY
    if group == "rules":
        return rest not in _FIXED_RULES
    if group in _BY_KEY:
        return rest.partition(".")[2] in _BY_KEY[group]
    return group in MAPS
