"""shequn's own graph generator: ties by place, by interest and at random, for up to millions of people.

The properties of its graphs, with the sources of the numbers (all others are assumed):

* Sociability is log-normal with log sd 0.6 (assumed), cut off at 4 times the mean. A person's expected degree
  is proportional to it.
* A tie by interest joins people who are close on the topic circle. A tie by place joins people who are close
  along Hilbert's curve through the city, which approximates distance and needs no search.
* Homophily h is the probability that a tie goes to the closer in quality of two candidates. A pair's chance is
  then proportional to 1 - h + 2 h (1 - d)^2, where d is the distance between their quality ranks. The chances
  are balanced so that the best and the worst have as many ties as others.
* Layers of closeness: a person's closest 5 ties, the next 10, the next 35 and the rest (field notes S5,
  Dunbar's 5/15/50/150) have strengths 1, 0.5, 0.2 and 0.1 (assumed). If the two ends put a tie into different
  layers, the outer layer counts. Closeness is drawn at random; a tie by place or interest gets the better of
  two draws (assumed).
"""

import numpy as np
import numpy.typing as npt

from shequn.sim.fields import MAX_PEOPLE
from shequn.sim.graphs.graph import (
    MAX_TIES,
    Graph,
    GraphError,
    from_pairs,
    new_links,
    without_ties,
)
from shequn.sim.graphs.social_draws import BY_INTEREST, BY_PLACE, CLOSENESS, Pairs, People, Ties, along_curve
from shequn.sim.kernel import social_ties
from shequn.sim.kernel.chance import Keys
from shequn.sim.language import _

#: Settings that a scenario may give, besides the people's traits and the seed.
SETTINGS = ("degree", "place_share", "interest_share", "homophily", "layers")

LAYER_SIZES = (5, 15, 50)  # people up to and including each of Dunbar's layers (field notes S5)
LAYER_STRENGTHS = (1.0, 0.5, 0.2, 0.1)  # assumed


def social(
    keys: Keys,
    quality: npt.ArrayLike,
    topic: npt.ArrayLike,
    x: npt.ArrayLike | None = None,
    y: npt.ArrayLike | None = None,
    degree: float = 20.0,
    place_share: float = 0.3,
    interest_share: float = 0.4,
    homophily: float = 0.3,
    layers: bool = True,
    seed: int = 1,
) -> Graph:
    """Ties among people by place, by interest and at random.

    Parameters
    ----------
    keys : u8 array (n,)
        Each person's key. With the seed it determines every draw.
    quality, topic : arrays (n,)
        Quality in [0, 1]; position on the topic circle of length 1.
    x, y : arrays (n,), optional
        Home in km. Without them the place share is distributed over the other kinds in proportion.
    degree : float
        Mean number of ties per person, at least 0.
    place_share, interest_share : float
        Shares of ties by place and by interest in [0, 1], together at most 1; the other ties are random.
    homophily : float
        Probability in [0, 1] that a tie goes to the closer in quality of two candidates.
    layers : bool
        Whether strengths follow the layers of closeness; else every tie has strength 1.
    seed : int

    Returns
    -------
    Graph
        Every tie has the dimension KNOW; ties by place also have PLACE, ties by interest INTEREST.

    Raises
    ------
    GraphError
        A setting is out of range, or there are more ties than can be numbered.
    """
    n = len(keys)
    _check(n, degree, place_share, interest_share, homophily)
    notes: list[str] = []
    if (x is None or y is None) and place_share > 0:
        others = 1.0 - place_share
        interest_share = min(1.0, interest_share / others) if others > 1e-9 else 1.0
        place_share = 0.0
        notes.append(
            _(
                "no places: ties by place become ties by interest (now {interest_share:.0%} of all) and at "
                "random ({interest_share2:.0%})"
            ).format(interest_share=interest_share, interest_share2=1 - interest_share)
        )
    if n == 1 or degree == 0:
        return without_ties(n)._replace(keys=np.asarray(keys, dtype=np.uint64))
    if degree >= n - 1:
        low, high = np.triu_indices(n, 1)
        names = [str(int(key)) for key in keys]
        note = _("everybody is tied to everybody: {n:,} people cannot have {degree:g} ties each").format(
            degree=degree, n=n
        )
        return from_pairs(names, low, high, notes=[*notes, note] if degree > n - 1 else notes)

    target = 0.5 * n * degree
    people = People(keys, quality, homophily, seed)
    capacity = int(target + 16 * target**0.5 + 8 * n**0.5 + 256)
    pairs = Pairs(capacity)
    if place_share > 0 and x is not None and y is not None:
        city = along_curve(np.asarray(x, float), np.asarray(y, float))
        people.near(city, place_share * target, False, BY_PLACE, pairs)
    if interest_share > 0:
        turns = np.asarray(topic, float) % 1.0
        people.near(turns, interest_share * target, True, BY_INTEREST, pairs)
        del turns
    ties = people.fill(pairs, target, 1.0 - place_share - interest_share > 1e-9)
    del pairs
    return _graph(people, ties, layers, notes)


def _check(n: int, degree: float, place_share: float, interest_share: float, homophily: float) -> None:
    if not 1 <= n <= MAX_PEOPLE:
        raise GraphError(
            _("social: {n:,} people; allowed: 1 to {most_people:,}").format(n=n, most_people=MAX_PEOPLE)
        )
    if not 0 <= degree < float("inf"):
        raise GraphError(_("social: degree is {degree}; allowed: a number from 0").format(degree=degree))
    if 0.5 * n * degree > 0.99 * MAX_TIES:
        raise GraphError(
            _("social: {n:,.0f} ties; allowed: at most {most_ties:,}").format(
                n=0.5 * n * degree, most_ties=MAX_TIES
            )
        )
    for name, value in (("place_share", place_share), ("interest_share", interest_share),
                        ("homophily", homophily)):  # fmt: skip
        if not 0 <= value <= 1:
            raise GraphError(_("social: {name} is {value}; allowed: 0 to 1").format(name=name, value=value))
    if place_share + interest_share > 1 + 1e-9:
        raise GraphError(
            _("social: place_share and interest_share sum to {place_share:g}; allowed: at most 1").format(
                place_share=place_share + interest_share
            )
        )


def _graph(people: People, ties: Ties, layers: bool, notes: list[str]) -> Graph:
    """The finished graph: rows of neighbours, and strengths."""
    start, partner, bits = ties
    keys, n, m = people.keys, len(people.keys), len(partner)
    indptr = np.zeros(n + 1, dtype=np.int64)
    most = social_ties.degrees(n, start, partner, indptr)
    links = new_links(2 * m, most)
    indices, tie = links["other"], links["tie"]
    social_ties.rows(n, start, partner, indptr, indices, tie)
    if layers:
        score = np.empty(m, dtype=np.uint32)
        social_ties.closeness(people.part(CLOSENESS), keys, start, partner, bits, score)
        limits = np.empty((n, len(LAYER_SIZES)), dtype=np.uint32)
        scratch = np.empty(most + 1, dtype=np.uint32)
        social_ties.thresholds(indptr, tie, score, np.array(LAYER_SIZES), scratch, limits)
        levels = np.array(LAYER_STRENGTHS, dtype=np.float32)
        strength = score.view(np.float32)  # each takes the place of its score, which is read once
        social_ties.layer_strengths(start, partner, score, limits, levels, strength)
    else:
        strength = np.ones(m, dtype=np.float32)
    names = None if np.array_equal(keys, np.arange(n, dtype=np.uint64)) else [str(int(key)) for key in keys]
    return Graph(keys, names, indptr, links, strength, bits, tuple(notes))
