"""The answers (best size, critical gate, tipping openness, contrasts), as defined in ``social.yaml``."""

from itertools import pairwise
from typing import Literal

import numpy as np

from shequn.experiments.studies.headline.cells import Cells, Means, Numbers

FOUNDERS = 50  # of every run: social.yaml
BEST = ("change", "cooling", "k", "members", "top", "active", "worth")
CONTRASTED = ("change", "cooling", "k", "members", "top")
#: Doors at which a best size is reported: a gate and an openness.
DOORS = {"open door": ("none", 0.5), "guarded door": ("medium", 0.2)}
GATE_AT = 0.2  # openness at which the critical gate is reported
SEATS = (300, 1000)
TIPPING_GATES = ("none", "medium")
FACTORS = ("size", "gate", "openness")
NONE = float("nan")  # there is no answer inside the grid

Direction = Literal["up", "down", "any"]


def answers(cells: Cells, means: Means) -> dict[str, float]:
    """All answers by name; nan where there is none.

    Parameters
    ----------
    cells : Cells
        Only its levels are used.
    means : dict
        Means of each response, f8 array (size, gate, openness).
    """
    return {
        **_best_sizes(cells, means),
        **_critical_gates(cells, means),
        **_tipping(cells, means),
        **_contrasts(means),
    }


def crossing(x: Numbers, y: Numbers, direction: Direction = "any") -> float:
    """The smallest ``x`` at which ``y`` crosses 0, by linear interpolation; nan if it does not.

    Up is from below 0 to 0 or above; down is from 0 or above to below 0.
    """
    for (x0, y0), (x1, y1) in pairwise(zip(x, y, strict=True)):
        up, down = y0 < 0.0 <= y1, y1 < 0.0 <= y0
        if (up and direction != "down") or (down and direction != "up"):
            return float(x0 + (x1 - x0) * y0 / (y0 - y1))
    return NONE


def _best_sizes(cells: Cells, means: Means) -> dict[str, float]:
    sizes: dict[str, float] = {}
    for response in BEST:
        by_size = {"all doors": means[response].mean(axis=(1, 2))}
        for name, (gate, openness) in DOORS.items():
            by_size[name] = means[response][:, cells.gates.index(gate), _place(cells.openness, openness)]
        for name, y in by_size.items():
            known = np.isfinite(y).any()
            sizes[f"best size: {response}, {name}"] = float(cells.sizes[np.nanargmax(y)]) if known else NONE
    return sizes


def _critical_gates(cells: Cells, means: Means) -> dict[str, float]:
    gates: dict[str, float] = {}
    for seats in SEATS:
        by_criterion = critical_gates(cells, means, seats, GATE_AT)
        gates |= {f"critical gate: {name}, {seats} seats": bound for name, bound in by_criterion.items()}
    return gates


def critical_gates(cells: Cells, means: Means, seats: float, openness: float) -> dict[str, float]:
    """The weakest bound that meets each criterion, at one size and openness; nan if none on the ladder does."""
    at = (_place(cells.sizes, seats), slice(None), _place(cells.openness, openness))
    change, cooling, added = means["change"][at], means["cooling"][at], means["members"][at] - FOUNDERS
    return {
        "half": crossing(cells.bounds, change - change[0] / 2.0, "up"),
        "cooling": 0.0 if cooling[0] >= 0.0 else crossing(cells.bounds, cooling, "up"),
        "growth": crossing(cells.bounds, added - added[0] / 2.0, "down"),
    }


def critical_gates_everywhere(cells: Cells, means: Means) -> dict[str, float]:
    """The critical gate at every openness with the most seats; an exploration that was not planned beforehand."""
    return {
        f"critical gate: {name}, {SEATS[-1]} seats, openness {openness:g}": bound
        for openness in cells.openness
        for name, bound in critical_gates(cells, means, SEATS[-1], openness).items()
    }


def _tipping(cells: Cells, means: Means) -> dict[str, float]:
    openness: dict[str, float] = {}
    for seats in SEATS:
        for gate in TIPPING_GATES:
            at = (_place(cells.sizes, seats), cells.gates.index(gate))
            change, k, cooling = means["change"][at], means["k"][at], means["cooling"][at]
            steepest = int(np.argmax(np.abs(np.diff(change) / np.diff(cells.openness))))
            middle = (change[0] + change[-1]) / 2.0
            falls = change[-1] < change[0]
            end = f"{seats} seats, gate {gate}"
            openness |= {
                f"tipping openness: steepest, {end}": float(cells.openness[steepest : steepest + 2].mean()),
                f"tipping openness: half, {end}": crossing(cells.openness, change - middle, "down")
                if falls
                else NONE,
                f"tipping openness: k, {end}": crossing(cells.openness, k - 1.0),
                f"tipping openness: cooling, {end}": crossing(cells.openness, cooling, "down"),
            }
    return openness


def _contrasts(means: Means) -> dict[str, float]:
    contrasts: dict[str, float] = {}
    for axis, factor in enumerate(FACTORS):
        for response in CONTRASTED:
            levels = marginal(means[response], axis)
            contrasts[f"contrast: {factor}, {response}"] = float(levels[-1] - levels[0])
    return contrasts


def marginal(means: Numbers, axis: int) -> Numbers:
    """Means of one factor's levels over the other two factors."""
    others = tuple(other for other in range(3) if other != axis)
    averaged: Numbers = means.mean(axis=others)
    return averaged


def _place(levels: Numbers, value: float) -> int:
    return int(np.flatnonzero(np.isclose(levels, value))[0])
