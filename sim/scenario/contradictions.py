"""Values that are valid one by one but contradict each other, and values that deserve a note."""

import math
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from shequn.sim import hints
from shequn.sim.amounts import MONEY
from shequn.sim.language import _
from shequn.sim.operations.award import Award
from shequn.sim.operations.campaign import Campaign
from shequn.sim.operations.hot_event import HotEvent
from shequn.sim.operations.move import Move
from shequn.sim.operations.operation import name_in_draws
from shequn.sim.operations.set_gates import SetGates, faults_of_gates
from shequn.sim.scenario.generators import argument_faults, generators
from shequn.sim.scenario.incentives import incentive_faults
from shequn.sim.scenario.model import Content
from shequn.sim.scenario.nodes import Path
from shequn.sim.scenario.population import FileGraph, NetworkxGraph, SocialGraph
from shequn.sim.scenario.spaces import first_leaf, is_tree, n_rooms, places, seats_of, space_faults, way_to
from shequn.sim.scenario.staff import staff_faults
from shequn.sim.scenario.stages import stage_faults
from shequn.sim.traits import Drivers, driver_faults, quality_faults

DEFAULT_PEOPLE = 2000
MAX_NAME = 110  # characters of the name of a gate or operation
MAX_POSTS = 50_000_000  # in view, all rooms together: 1.6 GB
MAX_CELLS = 100_000_000  # of the maps of where members live, all rooms together: 0.8 GB
CELL_KM = 0.25  # as in sim/kernel/locality.py, which this must not import (numba)
Fault = tuple[Path, str]


def contradictions(content: Content) -> Iterator[Fault]:
    """Every contradiction: the path of the value to change, and a message."""
    yield from _texts(content)
    yield from _people(content)
    yield from _graph(content)
    yield from _community(content)
    yield from space_faults(content)
    for path, message in faults_of_gates(content.gates, content):
        yield ("gates", *path), message
    for name, operation in content.operations.items():
        for path, message in (*operation.timing_faults(content.start), *operation.faults(content)):
            yield ("operations", name, *path), message
    yield from staff_faults(content)
    yield from incentive_faults(content)
    yield from stage_faults(content)
    yield from _names(content)


def _names(content: Content) -> Iterator[Fault]:
    """Names of gates, spaces and operations that cannot be used."""
    maps: list[tuple[Path, Mapping[str, Any]]] = [
        (("gates",), content.gates),
        (("spaces",), content.spaces),
        *((("spaces", name, "gates"), space.gates) for name, space in content.spaces.items()),
        *(
            (("operations", name, "gates"), operation.gates)
            for name, operation in content.operations.items()
            if isinstance(operation, SetGates)
        ),
        (("operations",), content.operations),
        (("staff",), content.staff),
        (("duties",), content.duties),
        (("tasks",), content.tasks),
        (("units",), content.units),
        (("marks",), content.marks),
        (("earn",), content.earn),
        (("offers",), content.offers),
        (("population", "groups"), content.population.groups),
        (("stages",), content.stages),
    ]
    for path, entries in maps:
        for name in entries:
            if not 0 < len(name) <= MAX_NAME or name.isspace():
                yield (*path, name), _("a name has 1 to {most} characters").format(most=MAX_NAME)
            elif any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
                yield (*path, name), _("a name has no line breaks and no control characters")
            elif "." in name and path[-1] not in ("gates", "operations"):  # whose names come from format 1
                yield (*path, name), _("this name has no dots, which separate keys")
    first_use: dict[str, str] = {}
    for name, operation in content.operations.items():
        first = first_use.setdefault(name_in_draws(operation.do, name), name)
        if first != name:
            text = _("operations.{name} has the random draws of operations.{first}: give it another name")
            yield ("operations", name), text.format(name=name, first=first)


def _texts(content: Content) -> Iterator[Fault]:
    """Texts go to consoles, figures and files: no control characters, a title on one line."""
    for key in ("title", "description", "source", "question", "why", "what", "where", "who"):
        allowed = "" if key == "title" else "\n\t"
        for character in str(content.question.text if key == "question" else getattr(content, key)):
            if unicodedata.category(character) in ("Cc", "Cs") and character not in allowed:
                what = (
                    _("a line break")
                    if character in "\n\r"
                    else _("character U+{character:04X}").format(character=ord(character))
                )
                yield (
                    (key,),
                    _("{key} contains {what}, which is not allowed there").format(key=key, what=what),
                )
                break


