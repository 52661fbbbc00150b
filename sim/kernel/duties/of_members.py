"""Duties that come round and turn to members: whom, and in which order."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from shequn.sim.choice import OfMembers, faults_of_choice
from shequn.sim.fields import Fault
from shequn.sim.kernel.duties.duty import InRounds, Round, at_most
from shequn.sim.kernel.state import NOBODY

if TYPE_CHECKING:
    from shequn.sim.operator import Operator
    from shequn.sim.scenario.model import Content


class InRoundsOfMembers(OfMembers, InRounds):
    """A duty on members who sit where the staff of the job do."""

    def work(self, operator: "Operator", duty: int, key: int) -> Round:
        """The members concerned, in order."""
        machine = operator.machine
        world = machine.world
        people = self.chosen(operator, key)
        rooms = world.memberships["room"][world.people["membership"][people]]
        desks = machine.desks_of_rooms(int(world.duties["job"][duty]))[rooms]
        at = desks != NOBODY
        nowhere = np.full(int(at.sum()), NOBODY)
        return at_most(self.most, desks[at], people[at], nowhere, nowhere)

    def faults(self, content: "Content") -> Iterator[Fault]:
        """An unknown job, space or unit."""
        yield from super().faults(content)
        yield from faults_of_choice(self, content)
