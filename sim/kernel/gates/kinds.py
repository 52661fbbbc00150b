"""The kinds of gates.

A kind is a file with a class ``<Kind>Gate`` (its fields and its description) and a compiled rule
``lets_through``. To add one, write its file, then name it in three lines here: the import, ``GateKind`` and
``lets_through``. Everything else (schema, messages, record, MODEL.md) follows.
"""

from collections.abc import Iterator
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from shequn.agents.compiled import compiled
from shequn.sim.fields import union_of
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.gates import (
    capacity,
    fee,
    identity,
    invitation,
    purchase,
    quota,
    rules,
    task,
)
from shequn.sim.kernel.gates.gate import Gate
from shequn.sim.language import _

if TYPE_CHECKING:
    from shequn.sim.scenario.model import Content

MAX_GATES = 16  # of a space at the same time: rows of the kernel's table of gates


class GateKind(IntEnum):
    """The kinds, by the number that names them in draws; a kind never changes its number."""

    CAPACITY = 0
    INVITATION = 1
    FEE = 2
    IDENTITY = 3
    PURCHASE = 4
    TASK = 5
    RULES = 6
    QUOTA = 7


@compiled
def lets_through(gate: Any, who: Any, world: Any, count: int) -> bool:
    """Whether a gate lets a candidate through who accepts its cost.

    Parameters
    ----------
    gate : gate_dtype record
    member : person_dtype record
    world : World
    count : int
        Identifies the draws of this candidate at this gate.
    """
    # fmt: off
    match gate["kind"]:
        case GateKind.CAPACITY: return capacity.lets_through(gate, who, world, count)
        case GateKind.INVITATION: return invitation.lets_through(gate, who, world, count)
        case GateKind.FEE: return fee.lets_through(gate, who, world, count)
        case GateKind.IDENTITY: return identity.lets_through(gate, who, world, count)
        case GateKind.PURCHASE: return purchase.lets_through(gate, who, world, count)
        case GateKind.TASK: return task.lets_through(gate, who, world, count)
        case GateKind.RULES: return rules.lets_through(gate, who, world, count)
        case GateKind.QUOTA: return quota.lets_through(gate, who, world, count)
    # fmt: on
    raise AssertionError("lets_through has no case for this kind of gate")


def class_name(kind: GateKind) -> str:
    """Name of a kind's class: ``INVITATION`` → ``InvitationGate``."""
    return "".join(word.capitalize() for word in kind.name.split("_")) + "Gate"


#: The classes of the kinds, by their names in a scenario.
GATES: dict[str, type[Gate]] = {
    kind.name.lower(): getattr(globals()[kind.name.lower()], class_name(kind)) for kind in GateKind
}


if TYPE_CHECKING:
    AnyGate = Gate
else:
    AnyGate = union_of(GATES, "kind")

gate_dtype = np.dtype(
    [
        ("kind", "i8"),  # GateKind
        ("name", "i8"),  # in draws: see `name_in_draws`
        ("space", "i8"),
        ("everybody", "i8"),  # 1 = also stops strangers who skip the gates
        ("cost", "f8"),  # deters with probability 1 - exp(-cost); creates commitment in those who pass
        ("price", "f8"),  # money that each person who passes pays at admission
        *((f"{kind}_{column}", "f8") for kind, gate in GATES.items() for column in gate.columns()),
    ]
)


def gate_faults(gates: tuple[Gate, ...], content: "Content") -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is contradictory in a list of gates, given the rest of the scenario: keys, and a message."""
    quotas = [number for number, gate in enumerate(gates) if isinstance(gate, quota.QuotaGate)]
    for number in quotas[1:]:
        yield (number, "kind"), _("a second quota gate: there can be only one waiting list")
    for number, gate in enumerate(gates):
        for key, message in gate.faults(content):
            yield (number, key), message


def name_in_draws(kind: int, number: int, space: int = 0) -> int:
    """The number that names a gate in draws, from its kind, its number among the gates of that kind, and its space.

    So adding a gate does not change the draws at other gates. The count of a draw is 256 × ``door_version``
    + this number: the first 16 kinds fill the lowest byte, later kinds lie above every ``door_version``.
    """
    return (space << 48) + ((kind // 16) << 40) + 16 * (kind % 16) + number


def recorded_gates(gates: tuple[Gate, ...], space: int = 0) -> npt.NDArray[Any]:
    """The gates of a space as its part of the kernel's table.

    Parameters
    ----------
    gates : tuple of Gate
    space : int

    Returns
    -------
    gate_dtype array (MAX_GATES)
    """
    rows = np.zeros(MAX_GATES, dtype=gate_dtype)
    kinds = [GateKind[gate.kind.upper()] for gate in gates]
    for position, (gate, kind) in enumerate(zip(gates, kinds, strict=True)):
        row = rows[position]
        row["kind"] = kind
        row["name"] = name_in_draws(kind, kinds[:position].count(kind), space)
        row["space"] = space
        row["everybody"] = gate.everybody
        row["cost"] = gate.cost
        row["price"] = gate.price()
        for column, value in gate.numbers().items():
            row[f"{gate.kind}_{column}"] = value
    return rows


def features_of_gates(rows: npt.NDArray[Any]) -> Feature:
    """The features of the kernel that gates use (gate_dtype array): prices and waiting lists."""
    if np.any(rows["price"] > 0.0) or np.any(rows["kind"] == GateKind.QUOTA):
        return Feature.DOORS
    return Feature(0)
