"""A scenario explained in plain sentences, so that users can check what will be run."""

import math
from collections.abc import Iterator
from math import exp
from typing import Any

from shequn.app.explanation.incentives import incentives
from shequn.app.explanation.operations import operation_sentence
from shequn.app.explanation.staff import staff, tasks
from shequn.app.explanation.stages import stages
from shequn.sim.fields import NEVER
from shequn.sim.language import N_, _, date_text, paragraph, plural, translate
from shequn.sim.population import mean_quality
from shequn.sim.scenario.population import FileGraph, NetworkxGraph, PopulationGroup, SocialGraph
from shequn.sim.scenario.scenario import Scenario
from shequn.sim.scenario.spaces import Place, Space, depth_of
from shequn.sim.traits import Drivers, Uniform
from shequn.sim.wording import days, exact_percent, number, people

_FOUNDERS_BY = {
    "random": N_("drawn at random"),
    "quality": N_("those of the highest quality"),
    "connected": N_("a seed person and the people around them"),
}
_FILL = {
    "random": N_("at random"),
    "topic": N_("by topic"),
    "place": N_("by place"),
    "first": N_("one after the other"),
}
_ORDER = {
    "newest": N_("newest first"),
    "hot": N_("hot first"),
    "interest": N_("interest first"),
    "followed": N_("followed first"),
    "official": N_("the staff's posts first"),
}
_JOURNAL = {
    "full": N_("the journal records every event"),
    "membership": N_("the journal records joins and departures"),
    "none": N_("the journal records no events"),
}
_DRIVERS = {
    "honor": N_("honor"),
    "interest": N_("interest"),
    "benefit": N_("benefit"),
    "relationship": N_("relationship"),
    "event": N_("event"),
    "locality": N_("locality"),
}


def explain(scenario: Scenario) -> str:
    """The scenario in paragraphs of plain sentences."""
    paragraphs = [_heading(scenario), translate(scenario.description.strip())]
    if scenario.question:
        paragraphs.append(_("Question: {question}").format(question=translate(str(scenario.question))))
    paragraphs += [
        paragraph(_people(scenario)),
        paragraph(_community(scenario)),
        _spaces(scenario) or _gates(scenario),
        staff(scenario),
        tasks(scenario),
        incentives(scenario),
        stages(scenario),
        _operations(scenario),
        _rules(scenario),
    ]
    if scenario.variants:
        paragraphs.append(_("Variants: {variants}.").format(variants=_(", ").join(scenario.variants)))
    return "\n\n".join(part for part in paragraphs if part) + "\n"


def _heading(scenario: Scenario) -> str:
    variant = _(" (variant {variant})").format(variant=scenario.variant) if scenario.variant else ""
    return _("{title}{variant}: {days} from {start}, {runs}, seed {seed}; {journal}.").format(
        title=translate(scenario.title),
        variant=variant,
        days=days(scenario.days),
        start=date_text(scenario.start),
        runs=plural("{n:,} run", "{n:,} runs", scenario.runs).format(n=scenario.runs),
        seed=scenario.seed,
        journal=_(_JOURNAL[scenario.journal]),
    )


def _people(scenario: Scenario) -> Iterator[str]:
    population = scenario.population
    from_file = isinstance(population.graph, FileGraph)
    total = _("as many people as the graph's file has") if from_file else people(population.people or 0)
    if population.founders == "all":
        yield _("The population is {total}; all of them are members from the start.").format(total=total)
    elif population.founders == 0:
        yield _("The population is {total}; nobody is a member at the start.").format(total=total)
    else:
        how = _(_FOUNDERS_BY[population.founders_by])
        yield _("The population is {total}; {founders:,} of them found the community ({how}).").format(
            total=total, founders=population.founders, how=how
        )
    quality = population.quality
    if isinstance(quality, Uniform):
        yield _("Quality is uniform between {low:g} and {high:g}.").format(low=quality.low, high=quality.high)
    else:
        mean = quality.a / (quality.a + quality.b)
        yield _("Quality is distributed as beta({a:g}, {b:g}), with mean {mean:.2g}.").format(
            a=quality.a, b=quality.b, mean=mean
        )
    yield _drivers(scenario)
    if population.places is not None:
        side = population.places.city_km
        yield _("They live in a city of {side:g} km × {side:g} km.").format(side=side)
    yield (
        _("They visit {pace:g} times a day and write {talkativeness:g} posts per visit on average.").format(
            pace=population.pace.mean, talkativeness=population.talkativeness.mean
        )
    )
    if population.readers.share > 0:
        yield _("{share} of them only read and never post.").format(
            share=exact_percent(population.readers.share)
        )
    for name, group in population.groups.items():
        yield _("{share} of the people belong to the group {name}{traits}.").format(
            share=exact_percent(group.share), name=name, traits=_of_group(group)
        )
    for name, roles in ((_("opinion leaders"), population.leaders), (_("KOC"), population.koc)):
        if roles.count:
            yield _("Among the founders are {count:,} {name} of quality {quality:g}.").format(
                count=roles.count, name=name, quality=roles.quality
            )
    if scenario.has_prices:
        purse = population.purse
        yield (
            _("Nobody minds a price: their purse is unlimited.")
            if math.isinf(purse.mean)
            else _(
                "They can and will spend {mean:g} yuan here in {days} on average (population.purse)."
            ).format(mean=purse.mean, days=days(purse.days))
        )
    yield _graph(population.graph, scenario)


