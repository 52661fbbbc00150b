"""Another policy from now on: applies the differences between two scenarios to a machine."""

import numpy as np

from shequn.sim.building import params_of
from shequn.sim.contacts import with_contacts
from shequn.sim.incentives import OF_OFFER, OF_RULE, OF_UNIT, incentive_records
from shequn.sim.machine import Machine, splits_of
from shequn.sim.rooms import rooms_of
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.spaces import Place, Space
from shequn.sim.staffing import OF_DUTY, OF_JOB, OF_TASK, staff_records


def change_policy(machine: Machine, before: Scenario, after: Scenario) -> None:
    """Apply the differences between two scenarios to a machine, as an operation would.

    Whatever does not differ between the two but has changed since the start (openness after an operation,
    gates, a parameter set by hand) keeps its present value.
    """
    machine.world = with_contacts(machine.world, after)
    people = machine.nodes.people
    old, new = params_of(before, people), params_of(after, people)
    differences = [name for name in new.dtype.names or () if (old[name] != new[name]).any()]
    for name in differences:
        machine.world.params[name] = new[name]
    machine.splits = splits_of(after)
    for number, place in enumerate(after.places):
        new_space = rooms_of((Place("", -1, place.space),))[0]
        for name in ("placing", "order", "splits"):
            machine.world.spaces[name][number] = new_space[name][0]
    for number, (old_place, new_place) in enumerate(zip(before.places, after.places, strict=True)):
        _change_space(machine, number, old_place.space, new_place.space)
    _change_staff(machine, after)
    if [name for name in differences if name != "journal"]:
        machine.parameters_changed()


def _change_staff(machine: Machine, after: Scenario) -> None:
    """Set what jobs, duties, tasks and incentives say from now on; minutes and pay of jobs are the operator's to set.

    Only staff whose hours or duties have changed look for work at once: to look too early is to take up work before
    the operations and rounds of this instant.
    """
    new = staff_records(after) | incentive_records(after, 0, 0)
    world = machine.world
    may_change = {
        "jobs": OF_JOB, "duties": OF_DUTY, "tasks": OF_TASK, "units": OF_UNIT, "earn": OF_RULE, "offers": OF_OFFER,
    }  # fmt: skip
    changed = {name: np.zeros(len(getattr(world, name)), dtype=bool) for name in may_change}
    for name, fields in may_change.items():
        records = getattr(world, name)
        for field in fields:
            differs = records[field] != new[name][field]
            changed[name] |= differs.any(axis=tuple(range(1, differs.ndim)))
            records[field] = new[name][field]
    changed["jobs"][world.duties["job"][changed["duties"]]] = True
    for job in np.flatnonzero(changed["jobs"]):
        machine.hours_changed(int(job))


def _change_space(machine: Machine, number: int, before: Space, after: Space) -> None:
    """Apply the differences of one space in seats and gates, and divide rooms that are full now."""
    if before.seats != after.seats:
        machine.set_capacity(after.seats, number)
    elif before.splits != after.splits:
        machine.look_for_full_rooms()
    if before.gates != after.gates:
        machine.replace_gates(tuple(after.gates.values()), number)
