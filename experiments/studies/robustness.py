"""Do the directions depend on the assumed numbers? All of them are changed at once.

``python -m shequn.experiments.studies.robustness [DRAWS]`` moves every coefficient whose source is an
assumption, each on its own, by up to a quarter either way, independently for each draw, and prints in
which share of the draws each direction (``directions.py``) keeps its sign. A draw's sign is
that of its mean over ``PAIRS`` pairs.
"""

import sys

import numpy as np

from shequn.agents.rules import GROUPS
from shequn.experiments.studies.directions import DIRECTIONS, REASONS, Direction, differences

DRAWS = 30
PAIRS = 6
MOST = 0.25  # each coefficient lies evenly between 1 - MOST and 1 + MOST of its default
SEED = 20260102
FIRST = 2000  # number of the first pair: seeds that no test uses


def assumed() -> dict[str, tuple[float, float, float]]:
    """Default, least and most of every assumed number, by dotted key."""
    return {
        f"{group.name}.{c.name}": (float(c.default), c.low, c.high)
        for group in GROUPS
        for c in group.coefficients
        if not c.choices and "assumed" in c.source
    }


def drawn(draw: int) -> dict[str, float]:
    """All assumed numbers of one draw."""
    chance = np.random.default_rng([SEED, draw])
    numbers = assumed()
    factors = chance.uniform(1.0 - MOST, 1.0 + MOST, len(numbers))
    return {
        name: float(min(high, max(low, default * factor)))
        for (name, (default, low, high)), factor in zip(numbers.items(), factors, strict=True)
    }


def signs(draws: int = DRAWS) -> dict[Direction, list[bool]]:
    """For each direction and draw, whether the mean difference has the direction's sign."""
    kept: dict[Direction, list[bool]] = {d: [] for d in dict.fromkeys(DIRECTIONS + REASONS)}
    for draw in range(draws):
        found = differences(tuple(kept), PAIRS, drawn(draw), FIRST + draw * PAIRS)
        for direction, difference in found.items():
            kept[direction].append(bool(direction.sign * np.nanmean(difference) > 0.0))
        print(".", end="", flush=True)
    print()
    return kept


def main() -> None:
    """Print the share of draws in which each direction keeps its sign."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS
    print(
        f"{len(assumed())} assumed coefficients, each within ±{MOST:.0%}; {draws} draws, {PAIRS} pairs each"
    )
    for direction, kept in signs(draws).items():
        print(f"{direction!s:55} {sum(kept)} of {len(kept)} draws ({np.mean(kept):.0%})")


if __name__ == "__main__":
    main()
