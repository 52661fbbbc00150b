"""Common parts of operations that bring people."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import Field

from shequn.sim.choice import unknown_group
from shequn.sim.fields import Fault, NotNegative
from shequn.sim.language import N_, _
from shequn.sim.operations.operation import Operation
from shequn.sim.traits import Drivers, Quality, Topic, quality_faults

if TYPE_CHECKING:
    from shequn.sim.scenario.model import Content

_TRAITS = {"quality": N_("quality"), "topic": N_("topic"), "drivers": N_("drivers")}


class FreshPeople(Operation):
    """Brings people who are not in the population; traits that are not given are as in the population."""

    quality: Quality | None = Field(None, description="Their quality; null = as in the population.")
    topic: Topic | None = Field(None, description="Their topics; null = as in the population.")
    drivers: Drivers | None = Field(None, description="Their drivers; null = as in the population.")
    cost: NotNegative = Field(
        0.0, description="Money for each of them who comes to the door: what the channel costs."
    )
    group: str | None = Field(
        None, description="The group that all of them belong to; null = drawn, as in the population."
    )

    def faults(self, content: "Content") -> Iterator[Fault]:
        """The distribution of quality is contradictory, or the group is unknown."""
        yield from quality_faults(self.quality, ("quality",))
        yield from unknown_group(self.group, content)

    def costs_money(self) -> bool:
        """Whether somebody is paid for."""
        return self.cost > 0

    def traits_in_words(self) -> str:
        """Their group and the traits in which these people differ from it, as part of a sentence."""
        traits = [_(words) for key, words in _TRAITS.items() if getattr(self, key) is not None]
        own = _(", with their own {own}").format(own=_(" and ").join(traits)) if traits else ""
        paid = _(", at {cost:g} each").format(cost=self.cost) if self.cost else ""
        group = "" if self.group is None else _(", all of the group {group}").format(group=self.group)
        return group + own + paid
