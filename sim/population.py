"""The people: traits drawn for each person by their own key, from the seed alone."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.agents.drivers import N_DRIVERS, Driver
from shequn.sim.fields import MAX_PEOPLE
from shequn.sim.graphs.graph import GraphError
from shequn.sim.kernel.chance import Draws, Keys, Purpose, normals, uniforms
from shequn.sim.kernel.people import fill_drivers, open_records
from shequn.sim.kernel.state import (
    MARGIN,
    NEVER,
    NOBODY,
    distribution_dtype,
    member_dtype,
    member_traits,
    person_dtype,
)
from shequn.sim.kernel.world import World
from shequn.sim.language import _
from shequn.sim.scenario.population import Population
from shequn.sim.traits import Beta, Drivers, Quality, Topic

_CHUNK = 1 << 18  # people drawn at a time, to bound the memory of the draws
#: The traits that everybody has from the start; the others are drawn when somebody gets a record as a member.
DRAWN = ("quality", "topic")
LARGEST_BELOW_1 = np.nextafter(np.float32(1.0), np.float32(0.0))


def new_people(n: int) -> npt.NDArray[Any]:
    """Records of ``n`` people who are outside, without keys, traits or ties."""
    people = cache_aligned(n)
    people["membership"] = NOBODY
    return people


def fresh_people(keys: Any) -> npt.NDArray[Any]:
    """Records of people outside, with these keys."""
    people = new_people(len(keys))
    people["key"] = keys
    return people


def new_members(n: int) -> npt.NDArray[Any]:
    """Room for the records of ``n`` members; the first one, which stands for who has never been one, is there."""
    members = np.zeros(1 + n, dtype=member_dtype)
    blank = members[0]
    blank["left_at"] = NEVER
    blank["invited_by"] = blank["seen_leaving_of"] = blank["application"] = blank["account"] = NOBODY
    for trait, *_form in member_traits:
        blank[trait] = np.nan
    return members


def cache_aligned(n: int) -> npt.NDArray[Any]:
    """``n`` empty records that begin on a cache line: 25 % faster where people change each other's records."""
    size = n * person_dtype.itemsize
    room = np.zeros(size + 64, dtype=np.uint8)
    start = -room.ctypes.data % 64
    return room[start : start + size].view(person_dtype)


def with_people(world: World, people: npt.NDArray[Any], groups: Any = NOBODY) -> World:
    """The world with more people; ``groups`` are the numbers of their groups, NOBODY = of none.

    Raises
    ------
    GraphError
        There would be more than can be numbered.
    """
    old = len(world.people)
    if old + len(people) > MAX_PEOPLE:
        raise GraphError(
            _("{n:,} people; allowed: at most {most_people:,}").format(
                n=old + len(people), most_people=MAX_PEOPLE
            )
        )
    everybody = cache_aligned(old + len(people))
    everybody[:old] = world.people
    everybody[old:] = people
    if not len(world.groups):
        return world._replace(people=everybody)
    numbers = np.full(len(everybody), NOBODY, dtype=np.int8)
    numbers[:old] = world.groups
    numbers[old:] = groups
    return world._replace(people=everybody, groups=numbers)


def with_records(
    world: World,
    people: npt.NDArray[np.int64],
    groups: npt.NDArray[Any] | None = None,
    distributions: npt.NDArray[Any] | None = None,
) -> World:
    """The world in which each of these people has a record as a member, whether they have come or not.

    Parameters
    ----------
    world : World
    people : i8 array (n)
    groups : int array (n), optional
        Groups of the population from which their traits are drawn, by number; default: those they belong to.
    distributions : distribution_dtype array, optional
        Distributions of these traits, by group; default: those of the population.
    """
    room = int(world.totals["n_records"][0]) + len(people) + MARGIN
    if room > len(world.members):
        members = new_members(room - 1)
        members[: len(world.members)] = world.members
        world = world._replace(members=members)
    if groups is None or not len(groups):
        groups = world.groups[people] if len(world.groups) else np.full(len(people), NOBODY)
    open_records(
        world,
        people,
        groups.astype(np.int64),
        world.distributions if distributions is None else distributions,
    )
    return world


