"""The kinds of duties.

A kind is a file with a class ``<Kind>Duty`` (its fields, what gives occasion to it, and its description) and a
compiled rule ``carry_out``. To add one, write its file, then name it in three lines here: the import,
``DutyKind`` and ``carry_out``. Everything else (schema, messages, record, tables, MODEL.md) follows.
"""

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from shequn.agents.compiled import compiled
from shequn.sim.fields import ByName, by_name, union_of
from shequn.sim.kernel.duties import answer, call, feature, moderate, post, talk, welcome
from shequn.sim.kernel.duties.duty import Duty
from shequn.sim.kernel.world import World

MAX_DUTIES = 64


class DutyKind(IntEnum):
    """The kinds, by number."""

    ANSWER = 0
    WELCOME = 1
    FEATURE = 2
    CALL = 3
    TALK = 4
    POST = 5
    MODERATE = 6


@compiled
def carry_out(world: World, worker: int, work: Any, duty: Any, now: float) -> None:
    """What a duty does once its minutes are spent.

    Parameters
    ----------
    world : World
    worker : int
        The person who does it.
    work : work_dtype record
        What it is about; it still holds.
    duty : duty_dtype record
    now : float
    """
    # fmt: off
    match duty["kind"]:
        case DutyKind.ANSWER: answer.carry_out(world, worker, work, duty, now)
        case DutyKind.WELCOME: welcome.carry_out(world, worker, work, duty, now)
        case DutyKind.FEATURE: feature.carry_out(world, worker, work, duty, now)
        case DutyKind.CALL: call.carry_out(world, worker, work, duty, now)
        case DutyKind.TALK: talk.carry_out(world, worker, work, duty, now)
        case DutyKind.POST: post.carry_out(world, worker, work, duty, now)
        case DutyKind.MODERATE: moderate.carry_out(world, worker, work, duty, now)
        case _: raise AssertionError("carry_out has no case for this kind of duty")
    # fmt: on


#: The classes of the kinds, by their names in a scenario.
DUTIES: dict[str, type[Duty]] = {
    kind.name.lower(): getattr(globals()[kind.name.lower()], f"{kind.name.capitalize()}Duty")
    for kind in DutyKind
}

if TYPE_CHECKING:
    DutiesByName = ByName
else:
    DutiesByName = by_name(union_of(DUTIES, "do"), MAX_DUTIES)
