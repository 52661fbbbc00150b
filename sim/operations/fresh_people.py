"""What operations that bring people have in common."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import Field

from shequn.sim.language import N_, _
from shequn.sim.operations.operation import Operation
from shequn.sim.operations.timed import Fault
from shequn.sim.traits import Drivers, Quality, Topic, quality_faults

if TYPE_CHECKING:
    from shequn.sim.scenario.model import Content

_TRAITS = {"quality": N_("quality"), "topic": N_("topic"), "drivers": N_("drivers")}


class FreshPeople(Operation):
    """People who were not in the population; what is not given is as in the population."""

    quality: Quality | None = Field(None, description="Their quality; null = as in the population.")
    topic: Topic | None = Field(None, description="Their topics; null = as in the population.")
    drivers: Drivers | None = Field(None, description="Their drivers; null = as in the population.")

    def faults(self, content: "Content") -> Iterator[Fault]:
        """A quality that nobody can have."""
        yield from quality_faults(self.quality, ("quality",))

    def traits_in_words(self) -> str:
        """Which traits of their own these people have."""
        own = [_(words) for key, words in _TRAITS.items() if getattr(self, key) is not None]
        return _(", with their own {own}").format(own=_(" and ").join(own)) if own else ""
