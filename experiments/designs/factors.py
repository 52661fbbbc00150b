"""Factors: what a design varies, and the levels or the range over which it does."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from shequn.experiments.designs.model import FactorContent
from shequn.sim.language import _
from shequn.sim.scenario.dumping import inline_yaml
from shequn.sim.scenario.errors import Problem, ScenarioError
from shequn.sim.scenario.merging import Override, file_override
from shequn.sim.scenario.nodes import Mapping, Mark, Node, Scalar, Sequence, plain

VARIANT = "variant"  # a factor of this key chooses among the scenario's variants
BASE = "base"  # … or the scenario itself
Value = float | int | str
#: Keys that a design sets by its own means.
_OWN = {"seed": "seed", "runs": "replicates"}


class Level(NamedTuple):
    """One level of a factor: how tables name it, what it sets, and the variant it chooses."""

    value: Value
    overrides: tuple[Override, ...] = ()
    variant: str | None = None


@dataclass(frozen=True)
class Factor:
    """What is varied: by levels, or from ``low`` to ``high``.

    ``mark`` is its place in the design.
    """

    name: str
    key: str
    mark: Mark
    levels: tuple[Level, ...] = ()
    low: float = math.nan
    high: float = math.nan
    log: bool = False
    whole: bool = False

    @property
    def is_range(self) -> bool:
        """Whether it has a range instead of levels."""
        return not self.levels

    def at(self, u: float) -> Level:
        """The level at ``u`` in [0, 1]: of a range the value, of levels one of them."""
        if not self.is_range:
            return self.levels[min(int(u * len(self.levels)), len(self.levels) - 1)]
        low, high = self.low, self.high + 1.0 if self.whole else self.high
        value: float = (
            math.exp(math.log(low) + u * math.log(high / low)) if self.log else low + u * (high - low)
        )
        if self.whole:
            value = min(math.floor(value), int(self.high))
        return self.level_of(value)

    def level_of(self, value: Value) -> Level:
        """The level that tables name so: one of its levels, or any value of its range."""
        if not self.is_range:
            return next(found for found in self.levels if found.value == value)
        return level(value, self.key, self.mark, Scalar(self.mark, value, f"{value:g}"))


def value_of(node: Node) -> Value:
    """How tables name a level: a number or text as it is, everything else as YAML in one line."""
    value = plain(node)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return value if isinstance(value, str) else inline_yaml(value)


def level(value: Value, key: str, mark: Mark, node: Node) -> Level:
    """A level that gives one key a value.

    Raises
    ------
    ScenarioError
        The key is none, or the design sets it by other means.
    """
    if key == VARIANT:
        chosen = plain(node)
        if not isinstance(chosen, str):
            raise ScenarioError(
                [
                    Problem(
                        _("variant is {chosen}; allowed: the name of a variant").format(
                            chosen=inline_yaml(chosen)
                        ),
                        node.mark,
                    )
                ]
            )
        return Level(value, variant=chosen)
    if key in _OWN:
        text = _("{key} cannot be set here; the design's own key {own} says it for all runs").format(
            key=key, own=_OWN[key]
        )
        raise ScenarioError([Problem(text, mark)])
    return Level(value, (file_override(key, mark, node),))


def factor(name: str, content: FactorContent, node: Mapping, mark: Mark) -> tuple[Factor, list[Problem]]:
    """A factor from what the design says of it, and what is wrong with it.

    Parameters
    ----------
    name : str
        Its name, which is its key too unless it says another.
    content, node : FactorContent, Mapping
        The same, as values and with places.
    mark : Mark
        Where its name stands.
    """
    key = content.key or name
    at = node.keys.get("key", mark) if content.key is None else node.items["key"].mark
    wrong = _forms(content, name, mark)
    levels: list[Level] = []
    named = (
        _levels(node.items["levels"], key, at)
        if content.levels is not None
        else _settings(node.items["settings"])
        if content.settings is not None
        else iter(())
    )
    while not wrong:
        try:
            levels.append(next(named))
        except StopIteration:
            break
        except ScenarioError as error:
            wrong = error.problems
    seen: set[Value] = set()
    for found in levels:
        if found.value in seen:
            wrong.append(
                Problem(
                    _("factor {name} has the level {value} twice").format(name=name, value=found.value), mark
                )
            )
        seen.add(found.value)
    low = math.nan if content.low is None else content.low
    high = math.nan if content.high is None else content.high
    made = Factor(name, key, at, tuple(levels), low, high, content.scale == "log", content.whole)
    return made, wrong


def _forms(content: FactorContent, name: str, mark: Mark) -> list[Problem]:
    """What contradicts itself in a factor: it has levels, settings or a range."""
    has_range = content.low is not None or content.high is not None
    given = [content.levels is not None, content.settings is not None, has_range]
    if sum(given) != 1:
        many = _("more than one") if any(given) else _("none")
        text = _("factor {name} has {many} of levels, settings, and low with high").format(
            name=name, many=many
        )
        return [Problem(text, mark, _("give one of them"))]
    wrong = []
    if content.settings is not None and content.key is not None:
        wrong.append(
            Problem(
                _("factor {name} has settings, which name their keys; key is too many").format(name=name),
                mark,
            )
        )
    if (content.levels is not None and not content.levels) or (
        content.settings is not None and not content.settings
    ):
        wrong.append(Problem(_("factor {name} has no level").format(name=name), mark))
    if has_range:
        if content.low is None or content.high is None:
            wrong.append(
                Problem(
                    _("factor {name} has a range without {word}").format(
                        name=name, word="low" if content.low is None else "high"
                    ),
                    mark,
                )
            )
        elif not content.low < content.high:
            wrong.append(
                Problem(
                    _("factor {name}: low ({low:g}) is not below high ({high:g})").format(
                        name=name, low=content.low, high=content.high
                    ),
                    mark,
                )
            )
        elif content.scale == "log" and content.low <= 0.0:
            wrong.append(
                Problem(
                    _("factor {name}: a log scale needs a low above 0, not {low:g}").format(
                        name=name, low=content.low
                    ),
                    mark,
                )
            )
        elif content.whole and not (content.low.is_integer() and content.high.is_integer()):
            wrong.append(Problem(_("factor {name} is whole, but low or high is not").format(name=name), mark))
    elif content.whole or content.scale == "log":
        wrong.append(
            Problem(_("factor {name}: scale and whole belong to a range (low, high)").format(name=name), mark)
        )
    return wrong


def _levels(node: Node, key: str, mark: Mark) -> Iterator[Level]:
    if isinstance(node, Sequence):
        for item in node.items:
            yield level(value_of(item), key, mark, item)
    elif isinstance(node, Mapping):
        for name, item in node.items.items():
            yield level(name, key, mark, item)


def _settings(node: Node) -> Iterator[Level]:
    if isinstance(node, Mapping):
        for name, part in node.items.items():
            yield combined(name, part)


def combined(value: Value, node: Node) -> Level:
    """A level that sets several keys."""
    overrides: list[Override] = []
    variant = None
    if isinstance(node, Mapping):
        for key, item in node.items.items():
            one = level(value, key, node.keys[key], item)
            overrides += one.overrides
            variant = one.variant or variant
    return Level(value, tuple(overrides), variant)