def _people(content: Content) -> Iterator[Fault]:
    population = content.population
    at: Path = ("population",)
    people = population.people
    if isinstance(population.graph, FileGraph):
        if people is not None:
            yield (*at, "people"), _("people cannot be set with a graph file, which determines their number")
        people = None
    elif people is None:
        people = DEFAULT_PEOPLE
    founders = population.founders
    count = people if founders == "all" else founders
    if people is not None and isinstance(founders, int) and founders > people:
        yield (
            (*at, "founders"),
            _("{founders} founders, but only {people} people").format(founders=founders, people=people),
        )
    leaders = population.leaders.count + population.koc.count
    if count is not None and leaders > count:
        key = "leaders" if population.leaders.count else "koc"
        yield (
            (*at, key, "count"),
            _("{leaders} leaders and KOC, but only {count} founders").format(leaders=leaders, count=count),
        )
    yield from driver_faults(population.drivers, (*at, "drivers"))
    yield from quality_faults(population.quality, (*at, "quality"))
    for name, group in population.groups.items():
        yield from driver_faults(group.drivers, (*at, "groups", name, "drivers"))
        yield from quality_faults(group.quality, (*at, "groups", name, "quality"))
    total = math.fsum(group.share for group in population.groups.values())
    if population.groups and abs(total - 1.0) > 1e-9:
        text = _("the shares of all groups sum to {total:.12g}; they must sum to 1")
        yield (*at, "groups"), text.format(total=total)


def _graph(content: Content) -> Iterator[Fault]:
    graph = content.population.graph
    at: Path = ("population", "graph")
    if isinstance(graph, SocialGraph) and graph.place_share + graph.interest_share > 1 + 1e-12:
        total = graph.place_share + graph.interest_share
        yield (
            (*at, "place_share"),
            _("place_share and interest_share sum to {total:g}; allowed: at most 1").format(total=total),
        )
    if isinstance(graph, NetworkxGraph):
        if graph.generator not in generators():
            near = hints.did_you_mean(graph.generator, [*generators(), "social", "none"])
            yield (
                (*at, "generator"),
                _("networkx has no generator {generator}{near}").format(generator=graph.generator, near=near),
            )
            return
        for argument, message, known in argument_faults(graph.generator, graph.arguments):
            near = hints.did_you_mean(argument, known) if argument and known else ""
            path = (*at, "arguments", argument) if argument else (*at, "arguments")
            yield path, message + near
        for name, value in graph.arguments.items():
            if not _finite(value):
                yield (
                    (*at, "arguments", name),
                    _("{name} is {value}; expected a finite number").format(name=name, value=value),
                )


def _finite(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_finite(part) for part in value.values())
    if isinstance(value, list):
        return all(_finite(part) for part in value)
    return not isinstance(value, float) or math.isfinite(value)


def _community(content: Content) -> Iterator[Fault]:
    community = content.community
    at: Path = ("community",)
    if community.reach is not None and community.strangers_per_day is not None:
        yield (*at, "reach"), _("reach and strangers_per_day say the same thing: give one of them")
    population = content.population
    founders = population.founders
    count = (population.people or DEFAULT_PEOPLE) if founders == "all" else founders
    file_decides = founders == "all" and isinstance(population.graph, FileGraph)
    if not is_tree(content.spaces):
        return
    all_places = places(content)
    leaf = first_leaf(all_places)
    seats = seats_of(all_places, leaf)
    if seats is not None and not file_decides and count > seats:
        if content.spaces:
            yield (
                ("spaces", all_places[leaf].name, "seats"),
                _("{count} founders do not fit into {seats} seats of {name} (rooms × seats)").format(
                    count=count, seats=seats, name=all_places[leaf].name
                ),
            )
        else:
            yield (
                (*at, "capacity"),
                _("{count} founders do not fit into {seats} seats (rooms × capacity)").format(
                    count=count, seats=seats
                ),
            )
    rooms = n_rooms(all_places)
    if rooms * community.shown > MAX_POSTS:
        yield (
            (*at, "shown"),
            _("{rooms:,} rooms × {shown} posts in view; allowed: at most {most_posts:,} in all").format(
                rooms=rooms, shown=community.shown, most_posts=MAX_POSTS
            ),
        )
    if population.places is not None:
        cells = math.ceil(population.places.city_km / CELL_KM) ** 2
        if rooms * cells > MAX_CELLS:
            yield (
                ("population", "places", "city_km"),
                _(
                    "a map of {cells:,} cells of 250 m for each of {rooms:,} rooms; "
                    "allowed: at most {most_cells:,} cells in all"
                ).format(cells=cells, rooms=rooms, most_cells=MAX_CELLS),
            )


