"""The operation *award*: reward the best by a total, or give them a title."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from shequn.agents.drivers import Driver
from shequn.sim.amounts import MONEY, Amounts, faults_of_amounts
from shequn.sim.choice import unknown_space
from shequn.sim.fields import Fault, WholeNumber
from shequn.sim.hints import did_you_mean
from shequn.sim.kernel.chance import Purpose, uniforms
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.state import NOBODY, State
from shequn.sim.language import _
from shequn.sim.levers import Through
from shequn.sim.operations.operation import Operation

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content

_TRAITS = ("recognition", "quality")


class Award(Operation):
    """Reward the best by a total, or give them a title: of all members, or in each room of a space."""

    acts_through: ClassVar[Through] = Through((Driver.HONOR, Driver.BENEFIT))

    do: Literal["award"]
    by: str = Field(
        "recognition", description="What decides: recognition, quality, or what they have earned of a unit."
    )
    over: Literal["day", "stay"] = Field(
        "stay", description="by a unit: what they have earned on this day, or in their whole stay."
    )
    best: Annotated[int, WholeNumber(1, 1_000_000)] = Field(
        1, description="How many are awarded in each room."
    )
    of: str | None = Field(
        None, description="A space, in each of whose rooms it is awarded; null = once for all."
    )
    pay: Amounts = Field(
        default_factory=dict,
        json_schema_extra={"default": {}},
        description="What each of them gets of which unit: {coins: 10}.",
    )
    mark: str | None = Field(
        None, description="The title that they get, and that those lose who had it and are not among them."
    )

    def carry_out(self, operator: "Operator", key: int, occurrence: int) -> float | None:
        """Award the best now; of equals, by a keyed draw. Who has nothing gets nothing."""
        machine = operator.machine
        world = machine.world
        people = np.flatnonzero(world.people["state"] == State.MEMBER)
        rooms = world.memberships["room"][world.people["membership"][people]]
        if self.of is None:
            ponds = np.zeros(len(people), dtype=np.int64)
        else:
            ponds = machine.rooms_around(rooms, operator.space_number(self.of))
        people, ponds = people[ponds != NOBODY], ponds[ponds != NOBODY]
        total = self._total(operator, people)
        keys = np.ascontiguousarray(world.people["key"][people])
        draws = uniforms(int(machine.totals["seed"]), Purpose.OPERATION, keys, key ^ occurrence)
        order = np.lexsort((draws, -total, ponds))
        first = np.searchsorted(ponds[order], ponds[order], side="left")
        rank = np.arange(len(order)) - first
        winners = people[order][(rank < self.best) & (total[order] > 0)]
        if self.mark is not None:
            machine.give_title(list(operator.scenario.marks).index(self.mark), winners, people)
        for unit, amount in self.pay.items():
            machine.award(winners, operator.unit_number(unit), amount)
        return None

    def _total(self, operator: "Operator", people: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """What decides, for each of these members."""
        machine = operator.machine
        world = machine.world
        match self.by:
            case "recognition":
                return np.asarray(machine.recognition_of(people, machine.time))
            case "quality":
                return world.people["quality"][people].astype(float)
            case unit:
                holdings = world.holdings[world.people["membership"][people], operator.unit_number(unit)]
                if self.over == "stay":
                    return np.asarray(holdings["earned"])
                return np.where(holdings["day"] == int(machine.time), holdings["got"], 0.0)

    def features(self) -> Feature:
        """Accounts, and rewards if it pays money."""
        return Feature.STAFF | (Feature.DOORS if self.costs_money() else Feature(0))

    def costs_money(self) -> bool:
        """Whether it pays money."""
        return MONEY in self.pay

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        where = _(" in each room of {space}").format(space=self.of) if self.of is not None else ""
        parts = [f"{amount:g} {unit}" for unit, amount in self.pay.items()]
        if self.mark is not None:
            parts.append(_("the title {mark}").format(mark=self.mark))
        return _("the best {n} by {total}{where} get {what}").format(
            n=self.best, total=self.by, where=where, what=_(" and ").join(parts)
        )

    def label(self) -> str:
        """What it does, in a few words."""
        return _("award by {total}").format(total=self.by)

    def faults(self, content: "Content") -> Iterator[Fault]:
        """Unknown names, or nothing that is awarded."""
        yield from unknown_space(self.of, "of", content)
        units = [name for name in content.units if name != MONEY]
        if self.by not in _TRAITS and self.by not in units:
            near = did_you_mean(self.by, [*_TRAITS, *units]) or ""
            yield ("by",), _("there is no total {total}{near}").format(total=self.by, near=near)
        yield from faults_of_amounts(self.pay, "pay", content)
        if not self.pay and self.mark is None:
            yield (), _("awards nothing: say pay or mark")
        if self.mark is not None:
            mark = content.marks.get(self.mark)
            if mark is None:
                near = did_you_mean(self.mark, content.marks) or _("; this scenario has no marks")
                yield ("mark",), _("there is no mark {mark}{near}").format(mark=self.mark, near=near)
            elif mark.by is not None:
                yield (
                    ("mark",),
                    _("{mark} goes by {unit}; only a title, without by, is awarded").format(
                        mark=self.mark, unit=mark.by
                    ),
                )
