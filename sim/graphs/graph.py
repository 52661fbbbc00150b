"""The graph of who can reach whom, in one format for every source.

From networkx, a file or shequn's own generator, the engine always gets a :class:`Graph`: plain arrays, in
which each tie is stored once and can be found from both ends.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from shequn.sim.fields import MAX_PEOPLE
from shequn.sim.graphs.options import NO_WEIGHT, FileOptions, by_option
from shequn.sim.kernel.state import MARGIN, link_dtype
from shequn.sim.language import _, plural

if TYPE_CHECKING:
    import networkx

Numbers = npt.NDArray[Any]

KNOW, PLACE, INTEREST, TRADE, MENTOR = 1, 2, 4, 8, 16  # bits of a tie's dimensions
MAX_TIES = 2**31 - 1  # a tie's number is an i4
_LABELS_THAT_ARE_KEYS = 2**63


class GraphError(ValueError):
    """A graph that cannot be loaded or made; the message says where, what was found, and what is allowed."""


class EncodingError(GraphError):
    """Text that has none of the encodings that are tried."""


def new_links(links: int, most: int) -> npt.NDArray[Any]:
    """Room for this many links, at most ``most`` of one person, and for those that a run adds.

    A sixteenth to spare: packing costs O(people), and a fixed spare would be used up faster and faster.
    """
    return np.zeros(links + links // 16 + 2 * most + 2 * MARGIN, dtype=link_dtype)


class Nodes(NamedTuple):
    """Who is in a graph, and how it was read or made: what a run keeps of it beside the world's own links."""

    people: int
    labels: list[str] | None  # (people) names of the nodes; None when they are 0 to people - 1
    notes: tuple[str, ...]


class Graph(NamedTuple):
    """People and the ties between them (n people, m undirected ties).

    The neighbours of person ``i`` are ``indices[indptr[i]:indptr[i + 1]]``, in ascending order; the same
    slice of ``tie`` has the numbers of the ties to them. No tie joins a person to themselves, and no pair
    has two ties. Both are columns of ``links``, which a world takes as they are.
    """

    keys: npt.NDArray[np.uint64]  # (n): the person's key in all random draws
    labels: list[str] | None  # (n) names of the nodes; None when they are 0 to n-1
    indptr: npt.NDArray[np.int64]  # (n + 1)
    links: npt.NDArray[Any]  # (2m and room for more): link_dtype
    strength: npt.NDArray[np.float32]  # (m): (0, 1]
    dimensions: npt.NDArray[np.uint8]  # (m): bits KNOW, PLACE, INTEREST, TRADE, MENTOR
    notes: tuple[str, ...]  # how the graph was read or made, one sentence each

    @property
    def people(self) -> int:
        """Number of people, n."""
        return len(self.keys)

    @property
    def indices(self) -> npt.NDArray[np.int32]:
        """Neighbours, person by person (2m)."""
        return np.asarray(self.links["other"][: self.indptr[-1]])

    @property
    def tie(self) -> npt.NDArray[np.int32]:
        """Number of the tie to each of them, 0 to m-1 (2m)."""
        return np.asarray(self.links["tie"][: self.indptr[-1]])

    @property
    def nodes(self) -> Nodes:
        """Who is in it."""
        return Nodes(self.people, self.labels, self.notes)

    @property
    def ties(self) -> int:
        """Number of ties, m."""
        return len(self.strength)


