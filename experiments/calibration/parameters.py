"""What is fitted: keys of a scenario, each with a range and a scale."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from shequn.sim.language import _
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.errors import Problem, ScenarioError, scenario_error
from shequn.sim.scenario.nodes import Mark, Source

Scale = Literal["linear", "log"]
Numbers = npt.NDArray[np.float64]

_FIT = re.compile(r"(?P<key>[^=]*)=(?P<low>[^=]+?)\.\.(?P<high>[^=:]+?)(?::(?P<scale>\w+))?")
_LOG_FROM = 10.0  # a range of positive numbers this wide is searched on a log scale, unless said otherwise


@dataclass(frozen=True)
class Parameter:
    """One number of a scenario, and where it is searched.

    Attributes
    ----------
    key : str
        Dotted key, as ``--set`` takes it.
    low, high : float
        The range searched, in the key's own unit; ``low`` < ``high``.
    scale : "linear" or "log"
        Where all values are alike before the log is seen: evenly, or evenly in the logarithm.
    """

    key: str
    low: float
    high: float
    scale: Scale = "linear"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high)) or self.low >= self.high:
            raise ValueError(
                _("{key}: the range must rise, found {low:g} .. {high:g}").format(
                    key=self.key, low=self.low, high=self.high
                )
            )
        if self.scale == "log" and self.low <= 0:
            raise ValueError(
                _("{key}: a log scale needs a range above 0, found {low:g}").format(
                    key=self.key, low=self.low
                )
            )

    def values(self, unit: npt.ArrayLike) -> Numbers:
        """Values at places in [0, 1] of the range."""
        u = np.asarray(unit, dtype=float)
        if self.scale == "log":
            return np.asarray(self.low * (self.high / self.low) ** u)
        return np.asarray(self.low + (self.high - self.low) * u)

    def units(self, values: npt.ArrayLike) -> Numbers:
        """Places in [0, 1] of values of the range."""
        x = np.asarray(values, dtype=float)
        if self.scale == "log":
            return np.asarray(np.log(x / self.low) / math.log(self.high / self.low))
        return np.asarray((x - self.low) / (self.high - self.low))


#: What is fitted unless said otherwise: how often people come and write and how much they differ
#: in it, what keeps them, newcomers and regulars, and whether and when they come back. How many find
#: the community is fitted too, about what the log shows (`default_parameters`). Without what a history
#: here takes off the reservation, a log of many who write once can only be met by a reservation that
#: drives out the regulars as well.
DEFAULT_PARAMETERS = (
    Parameter("population.pace.mean", 0.02, 4.0, "log"),
    Parameter("population.pace.log_sd", 0.6, 2.6),
    Parameter("population.talkativeness.mean", 0.02, 0.9, "log"),
    Parameter("rules.leaving.base", -0.1, 1.2),
    Parameter("rules.leaving.history_loss", 0.0, 0.8),
    Parameter("rules.leaving.lapse", 0.05, 0.95),
    Parameter("rules.leaving.lapse_tail", 0.4, 1.5),
)
STRANGERS = "community.strangers_per_day"
_STRANGERS_RANGE = (0.7, 15.0)  # strangers for each who wrote: not everybody who comes ever writes


def default_parameters(joins_a_day: float) -> tuple[Parameter, ...]:
    """The default parameters for a log with this many first-time writers a day."""
    low, high = _STRANGERS_RANGE
    strangers = Parameter(STRANGERS, low * joins_a_day, high * joins_a_day, "log")
    return (strangers, *DEFAULT_PARAMETERS)


def written(text: str) -> Parameter:
    """A parameter from ``KEY=LOW..HIGH`` or ``KEY=LOW..HIGH:log``.

    Raises
    ------
    ScenarioError
        It is not written so, or the range does not rise.
    """
    mark = Mark(Source("--fit", (text,)))
    found = _FIT.fullmatch(text.strip())
    if found is None or not found["key"].strip():
        raise scenario_error(
            _("{text!r} is not KEY=LOW..HIGH").format(text=text),
            mark,
            _("such as --fit rules.leaving.base=0..0.6"),
        )
    low, high = (_number(found[name], mark) for name in ("low", "high"))
    scale = found["scale"] or ("log" if low > 0 and high / low >= _LOG_FROM else "linear")
    if scale not in ("linear", "log"):
        raise scenario_error(_("{scale!r} is no scale: linear or log").format(scale=scale), mark)
    try:
        return Parameter(found["key"].strip(), low, high, "log" if scale == "log" else "linear")
    except ValueError as error:
        raise scenario_error(str(error), mark) from None


def _number(text: str, mark: Mark) -> float:
    try:
        return float(text)
    except ValueError:
        raise scenario_error(_("{strip!r} is no number").format(strip=text.strip()), mark) from None


def check(scenario: Scenario, parameters: Iterable[Parameter]) -> None:
    """See that a scenario takes every parameter at both ends of its range and between them.

    Raises
    ------
    ScenarioError
        Everything that is wrong: keys the scenario does not have, values it does not allow,
        a key given twice.
    """
    problems: list[Problem] = []
    seen: set[str] = set()
    for parameter in parameters:
        if parameter.key in seen:
            problems.append(Problem(_("{key} is given twice").format(key=parameter.key), None))
        seen.add(parameter.key)
        for value in parameter.values([0.0, 0.381966, 1.0]):
            try:
                scenario.with_({parameter.key: float(value)})
            except ScenarioError as error:
                problems.extend(error.problems)
                break
    if problems:
        raise ScenarioError(problems)


def overrides(parameters: Iterable[Parameter], unit: Numbers) -> dict[str, float]:
    """Values by key at a point (n_parameters,) of the unit cube."""
    return {p.key: float(p.values(u)) for p, u in zip(parameters, unit, strict=True)}


def from_mapping(given: Mapping[str, Any]) -> tuple[Parameter, ...]:
    """Parameters from ``{key: [low, high, scale]}``, as experiments' files name them."""
    return tuple(Parameter(key, *rest) for key, rest in given.items())
