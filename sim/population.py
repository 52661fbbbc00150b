"""The people: traits drawn for each person by their own key, from the seed alone."""

import math
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.agents.drivers import N_DRIVERS, Driver
from shequn.sim.fields import MAX_PEOPLE
from shequn.sim.graphs.graph import GraphError
from shequn.sim.kernel.chance import Draws, Keys, Purpose, normals, uniforms
from shequn.sim.kernel.people import open_records
from shequn.sim.kernel.state import NEVER, NOBODY, member_dtype, person_dtype
from shequn.sim.kernel.world import World
from shequn.sim.language import _
from shequn.sim.scenario.population import Population
from shequn.sim.traits import Beta, Drivers, Quality, Topic

_CHUNK = 1 << 18  # people drawn at a time, to bound the memory of the draws
#: The traits, which are drawn once and stay.
DRAWN = ("quality", "topic", "drivers", "x", "y", "talkativeness", "pace", "contentment")
LARGEST_BELOW_1 = np.nextafter(np.float32(1.0), np.float32(0.0))


def new_people(n: int) -> npt.NDArray[Any]:
    """Records of ``n`` people who are outside, without keys, traits or ties."""
    people = cache_aligned(n)
    people["membership"] = NOBODY
    people["invited_by"] = NOBODY
    people["seen_leaving_of"] = NOBODY
    people["application"] = NOBODY
    people["account"] = NOBODY
    return people


def fresh_people(keys: Any) -> npt.NDArray[Any]:
    """Records of people outside, with these keys."""
    people = new_people(len(keys))
    people["key"] = keys
    return people


def new_members(n: int) -> npt.NDArray[Any]:
    """Room for the records of ``n`` members; the first one, which stands for who has never been one, is there."""
    members = np.zeros(1 + n, dtype=member_dtype)
    members["left_at"][0] = NEVER
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


def with_records(world: World, people: npt.NDArray[np.int64]) -> World:
    """The world in which each of these people has a record as a member, whether they have been one or not."""
    members = new_members(len(world.members) - 1 + len(people))
    members[: len(world.members)] = world.members
    world = world._replace(members=members)
    open_records(world, people)
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


def draw_traits(
    people: npt.NDArray[Any],
    seed: int,
    population: Population,
    quality: Quality | None = None,
    topic: Topic | None = None,
    drivers: Drivers | None = None,
    group: int | None = None,
    traits: Collection[str] = DRAWN,
) -> None:
    """Draw the traits of people whose ``key`` is set.

    Changes only the fields of traits. Every draw is keyed by the person's key, so one person more or
    fewer does not change the others.

    Parameters
    ----------
    people : person_dtype array (n)
    seed : int
        Seed of the run.
    population : Population
    quality, topic, drivers : optional
        Distributions for these people, where they differ from those of the population and its groups.
    group : int, optional
        Number of the group that all of them belong to; default: those of :func:`groups_of`.
    traits : names
        Those to draw, all by default.
    """
    own = {"quality": quality, "topic": topic, "drivers": drivers}
    own = {trait: value for trait, value in own.items() if value is not None}
    for part in _chunks(people):
        if not population.groups:
            _draw(part, seed, population.model_copy(update=own), traits)
            continue
        if group is None:
            numbers = groups_of(np.ascontiguousarray(part["key"]), seed, population)
        else:
            numbers = np.full(len(part), group)
        for number, of_group in enumerate(population.groups.values()):
            members = np.flatnonzero(numbers == number)
            records = part[members]
            _draw(records, seed, population.model_copy(update={**of_group.traits(), **own}), traits)
            part[members] = records


def _draw(people: npt.NDArray[Any], seed: int, population: Population, traits: Collection[str]) -> None:
    """Draw traits of people who all have the distributions of the population itself."""
    keys = np.ascontiguousarray(people["key"])
    for trait in traits:
        people[trait] = _drawn(trait, seed, keys, population)