def _drivers(scenario: Scenario) -> str:
    drivers = scenario.population.drivers
    listed = _by_weight(drivers)
    locality_is_idle = drivers.locality > 0 and scenario.population.places is None
    remark = _(" (locality has no effect, as there are no places)") if locality_is_idle else ""
    return _("Their drivers, by mean weight: {listed}{tail}.").format(listed=listed, tail=remark)


def _by_weight(drivers: Drivers) -> str:
    """The drivers with their shares of the weight, the largest first."""
    weights = {name: getattr(drivers, name) for name in type(drivers).model_fields if name != "spread"}
    total = sum(weights.values())
    by_weight = sorted(((value, name) for name, value in weights.items() if value > 0), reverse=True)
    return _(", ").join(
        f"{_(_DRIVERS.get(name, name))} {exact_percent(round(value / total, 3))}" for value, name in by_weight
    )


def _of_group(group: PopulationGroup) -> str:
    """The traits in which a group differs from the population, in brackets."""
    traits = []
    if group.quality is not None:
        traits.append(_("mean quality {mean:.2g}").format(mean=mean_quality(group.quality)))
    if group.drivers is not None:
        traits.append(_("driven by {listed}").format(listed=_by_weight(group.drivers)))
    if group.topic is not None and group.topic.spread == NEVER:
        traits.append(_("all topics"))
    elif group.topic is not None:
        traits.append(_("topics around {centre:g}").format(centre=group.topic.centre))
    if group.pace is not None:
        traits.append(_("{n:g} visits a day").format(n=group.pace.mean))
    if group.talkativeness is not None:
        traits.append(_("{n:g} posts per visit").format(n=group.talkativeness.mean))
    if group.readers is not None:
        traits.append(_("{share} of them only read").format(share=exact_percent(group.readers.share)))
    if group.contentment_sd is not None:
        traits.append(_("contentment with a standard deviation of {n:g}").format(n=group.contentment_sd))
    return _(" ({traits})").format(traits=_("; ").join(traits)) if traits else ""


def _graph(graph: Any, scenario: Scenario) -> str:
    if isinstance(graph, FileGraph):
        return _("Who knows whom comes from the file {file}.").format(file=graph.file)
    if isinstance(graph, SocialGraph):
        by_place, by_interest = graph.place_share, graph.interest_share
        if scenario.population.places is None:  # those ties become ties of the other two kinds, in proportion
            by_interest = min(1.0, by_interest / (1 - by_place)) if by_place < 1 else 1.0
            by_place = 0.0
        shares = {
            _("by place"): by_place,
            _("by interest"): by_interest,
            _("at random"): 1 - by_place - by_interest,
        }
        listed = _(", ").join(
            f"{exact_percent(round(share, 3))} {how}" for how, share in shares.items() if share > 1e-9
        )
        return _("Everyone knows {degree:g} others on average: {listed}.").format(
            degree=graph.degree, listed=listed
        )
    if isinstance(graph, NetworkxGraph):
        arguments = ", ".join(f"{key} = {value}" for key, value in graph.arguments.items())
        return _("Who knows whom is networkx's {generator}({arguments}).").format(
            generator=graph.generator, arguments=arguments
        )
    return _("Nobody knows anybody at the start.")


def _community(scenario: Scenario) -> Iterator[str]:
    community = scenario.community
    if not scenario.has_spaces:
        yield _rooms(scenario.places[0].space, community.shown)
    yield _openness(scenario)
    if community.mood.log_sd > 0:
        yield _(
            "All members share a mood: visits and discovery by strangers vary together by a factor that lies, on two "
            "days of three, between {low:.2g} and {high:.2g}, and which comes half of the way back in {half_life}."
        ).format(
            low=exp(-community.mood.log_sd - 0.5 * community.mood.log_sd**2),
            high=exp(community.mood.log_sd - 0.5 * community.mood.log_sd**2),
            half_life=days(community.mood.half_life),
        )
    if community.mixing == "complete":
        yield _("Members can invite anybody, not only people they know.")
    if community.return_after == NEVER:
        yield _("People who have left never return.")
    else:
        yield _("People who have left may return after {return_after}.").format(
            return_after=days(community.return_after)
        )


