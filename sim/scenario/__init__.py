"""Scenarios: YAML files that describe a community and its run, read strictly.

The names below are imported on first use, so that commands which need only names and files start fast.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shequn.sim.scenario.errors import Problem, ScenarioError
    from shequn.sim.scenario.scenario import Scenario

__all__ = ["Problem", "Scenario", "ScenarioError"]

_MODULES = {
    "Problem": "shequn.sim.scenario.errors",
    "Scenario": "shequn.sim.scenario.scenario",
    "ScenarioError": "shequn.sim.scenario.errors",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_MODULES[name]), name)
