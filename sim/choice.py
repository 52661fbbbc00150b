"""Which members an operation or a duty concerns, and where they sit."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, assert_never

import numpy as np
import numpy.typing as npt
from pydantic import Field

from shequn.sim.amounts import MONEY
from shequn.sim.fields import Days, Fault, Share, Strict
from shequn.sim.hints import did_you_mean
from shequn.sim.kernel.chance import Purpose, uniforms
from shequn.sim.kernel.state import NOBODY, State
from shequn.sim.language import _
from shequn.sim.wording import exact_percent

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content


class OfMembers(Strict):
    """A choice of members."""

    who: Literal[
        "inactive", "lowest_quality", "highest_quality", "most_recognised", "last_room", "random"
    ] = Field("inactive", description="Which members.")
    share: Share = Field(
        1.0, description="Share of the inactive members, or of all members with another who."
    )
    unseen: Days = Field(30.0, description="inactive: number of days since they were last seen.")
    in_: str | None = Field(None, alias="in", description="Only members of this space; null = of all.")
    group: str | None = Field(
        None, description="Only members of this group of the population; null = of all."
    )
    of: str | None = Field(
        None, description="last_room: the space whose rooms are compared, by the mean of their members."
    )
    by: str | None = Field(None, description="last_room: the unit whose earnings are compared.")
    over: Literal["day", "stay"] = Field(
        "day", description="last_room: what they have earned on this day, or in their whole stay."
    )

    def chosen(self, operator: "Operator", key: int) -> npt.NDArray[np.int64]:
        """The members concerned, in order of last visit, quality, recognition or a keyed draw that ``key`` names."""
        machine = operator.machine
        people = machine.world.everybody
        seed = int(machine.totals["seed"])
        members = np.flatnonzero(people["state"] == State.MEMBER)
        if self.in_ is not None:
            members = members[machine.sits_in(members, operator.space_number(self.in_))]
        if self.group is not None:
            members = members[machine.belongs_to(members, operator.group_number(self.group))]
        keys = np.ascontiguousarray(people["key"][members])
        match self.who:
            case "inactive":
                members = members[machine.time - people["last_visit_at"][members] > self.unseen]
                order = np.argsort(people["last_visit_at"][members], kind="stable")
            case "lowest_quality":
                order = np.argsort(people["quality"][members], kind="stable")
            case "highest_quality":
                order = np.argsort(-people["quality"][members], kind="stable")
            case "most_recognised":
                order = np.argsort(-machine.recognition_of(members, machine.time), kind="stable")
            case "last_room":
                assert self.by is not None
                rooms = machine.rooms_of(members, operator.space_number(self.of))
                total = totals(operator, members, self.by, self.over)
                last = ranked_rooms(operator, rooms, -total, key)[:1]
                members = members[np.isin(rooms, last)]
                keys = np.ascontiguousarray(people["key"][members])
                order = np.argsort(uniforms(seed, Purpose.OPERATION, keys, key), kind="stable")
            case "random":
                order = np.argsort(uniforms(seed, Purpose.OPERATION, keys, key), kind="stable")
            case _:
                assert_never(self.who)
        result: npt.NDArray[np.int64] = members[order][: round(self.share * len(members))]
        return result

    def members_in_words(self) -> str:
        """Which members, as the subject of a sentence."""
        share = exact_percent(self.share)
        where = _(" of {space}").format(space=self.in_) if self.in_ is not None else ""
        where += _(" in the group {group}").format(group=self.group) if self.group is not None else ""
        match self.who:
            case "inactive":
                if self.share == 1:
                    return _("all members{where} not seen for {unseen:g} days").format(
                        where=where, unseen=self.unseen
                    )
                return _("{share} of the members{where} not seen for {unseen:g} days").format(
                    share=share, where=where, unseen=self.unseen
                )
            case "lowest_quality":
                which = _("those of the lowest quality")
            case "highest_quality":
                which = _("those of the highest quality")
            case "most_recognised":
                which = _("those of the most recognition")
            case "last_room":
                which = _("drawn from the last room of {space} by {unit}").format(space=self.of, unit=self.by)
            case "random":
                which = _("drawn at random")
            case _:
                assert_never(self.who)
        return _("{share} of the members{where} ({which})").format(share=share, where=where, which=which)


def faults_of_choice(choice: OfMembers, content: "Content") -> Iterator[Fault]:
    """Unknown names in a choice of members, or names that are missing."""
    yield from unknown_space(choice.in_, "in", content)
    yield from unknown_group(choice.group, content)
    yield from unknown_space(choice.of, "of", content)
    if choice.who == "last_room" and (choice.of is None or choice.by is None):
        yield ("who",), _("who: last_room needs of (a space) and by (a unit)")
    for key, name in (("of", choice.of), ("by", choice.by)):
        if choice.who != "last_room" and name is not None:
            yield (key,), _("only who: last_room compares rooms")
    if choice.by is not None:
        yield from unknown_total(choice.by, (), content)


def unknown_total(name: str, traits: tuple[str, ...], content: "Content") -> Iterator[Fault]:
    """A fault if members have no total of this name: a trait, or what they have earned of a unit."""
    totals = [*traits, *(unit for unit in content.units if unit != MONEY)]
    if name not in totals:
        near = did_you_mean(name, totals) or ""
        yield ("by",), _("there is no total {total}{near}").format(total=name, near=near)


def totals(
    operator: "Operator", people: npt.NDArray[np.int64], by: str, over: str
) -> npt.NDArray[np.float64]:
    """For each of these members their recognition, their quality, or what they have earned of a unit."""
    machine = operator.machine
    world = machine.world
    match by:
        case "recognition":
            return np.asarray(machine.recognition_of(people, machine.time))
        case "quality":
            return world.people["quality"][people].astype(float)
        case unit:
            holdings = world.holdings[world.people["membership"][people], operator.unit_number(unit)]
            if over == "stay":
                return np.asarray(holdings["earned"])
            return np.where(holdings["day"] == int(machine.time), holdings["got"], 0.0)


def ranked_rooms(
    operator: "Operator", rooms: npt.NDArray[np.int64], total: npt.NDArray[np.float64], key: int
) -> npt.NDArray[np.int64]:
    """The rooms of these members (NOBODY = of none), the highest mean total first; of equals by a keyed draw."""
    numbers, position, n = np.unique(rooms, return_inverse=True, return_counts=True)
    means = np.bincount(position, weights=total) / n if len(n) else np.zeros(0)
    draws = uniforms(int(operator.machine.totals["seed"]), Purpose.OPERATION, numbers.astype(np.uint64), key)
    order = np.lexsort((draws, -means))
    return np.asarray(numbers[order][numbers[order] != NOBODY])


def unknown_space(name: str | None, key: str, content: "Content") -> Iterator[Fault]:
    """A fault if a scenario has no space of this name."""
    if name is not None and name not in content.spaces:
        near = did_you_mean(name, content.spaces) or _("; this scenario has no spaces")
        yield (key,), _("there is no space {name}{near}").format(name=name, near=near)


def unknown_group(name: str | None, content: "Content") -> Iterator[Fault]:
    """A fault if a scenario's population has no group of this name."""
    groups = content.population.groups
    if name is not None and name not in groups:
        near = did_you_mean(name, groups) or _("; its population has no groups")
        yield ("group",), _("there is no group {name}{near}").format(name=name, near=near)


def unknown_title(name: str | None, content: "Content") -> Iterator[Fault]:
    """A fault if a scenario has no mark of this name, or one that goes by what is earned."""
    if name is None:
        return
    mark = content.marks.get(name)
    if mark is None:
        near = did_you_mean(name, content.marks) or _("; this scenario has no marks")
        yield ("mark",), _("there is no mark {mark}{near}").format(mark=name, near=near)
    elif mark.by is not None:
        message = _("{mark} goes by {unit}; only a title, without by, is given")
        yield ("mark",), message.format(mark=name, unit=mark.by)
