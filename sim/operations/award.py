"""The operation *award*: reward the best by a total, or give them a title."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from shequn.agents.drivers import Driver
from shequn.sim.amounts import MONEY, Amounts, faults_of_amounts
from shequn.sim.choice import ranked_rooms, totals, unknown_space, unknown_title, unknown_total
from shequn.sim.fields import Fault, WholeNumber
from shequn.sim.kernel.chance import Purpose, uniforms
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.state import NOBODY, State
from shequn.sim.language import _
from shequn.sim.levers import Through
from shequn.sim.operations.operation import Operation

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content


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
        1, description="How many members are awarded in each room; or how many rooms."
    )
    of: str | None = Field(
        None, description="A space, in each of whose rooms it is awarded; null = once for all."
    )
    rooms: bool = Field(
        False,
        description="Whether whole rooms of `of` compete, by the mean of their members; all members of the best rooms "
        "who have earned something are awarded.",
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
        rooms = np.zeros(len(people), dtype=np.int64)
        if self.of is not None:
            rooms = machine.rooms_of(people, operator.space_number(self.of))
        people, rooms = people[rooms != NOBODY], rooms[rooms != NOBODY]
        total = totals(operator, people, self.by, self.over)
        if self.rooms:
            ranked = ranked_rooms(operator, rooms, total, key ^ occurrence)
            winners = people[np.isin(rooms, ranked[: self.best]) & (total > 0)]
        else:
            keys = np.ascontiguousarray(world.people["key"][people])
            draws = uniforms(int(machine.totals["seed"]), Purpose.OPERATION, keys, key ^ occurrence)
            order = np.lexsort((draws, -total, rooms))
            first = np.searchsorted(rooms[order], rooms[order], side="left")
            rank = np.arange(len(order)) - first
            winners = people[order][(rank < self.best) & (total[order] > 0)]
        if self.mark is not None:
            machine.give_title(list(operator.scenario.marks).index(self.mark), winners, people)
        for unit, amount in self.pay.items():
            machine.award(winners, operator.unit_number(unit), amount)
        return None

    def features(self) -> Feature:
        """Accounts, and rewards if it pays money."""
        return Feature.STAFF | (Feature.DOORS if self.costs_money() else Feature(0))

    def costs_money(self) -> bool:
        """Whether it pays money."""
        return MONEY in self.pay

    def in_words(self) -> str:
        """What it does, as part of a sentence."""
        if self.rooms:
            return _("the members of the best {n} rooms of {space} by {total} get {what}").format(
                n=self.best, total=self.by, space=self.of, what=self._what()
            )
        where = _(" in each room of {space}").format(space=self.of) if self.of is not None else ""
        return _("the best {n} by {total}{where} get {what}").format(
            n=self.best, total=self.by, where=where, what=self._what()
        )

    def _what(self) -> str:
        parts = [
            _("{amount:g} in money").format(amount=amount) if unit == MONEY else f"{amount:g} {unit}"
            for unit, amount in self.pay.items()
        ]
        if self.mark is not None:
            parts.append(_("the title {mark}").format(mark=self.mark))
        return _(" and ").join(parts)

    def label(self) -> str:
        """What it does, in a few words."""
        return _("award by {total}").format(total=self.by)

    def faults(self, content: "Content") -> Iterator[Fault]:
        """Unknown names, or nothing that is awarded."""
        yield from unknown_space(self.of, "of", content)
        yield from unknown_total(self.by, ("recognition", "quality"), content)
        if self.rooms and self.of is None:
            yield ("rooms",), _("needs of: a space whose rooms compete")
        yield from faults_of_amounts(self.pay, "pay", content)
        if not self.pay and self.mark is None:
            yield (), _("awards nothing: say pay or mark")
        yield from unknown_title(self.mark, content)
