"""Why a member left: what they perceived is compared with what was usual to them."""

from typing import Any

import numpy as np

from shequn.agents import satisfaction
from shequn.agents.compiled import compiled
from shequn.agents.drivers import N_DRIVERS, signal
from shequn.agents.observation import Observation
from shequn.sim.kernel.state import Reason

FOLLOWS = 0.3  # a visit moves what is usual this share of the way (only for why they left; assumed)


@compiled
def departure_reason(member: Any, seat: Any, seen: Observation, below: float, p: Any) -> int:
    """The reason of a departure: what had fallen most below the usual, in satisfaction."""
    reason = Reason.OPTIONS.value
    if np.float64(seat["usual_crowding"]) < 0.0:  # gone at the first visit: nothing has fallen
        return reason
    most = 1e-6
    weight = 0.0
    for driver in range(N_DRIVERS):
        if p["possible"][driver] > 0.0:
            weight += np.float64(member["drivers"][driver])
    for driver in range(N_DRIVERS):
        if p["possible"][driver] > 0.0:
            fall = np.float64(seat["usual"][driver]) - signal(driver, seen, p)
            fall *= np.float64(member["drivers"][driver]) / weight
            if fall > most:
                most = fall
                reason = driver
    fall = below - np.float64(seat["usual_shortfall"])
    if p["leaving_disappointment"] * fall > most:
        most = p["leaving_disappointment"] * fall
        reason = Reason.STANDARD.value
    if satisfaction.crowding(seen, p) - np.float64(seat["usual_crowding"]) > most:
        reason = Reason.CROWDING.value
    return reason


@compiled
def update_usual_signals(seat: Any, seen: Observation, below: float, p: Any) -> None:
    """What is usual follows what was seen; the first visit of a stay sets it."""
    part = 1.0 if np.float64(seat["usual_crowding"]) < 0.0 else FOLLOWS
    for driver in range(N_DRIVERS):
        usual = np.float64(seat["usual"][driver])
        seat["usual"][driver] = usual + part * (signal(driver, seen, p) - usual)
    usual = np.float64(seat["usual_shortfall"])
    seat["usual_shortfall"] = usual + part * (below - usual)
    usual = np.float64(seat["usual_crowding"])
    seat["usual_crowding"] = usual + part * (satisfaction.crowding(seen, p) - usual)
