"""The base class of all kinds of operations."""

import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar, Self

from pydantic import PrivateAttr

from shequn.sim.fields import Fault
from shequn.sim.kernel.features import Feature
from shequn.sim.levers import Through
from shequn.sim.operations.timed import Timed

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content


#: What the names of operations in draws begin with; a name that begins so is used in draws as it is.
_IN_DRAWS = ("kind ", "name ")


def numbered(kind: str, number: int) -> str:
    """The name given to the operation or gate of this number among its kind: ``shock``, ``shock-2``."""
    return kind if number == 1 else f"{kind}-{number}"


def name_in_draws(kind: str, name: str) -> str:
    """The text that names an operation in draws.

    A name that is the kind (``shock``) or the kind and a number (``shock-2``) stands for an operation without
    a name of its own. Two names never give one text, except that each text is also a name for itself.
    """
    if name.startswith(_IN_DRAWS):
        return name
    number = re.fullmatch(rf"{kind}(?:-([2-9]|[1-9][0-9]+))?", name)
    return f"name {name}" if number is None else f"kind {kind} {number[1] or 1}"


def unlike_generated(name: str, kinds: Iterable[str]) -> str:
    """A name for the operation that format 1 called ``name``: its draws stay those of this name."""
    pattern = rf"(?:{'|'.join(kinds)})(?:-[0-9]+)?"
    clashes = name.startswith(_IN_DRAWS) or re.fullmatch(pattern, name)
    return f"name {name}" if clashes else name


class Operation(Timed):
    """Something the operator does.

    ``key`` and ``occurrence`` name its draws: the key of the operation, and how often it has happened before.
    """

    _name_in_draws: str = PrivateAttr("")

    if TYPE_CHECKING:  # each kind declares its own
        do: str
        acts_through: ClassVar[Through]

    @property
    def name(self) -> str:
        """Its key in the scenario; of one without a name of its own, its kind and number."""
        kind, _space, rest = self._name_in_draws.partition(" ")
        return rest if kind == "name" else numbered(self.do, int(rest.rpartition(" ")[2]))

    @property
    def name_in_draws(self) -> str:
        """The text that names its draws (whom it brings or removes); see the function of this name."""
        return self._name_in_draws

    def named(self, name: str) -> Self:
        """A copy with this name, which is its key in the scenario."""
        copy = self.model_copy()
        copy._name_in_draws = name_in_draws(self.do, name)
        return copy

    def does_the_same_as(self, other: "Operation") -> bool:
        """Whether both are the same but for their names."""
        return self.named("") == other.named("")

    @abstractmethod
    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Carry it out now; returns the time at which it ends, if it has an end."""

    def lasts_for_good(self) -> bool:
        """Whether it lasts and never ends."""
        return False

    def features(self) -> Feature:
        """Features of the kernel that it may bring into use."""
        return Feature(0)

    def costs_money(self) -> bool:
        """Whether money is paid because of it."""
        return False

    @abstractmethod
    def in_words(self) -> str:
        """What it does, as part of a sentence."""

    @abstractmethod
    def label(self) -> str:
        """What it does, in a few words, for the time axis of a figure."""

    def faults(self, content: "Content") -> Iterator[Fault]:  # the kinds look at it
        """Contradictions, given the rest of the scenario (a ``Content``), except in its timing."""
        yield from ()
