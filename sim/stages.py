"""The stage that a community is in, and when it goes on to the next."""

from typing import Any

from shequn.sim.language import _
from shequn.sim.machine import Machine
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.errors import scenario_error


class StageClock:
    """Goes through the stages of a scenario, at the end of each day.

    Attributes
    ----------
    begins : list of (float, str)
        Day on which each stage has begun, and its name.
    """

    def __init__(self, scenario: Scenario, machine: Machine) -> None:
        self._machine = machine
        self._days_true = 0  # days in a row of this stage for which its condition has held
        self._stages = scenario.stages
        self._names = list(scenario.stages)
        self.begins: list[tuple[float, str]] = []

    @property
    def name(self) -> str | None:
        """Name of the present stage; None without stages."""
        return self.begins[-1][1] if self._names and self.begins else None

    def begin(self) -> None:
        """Begin the first stage now, and those after it if it is over at once."""
        if self._names:
            self.begins.append((self._machine.time, self._names[0]))
            self._machine.totals["stage"] = 0
            self._go_on()

    def end_day(self) -> list[str]:
        """At the end of a day, go on to the next stage if it is time; returns the names of those that begin."""
        if self.name is None:
            return []
        end = self._stages[self.name].until
        if end is not None and end.measure is not None:
            value = float(self._machine.days[-1][end.measure])
            self._days_true = self._days_true + 1 if end.holds(value) else 0
        return self._go_on()

    def _go_on(self) -> list[str]:
        """Go on while the present stage is over; a condition needs days of its own in each stage."""
        assert self.name is not None
        begun, now = [], self._machine.time
        while (number := self._names.index(self.name)) + 1 < len(self._names):
            end = self._stages[self.name].until
            assert end is not None
            is_due = end.day is not None and now >= end.day
            is_met = end.measure is not None and self._days_true >= end.for_
            if not (is_due or is_met):
                break
            self._days_true = 0
            self.begins.append((now, self._names[number + 1]))
            self._machine.totals["stage"] = number + 1
            begun.append(self._names[number + 1])
        return begun

    def snapshot(self) -> dict[str, Any]:
        """Its state in plain values."""
        return {"begins": [list(one) for one in self.begins], "held": self._days_true}

    def resume(self, state: dict[str, Any], before: Scenario) -> None:
        """Continue from a `snapshot` of a run of ``before``, whose stages may differ but for the present one.

        Raises
        ------
        ValueError, TypeError, KeyError
            It is not a snapshot, or not one of the machine's state.
        """
        begins = [(at, name) for at, name in state["begins"]]
        times, names = [at for at, _ in begins], [name for _, name in begins]
        fits = (
            bool(begins) == bool(before.stages)
            and names == list(before.stages)[: len(names)]
            and all(type(at) is float and 0.0 <= at <= self._machine.time for at in times)
            and times == sorted(times)
            and type(state["held"]) is int
            and 0 <= state["held"] < 1 << 31
            and int(self._machine.totals["stage"]) == max(0, len(begins) - 1)
        )
        if not fits:
            raise ValueError("stages")
        self.begins, self._days_true = begins, state["held"]

    def continue_as(self, scenario: Scenario) -> None:
        """From now on the stages of this scenario hold.

        Raises
        ------
        ScenarioError
            It has stages, but not the present one.
        """
        present = self.name
        self._stages, self._names = scenario.stages, list(scenario.stages)
        if present is None:
            self.begin()
        elif self._names and present not in self._names:
            text = _("this run is in the stage {stage}, which its stages must keep")
            raise scenario_error(text.format(stage=present), scenario.location_of("stages"))
        else:
            self._machine.totals["stage"] = self._names.index(present) if self._names else 0