def groups_of(keys: Keys, seed: int, population: Population) -> npt.NDArray[np.int8]:
    """Number of the group that each person belongs to, by their own key, in the order of the population's groups.

    Parameters
    ----------
    keys : u8 array (n)
    seed : int
        Seed of the run.
    population : Population

    Returns
    -------
    i1 array (n); of length 0 if the population has no groups.
    """
    shares = [group.share for group in population.groups.values()]
    if not shares:
        return np.zeros(0, dtype=np.int8)
    last = int(np.flatnonzero(shares)[-1])  # a sum of shares may be 1 - 1e-9
    drawn = np.searchsorted(np.cumsum(shares), uniforms(seed, Purpose.GROUP, keys), side="right")
    return np.minimum(drawn, last).astype(np.int8)


def distributions_of(population: Population, drivers: Drivers | None = None) -> npt.NDArray[Any]:
    """Distributions of the traits that are drawn when somebody gets a record as a member, by group of the population.

    Parameters
    ----------
    population : Population
    drivers : Drivers, optional
        Of all of them, where they differ from those of the population and its groups.

    Returns
    -------
    distribution_dtype array: a row for each group, and the last one for who is of none.
    """
    parts = [population.model_copy(update=group.traits()) for group in population.groups.values()]
    parts.append(population)
    records = np.zeros(len(parts), dtype=distribution_dtype)
    for record, part in zip(records, parts, strict=True):
        record["drivers"], record["shapes"], record["single"] = _dirichlet(drivers or part.drivers)
        talk, pace = part.talkativeness, part.pace
        record["talkativeness"], record["talkativeness_log_sd"] = talk.mean, talk.log_sd
        record["readers"] = part.readers.share
        record["pace"], record["pace_log_sd"] = pace.mean, pace.log_sd
        record["contentment_sd"] = part.contentment_sd
        record["city"] = 0.0 if part.places is None else part.places.city_km
    return records


def drivers_of(world: World, people: Any) -> npt.NDArray[np.float32]:
    """Driver weights (n, N_DRIVERS) of these people, whether they have come or not."""
    weights = np.empty((len(people), N_DRIVERS), dtype=np.float32)
    fill_drivers(world, np.ascontiguousarray(people, dtype=np.int64), weights)
    return weights


def _dirichlet(drivers: Drivers) -> tuple[Draws, Draws, bool]:
    """The mean weights, the shapes of the gamma draws that give weights around them, and whether only one is above 0.

    Shapes are 0 where all people have the mean weights.
    """
    means = np.array([getattr(drivers, driver.name.lower()) for driver in Driver])
    means = means / means.sum() if means.sum() > 0.0 else np.full(N_DRIVERS, 1.0 / N_DRIVERS)
    all_alike = drivers.spread <= 0.0 or (means > 0.0).sum() == 1
    if all_alike or drivers.spread >= 1.0:
        return means, np.zeros(N_DRIVERS), not all_alike
    return means, means * (1.0 - drivers.spread) / drivers.spread, False


def draw_traits(
    people: npt.NDArray[Any],
    seed: int,
    population: Population,
    quality: Quality | None = None,
    topic: Topic | None = None,
    group: int | None = None,
) -> None:
    """Draw the quality and the topic of people whose ``key`` is set.

    Changes only these fields. Every draw is keyed by the person's key, so one person more or fewer does not change
    the others.

    Parameters
    ----------
    people : person_dtype array (n)
    seed : int
        Seed of the run.
    population : Population
    quality, topic : optional
        Distributions for these people, where they differ from those of the population and its groups.
    group : int, optional
        Number of the group that all of them belong to; default: those of :func:`groups_of`.
    """
    own = {"quality": quality, "topic": topic}
    own = {trait: value for trait, value in own.items() if value is not None}
    for part in _chunks(people):
        if not population.groups:
            _draw(part, seed, population.model_copy(update=own))
            continue
        if group is None:
            numbers = groups_of(np.ascontiguousarray(part["key"]), seed, population)
        else:
            numbers = np.full(len(part), group)
        for number, of_group in enumerate(population.groups.values()):
            members = np.flatnonzero(numbers == number)
            records = part[members]
            _draw(records, seed, population.model_copy(update={**of_group.traits(), **own}))
            part[members] = records


def _draw(people: npt.NDArray[Any], seed: int, population: Population) -> None:
    """Draw traits of people who all have the distributions of the population itself."""
    keys = np.ascontiguousarray(people["key"])
    people["quality"] = _qualities(seed, keys, population.quality)
    people["topic"] = _topics(seed, keys, population.topic)


def places_of(keys: Keys, seed: int, population: Population) -> tuple[Draws, Draws]:
    """Where people live: eastward and northward, km; nan without places. The same numbers as in their records."""
    if population.places is None:
        nowhere = np.full(len(keys), np.nan)
        return nowhere, nowhere
    city = population.places.city_km
    return uniforms(seed, Purpose.PLACE_X, keys) * city, uniforms(seed, Purpose.PLACE_Y, keys) * city


