"""Spaces: places in a tree. Members sit in rooms of the leaves and read what is posted on the way up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from shequn.sim.fields import MAX_PEOPLE, ByName, Strict, WholeNumber, by_name
from shequn.sim.hints import did_you_mean
from shequn.sim.kernel.gates.gate import Gate
from shequn.sim.kernel.state import LEVELS, MAX_SPACES
from shequn.sim.language import _
from shequn.sim.operations.set_gates import GatesByName, faults_of_gates

if TYPE_CHECKING:
    from shequn.sim.scenario.model import Content

MAX_ROOMS = 1_000_000
#: Keys of ``community`` that a scenario with spaces sets for each of them.
OF_SPACES = ("rooms", "capacity", "placing", "order")
Seats = Annotated[int, WholeNumber(1, MAX_PEOPLE)]


class Splits(Strict):
    """How a full room is divided into two."""

    by: Literal["random", "topic"] = Field(
        "random", description="Which half of the members goes to the new room: drawn at random, or by topic."
    )
    core: Annotated[int, WholeNumber(0, 10_000)] = Field(
        0, description="Members of the most recognition, who are shared out evenly between both rooms."
    )


class Space(Strict):
    """A kind of place. Members have a seat in a room of a leaf, and read the rooms around it, too."""

    in_: str | None = Field(
        None, alias="in", description="The space that it is in; null = entered from outside."
    )
    copies: Annotated[int, WholeNumber(1, MAX_ROOMS)] = Field(
        1, description="Rooms of this kind in each room of the space that it is in."
    )
    seats: Seats | None = Field(None, description="Seats in each room of a leaf; null = no limit.")
    fill: Literal["random", "topic", "place", "first"] = Field(
        "random",
        description="Room given to who enters: random, topic (the nearest), place (strips from west to east), "
        "first (the first with a free seat). A full one leads on to the next.",
    )
    gates: GatesByName = Field(
        default_factory=ByName,
        json_schema_extra={"default": {}},
        description="What candidates must pass to enter: gates by name, in order.",
    )
    talk: bool = Field(
        True, description="Whether its rooms have posts of their own, read by all who sit below."
    )
    may_post: Literal["members", "nobody"] = Field("members", description="Who may post in its rooms.")
    order: Literal["newest", "hot", "interest", "followed", "official"] = Field(
        "newest", description="Which posts those read first who sit in its rooms."
    )
    ranks: bool | None = Field(
        None,
        description="Whether those who sit in or below one of its rooms are ranked there: honor is then the share of "
        "the others below one on a board that is published at the end of each day. null = they compare themselves with "
        "the mean in their leaf, or in the space around it that ranks.",
    )
    splits: Splits | None = Field(None, description="A full room is divided into two; null = it stays full.")


if TYPE_CHECKING:
    SpacesByName = ByName
else:
    SpacesByName = by_name(Space, MAX_SPACES)


@dataclass(frozen=True)
class Place:
    """A space with its name and its position in the tree."""

    name: str
    parent: int  # number of the space that it is in; -1
    space: Space

    @property
    def gates(self) -> tuple[Gate, ...]:
        """Its gates, in order."""
        return tuple(self.space.gates.values())


def places(content: "Content") -> tuple[Place, ...]:
    """The spaces of a scenario in order, each after the one that it is in.

    Without ``spaces`` there is one, with the rooms, gates and order of ``community`` and ``gates``.
    """
    if content.spaces:
        names = list(content.spaces)
        return tuple(
            Place(name, -1 if space.in_ is None else names.index(space.in_), space)
            for name, space in content.spaces.items()
        )
    community = content.community
    only = Space(
        copies=community.rooms,
        seats=community.capacity,
        fill="first" if community.placing == "fill" else community.placing,
        gates=content.gates,
        order=community.order,
    )
    return (Place("group", -1, only),)


def is_leaf(all_places: tuple[Place, ...], number: int) -> bool:
    """Whether no space is in this one."""
    return all(place.parent != number for place in all_places)


def depth_of(all_places: tuple[Place, ...], number: int) -> int:
    """Number of spaces around one, and itself."""
    depth = 0
    while number >= 0:
        number, depth = all_places[number].parent, depth + 1
    return depth


def is_tree(spaces: Mapping[str, Space]) -> bool:
    """Whether each space is in one above it, if in any."""
    names = list(spaces)
    return all(
        space.in_ is None or space.in_ in names[:number] for number, space in enumerate(spaces.values())
    )


def first_leaf(all_places: tuple[Place, ...], number: int = 0) -> int:
    """Number of the leaf where those sit who enter a space; without a number, founders and who comes from outside."""
    while not is_leaf(all_places, number):
        number = next(inner for inner, place in enumerate(all_places) if place.parent == number)
    return number


def way_to(all_places: tuple[Place, ...], number: int) -> list[int]:
    """Numbers of a space and of those around it, from inside to outside."""
    way = []
    while number >= 0:
        way.append(number)
        number = all_places[number].parent
    return way


def rooms_in(all_places: tuple[Place, ...]) -> list[int]:
    """Number of rooms of each space at the start."""
    rooms: list[int] = []
    for place in all_places:
        rooms.append(place.space.copies * (1 if place.parent < 0 else rooms[place.parent]))
    return rooms


def seats_of(all_places: tuple[Place, ...], leaf: int) -> int | None:
    """Number of seats of a leaf at the start; None = no limit."""
    seats = all_places[leaf].space.seats
    return None if seats is None else seats * rooms_in(all_places)[leaf]


def n_rooms(all_places: tuple[Place, ...]) -> int:
    """Number of rooms at the start, of all spaces."""
    return sum(rooms_in(all_places))


def space_faults(content: "Content") -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is contradictory in the spaces: keys, and a message."""
    spaces: Mapping[str, Space] = content.spaces
    if not spaces:
        return
    if len(spaces) > MAX_SPACES:
        yield ("spaces",), _("{n} spaces; allowed: at most {most}").format(n=len(spaces), most=MAX_SPACES)
        return
    earlier: list[str] = []
    for name, space in spaces.items():
        at = ("spaces", name)
        if space.in_ is not None and space.in_ not in earlier:
            yield (
                (*at, "in"),
                _("{name} is in {outer}, which is no space above it{near}").format(
                    name=name,
                    outer=space.in_,
                    near=did_you_mean(space.in_, earlier) or _("; it is the first"),
                ),
            )
            return
        earlier.append(name)
        for path, message in faults_of_gates(space.gates, content):
            yield (*at, "gates", *path), message
    all_places = places(content)
    if all_places[0].parent >= 0:
        return
    for number, place in enumerate(all_places):
        at = ("spaces", place.name)
        space = place.space
        if depth_of(all_places, number) > LEVELS:
            yield (
                (*at, "in"),
                _("{name} lies more than {most} levels deep").format(name=place.name, most=LEVELS),
            )
        leaf = is_leaf(all_places, number)
        if not leaf and space.seats is not None:
            yield (
                (*at, "seats"),
                _("only leaves have seats, and {name} has spaces in it").format(name=place.name),
            )
        if space.splits is not None:
            if not leaf or space.seats is None or space.seats < 2:
                yield (
                    (*at, "splits"),
                    _("only rooms with at least two seats can be divided, and only of leaves"),
                )
            if space.fill in ("topic", "place"):
                yield (
                    (*at, "fill"),
                    _(
                        "fill is {fill}, but rooms that are added have no place in that order; allowed: random, first"
                    ).format(fill=space.fill),
                )
        if space.fill == "place" and content.population.places is None:
            yield (*at, "fill"), _("fill is place, but population.places is not set")
    if n_rooms(all_places) > MAX_ROOMS:
        yield (
            ("spaces",),
            _("{rooms:,} rooms; allowed: at most {most:,}").format(rooms=n_rooms(all_places), most=MAX_ROOMS),
        )
    for key in OF_SPACES:
        if key in content.community.model_fields_set:
            yield ("community", key), _("community.{key} belongs to the spaces: set it there").format(key=key)
    if content.gates:
        yield ("gates",), _("gates belong to the spaces: set them there")
