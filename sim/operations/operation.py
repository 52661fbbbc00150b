"""The base class of all kinds of operations."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from shequn.sim.levers import Through
from shequn.sim.operations.timed import Fault, Timed

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content


class Operation(Timed):
    """Something the operator does.

    ``key`` and ``occurrence`` name its draws: the key of the operation, and how often it has happened before.
    """

    if TYPE_CHECKING:  # each kind declares its own
        do: str
        acts_through: ClassVar[Through]

    @abstractmethod
    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Carry it out now; returns the time at which it ends, if it has an end."""

    @abstractmethod
    def in_words(self) -> str:
        """What it does, as part of a sentence."""

    @abstractmethod
    def label(self) -> str:
        """What it does, in a few words, for the time axis of a figure."""

    def faults(self, content: "Content") -> Iterator[Fault]:  # the kinds look at it
        """Contradictions, given the rest of the scenario (a ``Content``), except in its timing."""
        yield from ()
