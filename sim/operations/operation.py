"""What all kinds of operations have in common."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING

from shequn.sim.operations.timed import Fault, Timed

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content


class Operation(Timed):
    """Something the operator does.

    ``key`` and ``occurrence`` name its draws: the operation's own name, and how often it has happened before.
    """

    if TYPE_CHECKING:  # each kind declares its own
        do: str

    @abstractmethod
    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Do it now. Returns the instant at which it must be ended, if it has an end."""

    @abstractmethod
    def in_words(self) -> str:
        """What it does, as part of a sentence."""

    @abstractmethod
    def label(self) -> str:
        """What it does, in the few words that mark it on an axis of time."""

    def faults(self, content: "Content") -> Iterator[Fault]:  # the kinds look at it
        """What is contradictory, given the rest of the scenario (a ``Content``); when it happens aside."""
        yield from ()
