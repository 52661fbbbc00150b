"""Epidemic peers: other programs that run limit case 3, a file each.

To enter another one, add a file with

- ``PACKAGE``: the name under which it is imported (the table says so if it is not installed; its requirement goes into
  the extra ``bench`` of pyproject.toml),
- ``CONTESTANTS``: by a name for the table, a function of the graph (networkx, nodes 0, 1, …) and the number of the run
  that returns a `Run`.

It is a Markovian SIR epidemic: each tie passes it on at a hazard, everybody infected recovers at another, some people
drawn at random are infected at the start, and it ends when nobody is infected. Peers with a step for each day take the
chances that give the final size of continuous time (`daily_chances`).
"""

import importlib
import importlib.util
import math
import pkgutil
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, NamedTuple


class Run(NamedTuple):
    """One run."""

    build: float | None  # seconds; None if the run includes it
    seconds: float  # of the run alone
    size: int  # people ever infected
    events: int = 0


Contestant = Callable[[Any, int], Run]


def names() -> list[str]:
    """Names of the files, in order."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def contestants() -> tuple[dict[str, Contestant], list[str]]:
    """By name, those that can run here; and the packages that are not installed."""
    found: dict[str, Contestant] = {}
    absent = []
    for name in names():
        module: ModuleType = importlib.import_module(f"{__name__}.{name}")
        if importlib.util.find_spec(module.PACKAGE) is None:
            absent.append(str(module.PACKAGE))
            continue
        entered: Mapping[str, Contestant] = module.CONTESTANTS
        found |= entered
    return found, absent


def daily_chances(transmission: float, recovery: float, first_day: bool = True) -> tuple[float, float]:
    """Daily probabilities that give the same transmission along a tie as continuous time.

    With recovery of probability q at the end of each day and contact of probability c per day, a neighbour escapes
    infection with probability q (1 - c) / (1 - (1 - q) (1 - c)); where recovery comes first on each day, with
    q / (1 - (1 - q) (1 - c)). This is set equal to recovery / (transmission + recovery).

    Parameters
    ----------
    transmission, recovery : float
        Hazards per tie and day, and per day.
    first_day : bool
        Whether everybody infected has at least one day of contact.

    Returns
    -------
    tuple of float
        Probability of infection per contact and day, and of recovery per day.
    """
    recovering = -math.expm1(-recovery)
    escape = recovery / (transmission + recovery)
    if first_day:
        return 1.0 - escape / (recovering + escape * (1.0 - recovering)), recovering
    return 1.0 - (1.0 - recovering / escape) / (1.0 - recovering), recovering
