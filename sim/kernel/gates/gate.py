"""What all kinds of gates have in common."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal, get_args, get_origin

from shequn.sim.fields import Strict
from shequn.sim.language import _
from shequn.sim.levers import Through

if TYPE_CHECKING:
    from shequn.sim.scenario.model import Content

COST = "Deters a candidate with probability 1 − exp(−cost); creates commitment in those who pass."


class Gate(Strict):
    """One gate of a scenario.

    Attributes
    ----------
    everybody : bool
        Whether it also stops strangers whom openness lets skip the gates.
    """

    everybody: ClassVar[bool] = False

    if TYPE_CHECKING:  # each kind declares its own, with its own default
        kind: str
        cost: float
        acts_through: ClassVar[Through]

    @abstractmethod
    def in_words(self) -> str:
        """The gate in a few words, without its cost."""

    def price(self) -> float:
        """Money that each person who passes pays at admission."""
        return 0.0

    def faults(self, content: "Content") -> Iterator[tuple[str, str]]:  # the kinds look at it
        """What contradicts the rest of the scenario (a ``Content``): the key to change, and a message."""
        yield from ()

    def description(self) -> str:
        """The gate in a few words, with its cost."""
        return self.in_words() + (_(", cost {cost:g}").format(cost=self.cost) if self.cost else "")

    @classmethod
    def columns(cls) -> list[str]:
        """The fields of this kind that its rule reads, as columns ``<kind>_<field>`` of the gate's record."""
        return [name for name in cls.model_fields if name not in ("kind", "cost") and not cls._is_fixed(name)]

    @classmethod
    def _is_fixed(cls, name: str) -> bool:
        """Whether a field can have only one value."""
        annotation = cls.model_fields[name].annotation
        return get_origin(annotation) is Literal and len(get_args(annotation)) == 1

    def numbers(self) -> dict[str, float]:
        """The values of `columns`; a word becomes its position among those allowed."""
        return {name: self._number(name) for name in self.columns()}

    def _number(self, name: str) -> float:
        value = getattr(self, name)
        if isinstance(value, str):
            return float(get_args(type(self).model_fields[name].annotation).index(value))
        return float(value)
