"""What a scenario says on each knob: a value that the knob can show, or words."""

from typing import Any, NamedTuple

from shequn.app.classroom.knobs import DRIVERS, FILE, Knob
from shequn.app.explanation.operations import operation_sentence, timing
from shequn.sim.kernel.gates.capacity import CapacityGate
from shequn.sim.language import _, ngettext
from shequn.sim.operations.hot_event import HotEvent
from shequn.sim.operations.operation import Operation
from shequn.sim.operations.set import Set
from shequn.sim.operations.set_gates import SetGates
from shequn.sim.operations.set_openness import SetOpenness
from shequn.sim.operations.shock import Shock
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.population import FileGraph


class Said(NamedTuple):
    """What a scenario says on a knob.

    Attributes
    ----------
    value
        On the scale of the knob; None if the knob cannot say it.
    words : str
        What is said instead of a value.
    is_fixed : bool
        Whether nothing else can be set.
    """

    value: Any = None
    words: str = ""
    is_fixed: bool = False


def said(scenario: Scenario, key: str) -> Said:
    """What a scenario says on a knob."""
    population, community = scenario.population, scenario.community
    match key:
        case "people":
            if isinstance(population.graph, FileGraph):
                return Said(words=_("as many as the file of ties has"), is_fixed=True)
            return Said(population.people)
        case "founders":
            if population.from_log is not None:
                return Said(words=_("the members of the real group"), is_fixed=True)
            return Said(words=_("everybody")) if population.founders == "all" else Said(population.founders)
        case "days":
            return Said(scenario.days)
        case "seed":
            return Said(scenario.seed)
        case "openness":
            return _said_of_openness(community.openness, community.visibility, community.bypass)
        case "gate":
            return _said_of_gates(scenario)
        case "limit":
            return _said_of_limit(scenario)
        case "invitations":
            return Said(1000 * float(scenario.rules["inviting"]["rate"]))
        case "events":
            return _said_of_events(scenario)
        case "flood":
            return _said_of_flood(scenario)
        case "plan":
            return _said_of_plan(scenario)
        case _ if key in DRIVERS:
            if key == "locality" and population.places is None and population.drivers.locality > 0:
                return Said(words=_("no effect: nobody lives anywhere"))
            return Said(getattr(population.drivers, key))
    raise ValueError(f"no such knob: {key!r}")


def is_capacity(gate: Any) -> bool:
    """Whether a gate is a limit of size, for which there is a knob of its own."""
    return isinstance(gate, CapacityGate)


def hot_events(scenario: Scenario) -> list[Operation]:
    """The operations for which the knob of hot events stands."""
    return [operation for operation in scenario.operations if isinstance(operation, HotEvent)]


def floods(scenario: Scenario) -> list[Operation]:
    """The operations for which the knob of the flood stands."""
    return [operation for operation in scenario.operations if isinstance(operation, Shock)]


def other_operations(scenario: Scenario) -> list[Operation]:
    """The operations for which no other knob stands."""
    return [o for o in scenario.operations if not isinstance(o, HotEvent | Shock)]


def has_seats(scenario: Scenario) -> bool:
    """Whether the size of its rooms is limited."""
    return any(place.space.seats is not None for place in scenario.places)


def later_changes(scenario: Scenario, key: str) -> list[str]:
    """What operations of the file change during the run of what a knob shows, one sentence each."""
    kinds: dict[str, type[Operation]] = {"openness": SetOpenness, "gate": SetGates, "limit": SetGates}
    dotted = {
        "invitations": "rules.inviting.rate",
        "openness": "community.",
        "gate": "gates.",
        "limit": "gates.",
    }
    found = []
    for operation in scenario.operations:
        by_kind = key in kinds and isinstance(operation, kinds[key])
        by_key = isinstance(operation, Set) and key in dotted and operation.key.startswith(dotted[key])
        if by_kind or by_key:
            found.append(operation_sentence(operation, scenario.start))
    return found


def positions_in_order(knob: Knob, file: Said) -> list[int]:
    """The positions of a knob from left to right, the file's among them.

    A value of the grid that the file says, too, is left out: the file's position stands for it.
    """
    if file.is_fixed:
        return [FILE]
    others = [position for position in range(1, knob.n_positions) if knob.value(position) != file.value]
    if file.value is None or isinstance(file.value, str):
        return [FILE, *others]
    if not isinstance(knob.values[0], int | float):
        return [FILE, *others]
    before = [position for position in others if knob.value(position) < file.value]
    return [*before, FILE, *others[len(before) :]]


def _said_of_openness(openness: float, visibility: float | None, bypass: float | None) -> Said:
    visibility = openness if visibility is None else visibility
    bypass = openness if bypass is None else bypass
    if visibility == bypass:
        return Said(visibility)
    return Said(
        words=_("visibility {visibility:g}, past the gates {bypass:g}").format(
            visibility=visibility, bypass=bypass
        )
    )


def _said_of_gates(scenario: Scenario) -> Said:
    entrance, *inner = scenario.places
    parts = [gate.description() for gate in entrance.gates if not is_capacity(gate)]
    if not parts and not any(place.gates for place in inner):
        return Said("none")
    parts = parts or [_("no gate")]
    for place in inner:
        if place.gates:
            listed = _("; ").join(gate.description() for gate in place.gates)
            parts.append(_("{name}: {parts}").format(name=place.name, parts=listed))
    return Said(words=_("; ").join(parts))


def _said_of_limit(scenario: Scenario) -> Said:
    limits = [gate.members for gate in scenario.places[0].gates if isinstance(gate, CapacityGate)]
    rooms = [place for place in scenario.places if place.space.seats is not None]
    if not rooms:
        return Said(min(limits, default=0))
    only = scenario.places[0].space
    if len(scenario.places) == 1 and only.copies == 1 and only.splits is None and only.seats is not None:
        return Said(min([only.seats, *limits]))
    parts = [ngettext("{n} member", "{n} members", n).format(n=f"{n:,}") for n in limits]
    for place in rooms:
        seats = place.space.seats or 0
        text = ngettext("{n} seat in each room", "{n} seats in each room", seats).format(n=f"{seats:,}")
        if len(scenario.places) > 1:
            text = _("{name}: {parts}").format(name=place.name, parts=text)
        if place.space.splits is not None:
            text += _(", a full room divides")
        parts.append(text)
    return Said(words=_("; ").join(parts))


def _said_of_events(scenario: Scenario) -> Said:
    events = hot_events(scenario)
    if not events:
        return Said(0)
    return Said(words=_("; ").join(timing(event, scenario.start) for event in events))


def _said_of_flood(scenario: Scenario) -> Said:
    waves = [operation for operation in floods(scenario) if isinstance(operation, Shock)]
    if not waves:
        return Said(0)
    people = _("{n} people, {when}")
    return Said(
        words=_("; ").join(
            people.format(n=f"{wave.people:,}", when=timing(wave, scenario.start)) for wave in waves
        )
    )


def _said_of_plan(scenario: Scenario) -> Said:
    n = len(other_operations(scenario))
    if n == 0:
        return Said(words=_("none"), is_fixed=True)
    return Said(words=ngettext("{n} operation", "{n} operations", n).format(n=n))
