"""The scenarios that communities of the page start from, and what moved knobs change in them."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from shequn.app.classroom.knobs import DRIVERS, FILE, FLOOD_DAY, FLOOD_DAYS, GATES, KNOB, KNOBS
from shequn.app.classroom.limits import MAX_BROUGHT, MAX_DAYS, MAX_PEOPLE
from shequn.app.classroom.said import (
    floods,
    has_seats,
    hot_events,
    is_capacity,
    other_operations,
    said,
)
from shequn.app.classroom.settings import SIDES, Settings
from shequn.sim.graphs.build import build
from shequn.sim.kernel.features import EVERYTHING
from shequn.sim.language import N_, _
from shequn.sim.operations.arrivals import Arrivals
from shequn.sim.operations.operation import Operation
from shequn.sim.operations.shock import Shock
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.errors import scenario_error
from shequn.sim.scenario.locations import split_variant
from shequn.sim.scenario.named import free_name

_NO_HOST = {"staff": None, "duties": None, "operations": None}


class _Base(NamedTuple):
    """A shipped scenario, or one of its variants, with changes by dotted key."""

    location: str
    changes: dict[str, Any]


#: Scenarios to start from; ``own`` is that of the command line. Codes refer to them by position: only append.
BASES: dict[str, _Base | None] = {
    "own": None,
    "open-group": _Base("open-group", {}),
    "demanding": _Base("open-group:demanding", {}),
    "no-gates": _Base("gated-group:no-gates", {}),
    "no-campaign": _Base("invitation-chain:no-campaign", {}),
    "no-flood": _Base("flood-of-newcomers:no-flood", {}),
    "small-circle": _Base("small-circle:unlimited", {}),
    "no-points": _Base("points:no-points", {}),
    "points": _Base("points", {}),
    "silent-head": _Base(
        "training-camp:no-mentors",
        {
            "title": N_("A head who answers nobody"),
            "duties.by-head": None,
            "duties.questions": None,
        },
    ),
    "busy-head": _Base("training-camp:no-mentors", {"title": N_("A head who answers for two hours a day")}),
    "one-hall": _Base("fission:no-limit", {}),
    "divided": _Base("fission:divided", {}),
    "web": _Base("star-or-web:web", {}),
    "star-leaves": _Base("star-or-web:star-leaves", {}),
    "easy-to-write": _Base("unattended", {"title": N_("A group where writing is easy"), **_NO_HOST}),
    "hard-to-write": _Base(
        "unattended",
        {
            "title": N_("A group where a post takes twenty times the effort"),
            "rules.posting.effort": 20,
            **_NO_HOST,
        },
    ),
}


class Cut(NamedTuple):
    """A number of the file that is above the limits of the page."""

    key: str  # of the knob
    asked: int
    given: int


class Bases:
    """The scenarios to start from: the shipped ones, and that of the command line.

    Parameters
    ----------
    scenario : Scenario
        That of the command line.

    Raises
    ------
    ScenarioError, GraphError
        It cannot be run within the limits of the page, or its file of ties cannot be read.
    """

    def __init__(self, scenario: Scenario) -> None:
        _check_graph(scenario)
        self._own, self._cuts = within_limits(scenario)

    def scenario(self, base: str) -> Scenario:
        """The scenario with this name in `BASES`.

        Raises
        ------
        ValueError
            There is no such base.
        """
        return self._own if base == "own" else _shipped(base)

    def cuts(self, settings: Settings) -> list[Cut]:
        """Where the file of the command line asks for more than the page allows, if it is used."""
        return self._cuts if "own" in settings.bases.values() else []

    def canonical(self, settings: Settings) -> Settings:
        """The same settings, where a knob is at the file's position if that is the value of the file."""
        for key, knob in KNOB.items():
            for side in SIDES:
                value = settings.value(side, key)
                file = said(self.scenario(settings.bases[side]), key)
                if value is not None and value == file.value:
                    settings = settings.with_position("AB" if knob.shared else side, key, FILE)
        return settings

    def is_live(self, settings: Settings, key: str) -> bool:
        """Whether a knob takes effect the next day, and not only at the next start."""
        scenarios = [self.scenario(settings.bases[side]) for side in SIDES]
        if key == "locality":
            return all(scenario.population.places is not None for scenario in scenarios)
        if key == "limit":
            return not any(has_seats(scenario) for scenario in scenarios)
        return KNOB[key].live

    def resolved(self, settings: Settings, side: str) -> Scenario:
        """The scenario of one community under these settings.

        Raises
        ------
        ScenarioError
            The settings contradict each other, or the scenario.
        """
        base = self.scenario(settings.bases[side])
        moved = [knob.key for knob in KNOBS if settings.position(side, knob.key) != FILE]
        changed = base
        if {"gate", "limit"} & set(moved):
            key = _gates_key(base)
            changed = base.with_({f"{key}.{name}": None for name in _own_gates(base)})  # replaced, not merged
        scenario = changed.with_(_changes(base, settings, side, moved)) if moved else base
        _check_people(scenario)
        return scenario


