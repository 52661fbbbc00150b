"""The kinds of operations.

A kind is a file with a class: its fields, what it does, and its description. To add one, write its file, then name
it here: the import, and `_CLASSES`. Everything else (schema, messages, timeline, MODEL.md) follows.
"""

from typing import TYPE_CHECKING

from shequn.sim.fields import ByName, by_name, union_of
from shequn.sim.operations.arrivals import Arrivals
from shequn.sim.operations.award import Award
from shequn.sim.operations.campaign import Campaign
from shequn.sim.operations.close import Close
from shequn.sim.operations.enrol import Enrol
from shequn.sim.operations.hot_event import HotEvent
from shequn.sim.operations.move import Move
from shequn.sim.operations.operation import Operation
from shequn.sim.operations.push import Push
from shequn.sim.operations.remove import Remove
from shequn.sim.operations.rival import Rival
from shequn.sim.operations.season import Season
from shequn.sim.operations.set import Set
from shequn.sim.operations.set_gates import SetGates
from shequn.sim.operations.set_openness import SetOpenness
from shequn.sim.operations.set_staff import SetStaff
from shequn.sim.operations.shock import Shock

_CLASSES: tuple[type[Operation], ...] = (
    Campaign,
    HotEvent,
    SetOpenness,
    SetGates,
    Shock,
    Arrivals,
    Remove,
    Season,
    Move,
    SetStaff,
    Award,
    Set,
    Push,
    Rival,
    Close,
    Enrol,
)


def _word(operation: type[Operation]) -> str:
    """The word that names a kind in a scenario: ``SetGates`` → ``set_gates``."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation.__name__)[1:]


#: The classes of the kinds, by the word that names a kind in a scenario.
OPERATIONS: dict[str, type[Operation]] = {_word(operation): operation for operation in _CLASSES}


if TYPE_CHECKING:
    AnyOperation = Operation
    OperationsByName = ByName
else:
    AnyOperation = union_of(OPERATIONS, "do")
    OperationsByName = by_name(AnyOperation, 10_000)