def notes(content: Content) -> list[str]:
    """Sentences about what is allowed but perhaps not intended."""
    population = content.population
    remarks = []
    drivers_of = _drivers_by_key(content)
    if population.places is None:
        graph = population.graph
        weighted = [key for key, d in drivers_of.items() if d.locality not in (0, Drivers().locality)]
        if weighted == ["population.drivers"]:
            remarks.append(_("population.drivers.locality has weight, but without places it has no effect"))
        elif weighted:
            text = _("without places, locality has no effect, but has weight in {keys}")
            remarks.append(text.format(keys=_(", ").join(weighted)))
        if isinstance(graph, SocialGraph) and graph.place_share not in (0, SocialGraph().place_share):
            remarks.append(
                _("population.graph.place_share: without places, these ties become ties of the other kinds")
            )
    if all(drivers.event == 0 for drivers in drivers_of.values()) and any(
        isinstance(o, HotEvent) for o in content.operations.values()
    ):
        remarks.append(
            _("population.drivers.event is 0: nobody cares for events, so hot events have no effect")
        )
    if dict(content.rules)["inviting"].mode == "tie" and any(
        isinstance(o, Campaign) and o.reminders for o in content.operations.values()
    ):
        remarks.append(
            _("reminders have no effect on ties with clocks of their own (rules.inviting.mode: tie)")
        )
    if (
        any(gate.price() > 0.0 for place in places(content) for gate in place.gates)
        and "purse" not in population.model_fields_set
    ):
        remarks.append(
            _(
                "prices weigh against an assumed purse: {mean:g} on average per {days:g} days (population.purse)"
            ).format(mean=population.purse.mean, days=population.purse.days)
        )
    for name, operation in content.operations.items():
        if (
            operation.if_ is None
            and operation.at_stage is None
            and not operation.instants(content.start, content.days)
        ):
            remarks.append(
                _("operations.{name} ({do}) comes after the end of the run").format(
                    name=name, do=operation.do
                )
            )
    return [*remarks, *_without_effect(content)]


def _drivers_by_key(content: Content) -> dict[str, Drivers]:
    """What drives people: of each group with drivers of its own, and of the population if anybody has those."""
    population = content.population
    own = {
        f"population.groups.{name}.drivers": group.drivers
        for name, group in population.groups.items()
        if group.drivers is not None
    }
    if population.groups and len(own) == len(population.groups):
        return own
    return {"population.drivers": population.drivers, **own}


def _without_effect(content: Content) -> Iterator[str]:
    """Sentences about entries that can do nothing in this scenario."""
    for key, entries in (("tasks", content.tasks), ("offers", content.offers), ("staff", content.staff)):
        for name, entry in entries.items():
            if entry.first >= content.days:
                yield _("{key}.{name} begins after the end of the run").format(key=key, name=name)
    taken = {unit for offer in content.offers.values() for unit in offer.takes}
    shown = {mark.by for mark in content.marks.values()}
    totals = {o.by for o in content.operations.values() if isinstance(o, Award)}
    for name in content.units:
        if name != MONEY and name not in taken | shown | totals:
            yield _("units.{name} buys nothing and counts for nothing, so nobody cares for it").format(
                name=name
            )
    for name in list(content.stages)[-1:]:
        if content.stages[name].until is not None:
            yield _("stages.{name} is the last one and never ends: its until has no effect").format(name=name)
    mood = content.community.mood
    if mood.now is not None and mood.log_sd == 0.0:
        yield _("community.mood.now has no effect without log_sd")
    features = any(duty.do == "feature" for duty in content.duties.values())
    for name, rule in content.earn.items():
        if rule.for_ == "featured" and not features:
            yield _("earn.{name}: nobody features posts (duties)").format(name=name)
        if rule.for_ == "bought" and not content.offers:
            yield _("earn.{name}: there are no offers to take").format(name=name)
    given = {offer.mark for offer in content.offers.values()}
    given |= {o.mark for o in content.operations.values() if isinstance(o, Award)}
    for name, mark in content.marks.items():
        if mark.by is None and name not in given:
            yield _("marks.{name} is a title that nobody gets").format(name=name)
    yield from _spaces_without_members(content)


def _spaces_without_members(content: Content) -> Iterator[str]:
    """Spaces that nobody can come to: not on the way of those who join, and no operation or offer leads there."""
    every = places(content)
    entrance = first_leaf(every)
    reached = set(way_to(every, entrance))
    targets = {o.to for o in content.operations.values() if isinstance(o, Move)}
    targets |= {offer.seat for offer in content.offers.values() if offer.seat is not None}
    for number, place in enumerate(every):
        if place.name in targets:
            reached |= set(way_to(every, first_leaf(every, number)))
    for number, place in enumerate(every):
        if number not in reached:
            yield _(
                "nobody ever comes to the space {name}: new members sit in {leaf}, and nothing moves them"
            ).format(name=place.name, leaf=every[entrance].name)
