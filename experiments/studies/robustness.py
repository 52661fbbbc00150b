"""Robustness of the directions to the assumed numbers, all of which are changed at once.

``python -m shequn.experiments.studies.robustness [DRAWS]`` multiplies every assumed coefficient by its own random
factor between 0.75 and 1.25 in each draw, and prints the share of draws in which each direction
(``directions.py``) keeps its sign. The sign of a draw is that of its mean over ``PAIRS`` pairs.
"""

import sys

import numpy as np

from shequn.agents.rules import GROUPS
from shequn.experiments.studies.directions import DIRECTIONS, REASONS, Direction, differences

DRAWS = 30
PAIRS = 6
MAX_CHANGE = 0.25  # each coefficient is uniform between 1 - MAX_CHANGE and 1 + MAX_CHANGE times its default
SEED = 20260102
FIRST = 2000  # number of the first pair: seeds that no test uses


def assumed_numbers() -> dict[str, tuple[float, float, float]]:
    """Default, lowest and highest value of every assumed number, by dotted key."""
    return {
        f"{group.name}.{c.name}": (float(c.default), c.low, c.high)
        for group in GROUPS
        for c in group.coefficients
        if not c.choices and "assumed" in c.source
    }


def draw_numbers(draw: int) -> dict[str, float]:
    """The values of all assumed numbers in one draw, by dotted key."""
    chance = np.random.default_rng([SEED, draw])
    numbers = assumed_numbers()
    factors = chance.uniform(1.0 - MAX_CHANGE, 1.0 + MAX_CHANGE, len(numbers))
    return {
        name: float(min(high, max(low, default * factor)))
        for (name, (default, low, high)), factor in zip(numbers.items(), factors, strict=True)
    }


def signs(draws: int = DRAWS) -> dict[Direction, list[bool]]:
    """For each direction and draw, whether the mean difference has the direction's sign."""
    same_sign: dict[Direction, list[bool]] = {d: [] for d in dict.fromkeys(DIRECTIONS + REASONS)}
    for draw in range(draws):
        results = differences(tuple(same_sign), PAIRS, draw_numbers(draw), FIRST + draw * PAIRS)
        for direction, difference in results.items():
            same_sign[direction].append(bool(direction.sign * np.nanmean(difference) > 0.0))
        print(".", end="", flush=True)
    print()
    return same_sign


def main() -> None:
    """Print the share of draws in which each direction keeps its sign."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS
    print(
        f"{len(assumed_numbers())} assumed coefficients, each within ±{MAX_CHANGE:.0%}; "
        f"{draws} draws, {PAIRS} pairs each"
    )
    for direction, same_sign in signs(draws).items():
        print(f"{direction!s:55} {sum(same_sign)} of {len(same_sign)} draws ({np.mean(same_sign):.0%})")


if __name__ == "__main__":
    main()
