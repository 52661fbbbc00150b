"""shequn 社群: event-driven, agent-based simulation of community life.

>>> from sim import Scenario, simulate
>>> result = simulate(Scenario.load("open-group"), seed=1)  # doctest: +SKIP

What is exported here is loaded when first used, so that reading a scenario stays fast.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.community import Community
    from sim.result import Result
    from sim.running import simulate
    from sim.scenario import Scenario, ScenarioError

__all__ = ["Community", "Result", "Scenario", "ScenarioError", "simulate"]

_HOMES = {
    "Community": "sim.community",
    "Result": "sim.result",
    "Scenario": "sim.scenario",
    "ScenarioError": "sim.scenario",
    "simulate": "sim.running",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
