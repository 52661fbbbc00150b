"""What all kinds of gates have in common."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal, get_args, get_origin

from shequn.sim.fields import Strict
from shequn.sim.language import _

if TYPE_CHECKING:
    from shequn.sim.scenario.model import Content

COST = "Deters candidates with 1 − exp(−cost); who passes is bound by it."


class Gate(Strict):
    """One gate of a scenario.

    Attributes
    ----------
    everybody : bool
        Whether it also stops strangers whom openness lets slip past the gates.
    """

    everybody: ClassVar[bool] = False

    if TYPE_CHECKING:  # each kind declares its own, with its own default
        kind: str
        cost: float

    @abstractmethod
    def in_words(self) -> str:
        """The gate in a few words, its cost aside."""

    def price(self) -> float:
        """Money taken from whoever passes."""
        return 0.0

    def faults(self, content: "Content") -> Iterator[tuple[str, str]]:  # the kinds look at it
        """What cannot be, given the rest of the scenario (a ``Content``): the key to change, and a message."""
        yield from ()

    def described(self) -> str:
        """The gate in a few words, its cost included."""
        return self.in_words() + (_(", cost {cost:g}").format(cost=self.cost) if self.cost else "")

    @classmethod
    def columns(cls) -> list[str]:
        """The fields of this kind that its rule reads, as columns ``<kind>_<field>`` of the gate's record."""
        return [name for name in cls.model_fields if name not in ("kind", "cost") and not cls._is_fixed(name)]

    @classmethod
    def _is_fixed(cls, name: str) -> bool:
        """Whether a field can have one value only."""
        annotation = cls.model_fields[name].annotation
        return get_origin(annotation) is Literal and len(get_args(annotation)) == 1

    def numbers(self) -> dict[str, float]:
        """The values of `columns`; a word is its place among those allowed."""
        return {name: self._number(name) for name in self.columns()}

    def _number(self, name: str) -> float:
        value = getattr(self, name)
        if isinstance(value, str):
            return float(get_args(type(self).model_fields[name].annotation).index(value))
        return float(value)
