"""Stages, and what belongs to them, in plain sentences."""

from collections.abc import Iterator
from typing import Any

from shequn.app.explanation.operations import threshold_words
from shequn.sim.language import _
from shequn.sim.scenario.scenario import Scenario
from shequn.sim.scenario.stages import Stage


def stages(scenario: Scenario) -> str:
    """Each stage and when it ends; empty without stages."""
    lines = [
        "  - " + _("{name}: {parts}").format(name=name, parts=_end(stage))
        for name, stage in scenario.stages.items()
    ]
    return "\n".join([_("The stages of the community:"), *lines]) if lines else ""


def in_stages(entry: Any) -> Iterator[str]:
    """In which stages something holds, if not in all."""
    if entry.during is not None:
        yield _("only in {stages}").format(stages=_(" and ").join(entry.during))


def _end(stage: Stage) -> str:
    if stage.until is None:
        return _("never ends")
    ends = []
    if stage.until.measure is not None:
        ends.append(threshold_words(stage.until))
    if stage.until.day is not None:
        ends.append(_("day {day:g}").format(day=stage.until.day))
    return _("until {ends}").format(ends=_(" or ").join(ends))
