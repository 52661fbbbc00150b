"""Operations explained in plain words."""

import datetime

from shequn.sim.language import _, date_text, plural
from shequn.sim.operations.operation import Operation
from shequn.sim.operations.timed import Condition, Timed
from shequn.sim.scenario.stages import StageEnd


def operation_sentence(operation: Operation, start: datetime.date) -> str:
    """One sentence that says when an operation happens and what it does."""
    when = timing(operation, start)
    if operation.during is not None:
        when += _(", only in {stages}").format(stages=_(" and ").join(operation.during))
    return _("{when}: {deed}.").format(when=when, deed=operation.in_words())


def timing(operation: Timed, start: datetime.date) -> str:
    """When something happens, as a clause."""
    if operation.date is not None:
        return _("on {date} (day {days})").format(
            date=date_text(operation.date), days=(operation.date - start).days
        )
    if operation.day is not None:
        return _("on day {day:g} ({date})").format(
            day=operation.day, date=date_text(start + datetime.timedelta(days=operation.day))
        )
    if operation.every is not None:
        first = operation.every if operation.first is None else operation.first
        until = "" if operation.until is None else _(" until day {until:g}").format(until=operation.until)
        return plural(
            "every day from day {first:g}{until}",
            "every {every:g} days from day {first:g}{until}",
            operation.every,
        ).format(every=operation.every, first=first, until=until)
    if operation.at_stage is not None:
        return _("when the stage {stage} begins").format(stage=operation.at_stage)
    return _condition(operation.if_) if operation.if_ is not None else _("never")


def _condition(condition: Condition) -> str:
    repetition = "" if condition.once else _(", every time")
    return _("when {threshold}{again}").format(threshold=threshold_words(condition), again=repetition)


def threshold_words(condition: Condition | StageEnd) -> str:
    """A measure and the side on which it must be, as a clause."""
    side = (
        _("above {over}").format(over=f"{condition.above:g}")
        if condition.above is not None
        else _("below {under}").format(under=f"{condition.below:g}")
    )
    days = _(" for {n} days in a row").format(n=condition.for_) if condition.for_ > 1 else ""
    return _("{measure} is {side}{days}").format(measure=condition.measure, side=side, days=days)
