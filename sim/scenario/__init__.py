"""Scenarios: YAML files that say what community is run, read strictly."""

from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.scenario import Scenario

__all__ = ["Problem", "Scenario", "ScenarioError"]
