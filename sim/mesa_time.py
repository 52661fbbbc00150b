"""The parts of Mesa 3.5 that 3.3 lacks, so that one `Community` works with both.

From 3.5 on ``mesa.Model`` has ``time``, ``schedule_event(at=/after=)``, ``run_for`` and ``run_until``;
``step`` is an event of priority HIGH at each whole time; and ``batch_run`` gives each run a seed and
reports the rows of the collector. Mesa 3.3, the newest for Python 3.11, has none of this.
"""

import heapq
import itertools
import sys
import weakref
from collections.abc import Callable
from typing import Any

import mesa

_STEP_PRIORITY, _PRIORITY = 1, 5  # Mesa's Priority.HIGH and DEFAULT: smaller comes first


class _ScheduledModel(mesa.Model):
    """``mesa.Model`` 3.3 with the event methods of 3.5."""

    def __init__(self, *args: Any, rng: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, rng=rng, **kwargs)
        self.time = 0.0
        self._numbers = itertools.count()
        self._events: list[tuple[float, int, int, Any]] = []
        self._next_step = 1.0
        self.step = self._advance_one  # type: ignore[method-assign]  # Mesa does the same

    def schedule_event(
        self, function: Callable[[], Any], *, at: float | None = None, after: float | None = None
    ) -> None:
        """Call ``function`` (a bound method, held weakly) at a time, or after a delay, in days.

        Raises
        ------
        ValueError
            Both or neither of the two given, or a time in the past.
        """
        if (at is None) == (after is None):
            raise ValueError("Specify exactly one of 'at' or 'after'")
        time = at if at is not None else self.time + (after or 0.0)
        if time < self.time:
            raise ValueError(f"Cannot schedule event in the past: {time} is before {self.time}")
        entry = (time, _PRIORITY, next(self._numbers), weakref.WeakMethod(function))
        heapq.heappush(self._events, entry)

    def run_for(self, duration: float) -> None:
        """Advance by ``duration`` days."""
        self.run_until(self.time + duration)

    def run_until(self, end_time: float) -> None:
        """Advance to ``end_time``, handling the events up to then and a step at each whole time."""
        while True:
            step = (self._next_step, _STEP_PRIORITY)
            event = self._events[0][:2] if self._events else (float("inf"), 0)
            if min(step, event)[0] > end_time:
                break
            if step <= event:
                self.time = self._next_step
                self._next_step += 1.0
                self.steps += 1
                self._user_step()
            else:
                self.time = event[0]
                function = heapq.heappop(self._events)[3]()
                if function is not None:
                    function()
        self.time = end_time

    def _advance_one(self) -> None:
        self.run_until(self.time + 1.0)


IS_OLD = not hasattr(mesa.Model, "schedule_event")
ScheduledModel: type[mesa.Model] = _ScheduledModel if IS_OLD else mesa.Model


def is_made_by_batch_run(model: mesa.Model) -> bool:
    """Whether Mesa 3.3's ``batch_run`` is creating this model; to be called in the model's ``__init__``.

    Only the call stack shows it. From Mesa 3.5 on, where ``batch_run`` passes a seed, it is always False.
    """
    frame = sys._getframe(1) if IS_OLD else None
    while frame is not None and frame.f_locals.get("self") is model:
        frame = frame.f_back
    return frame is not None and frame.f_globals.get("__name__") == "mesa.batchrunner"


def count_days_for_batch_run(model: mesa.Model) -> None:
    """Count day 0 as a step, for Mesa 3.3's ``batch_run``.

    ``batch_run`` takes ``model.steps`` as the number of rows collected, so it would miss the last day of a
    model that also collects at the start. It also runs one step more than ``max_steps``. Counting day 0
    makes both come out as with Mesa 3.5.
    """
    model.steps = 1
