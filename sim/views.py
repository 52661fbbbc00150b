"""What Mesa gets from a community: views of its members, and a collector of its daily measures."""

from typing import TYPE_CHECKING, Any

import mesa
from mesa import DataCollector

from shequn.sim.kernel.everybody import everybody_dtype
from shequn.sim.kernel.state import State, day_dtype

if TYPE_CHECKING:
    from shequn.sim.community import Community


class Member(mesa.Agent):
    """A view of one person's record: an attribute reads the machine, nothing is copied.

    Attributes
    ----------
    person : int
        Number of the person.

    Every field of :data:`shequn.sim.kernel.everybody.everybody_dtype` is an attribute, as a plain number.
    """

    def __init__(self, model: "Community", person: int) -> None:
        super().__init__(model)
        self.person = person

    def __getattr__(self, name: str) -> Any:
        record = self.__dict__
        if "person" not in record or name not in (everybody_dtype.names or ()):
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
        value = record["model"].machine.world.everybody.field(record["person"], name)
        return value.tolist() if hasattr(value, "tolist") else value

    @property
    def is_member(self) -> bool:
        """Whether this person is a member now."""
        return bool(self.state == State.MEMBER)

    def remove(self) -> None:
        """Not possible: a view does not exist independently of its record.

        Raises
        ------
        TypeError
            Always; the message says what to do instead.
        """
        raise TypeError(
            "a Member is a view and cannot be removed from the model; the operator removes members: "
            "use the scenario operation `remove`, or community.machine.remove([member.person])"
        )


class DayCollector(DataCollector):
    """Mesa's collector for the daily measures of a :class:`Community`; it reads a day's row at once.

    Mesa would call the reporters one by one and copy each result, which takes a quarter of a run's time.
    It still does so once other reporters have been added.
    """

    def collect(self, model: Any) -> None:
        """Append the measures of the day that has just ended."""
        only_measures = self.model_reporters.keys() <= set(day_dtype.names or ())
        if not only_measures or self.agent_reporters or self.agenttype_reporters:
            super().collect(model)
            if model.steps in self._agent_records and model.steps != model.time:
                # Mesa 3.3 files agents' rows under `steps`, which includes day 0 within its `batch_run`
                self._agent_records[int(model.time)] = self._agent_records.pop(model.steps)
            return
        self.collect_day(model.machine.days[-1])

    def collect_day(self, day: Any) -> None:
        """Append the measures of one day's row."""
        for name, value in zip(day.dtype.names, day.item(), strict=True):
            if name in self.model_vars:
                self.model_vars[name].append(value)
        if hasattr(self, "_collection_steps"):  # from Mesa 3.5 on: its batch_run reports these steps
            self._collection_steps.append(float(day["day"]))
