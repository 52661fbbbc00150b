"""Factors: the keys that a design varies, each with its levels or its range."""

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

VARIANT = "variant"  # a factor of this key selects among the scenario's variants
BASE = "base"  # the level of that factor that selects the scenario itself
Value = float | int | str
#: Keys of a scenario that a design sets by a key of its own.
_OWN = {"seed": "seed", "runs": "replicates"}


class Level(NamedTuple):
    """One level of a factor: its value in tables, what it sets, and the variant that it selects."""

    value: Value
    overrides: tuple[Override, ...] = ()
    variant: str | None = None


@dataclass(frozen=True)
class Factor:
    """A factor: either levels or a range from ``low`` to ``high``.

    ``mark`` is its position in the design file.
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
        """The level at ``u`` in [0, 1]: a value of the range, or one of the levels."""
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
        """The level of this value: one of the levels, or any value of the range."""
        if not self.is_range:
            return next(level for level in self.levels if level.value == value)
        return level(value, self.key, self.mark, Scalar(self.mark, value, f"{value:g}"))


def value_of(node: Node) -> Value:
    """The value of a level in tables: a number or text as it is, everything else as one line of YAML."""
    value = plain(node)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return value if isinstance(value, str) else inline_yaml(value)


def level(value: Value, key: str, mark: Mark, node: Node) -> Level:
    """A level that gives one key a value.

    Raises
    ------
    ScenarioError
        There is no such key, or the design sets it by a key of its own.
    """
    if key == VARIANT:
        variant = plain(node)
        if not isinstance(variant, str):
            raise ScenarioError(
                [
                    Problem(
                        _("variant is {variant}; allowed: the name of a variant").format(
                            variant=inline_yaml(variant)
                        ),
                        node.mark,
                    )
                ]
            )
        return Level(value, variant=variant)
    if key in _OWN:
        text = _("{key} cannot be set here; the design's own key {own} sets it for all runs").format(
            key=key, own=_OWN[key]
        )
        raise ScenarioError([Problem(text, mark)])
    return Level(value, (file_override(key, mark, node),))


def factor(name: str, content: FactorContent, node: Mapping, mark: Mark) -> tuple[Factor, list[Problem]]:
    """A factor from its description in the design, and its problems.

    Parameters
    ----------
    name : str
        Its name, which is also its key unless the content names another.
    content, node : FactorContent, Mapping
        Its description, as values and as nodes with positions.
    mark : Mark
        Position of its name.
    """
    key = content.key or name
    at = node.keys.get("key", mark) if content.key is None else node.items["key"].mark
    problems = _form_problems(content, name, mark)
    levels: list[Level] = []
    described = (
        _levels(node.items["levels"], key, at)
        if content.levels is not None
        else _settings(node.items["settings"])
        if content.settings is not None
        else iter(())
    )
    while not problems:
        try:
            levels.append(next(described))
        except StopIteration:
            break
        except ScenarioError as error:
            problems = error.problems
    seen: set[Value] = set()
    for one in levels:
        if one.value in seen:
            problems.append(
                Problem(
                    _("factor {name} has the level {value} twice").format(name=name, value=one.value), mark
                )
            )
        seen.add(one.value)
    low = math.nan if content.low is None else content.low
    high = math.nan if content.high is None else content.high
    result = Factor(name, key, at, tuple(levels), low, high, content.scale == "log", content.whole)
    return result, problems


def _form_problems(content: FactorContent, name: str, mark: Mark) -> list[Problem]:
    """The contradictions within a factor, which must have one of levels, settings and a range."""
    has_range = content.low is not None or content.high is not None
    forms = [content.levels is not None, content.settings is not None, has_range]
    if sum(forms) != 1:
        many = _("more than one") if any(forms) else _("none")
        text = _("factor {name} has {many} of levels, settings, and low with high").format(
            name=name, many=many
        )
        return [Problem(text, mark, _("give one of them"))]
    problems = []
    if content.settings is not None and content.key is not None:
        problems.append(
            Problem(
                _("factor {name} has settings, which name their own keys; remove key").format(name=name),
                mark,
            )
        )
    if (content.levels is not None and not content.levels) or (
        content.settings is not None and not content.settings
    ):
        problems.append(Problem(_("factor {name} has no level").format(name=name), mark))
    if has_range:
        if content.low is None or content.high is None:
            problems.append(
                Problem(
                    _("factor {name} has a range without {word}").format(
                        name=name, word="low" if content.low is None else "high"
                    ),
                    mark,
                )
            )
        elif not content.low < content.high:
            problems.append(
                Problem(
                    _("factor {name}: low ({low:g}) is not below high ({high:g})").format(
                        name=name, low=content.low, high=content.high
                    ),
                    mark,
                )
            )
        elif content.scale == "log" and content.low <= 0.0:
            problems.append(
                Problem(
                    _("factor {name}: a log scale needs a low above 0, not {low:g}").format(
                        name=name, low=content.low
                    ),
                    mark,
                )
            )
        elif content.whole and not (content.low.is_integer() and content.high.is_integer()):
            problems.append(
                Problem(_("factor {name} is whole, but low or high is not").format(name=name), mark)
            )
    elif content.whole or content.scale == "log":
        problems.append(
            Problem(_("factor {name}: scale and whole belong to a range (low, high)").format(name=name), mark)
        )
    return problems


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
    """A level that sets the keys of a mapping."""
    overrides: list[Override] = []
    variant = None
    if isinstance(node, Mapping):
        for key, item in node.items.items():
            one = level(value, key, node.keys[key], item)
            overrides += one.overrides
            variant = one.variant or variant
    return Level(value, tuple(overrides), variant)
