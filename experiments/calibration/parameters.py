"""The parameters of a fit: keys of a scenario, each with a range and a scale."""

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
_LOG_FROM = 10.0  # ratio of the ends of a positive range from which its default scale is logarithmic


@dataclass(frozen=True)
class Parameter:
    """One number of a scenario, and the range over which it is fitted.

    Attributes
    ----------
    key : str
        Dotted key, as in ``--set``.
    low, high : float
        Ends of the range, in the key's own unit; ``low`` < ``high``.
    scale : "linear" or "log"
        Scale on which the prior is uniform.
    """

    key: str
    low: float
    high: float
    scale: Scale = "linear"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high)) or self.low >= self.high:
            raise ValueError(
                _(
                    "{key}: the low end of a range must be below its high end, but it is {low:g} .. {high:g}"
                ).format(key=self.key, low=self.low, high=self.high)
            )
        if self.scale == "log" and self.low <= 0:
            raise ValueError(
                _("{key}: a log scale needs a range above 0, but its low end is {low:g}").format(
                    key=self.key, low=self.low
                )
            )

    def values(self, unit: npt.ArrayLike) -> Numbers:
        """Values at these positions of the range, in [0, 1]."""
        u = np.asarray(unit, dtype=float)
        if self.scale == "log":
            return np.asarray(self.low * (self.high / self.low) ** u)
        return np.asarray(self.low + (self.high - self.low) * u)

    def units(self, values: npt.ArrayLike) -> Numbers:
        """Positions in the range, in [0, 1], of these values."""
        x = np.asarray(values, dtype=float)
        if self.scale == "log":
            return np.asarray(np.log(x / self.low) / math.log(self.high / self.low))
        return np.asarray((x - self.low) / (self.high - self.low))


#: Default parameters of a fit: how often people visit and write and how much they differ, what keeps newcomers and
#: regulars, and whether and when they return. The number of strangers is fitted too, over a range that depends on the
#: log (`default_parameters`). ``history_loss`` lowers the reservation of long-standing members; without it, a log with
#: many one-time writers could only be reproduced by a reservation that drives out regulars as well. Every range has the
#: shipped chat, forum and list in it, with a tenth of its length on both sides.
DEFAULT_PARAMETERS = (
    Parameter("population.pace.mean", 0.001, 5.0, "log"),
    Parameter("population.pace.log_sd", 0.4, 3.2),
    Parameter("population.talkativeness.mean", 0.02, 0.9, "log"),
    Parameter("rules.leaving.base", -0.1, 1.2),
    Parameter("rules.leaving.history_loss", 0.0, 0.8),
    Parameter("rules.leaving.lapse", 0.05, 0.95),
    Parameter("rules.leaving.lapse_tail", 0.2, 1.5),
)
STRANGERS = "community.strangers_per_day"
_MOOD = "community.mood"
_STRANGERS_RANGE = (0.7, 15.0)  # strangers per first-time writer, because not everybody who comes ever writes


def default_parameters(joins_a_day: float) -> tuple[Parameter, ...]:
    """The default parameters for a log with this number of first-time writers a day."""
    low, high = _STRANGERS_RANGE
    strangers = Parameter(STRANGERS, low * joins_a_day, high * joins_a_day, "log")
    return (strangers, *DEFAULT_PARAMETERS)


def parse_parameter(text: str) -> Parameter:
    """Parse a parameter from ``KEY=LOW..HIGH`` or ``KEY=LOW..HIGH:log``.

    Raises
    ------
    ScenarioError
        The text has another form, or the low end is not below the high end.
    """
    mark = Mark(Source("--fit", (text,)))
    match = _FIT.fullmatch(text.strip())
    if match is None or not match["key"].strip():
        raise scenario_error(
            _("{text!r} is not KEY=LOW..HIGH").format(text=text),
            mark,
            _("such as --fit rules.leaving.base=0..0.6"),
        )
    low, high = (_number(match[name], mark) for name in ("low", "high"))
    scale = match["scale"] or ("log" if low > 0 and high / low >= _LOG_FROM else "linear")
    if scale not in ("linear", "log"):
        raise scenario_error(_("{scale!r} is not a scale: linear or log").format(scale=scale), mark)
    try:
        return Parameter(match["key"].strip(), low, high, "log" if scale == "log" else "linear")
    except ValueError as error:
        raise scenario_error(str(error), mark) from None


def _number(text: str, mark: Mark) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise scenario_error(_("{text!r} is not a number").format(text=text.strip()), mark)
    return number


def check_parameters(scenario: Scenario, parameters: Iterable[Parameter]) -> None:
    """Check that a scenario accepts every parameter at both ends of its range and in between.

    Raises
    ------
    ScenarioError
        All problems: keys that the scenario does not have, values that it does not allow, repeated keys.
    """
    problems: list[Problem] = []
    seen: set[str] = set()
    for parameter in parameters:
        if parameter.key in seen:
            problems.append(Problem(_("{key} is given twice").format(key=parameter.key), None))
        seen.add(parameter.key)
        if parameter.key.startswith(_MOOD):
            text = _("{key} is not fitted: calibrate reads the mood from the log's weeks")
            problems.append(Problem(text.format(key=parameter.key), None))
            continue
        for value in parameter.values([0.0, 0.381966, 1.0]):
            try:
                scenario.with_({parameter.key: float(value)})
            except ScenarioError as error:
                problems.extend(_of_fit(scenario, parameter.key, float(value), error))
                break
    if problems:
        raise ScenarioError(problems)


def _of_fit(scenario: Scenario, key: str, value: float, error: ScenarioError) -> list[Problem]:
    """What is wrong with a key to be fitted, where the scenario refuses a value that nobody wrote."""
    try:
        scenario.with_({key: round(value)})
    except ScenarioError:
        return [Problem(problem.message, Mark(Source("--fit")), problem.hint) for problem in error.problems]
    return [
        Problem(
            _("{key} takes whole numbers, and those are not fitted").format(key=key), Mark(Source("--fit"))
        )
    ]


def overrides(parameters: Iterable[Parameter], unit: Numbers) -> dict[str, float]:
    """Values by key at a point of the unit cube (n_parameters,)."""
    return {p.key: float(p.values(u)) for p, u in zip(parameters, unit, strict=True)}


def parameters_from(ranges: Mapping[str, Any]) -> tuple[Parameter, ...]:
    """Parameters from ``{key: [low, high, scale]}``, as in the files of studies."""
    return tuple(Parameter(key, *rest) for key, rest in ranges.items())
