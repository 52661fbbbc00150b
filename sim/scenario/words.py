"""A scenario explained in plain English sentences: what will be run, as it was understood."""

from collections.abc import Iterator
from typing import Any

from sim.scenario.fields import NEVER
from sim.scenario.operation_words import when_words
from sim.scenario.population import FileGraph, NetworkxGraph, SocialGraph, Uniform
from sim.scenario.scenario import Scenario

_FOUNDERS_BY = {
    "random": "drawn at random",
    "quality": "the best of them",
    "connected": "a seed person and those around it",
}
_PLACING = {"random": "at random", "topic": "by topic", "fill": "one room after the other"}


def explain(scenario: Scenario) -> str:
    """The scenario in paragraphs of plain sentences."""
    paragraphs = [_heading(scenario), scenario.description.strip()]
    if scenario.question:
        paragraphs.append(f"Question: {scenario.question.strip()}")
    paragraphs += [
        " ".join(_people(scenario)),
        " ".join(_community(scenario)),
        _gates(scenario),
        _operations(scenario),
        _rules(scenario),
    ]
    if scenario.variants:
        paragraphs.append(f"Variants: {', '.join(scenario.variants)}.")
    return "\n\n".join(part for part in paragraphs if part) + "\n"


def count(number: float, one: str, many: str | None = None) -> str:
    """A number with its noun: ``1 day``, ``2,000 people``."""
    noun = one if number == 1 else many or one + "s"
    return f"{_number(number)} {noun}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"


def percent(share: float) -> str:
    """A share as per cent, with what precision it has."""
    return f"{100 * share:.4g} %"


def _heading(scenario: Scenario) -> str:
    variant = f" (variant {scenario.variant})" if scenario.variant else ""
    return (
        f"{scenario.title}{variant}: {count(scenario.days, 'day')} from {scenario.start}, "
        f"{count(scenario.runs, 'run')}, seed {scenario.seed}; the journal keeps "
        + {"full": "every event.", "membership": "comings and goings.", "none": "no events."}[
            scenario.journal
        ]
    )


def _people(scenario: Scenario) -> Iterator[str]:
    population = scenario.population
    from_file = isinstance(population.graph, FileGraph)
    total = (
        "as many people as the graph's file has"
        if from_file
        else count(population.people or 0, "person", "people")
    )
    if population.founders == "all":
        yield f"The population is {total}; all of them are members from the start."
    elif population.founders == 0:
        yield f"The population is {total}; nobody is a member at the start."
    else:
        how = _FOUNDERS_BY[population.founders_by]
        yield f"The population is {total}; {population.founders:,} of them found the community ({how})."
    quality = population.quality
    if isinstance(quality, Uniform):
        yield f"Quality lies evenly between {quality.low:g} and {quality.high:g}."
    else:
        mean = quality.a / (quality.a + quality.b)
        yield f"Quality follows beta({quality.a:g}, {quality.b:g}), mean {mean:.2g}."
    yield _drivers(scenario)
    if population.places is not None:
        side = population.places.city_km
        yield f"They live in a city of {side:g} km × {side:g} km."
    yield (
        f"They visit {population.pace.mean:g} times a day and write {population.talkativeness.mean:g} posts "
        "per visit on average."
    )
    if population.readers.share > 0:
        yield f"{percent(population.readers.share)} of them only ever read."
    for name, roles in (("opinion leaders", population.leaders), ("KOC", population.koc)):
        if roles.count:
            yield f"Among the founders are {roles.count:,} {name} of quality {roles.quality:g}."
    yield _graph(population.graph, scenario)


def _drivers(scenario: Scenario) -> str:
    drivers = scenario.population.drivers
    weights = {name: getattr(drivers, name) for name in type(drivers).model_fields if name != "spread"}
    total = sum(weights.values())
    ranked = sorted(((value, name) for name, value in weights.items() if value > 0), reverse=True)
    listed = ", ".join(f"{name} {percent(round(value / total, 3))}" for value, name in ranked)
    idle = drivers.locality > 0 and scenario.population.places is None
    tail = " (locality cannot act: there are no places)" if idle else ""
    return f"What moves them on average: {listed}{tail}."