def within_limits(scenario: Scenario) -> tuple[Scenario, list[Cut]]:
    """Adapt a scenario to the page: one run, the full journal, people and days within the limits, compiled for all.

    Returns
    -------
    scenario : Scenario
    cuts : list of Cut
        What is not as the file says.

    Raises
    ------
    ScenarioError
        It cannot be made smaller.
    """
    changes: dict[str, Any] = {"runs": 1, "journal": "full"}
    cuts = []
    people, founders = scenario.population.people or 0, scenario.population.founders
    if people > MAX_PEOPLE:
        changes["population.people"] = MAX_PEOPLE
        cuts.append(Cut("people", people, MAX_PEOPLE))
        if founders != "all" and scenario.population.from_log is None and founders > MAX_PEOPLE // 2:
            fewer = round(founders * MAX_PEOPLE / people)
            changes["population.founders"] = fewer
            cuts.append(Cut("founders", founders, fewer))
    if scenario.days > MAX_DAYS:
        changes["days"] = MAX_DAYS
        cuts.append(Cut("days", scenario.days, MAX_DAYS))
    cut = scenario.with_(changes).compiled_with(EVERYTHING)
    _check_people(cut)
    return cut, cuts


def _check_graph(scenario: Scenario) -> None:
    """Check that a file of ties has no more people than the page runs.

    Raises
    ------
    ScenarioError, GraphError
        It has, or it cannot be read.
    """
    if scenario.graph_path is None:
        return
    spec = {**scenario.population.graph.model_dump(), "file": str(scenario.graph_path)}
    n = len(build(spec, 0, 0, lambda keys: keys).keys)
    if n > MAX_PEOPLE:
        raise scenario_error(
            _("the file of ties has {n} people; the class page runs at most {most}").format(
                n=f"{n:,}", most=f"{MAX_PEOPLE:,}"
            )
        )


def _check_people(scenario: Scenario) -> None:
    """Check that operations do not bring more people than the page can hold.

    Raises
    ------
    ScenarioError
        They might.
    """
    brought = sum(_most_brought(operation, scenario) for operation in scenario.operations)
    if brought > MAX_BROUGHT:
        raise scenario_error(
            _("the operations bring up to {n} people; the class page has places for {most}").format(
                n=f"{brought:,.0f}", most=f"{MAX_BROUGHT:,}"
            )
        )


def _most_brought(operation: Operation, scenario: Scenario) -> float:
    """The most people that an operation may bring in a run; of a Poisson process, the mean."""
    if isinstance(operation, Shock | Arrivals):
        times = max(1, len(operation.instants(scenario.start, scenario.days)))
        if operation.if_ is not None and not operation.if_.once:
            times = scenario.days
        if isinstance(operation, Shock):
            return times * operation.people
        return times * operation.per_day * min(scenario.days, operation.days or scenario.days)
    return 0.0


@cache
def _shipped(name: str) -> Scenario:
    base = BASES.get(name)
    if base is None:
        raise ValueError(f"no such scenario: {name!r}")
    return within_limits(Scenario.load(*split_variant(base.location), base.changes))[0]


def _gates_key(base: Scenario) -> str:
    return f"spaces.{base.places[0].name}.gates" if base.has_spaces else "gates"


