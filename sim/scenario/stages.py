"""Stages: parts of a community's life, one after the other, in which different things are done."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from shequn.sim.fields import MAX_STAGES, ByName, DaysOrNone, Fault, OneOf, Strict, by_name
from shequn.sim.hints import did_you_mean
from shequn.sim.language import _
from shequn.sim.operations.timed import MEASURES, Bound

if TYPE_CHECKING:
    from shequn.sim.scenario.model import Content


class StageEnd(Bound):
    """When a stage ends: on a day, or when a daily measure has been above or below for some days of the stage."""

    day: DaysOrNone | None = Field(
        None, description="Day of the run on which it ends at the latest; 0 = at once."
    )
    measure: Annotated[str, OneOf(MEASURES)] | None = Field(None, description="The daily measure to watch.")


class Stage(Strict):
    """A stage; the first one begins at the start, each other when the one before ends."""

    until: StageEnd | None = Field(None, description="When it ends; null = never, for the last one.")


if TYPE_CHECKING:
    StagesByName = ByName
else:
    StagesByName = by_name(Stage, MAX_STAGES)


def stage_faults(content: "Content") -> Iterator[Fault]:
    """A stage that never ends before another one, or an end that says nothing; stages that are not there."""
    names = list(content.stages)
    for name, stage in content.stages.items():
        end = stage.until
        if end is None:
            if name != names[-1]:
                text = _("{stage} never ends, but {after} comes after it: give until")
                yield ("stages", name), text.format(stage=name, after=names[names.index(name) + 1])
            continue
        if end.day is None and end.measure is None:
            yield ("stages", name, "until"), _("give day, or a measure with above or below")
        elif end.measure is not None and (end.above is None) == (end.below is None):
            yield ("stages", name, "until"), _("a condition needs either above or below")
        elif end.measure is None and (end.above is not None or end.below is not None):
            yield ("stages", name, "until"), _("above and below need a measure")
    for key in ("operations", "duties", "tasks", "earn", "offers"):
        for name, entry in getattr(content, key).items():
            for number, stage in enumerate(entry.during or ()):
                yield from _unknown(stage, (key, name, "during", number), content)
            at = getattr(entry, "at_stage", None)
            if at is not None:
                yield from _unknown(at, (key, name, "at_stage"), content)


def _unknown(stage: str, path: tuple[str | int, ...], content: "Content") -> Iterator[Fault]:
    if stage not in content.stages:
        near = did_you_mean(stage, content.stages) or _("; this scenario has no stages")
        yield path, _("there is no stage {stage}{near}").format(stage=stage, near=near)


def mask_of(during: list[str] | None, names: list[str]) -> int:
    """The stages of these names as bits, by number; all bits (-1) for None."""
    return -1 if during is None else sum(1 << names.index(name) for name in set(during))
