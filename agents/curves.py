"""The few curves that the rules are built from."""

import math

from shequn.agents.compiled import compiled


@compiled
def logistic(x: float) -> float:
    """1 / (1 + e^-x), without overflow: in [0, 1]."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    power = math.exp(x)
    return power / (1.0 + power)


@compiled
def step_or_logistic(x: float, width: float) -> float:
    """Logistic of x / width; with width 0 a sharp step: 1 where x > 0, else 0."""
    if width <= 0.0:
        return 1.0 if x > 0.0 else 0.0
    return logistic(x / width)


@compiled
def saturating(amount: float, half: float) -> float:
    """amount / (amount + half): 0 at 0 and below, 1/2 at ``half``, 1 in the limit."""
    if amount <= 0.0:
        return 0.0
    return amount / (amount + half)


@compiled
def halving(elapsed: float, half_life: float) -> float:
    """Share left after ``elapsed`` days: 1/2 after one half-life, 1 if the half-life is infinite."""
    if half_life <= 0.0:
        return 0.0
    return math.exp(-0.6931471805599453 * elapsed / half_life)


@compiled
def power(x: float, exponent: float) -> float:
    """x to a power, x >= 0; with a negative exponent an x below 1e-6 counts as 1e-6, so the result is finite."""
    return (max(1e-6, x) if exponent < 0.0 else x) ** exponent


@compiled
def clamp(x: float) -> float:
    """x limited to [0, 1]."""
    return min(1.0, max(0.0, x))


@compiled
def circle_distance(a: float, b: float) -> float:
    """Distance between two points on a circle of length 1: in [0, 1/2]."""
    d = abs(a - b)
    return min(d, 1.0 - d)


@compiled
def exponential_wait(u: float, mean: float) -> float:
    """Exponential waiting time with this mean, from a uniform draw in (0, 1); in the unit of the mean."""
    return -math.log(u) * mean
