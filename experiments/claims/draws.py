"""Draws of the assumed numbers, all at once: each times a factor between 0.5 and 1.5, the same in all arms."""

import hashlib

import numpy as np
import numpy.typing as npt

LOW, HIGH = 0.5, 1.5  # of the value in each arm
_SEED = 20261127

Numbers = npt.NDArray[np.float64]


def factors(number: str, draws: int) -> Numbers:
    """The factors of an assumed number, one for each draw: a Latin hypercube, keyed by the number's name.

    A number more, or fewer, changes nothing for the others.
    """
    key = int.from_bytes(hashlib.sha256(number.encode()).digest()[:8], "little")
    chance = np.random.default_rng([_SEED, key])
    strata = chance.permutation(draws)
    return LOW + (HIGH - LOW) * (strata + chance.random(draws)) / draws
