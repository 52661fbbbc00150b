"""The aims of a search: objectives and constraints, as written on the command line."""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from shequn.experiments.designs.responses import Response, response
from shequn.sim.language import _

_DIRECTIONS = ("max", "min")
_CONSTRAINT = re.compile(r"\s*([^<>=\s]+)\s*(>=|<=)\s*(\S+)\s*")


class Objective(NamedTuple):
    """A response whose mean should be as large, or as small, as possible."""

    direction: str  # max or min
    response: Response

    def __str__(self) -> str:
        return f"{self.direction}:{self.response}"

    @property
    def sign(self) -> float:
        """1 if larger is better, -1 if smaller is."""
        return 1.0 if self.direction == "max" else -1.0


class Constraint(NamedTuple):
    """A bound on the mean of a response."""

    response: Response
    relation: str  # >= or <=
    bound: float

    def __str__(self) -> str:
        return f"{self.response}{self.relation}{self.bound:g}"

    def violation(self, mean: float) -> float:
        """The amount by which a mean violates the bound; at most 0 if it holds."""
        return self.bound - mean if self.relation == ">=" else mean - self.bound


def objective(text: str, days: int, named: Sequence[str] = ()) -> Objective:
    """Read an objective such as ``max:members@180``.

    Raises
    ------
    ValueError
        The text cannot be read, or there is no such response; the message says what is allowed.
    """
    direction, colon, name = text.partition(":")
    if not colon or direction not in _DIRECTIONS:
        raise ValueError(
            _("{text!r} is not an objective (allowed: max:RESPONSE or min:RESPONSE)").format(text=text)
        )
    return Objective(direction, response(name.strip(), days, named))


def constraint(text: str, days: int, named: Sequence[str] = ()) -> Constraint:
    """Read a constraint such as ``k>=1``.

    Raises
    ------
    ValueError
        As `objective`.
    """
    name, relation, value = bound(text)
    return Constraint(response(name, days, named), relation, value)


def bound(text: str) -> tuple[str, str, float]:
    """Read a bound such as ``k>=1``: a name, ``>=`` or ``<=``, and a number.

    Raises
    ------
    ValueError
        The text cannot be read; the message says what is allowed.
    """
    match = _CONSTRAINT.fullmatch(text)
    allowed = _("(allowed: RESPONSE>=NUMBER or RESPONSE<=NUMBER, such as k>=1)")
    if match is None:
        raise ValueError(_("{text!r} is not a constraint {allowed}").format(text=text, allowed=allowed))
    name, relation, number = match.groups()
    try:
        value = float(number)
    except ValueError:
        raise ValueError(
            _("{text!r}: {number!r} is not a number {allowed}").format(
                text=text, number=number, allowed=allowed
            )
        ) from None
    if not math.isfinite(value):
        raise ValueError(_("{text!r}: the bound is not finite {allowed}").format(text=text, allowed=allowed))
    return name, relation, value


def dominates(one: Sequence[float], other: Sequence[float], objectives: Sequence[Objective]) -> bool:
    """Whether ``one`` is worse in no objective and better in at least one."""
    gains = [o.sign * (a - b) for o, a, b in zip(objectives, one, other, strict=True)]
    return min(gains) >= 0.0 and max(gains) > 0.0