def key_of(label: str) -> int:
    """A person's key, from the node's name: the number that the name is, or else a hash of the text.

    A whole number from 0 to 2**63 - 1 without leading zeros ("7", not "07") is its own key. Any other name
    gets 63 bits of BLAKE2b. A person's key therefore never depends on who else is in the graph.
    """
    if label.isascii() and label.isdigit() and (label[0] != "0" or label == "0"):
        number = int(label) if len(label) < 20 else _LABELS_THAT_ARE_KEYS
        if number < _LABELS_THAT_ARE_KEYS:
            return number
    digest = blake2b(label.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def keys_of(labels: Sequence[str]) -> npt.NDArray[np.uint64]:
    """The keys of many labels (see :func:`key_of`).

    Raises
    ------
    GraphError
        Two nodes have the same text, for example the number 1 and the word "1".
    """
    keys = np.fromiter((key_of(label) for label in labels), dtype=np.uint64, count=len(labels))
    order = np.argsort(keys, kind="stable")
    same = np.flatnonzero(keys[order[1:]] == keys[order[:-1]])
    if len(same):
        one, other = labels[order[same[0]]], labels[order[same[0] + 1]]
        raise GraphError(
            _("nodes {one!r} and {other!r} have the same key: every node needs a different name").format(
                one=one, other=other
            )
        )
    return keys


def from_pairs(
    labels: Sequence[str] | int,
    first: Numbers,
    second: Numbers,
    strength: Numbers | None = None,
    notes: Sequence[str] = (),
    mutual: bool = False,
    keys: npt.NDArray[np.uint64] | None = None,
    repeats: Literal["largest", "sum"] = "largest",
    bad_weights: Literal["refuse", "drop"] = "refuse",
) -> Graph:
    """A graph from pairs of positions, without self-loops and with one tie per pair.

    Parameters
    ----------
    labels : sequence of str, or int
        Names of the nodes in order, or their number (the names are then 0 to n-1).
    first, second : integer arrays (pairs,)
        Positions of the two ends of each pair.
    strength : array (pairs,), optional
        Above 0. If any value is above 1, all are divided by the largest. Default: every tie has strength 1.
    notes : sequence of str
        Notes on the steps so far; this function's own are added.
    mutual : bool
        Whether only pairs listed in both directions become ties.
    keys : u8 array (n,), optional
        Keys of the labels, if they are already known.
    repeats : "largest" or "sum"
        The strength of a tie that is listed more than once.
    bad_weights : "refuse" or "drop"
        What becomes of pairs whose strength is not above 0.

    Raises
    ------
    GraphError
        There are fewer than two people, too many people or ties, or a strength is not above 0.
    """
    n = labels if isinstance(labels, int) else len(labels)
    if n < 2:
        raise GraphError(
            _("the graph has no people: at least 2 are needed")
            if n == 0
            else _("the graph has one person: at least 2 are needed")
        )
    if n > MAX_PEOPLE:
        raise GraphError(
            _("the graph has {n:,} people; allowed: at most {most_people:,}").format(
                n=n, most_people=MAX_PEOPLE
            )
        )
    if isinstance(labels, int):
        names, keys = None, np.arange(n, dtype=np.uint64)
    else:
        keys = keys_of(labels) if keys is None else keys
        plain = np.array_equal(keys, np.arange(n, dtype=np.uint64))
        names = None if plain else list(labels)
    all_notes = list(notes)
    if strength is not None and bad_weights == "drop":
        good = (strength > 0) & np.isfinite(strength)
        if not good.all():
            words = plural(
                "{n:,} tie without a weight above 0 dropped", "{n:,} ties without a weight above 0 dropped",
                int((~good).sum()),
            )  # fmt: skip
            all_notes.append(words.format(n=int((~good).sum())))
            first, second, strength = first[good], second[good], strength[good]

    loops = first == second
    if loops.any():
        all_notes.append(_dropped_loops(int(loops.sum())))
        first, second = first[~loops], second[~loops]
        strength = None if strength is None else strength[~loops]
    low = np.minimum(first, second).astype(np.int64)
    code = low * n + np.maximum(first, second)
    order = np.argsort(code, kind="stable")
    code = code[order]
    starts = np.flatnonzero(np.concatenate(([True], code[1:] != code[:-1]))) if len(code) else order
    forward = (first < second)[order]
    both = np.zeros(len(starts), dtype=bool)
    if len(starts):
        both = np.logical_or.reduceat(forward, starts) & np.logical_or.reduceat(~forward, starts)
    repeated = len(code) - len(starts) - int(both.sum())
    adds = repeats == "sum"
    if adds and strength is None:
        strength = np.ones(len(order))
    if repeated:
        words = (
            plural(
                "{n:,} repetition of a tie added to it", "{n:,} repetitions of ties added to them", repeated
            )
            if adds
            else plural("{n:,} duplicate tie dropped", "{n:,} duplicate ties dropped", repeated)
        )
        all_notes.append(words.format(n=repeated))
    if mutual:
        all_notes.append(
            _(
                "mutual: {both:,} pairs listed in both directions are ties, "
                "{single:,} pairs listed in one direction are not"
            ).format(both=int(both.sum()), single=int((~both).sum()))
        )
    elif both.any():
        n_both = int(both.sum())
        words = plural(
            "{n:,} pair listed in both directions: one tie",
            "{n:,} pairs listed in both directions: one tie each",
            n_both,
        )
        all_notes.append(words.format(n=n_both))
    code = code[starts]
    if strength is not None:
        combine = np.add if adds else np.maximum
        strength = combine.reduceat(strength[order], starts) if len(starts) else strength
    if mutual:
        code = code[both]
        strength = None if strength is None else strength[both]
    if len(code) > MAX_TIES:
        raise GraphError(
            _("the graph has {n:,} ties; allowed: at most {most_ties:,}").format(
                n=len(code), most_ties=MAX_TIES
            )
        )
    strengths = _scaled(strength, len(code), all_notes)
    indptr, links = _rows(n, code // n, code % n)
    dimensions = np.full(len(code), KNOW, dtype=np.uint8)
    return Graph(keys, names, indptr, links, strengths, dimensions, tuple(all_notes))


def _dropped_loops(n: int) -> str:
    return plural("{n:,} self-loop dropped", "{n:,} self-loops dropped", n).format(n=n)


def _scaled(strength: Numbers | None, ties: int, notes: list[str]) -> npt.NDArray[np.float32]:
    """Strengths in (0, 1]: unchanged if they all are, else divided by the largest, with a note."""
    if strength is None or ties == 0:
        return np.ones(ties, dtype=np.float32)
    bad = ~((strength > 0) & np.isfinite(strength))
    if bad.any():
        raise GraphError(
            _("a tie's weight is {strength:g}: weights must be finite and above 0").format(
                strength=strength[bad][0]
            )
        )
    largest = float(strength.max())
    if largest > 1.0:
        notes.append(
            _("weights divided by the largest, {largest:g}, so that strengths are at most 1").format(
                largest=largest
            )
        )
        strength = strength / largest
    return np.maximum(strength, np.finfo(np.float32).tiny).astype(np.float32)


def _rows(n: int, low: Numbers, high: Numbers) -> tuple[Numbers, Numbers]:
    """Rows of neighbours (``indptr`` and ``links``) from ties in order of (low, high).

    A row starts with the person's lower neighbours and ends with the higher ones, both in ascending order.
    The two positions of every tie therefore follow from counts alone, without sorting each row.
    """
    m = len(low)
    numbers = np.arange(m, dtype=np.int64)
    below, above = np.bincount(high, minlength=n), np.bincount(low, minlength=n)
    indptr = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(below + above, out=indptr[1:])
    links = new_links(2 * m, int(np.diff(indptr).max(initial=0)))
    indices, tie = links["other"], links["tie"]
    at = indptr[low] + below[low] + numbers - (np.cumsum(above) - above)[low]
    indices[at], tie[at] = high, numbers
    by_high = np.argsort(high, kind="stable")
    row = high[by_high]
    at = indptr[row] + numbers - (np.cumsum(below) - below)[row]
    indices[at], tie[at] = low[by_high], by_high
    return indptr, links


def from_networkx(
    graph: "networkx.Graph[Any]", options: FileOptions | None = None, notes: Sequence[str] = ()
) -> Graph:
    """The graph of a ``networkx.Graph`` (or directed graph or multigraph), with people in the order of its nodes.

    The edge attribute ``strength``, or else ``weight``, is the strength of a tie (1 where missing).

    Parameters
    ----------
    graph : networkx.Graph
    options : FileOptions, optional
        Of the file that it comes from.
    notes : sequence of str
        Notes on the steps so far.

    Raises
    ------
    GraphError
        It is not a networkx graph, has fewer than two people, or has weights that are not numbers above 0.
    """
    import networkx as nx

    is_file, options = options is not None, options or FileOptions()
    if not isinstance(graph, nx.Graph):
        raise GraphError(_("found {name}; expected a networkx.Graph").format(name=type(graph).__name__))
    position = {node: i for i, node in enumerate(graph)}
    edges = list(graph.edges(data=True))
    ends = np.fromiter((position[v] for u_v in edges for v in u_v[:2]), dtype=np.int64, count=2 * len(edges))
    strength = None
    for name in {"auto": ("strength", "weight"), NO_WEIGHT: ()}.get(options.weight, (options.weight,)):
        if any(name in data for _, _, data in edges):
            try:
                values = [float(data.get(name, 1.0)) for _, _, data in edges]
            except (TypeError, ValueError) as error:
                raise GraphError(
                    _("edge attribute {name!r} must be a number: {error}").format(name=name, error=error)
                ) from None
            strength = np.array(values)
            bad = ~((strength > 0) & np.isfinite(strength))
            if is_file and options.bad_weights == "refuse" and bad.any():
                raise GraphError(
                    _("a tie's weight is {strength:g}: not above 0; {option}").format(
                        strength=strength[bad][0], option=by_option("bad_weights", "drop")
                    )
                )
            break
    all_notes = [*notes]
    first, second = ends[0::2], ends[1::2]
    if options.mutual and not graph.is_directed():  # an undirected edge counts in both directions
        first, second = np.concatenate((first, second)), np.concatenate((second, first))
        strength = None if strength is None else np.concatenate((strength, strength))
    elif graph.is_directed() and not options.mutual:
        all_notes.append(_("directed: a tie wherever either direction exists"))
    return from_pairs(
        [str(node) for node in graph], first, second, strength, all_notes, options.mutual,
        repeats=options.repeats, bad_weights=options.bad_weights,
    )  # fmt: skip


def without_ties(n: int) -> Graph:
    """A graph of ``n`` people (at least 1) without ties."""
    return Graph(
        np.arange(n, dtype=np.uint64), None, np.zeros(n + 1, dtype=np.int64), new_links(0, 0),
        np.empty(0, dtype=np.float32), np.empty(0, dtype=np.uint8), (_("nobody has ties"),),
    )  # fmt: skip