def _chunks(people: npt.NDArray[Any]) -> Iterator[npt.NDArray[Any]]:
    for start in range(0, len(people), _CHUNK):
        yield people[start : start + _CHUNK]


def _qualities(seed: int, keys: Keys, quality: Quality) -> Draws:
    u = uniforms(seed, Purpose.QUALITY, keys)
    if isinstance(quality, Beta):
        from scipy.special import betaincinv

        drawn: Draws = betaincinv(quality.a, quality.b, u)
    else:
        drawn = quality.low + (quality.high - quality.low) * u
    return np.clip(drawn, 0.0, LARGEST_BELOW_1)


def expected_quality(population: Population) -> float:
    """Expected quality of a person, whatever their group, so that one person more does not change it."""
    groups = population.groups.values()
    if not groups:
        return mean_quality(population.quality)
    return math.fsum(group.share * mean_quality(group.quality or population.quality) for group in groups)


def mean_quality(quality: Quality) -> float:
    """Expected quality of a person under the distribution."""
    if isinstance(quality, Beta):
        return quality.a / (quality.a + quality.b)
    return 0.5 * (quality.low + quality.high)


def _topics(seed: int, keys: Keys, topic: Topic) -> Draws:
    if topic.spread == NEVER:  # `uniform` in the file
        return np.minimum(uniforms(seed, Purpose.TOPIC, keys), LARGEST_BELOW_1)
    drawn = (topic.centre + topic.spread * normals(seed, Purpose.TOPIC, keys)) % 1.0
    return np.minimum(drawn, LARGEST_BELOW_1)


def choose_founders(
    people: npt.NDArray[Any], seed: int, population: Population, indptr: Any, indices: Any
) -> npt.NDArray[np.int64]:
    """Positions of the founders, in the order in which they join.

    ``random``: the people with the smallest keyed draws. ``quality``: the people with the highest quality.
    ``connected``: the person with the smallest draw and the people around them, breadth first; if these
    are too few, the same from the next such person.

    Parameters
    ----------
    people : person_dtype array (n)
        With keys and traits.
    seed : int
        Seed of the run.
    population : Population
        Has the number of founders and the rule.
    indptr, indices : arrays
        The graph: i's neighbours are ``indices[indptr[i]:indptr[i + 1]]``.

    Returns
    -------
    i8 array, at most n positions, each once.
    """
    n = len(people)
    if population.founders == "all":
        return np.arange(n)
    count = min(int(population.founders), n)
    draws = uniforms(seed, Purpose.FOUNDING, np.ascontiguousarray(people["key"]))
    if population.founders_by == "quality":
        return np.sort(np.argsort(-people["quality"], kind="stable")[:count])
    order = np.argsort(draws, kind="stable")
    if population.founders_by == "random":
        return np.sort(order[:count])
    founders: list[int] = []
    is_founder = np.zeros(n, dtype=bool)
    for start in order:
        if len(founders) >= count:
            break
        if is_founder[start]:
            continue
        is_founder[start] = True
        founders.append(int(start))
        at = len(founders) - 1
        while at < len(founders) and len(founders) < count:
            person = founders[at]
            neighbours = indices[indptr[person] : indptr[person + 1]]
            new = neighbours[~is_founder[neighbours]][: count - len(founders)]
            is_founder[new] = True
            founders.extend(int(i) for i in new)
            at += 1
    return np.array(founders, dtype=np.int64)


def seed_roles(world: World, founders: npt.NDArray[np.int64], seed: int, population: Population) -> None:
    """Make some founders, who have records, opinion leaders or KOC: set their quality, talkativeness and pace.

    Talkativeness and pace are multiples of the population's mean. Multiples of the founders' own values
    would leave most leaders silent: half of all people come less often than every 16 days, and readers
    never post.
    """
    people, members = world.people, world.members
    draws = uniforms(seed, Purpose.FOUNDING, np.ascontiguousarray(people["key"][founders]), 1)
    order = founders[np.argsort(draws, kind="stable")]
    start = 0
    for role in (population.leaders, population.koc):
        chosen = order[start : start + role.count]
        start += role.count
        people["quality"][chosen] = min(role.quality, float(LARGEST_BELOW_1))
        for trait in ("talkativeness", "pace"):
            members[trait][people["member"][chosen]] = getattr(role, trait) * getattr(population, trait).mean