def _graph(graph: Any, scenario: Scenario) -> str:
    if isinstance(graph, FileGraph):
        return f"Who knows whom comes from the file {graph.file}."
    if isinstance(graph, SocialGraph):
        by_place, by_interest = graph.place_share, graph.interest_share
        if scenario.population.places is None:  # those ties go to the other two kinds in proportion
            by_interest = min(1.0, by_interest / (1 - by_place)) if by_place < 1 else 1.0
            by_place = 0.0
        shares = {"by place": by_place, "by interest": by_interest, "at random": 1 - by_place - by_interest}
        listed = ", ".join(
            f"{percent(round(share, 3))} {how}" for how, share in shares.items() if share > 1e-9
        )
        return f"Everyone knows {graph.degree:g} others on average: {listed}."
    if isinstance(graph, NetworkxGraph):
        arguments = ", ".join(f"{key} = {value}" for key, value in graph.arguments.items())
        return f"Who knows whom is networkx's {graph.generator}({arguments})."
    return "Nobody knows anybody at the start."


def _community(scenario: Scenario) -> Iterator[str]:
    community = scenario.community
    shows = f"the last {community.shown} posts, {community.order} first"
    if community.rooms == 1:
        limit = f" for at most {community.capacity:,} members" if community.capacity else ""
        yield f"The community is one room{limit}; it shows {shows}."
    else:
        seats = f" for {community.capacity:,} members each" if community.capacity else ""
        how = _PLACING[community.placing]
        yield f"The community has {community.rooms:,} rooms{seats}, filled {how}; each shows {shows}."
    yield _openness(scenario)
    if community.mixing == "complete":
        yield "Invitations reach anybody, not only those one knows."
    if community.welcome.share > 0:
        yield (
            f"{percent(community.welcome.share)} of newcomers are welcomed, after "
            f"{count(community.welcome.delay, 'day')} on average."
        )
    if community.staff > 0:
        yield f"{count(community.staff, 'person', 'people')} run it, at {community.staff_cost:g} a day each."
    if community.return_after == NEVER:
        yield "Who has left never comes back."
    else:
        yield f"Who has left may come back after {count(community.return_after, 'day')}."


def _openness(scenario: Scenario) -> str:
    community = scenario.community
    if community.openness == 0:
        return "It is closed to strangers (openness 0): only the invited come in."
    if community.reach is not None:
        find = f"each person outside finds it at hazard {community.openness * community.reach:g} a day"
    else:
        found = community.openness * (community.strangers_per_day or 0.0)
        verb = "finds" if found == 1 else "find"
        find = f"about {count(round(found, 3), 'stranger')} a day {verb} it"
    fully = community.openness == 1
    text = "It is fully open (openness 1)" if fully else f"Openness is {community.openness:g}"
    text += f": {find} at average reputation"
    if scenario.gates:
        part = "all" if fully else percent(community.openness)
        text += f", and {part} of these strangers pass without the gates"
    return text + "."


def gate_words(gate: Any) -> str:
    """One gate in a few words."""
    match gate.kind:
        case "fee":
            text = f"a fee of {gate.amount:g}"
        case "identity":
            unit = " km from the centre" if gate.sees == "place" else " from the community's topic"
            text = f"an identity check ({gate.sees} within {gate.within:g}{unit})"
        case "purchase":
            text = f"a purchase ({percent(gate.share)} of people are customers)"
        case "task":
            text = f"a task (quality seen, with noise {gate.noise:g}, of at least {gate.at_least:g})"
        case "rules":
            text = "rules to accept"
        case "quota":
            wait = "wait for ever" if gate.patience == NEVER else f"wait {gate.patience:g} days on average"
            text = f"a quota of {gate.per_day:g} a day, for which people {wait}"
        case "capacity":
            text = f"a limit of {count(gate.members, 'member')}"
        case _:
            text = "an invitation"
    return text + (f", cost {gate.cost:g}" if gate.cost else "")


def _gates(scenario: Scenario) -> str:
    if not scenario.gates:
        return "There is no gate: whoever comes to the door is in."
    listed = "; ".join(gate_words(gate) for gate in scenario.gates)
    return f"To come in one passes {count(len(scenario.gates), 'gate')}, in order: {listed}."


def _operations(scenario: Scenario) -> str:
    lines = [f"  - {when_words(operation, scenario.start)}" for operation in scenario.operations]
    return "\n".join(["The operator does this:", *lines]) if lines else ""


def _rules(scenario: Scenario) -> str:
    """Coefficients that differ from their defaults."""
    from agents.rules import GROUPS

    changed = [
        f"{group.name}.{c.name} = {_coefficient(scenario.rules[group.name][c.name])} (default {c.default})"
        for group in GROUPS
        for c in group.coefficients
        if scenario.rules[group.name][c.name] != c.default
    ]
    return f"Rules that differ from their defaults: {', '.join(changed)}." if changed else ""


def _coefficient(value: float | str) -> str:
    return str(value) if isinstance(value, str) else "never" if value == NEVER else f"{value:g}"
