"""Scenarios: YAML files that say what community is run, read strictly.

Loaded when asked for, so that commands which need only names and files start fast.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shequn.sim.scenario.errors import Problem, ScenarioError
    from shequn.sim.scenario.scenario import Scenario

__all__ = ["Problem", "Scenario", "ScenarioError"]

_HOMES = {
    "Problem": "shequn.sim.scenario.errors",
    "Scenario": "shequn.sim.scenario.scenario",
    "ScenarioError": "shequn.sim.scenario.errors",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
