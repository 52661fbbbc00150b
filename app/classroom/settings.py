"""What a visitor can set, the grid of values of each knob, and what it changes in the scenario.

A setting is a position on its knob's grid, never a free number, whether it comes from a slider, a code or a
message. Positions equal to those of the base scenario change nothing in it.
"""

from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, NamedTuple

from shequn.agents.drivers import Driver
from shequn.app.classroom.limits import MAX_DAYS, MAX_PEOPLE
from shequn.sim.kernel.features import EVERYTHING
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.locations import split_variant
from shequn.sim.scenario.named import free_name

#: Scenarios to start from; ``own`` is that of the command line. Codes refer to them by position: only append.
BASES = (
    "own",
    "open-group",
    "open-group:demanding",
    "gated-group:no-gates",
    "invitation-chain:no-campaign",
    "flood-of-newcomers:no-flood",
    "small-circle:unlimited",
)
DRIVERS = tuple(driver.name.lower() for driver in Driver)

FLOOD_DAY, FLOOD_DAYS = 60, 14  # day of the flood, and for how many days the door is open
_TASK = {"kind": "task", "sees": "quality"}
#: Presets of the gate; ``own`` keeps the gates of the scenario.
GATES: dict[str, dict[str, Any]] = {
    "own": {},
    "none": {},
    "easy": {
        "rules": {"kind": "rules", "cost": 0.1},
        "task": {**_TASK, "noise": 0.15, "at_least": 0.4, "cost": 0.2},
    },
    "strict": {
        "rules": {"kind": "rules", "cost": 0.1},
        "task": {**_TASK, "noise": 0.1, "at_least": 0.7, "cost": 0.4},
    },
    "fee": {"fee": {"kind": "fee", "amount": 99, "cost": 0.4}},
    "invitation": {"invitation": {"kind": "invitation"}},
}


class Knob(NamedTuple):
    """One thing that can be set.

    A ``live`` knob takes effect the next day, the others at the next start. A ``shared`` knob is the same in
    both communities, because it determines the people.
    """

    key: str
    values: tuple[Any, ...]
    live: bool
    shared: bool = False

    def nearest(self, value: Any) -> int:
        """The position whose value is nearest to this one."""
        if isinstance(self.values[0], str):
            return self.values.index(value)
        return min(range(len(self.values)), key=lambda k: abs(self.values[k] - value))


def _shares(step: int) -> tuple[float, ...]:
    return tuple(k / 100 for k in range(0, 101, step))


#: The codes of settings depend on order and grids: if they change, increase `sharing.VERSION`.
KNOBS = (
    Knob("people", tuple(range(50, MAX_PEOPLE + 1, 50)), live=False, shared=True),
    Knob("founders", tuple(range(5, 505, 5)), live=False, shared=True),
    Knob("days", tuple(range(30, MAX_DAYS + 1, 5)), live=False, shared=True),
    Knob("seed", tuple(range(1000)), live=False, shared=True),
    Knob("openness", _shares(5), live=True),
    Knob("gate", tuple(GATES), live=True),
    Knob("limit", (0, 15, 20, 30, 40, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 1500), live=True),
    Knob("invitations", tuple(range(31)), live=True),  # per day and 1,000 ties to people outside
    *(Knob(driver, _shares(5), live=True) for driver in DRIVERS),
    Knob("events", (0, 60, 30, 14, 7), live=False),  # days between two hot events; 0 = none
    Knob("flood", tuple(range(0, 601, 50)), live=False),  # newcomers on day 60
)
KNOB = {knob.key: knob for knob in KNOBS}
SHARED = tuple(knob.key for knob in KNOBS if knob.shared)
PER_SIDE = tuple(knob.key for knob in KNOBS if not knob.shared)
SIDES = ("A", "B")

Positions = dict[str, int]


@dataclass(frozen=True)
class Settings:
    """The positions of all knobs in both communities, and the scenario they start from."""

    base: str
    shared: Positions
    sides: dict[str, Positions] = field(default_factory=dict)

    def value(self, side: str, key: str) -> Any:
        """The value of a knob in one community."""
        return KNOB[key].values[self.position(side, key)]

    def position(self, side: str, key: str) -> int:
        """The position of a knob in one community."""
        return (self.shared if KNOB[key].shared else self.sides[side])[key]

    def with_position(self, side: str, key: str, position: int) -> "Settings":
        """Copy these settings with one knob moved in ``A``, ``B`` or both (``AB``).

        Raises
        ------
        ValueError
            There is no such side, knob or position.
        """
        if key not in KNOB or side not in (*SIDES, "AB") or not 0 <= position < len(KNOB[key].values):
            raise ValueError(f"no such setting: {side} {key} {position}")
        if KNOB[key].shared:
            return replace(self, shared={**self.shared, key: position})
        changed = {s: {**own, key: position} if s in side else own for s, own in self.sides.items()}
        return replace(self, sides=changed)

    def differing_keys(self) -> list[str]:
        """Keys of the knobs that differ between the two communities."""
        a, b = (self.sides[side] for side in SIDES)
        return [key for key in PER_SIDE if a[key] != b[key]]


