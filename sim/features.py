"""Which features of the kernel (``sim/kernel/features.py``) a scenario, or a world, uses.

With SHEQUN_FEATURES=all in the environment every scenario is compiled with all of them: results are the same, and
whoever runs many different scenarios in turn, as the tests do, compiles once. So they are where the package brings
compiled code along: that has all features.
"""

import os
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import numpy as np

from shequn.agents import inviting
from shequn.agents.compiled import comes_compiled
from shequn.sim.building import params_of
from shequn.sim.incentives import incentive_features
from shequn.sim.kernel.features import EVERYTHING, Feature
from shequn.sim.kernel.gates.kinds import features_of_gates, recorded_gates
from shequn.sim.kernel.params import COMPLETE
from shequn.sim.kernel.state import space_dtype
from shequn.sim.scenario import Scenario

K = TypeVar("K")


def features_of(scenario: Scenario) -> Feature:
    """The features that runs of a scenario are compiled with.

    They are those that it uses, those that its operations may bring, and ``scenario.features``.
    """
    if os.environ.get("SHEQUN_FEATURES") == "all" or comes_compiled():
        return EVERYTHING
    spaces = np.zeros(len(scenario.places), dtype=space_dtype)
    spaces["n_rooms"] = [place.space.copies for place in scenario.places]  # at least
    spaces["splits"] = [place.space.splits is not None for place in scenario.places]
    gates = np.concatenate([recorded_gates(place.gates) for place in scenario.places])
    features = scenario.features | features_in(params_of(scenario, 1), spaces, gates)
    if any(place.space.ranks for place in scenario.places):  # boards, even of a single room
        features |= Feature.SPACES
    if scenario.staff or scenario.tasks:
        features |= Feature.STAFF
    features |= incentive_features(scenario)
    for operation in scenario.operations:
        features |= operation.features()
    for changed in scenario.with_settings():
        features |= features_of(changed)
    return features


def compiled_alike(scenarios: Mapping[K, Scenario], more: Iterable[Scenario] = ()) -> dict[K, Scenario]:
    """The same scenarios, compiled with all features that any of them, or one of ``more``, is compiled with."""
    features = Feature(0)
    for scenario in (*scenarios.values(), *more):
        features |= features_of(scenario)
    return {name: scenario.compiled_with(features) for name, scenario in scenarios.items()}


def features_in(params: Any, spaces: Any, gates: Any) -> Feature:
    """The features without which a world with these records would behave differently.

    Parameters
    ----------
    params : params_dtype array (1)
    spaces : space_dtype array
    gates : gate_dtype array
    """
    p = params[0]
    features = features_of_gates(gates)
    if len(spaces) > 1 or np.any(spaces["n_rooms"] > 1) or np.any(spaces["splits"] != 0):
        features |= Feature.SPACES
    if p["pay_inviter"] > 0.0 or p["pay_invited"] > 0.0 or np.any(spaces["waiting"] > 0):
        features |= Feature.DOORS
    if p["advertising_rate"] > 0.0 or p["daring_alone"] < 1.0 or p["visiting_regular"] > 0.0:
        features |= Feature.STAFF
    if p["mixing"] == COMPLETE or p["inviting_mode"] == inviting.TIE or p["city"] > 0.0:
        features |= Feature.MEETING
    return features
