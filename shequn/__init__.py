"""shequn 社群: event-driven, agent-based simulation of community life.

>>> from shequn import Scenario, simulate
>>> result = simulate(Scenario.load("open-group"), seed=1)  # doctest: +SKIP

What is exported here is loaded when first used, so that reading a scenario stays fast.

An installed shequn has its packages (``shequn.agents``, ``shequn.sim`` …) in this folder. In a checkout they are
the top-level folders beside it, which ``__path__`` finds; the links in this folder are for type checkers only.
"""

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shequn.sim.community import Community
    from shequn.sim.result import Result
    from shequn.sim.running import simulate
    from shequn.sim.scenario import Scenario, ScenarioError

__all__ = ["Community", "Result", "Scenario", "ScenarioError", "__version__", "simulate"]

_checkout = Path(__file__).resolve().parents[1]
if (_checkout / "sim" / "version.py").is_file():
    __path__ = [str(_checkout), *__path__]

_HOMES = {
    "Community": "shequn.sim.community",
    "Result": "shequn.sim.result",
    "Scenario": "shequn.sim.scenario",
    "ScenarioError": "shequn.sim.scenario",
    "__version__": "shequn.sim.version",
    "simulate": "shequn.sim.running",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