def _drawn(trait: str, seed: int, keys: Keys, population: Population) -> Draws:
    """One trait of people who all have the distributions of the population itself."""
    match trait:
        case "quality":
            return _qualities(seed, keys, population.quality)
        case "topic":
            return _topics(seed, keys, population.topic)
        case "drivers":
            return _weights(seed, keys, population.drivers)
        case "x" | "y":
            if population.places is None:
                return np.full(len(keys), np.nan)
            purpose = Purpose.PLACE_X if trait == "x" else Purpose.PLACE_Y
            return uniforms(seed, purpose, keys) * population.places.city_km
        case "talkativeness":
            talk = population.talkativeness
            drawn = _log_normal(seed, Purpose.TALKATIVENESS, keys, talk.mean, talk.log_sd)
            if population.readers.share > 0.0:
                reads = uniforms(seed, Purpose.TALKATIVENESS, keys, 1) < population.readers.share
                drawn = np.where(reads, 0.0, drawn)
            return drawn
        case "pace":
            return _log_normal(seed, Purpose.PACE, keys, population.pace.mean, population.pace.log_sd)
        case "contentment":
            return population.contentment_sd * normals(seed, Purpose.CONTENTMENT, keys)
    raise ValueError(trait)


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


def _weights(seed: int, keys: Keys, drivers: Drivers) -> Draws:
    """Driver weights (n, N_DRIVERS), each row with sum 1: Dirichlet around the means."""
    means = np.array([getattr(drivers, driver.name.lower()) for driver in Driver])
    means = means / means.sum() if means.sum() > 0.0 else np.full(N_DRIVERS, 1.0 / N_DRIVERS)
    if drivers.spread <= 0.0:
        return np.broadcast_to(means, (len(keys), N_DRIVERS))
    if drivers.spread >= 1.0:  # the limit: a single driver, chosen with the means as chances
        chosen = np.searchsorted(np.cumsum(means), uniforms(seed, Purpose.DRIVERS, keys), side="right")
        return np.eye(N_DRIVERS)[np.minimum(chosen, N_DRIVERS - 1)]
    from scipy.special import gammaincinv

    shapes = means * (1.0 - drivers.spread) / drivers.spread
    drawn = np.zeros((len(keys), N_DRIVERS))
    for driver in range(N_DRIVERS):
        if shapes[driver] > 0.0:
            drawn[:, driver] = gammaincinv(shapes[driver], uniforms(seed, Purpose.DRIVERS, keys, driver))
    total = drawn.sum(axis=1, keepdims=True)
    return np.where(total > 0.0, drawn / np.where(total > 0.0, total, 1.0), means)


def _log_normal(seed: int, purpose: Purpose, keys: Keys, mean: float, log_sd: float) -> Draws:
    """Log-normal draws with this mean (0 gives 0) and this standard deviation of the logarithm."""
    if mean <= 0.0 or log_sd <= 0.0:
        return np.full(len(keys), mean)
    return mean * np.exp(log_sd * normals(seed, purpose, keys) - 0.5 * log_sd * log_sd)


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


def seed_roles(
    people: npt.NDArray[Any], founders: npt.NDArray[np.int64], seed: int, population: Population
) -> None:
    """Make some founders opinion leaders or KOC: set their quality, talkativeness and pace.

    Talkativeness and pace are multiples of the population's mean. Multiples of the founders' own values
    would leave most leaders silent: half of all people come less often than every 16 days, and readers
    never post.
    """
    draws = uniforms(seed, Purpose.FOUNDING, np.ascontiguousarray(people["key"][founders]), 1)
    order = founders[np.argsort(draws, kind="stable")]
    start = 0
    for role in (population.leaders, population.koc):
        chosen = order[start : start + role.count]
        start += role.count
        people["quality"][chosen] = min(role.quality, float(LARGEST_BELOW_1))
        for trait in ("talkativeness", "pace"):
            people[trait][chosen] = getattr(role, trait) * getattr(population, trait).mean
