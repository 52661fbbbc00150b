"""Paying: a price weighs against the purse 钱包, what a person can and will spend in this community."""

import math

from shequn.agents.compiled import compiled


@compiled
def purse(z: float, mean: float, log_sd: float) -> float:
    """Money that a person can spend per period, from a standard normal draw: log-normal with this mean.

    An infinite mean gives everybody an infinite purse.
    """
    return mean * math.exp(log_sd * z - 0.5 * log_sd * log_sd)


@compiled
def can_pay(price: float, left: float) -> bool:
    """Whether a price fits into what is left in the purse (both in the same money)."""
    return price <= left
