"""What Mesa sees of a community: views on its members, and a collector of its daily measures."""

from typing import TYPE_CHECKING, Any

import mesa
from mesa import DataCollector

from shequn.sim.kernel.state import State, day_dtype

if TYPE_CHECKING:
    from shequn.sim.community import Community


class Member(mesa.Agent):
    """A view on one person's record: reading it reads the machine, nothing is copied.

    Attributes
    ----------
    person : int
        Number of the person.

    Every field of :data:`shequn.sim.kernel.state.person_dtype` is an attribute, in plain numbers.
    """

    def __init__(self, model: "Community", person: int) -> None:
        super().__init__(model)
        self.person = person

    def __getattr__(self, name: str) -> Any:
        record = self.__dict__
        if "person" not in record or name not in (model := record["model"]).machine.world.people.dtype.names:
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
        value = model.machine.world.people[record["person"]][name]
        return value.tolist() if hasattr(value, "tolist") else value

    @property
    def is_member(self) -> bool:
        """Whether this person is a member now."""
        return bool(self.state == State.MEMBER)

    def remove(self) -> None:
        """Not possible here: a view has no life of its own.

        Raises
        ------
        TypeError
            Always, saying what to do.
        """
        raise TypeError(
            "a Member is a view and cannot be removed from the model; the operator removes members: "
            "use the scenario operation `remove`, or community.machine.remove([member.person])"
        )


class DayCollector(DataCollector):
    """Mesa's collector of a :class:`Community`'s daily measures: it reads the day's row at once.

    Mesa would call the reporters one by one and copy what each returns: a quarter of a run's time.
    So it still does once there are reporters of somebody else's.
    """

    def collect(self, model: Any) -> None:
        """Append the measures of the day that has just ended."""
        own = self.model_reporters.keys() <= set(day_dtype.names or ())
        if not own or self.agent_reporters or self.agenttype_reporters:
            super().collect(model)
            if model.steps in self._agent_records and model.steps != model.time:
                # Mesa 3.3 keeps agents' rows under `steps`, which counts day 0 within its `batch_run`
                self._agent_records[int(model.time)] = self._agent_records.pop(model.steps)
            return
        self.collect_day(model.machine.days[-1])

    def collect_day(self, day: Any) -> None:
        """Append the measures of one day's row."""
        for name, value in zip(day.dtype.names, day.item(), strict=True):
            if name in self.model_vars:
                self.model_vars[name].append(value)
        if hasattr(self, "_collection_steps"):  # from Mesa 3.5 on, and what its batch_run reports
            self._collection_steps.append(float(day["day"]))