def _own_gates(base: Scenario) -> dict[str, Any]:
    """The gates at the entrance, by name."""
    resolved = base.resolved()
    holder = resolved["spaces"][base.places[0].name] if base.has_spaces else resolved
    gates: dict[str, Any] = holder["gates"]
    return gates


def _gates_of(base: Scenario, settings: Settings, side: str) -> dict[str, Any]:
    """The gates of one community: a limit of the size if there is one, then those that were set or the file's own."""
    own = _own_gates(base)
    capacity = {
        name: gate
        for (name, gate), read in zip(own.items(), base.places[0].gates, strict=True)
        if is_capacity(read)
    }
    preset, limit = settings.value(side, "gate"), settings.value(side, "limit")
    gates = GATES[preset] if preset else {name: gate for name, gate in own.items() if name not in capacity}
    if limit is not None:
        capacity = {free_name("capacity", gates): {"kind": "capacity", "members": limit}} if limit else {}
    return {**capacity, **gates}


def _changes(base: Scenario, settings: Settings, side: str, moved: list[str]) -> dict[str, Any]:
    """The changes of the scenario that the moved knobs mean, by dotted key."""
    changes: dict[str, Any] = {}
    names = dict(zip(base.resolved()["operations"], base.operations, strict=True))
    taken = set(names)

    def leave_out(kind: Callable[[Scenario], list[Operation]]) -> None:
        for name, operation in names.items():
            if operation in kind(base):
                changes[f"operations.{name}"] = None

    def add(operation: dict[str, Any]) -> None:
        name = free_name(operation["do"], taken)
        taken.add(name)
        changes[f"operations.{name}"] = operation

    for key in moved:
        value = settings.value(side, key)
        match key:
            case "people" | "founders":
                changes[f"population.{key}"] = value
            case "days" | "seed":
                changes[key] = value
            case "openness":
                changes |= {
                    "community.openness": value,
                    "community.visibility": None,
                    "community.bypass": None,
                }
            case "invitations":
                changes["rules.inviting.rate"] = value / 1000
            case "gate" | "limit":
                changes[_gates_key(base)] = _gates_of(base, settings, side)
                if key == "limit":
                    changes |= _without_seats(base)
            case "events":
                leave_out(hot_events)
                if value:
                    add(_hot_event(value))
            case "flood":
                leave_out(floods)
                if value:
                    for operation in _flood(base, settings, side):
                        add(operation)
            case "plan":
                leave_out(other_operations)
            case _ if key in DRIVERS:
                changes |= _weights(base, key, value)
            case _:
                raise ValueError(f"the knob {key!r} does nothing")
    if "locality" in moved and base.population.places is None:
        changes["population.places"] = {"city_km": 10}
    return changes


def _without_seats(base: Scenario) -> dict[str, None]:
    """Rooms without a limit of their own: the knob's limit is that of the whole community."""
    if not has_seats(base):
        return {}
    if not base.has_spaces:
        return {"community.capacity": None}
    return {f"spaces.{place.name}.{key}": None for place in base.places for key in ("splits", "seats")}


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


def _flood(base: Scenario, settings: Settings, side: str) -> list[dict[str, Any]]:
    """A flood of newcomers with lower quality and any topic, while the door is open for a fortnight."""
    crowd = {"quality": {"distribution": "beta", "a": 2, "b": 4}, "topic": {"spread": "uniform"}}
    gates, openness = _gates_of(base, settings, side), settings.value(side, "openness")
    community = base.community
    before = {"visibility": community.visibility, "bypass": community.bypass}
    again = {key: community.openness if value is None else value for key, value in before.items()}
    if openness is not None:
        again = dict.fromkeys(again, openness)
    people = settings.value(side, "flood")
    return [
        {"do": "set_gates", "day": FLOOD_DAY, "gates": {}},
        {"do": "set_openness", "day": FLOOD_DAY, "to": 1},
        {"do": "shock", "day": FLOOD_DAY, "people": people, "over": 3, **crowd},
        {"do": "set_gates", "day": FLOOD_DAY + FLOOD_DAYS, "gates": gates},
        {"do": "set_openness", "day": FLOOD_DAY + FLOOD_DAYS, **again},
    ]
