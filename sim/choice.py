"""Which members an operation or a duty concerns, and where they sit."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, assert_never

import numpy as np
import numpy.typing as npt
from pydantic import Field

from shequn.sim.fields import Days, Fault, Share, Strict
from shequn.sim.hints import did_you_mean
from shequn.sim.kernel.chance import Purpose, uniforms
from shequn.sim.kernel.state import State
from shequn.sim.language import _
from shequn.sim.wording import exact_percent

if TYPE_CHECKING:
    from shequn.sim.machine import Machine
    from shequn.sim.scenario.model import Content


class OfMembers(Strict):
    """A choice of members."""

    who: Literal["inactive", "lowest_quality", "highest_quality", "most_recognised", "random"] = Field(
        "inactive", description="Which members."
    )
    share: Share = Field(
        1.0, description="Share of the inactive members, or of all members with another who."
    )
    unseen: Days = Field(30.0, description="inactive: number of days since they were last seen.")
    in_: str | None = Field(None, alias="in", description="Only members of this space; null = of all.")

    def chosen(self, machine: "Machine", space: int | None, key: int) -> npt.NDArray[np.int64]:
        """The members concerned, in order of last visit, quality, recognition or a keyed draw.

        ``space`` is the number of the space ``in`` (None: everywhere), ``key`` names the draws.
        """
        world = machine.world
        people = world.people
        members = np.flatnonzero(people["state"] == State.MEMBER)
        if space is not None:
            members = members[machine.sits_in(members, space)]
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
            case "random":
                keys = np.ascontiguousarray(people["key"][members])
                seed = int(machine.totals["seed"])
                order = np.argsort(uniforms(seed, Purpose.OPERATION, keys, key), kind="stable")
            case _:
                assert_never(self.who)
        result: npt.NDArray[np.int64] = members[order][: round(self.share * len(members))]
        return result

    def members_in_words(self) -> str:
        """Which members, as the subject of a sentence."""
        share = exact_percent(self.share)
        where = _(" of {space}").format(space=self.in_) if self.in_ is not None else ""
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
            case "random":
                which = _("drawn at random")
            case _:
                assert_never(self.who)
        return _("{share} of the members{where} ({which})").format(share=share, where=where, which=which)


def unknown_space(name: str | None, key: str, content: "Content") -> Iterator[Fault]:
    """A fault if a scenario has no space of this name."""
    if name is not None and name not in content.spaces:
        near = did_you_mean(name, content.spaces) or _("; this scenario has no spaces")
        yield (key,), _("there is no space {name}{near}").format(name=name, near=near)
