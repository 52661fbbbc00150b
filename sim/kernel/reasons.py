"""Why a member left: what they perceived at the last visit, compared with what was usual for them."""

from typing import Any

import numpy as np

from shequn.agents import satisfaction
from shequn.agents.compiled import compiled
from shequn.agents.drivers import N_DRIVERS, signal
from shequn.agents.observation import Observation
from shequn.sim.kernel.state import Reason

USUAL_UPDATE = 0.3  # share of the way that a visit moves what is usual (used only for reasons; assumed)


@compiled
def departure_reason(member: Any, seat: Any, observation: Observation, below: float, p: Any) -> int:
    """The reason of a departure (`Reason`): what fell most below the usual, in units of satisfaction."""
    reason = Reason.OPTIONS.value
    if np.float64(seat["usual_crowding"]) < 0.0:  # left at the first visit: there is no usual level yet
        return reason
    most = 1e-6
    weight = 0.0
    for driver in range(N_DRIVERS):
        if p["possible"][driver] > 0.0:
            weight += np.float64(member["drivers"][driver])
    for driver in range(N_DRIVERS):
        if p["possible"][driver] > 0.0:
            fall = np.float64(seat["usual"][driver]) - signal(driver, observation, p)
            fall *= np.float64(member["drivers"][driver]) / weight
            if fall > most:
                most = fall
                reason = driver
    fall = below - np.float64(seat["usual_shortfall"])
    if p["leaving_disappointment"] * fall > most:
        most = p["leaving_disappointment"] * fall
        reason = Reason.STANDARD.value
    if satisfaction.crowding(observation, p) - np.float64(seat["usual_crowding"]) > most:
        reason = Reason.CROWDING.value
    return reason


@compiled
def update_usual_signals(seat: Any, observation: Observation, below: float, p: Any) -> None:
    """Move what is usual towards what was observed; the first visit of a stay sets it."""
    part = 1.0 if np.float64(seat["usual_crowding"]) < 0.0 else USUAL_UPDATE
    for driver in range(N_DRIVERS):
        usual = np.float64(seat["usual"][driver])
        seat["usual"][driver] = usual + part * (signal(driver, observation, p) - usual)
    usual = np.float64(seat["usual_shortfall"])
    seat["usual_shortfall"] = usual + part * (below - usual)
    usual = np.float64(seat["usual_crowding"])
    seat["usual_crowding"] = usual + part * (satisfaction.crowding(observation, p) - usual)