def _rooms(space: Space, shown: int) -> str:
    """The rooms of a community that has one space."""
    posts_shown = _("the last {shown} posts, {order}").format(shown=shown, order=_(_ORDER[space.order]))
    if space.copies == 1:
        limit = _(" for at most {capacity:,} members").format(capacity=space.seats) if space.seats else ""
        return _("The community is one room{limit}; it shows {shows}.").format(limit=limit, shows=posts_shown)
    seats = _(" for {capacity:,} members each").format(capacity=space.seats) if space.seats else ""
    return _("The community has {rooms:,} rooms{seats}, filled {how}; each shows {shows}.").format(
        rooms=space.copies, seats=seats, how=_(_FILL[space.fill]), shows=posts_shown
    )


def _spaces(scenario: Scenario) -> str:
    """The spaces, one line each, in a tree."""
    if not scenario.has_spaces:
        return ""
    lines = [
        f"{'  ' * depth_of(scenario.places, number)}- {_space(scenario.places, number)}"
        for number in range(len(scenario.places))
    ]
    return "\n".join([_("Its spaces; people from outside come to the first:"), *lines])


def _space(places: tuple[Place, ...], number: int) -> str:
    place = places[number]
    space = place.space
    parts = [
        plural("{n:,} room", "{n:,} rooms", space.copies).format(n=space.copies)
        if place.parent < 0
        else plural("{n:,} room in each {outer}", "{n:,} rooms in each {outer}", space.copies).format(
            n=space.copies, outer=places[place.parent].name
        )
    ]
    if space.copies > 1:
        parts.append(_("filled {how}").format(how=_(_FILL[space.fill])))
    if space.seats is not None:
        parts.append(plural("{n:,} seat in each", "{n:,} seats in each", space.seats).format(n=space.seats))
    if space.splits is not None:
        by = _("by topic") if space.splits.by == "topic" else _("at random")
        parts.append(_("a full room is divided {by}").format(by=by))
    if not space.talk:
        parts.append(_("no posts of its own"))
    elif space.may_post == "nobody":
        parts.append(_("members do not post there"))
    if space.ranks:
        parts.append(_("members are ranked there every day"))
    if place.gates:
        listed = _("; ").join(gate.description() for gate in place.gates)
        parts.append(_("gates: {kinds}").format(kinds=listed))
    return _("{name}: {parts}").format(name=place.name, parts=_(", ").join(parts))


def _openness(scenario: Scenario) -> str:
    community = scenario.community
    visibility = community.openness if community.visibility is None else community.visibility
    bypass = community.openness if community.bypass is None else community.bypass
    if visibility == 0:
        return _("It is closed to strangers: only invitees can join.")
    if community.reach is not None:
        discovery = _("each person outside finds it with a hazard of {hazard:g} a day").format(
            hazard=visibility * community.reach
        )
    else:
        per_day = visibility * (community.strangers_per_day or 0.0)
        words = plural(
            "about {n} stranger a day finds it", "about {n} strangers a day find it", round(per_day, 3)
        )
        discovery = words.format(n=number(round(per_day, 3)))
    text = _("Its visibility to strangers is {visibility:g}: {find} at average reputation").format(
        visibility=visibility, find=discovery
    )
    if any(place.gates for place in scenario.places):
        part = _("all") if bypass == 1 else exact_percent(bypass)
        text += (
            _(", and {part} of these strangers bypass the gates").format(part=part)
            if bypass > 0
            else _(", and none of these strangers bypasses the gates")
        )
    return _("{sentence}.").format(sentence=text)


def _gates(scenario: Scenario) -> str:
    if not scenario.gates:
        return _("There is no gate: everybody who wants to join becomes a member.")
    listed = _("; ").join(gate.description() for gate in scenario.gates)
    return plural(
        "Candidates must pass {n} gate: {listed}.",
        "Candidates must pass {n} gates, in this order: {listed}.",
        len(scenario.gates),
    ).format(n=len(scenario.gates), listed=listed)


def _operations(scenario: Scenario) -> str:
    lines = [
        "  - "
        + _("{name}: {parts}").format(
            name=operation.name, parts=operation_sentence(operation, scenario.start)
        )
        for operation in scenario.operations
    ]
    return "\n".join([_("The operator does this:"), *lines]) if lines else ""


def _rules(scenario: Scenario) -> str:
    """Coefficients that differ from their defaults."""
    from shequn.agents.rules import GROUPS

    changes = [
        _("{group}.{name} = {value} (default {default})").format(
            group=group.name,
            name=c.name,
            value=_coefficient(scenario.rules[group.name][c.name]),
            default=_coefficient(c.default),
        )
        for group in GROUPS
        for c in group.coefficients
        if scenario.rules[group.name][c.name] != c.default
    ]
    return (
        _("Rules that differ from their defaults: {changed}.").format(changed=_(", ").join(changes))
        if changes
        else ""
    )


def _coefficient(value: float | str) -> str:
    return str(value) if isinstance(value, str) else _("never") if value == NEVER else f"{value:g}"