class Bases:
    """The scenarios to start from: the shipped ones, and that of the command line."""

    def __init__(self, scenario: Scenario) -> None:
        self._own_scenario = fit_to_limits(scenario)

    def scenario(self, base: str) -> Scenario:
        """The scenario with this name in `BASES`.

        Raises
        ------
        ValueError
            There is no such base.
        """
        return self._own_scenario if base == "own" else _shipped(base)

    def settings(self, base: str) -> Settings:
        """The settings nearest to the scenario, the same in both communities."""
        positions = _positions(self.scenario(base))
        return Settings(
            base,
            {key: positions[key] for key in SHARED},
            {side: {key: positions[key] for key in PER_SIDE} for side in SIDES},
        )

    def resolved(self, settings: Settings, side: str) -> Scenario:
        """The scenario of one community under these settings.

        Raises
        ------
        ScenarioError
            The settings contradict each other, or the scenario.
        """
        base = self.scenario(settings.base)
        base_settings = self.settings(settings.base)
        moved_keys = [
            k.key for k in KNOBS if settings.position(side, k.key) != base_settings.position(side, k.key)
        ]
        if {"gate", "limit"} & set(moved_keys):
            base = base.with_({"gates": None})  # replaced, not changed
        return base.with_(_overrides(self.scenario(settings.base), settings, side, moved_keys))


def fit_to_limits(scenario: Scenario) -> Scenario:
    """Adapt a scenario to the page: one run, the full journal, people and days within the limits, compiled for all.

    Raises
    ------
    ScenarioError
        It cannot be made smaller: its people come from a file, or it has too many founders.
    """
    changes: dict[str, Any] = {"runs": 1, "journal": "full"}
    if (scenario.population.people or 0) > MAX_PEOPLE:
        changes["population.people"] = MAX_PEOPLE
    if scenario.days > MAX_DAYS:
        changes["days"] = MAX_DAYS
    return scenario.with_(changes).compiled_with(EVERYTHING)


@cache
def _shipped(base: str) -> Scenario:
    if base not in BASES:
        raise ValueError(f"no such scenario: {base!r}")
    return fit_to_limits(Scenario.load(*split_variant(base)))


def _positions(scenario: Scenario) -> Positions:
    population = scenario.population
    founders = population.people if population.founders == "all" else population.founders
    values = {
        "people": population.people or MAX_PEOPLE,
        "founders": founders,
        "days": scenario.days,
        "seed": scenario.seed % 1000,
        "openness": scenario.community.openness,
        "gate": "own" if scenario.gates else "none",
        "limit": 0,
        "invitations": 1000 * float(scenario.rules["inviting"]["rate"]),
        "events": 0,
        "flood": 0,
        **{driver: getattr(population.drivers, driver) for driver in DRIVERS},
    }
    return {knob.key: knob.nearest(values[knob.key]) for knob in KNOBS}


def gates_of(base: Scenario, settings: Settings, side: str) -> dict[str, Any]:
    """The gates of one community: a limit of the size if there is one, then the preset or the scenario's own."""
    preset, limit = settings.value(side, "gate"), settings.value(side, "limit")
    gates = base.resolved()["gates"] if preset == "own" else GATES[preset]
    if not limit:
        return dict(gates)
    return {free_name("capacity", gates): {"kind": "capacity", "members": limit}, **gates}


def _overrides(base: Scenario, settings: Settings, side: str, moved_keys: list[str]) -> dict[str, Any]:
    """The changes of the scenario that the moved knobs mean, by dotted key."""

    def value(key: str) -> Any:
        return settings.value(side, key)

    changes: dict[str, Any] = {}
    names = set(base.resolved()["operations"])

    def add(operation: dict[str, Any]) -> None:
        name = free_name(operation["do"], names)
        names.add(name)
        changes[f"operations.{name}"] = operation

    for key in moved_keys:
        match key:
            case "people" | "founders":
                changes[f"population.{key}"] = value(key)
            case "days" | "seed":
                changes[key] = value(key)
            case "openness":
                changes["community.openness"] = value(key)
            case "invitations":
                changes["rules.inviting.rate"] = value(key) / 1000
            case "gate" | "limit":
                changes["gates"] = gates_of(base, settings, side)
            case "events":
                add(_hot_event(value(key)))
            case "flood":
                for operation in _flood(value(key), gates_of(base, settings, side), value):
                    add(operation)
            case _ if key in DRIVERS:
                changes |= _weights(base, key, value(key))
            case _:
                raise ValueError(f"the knob {key!r} does nothing")
    if "locality" in moved_keys and base.population.places is None:
        changes["population.places"] = {"city_km": 10}
    return changes


def _weights(base: Scenario, driver: str, weight: float) -> dict[str, float]:
    """This weight of a driver for everybody; groups with weights of their own keep their ratio to the others."""
    before = getattr(base.population.drivers, driver)
    changes = {f"population.drivers.{driver}": weight}
    for name, group in base.population.groups.items():
        if group.drivers is not None:
            own = getattr(group.drivers, driver)
            moved = own * weight / before if before > 0 else own + weight
            changes[f"population.groups.{name}.drivers.{driver}"] = min(1000.0, moved)
    return changes


def _hot_event(every: int) -> dict[str, Any]:
    return {"do": "hot_event", "every": every, "first": every, "days": 3, "intensity": 1, "boost": 0.5}


def _flood(people: int, gates: dict[str, Any], value: Any) -> list[dict[str, Any]]:
    """A flood of newcomers with lower quality and any topic, while the door is open for a fortnight."""
    crowd = {"quality": {"distribution": "beta", "a": 2, "b": 4}, "topic": {"spread": "uniform"}}
    return [
        {"do": "set_gates", "day": FLOOD_DAY, "gates": {}},
        {"do": "set_openness", "day": FLOOD_DAY, "to": 1},
        {"do": "shock", "day": FLOOD_DAY, "people": people, "over": 3, **crowd},
        {"do": "set_gates", "day": FLOOD_DAY + FLOOD_DAYS, "gates": gates},
        {"do": "set_openness", "day": FLOOD_DAY + FLOOD_DAYS, "to": value("openness")},
    ]
