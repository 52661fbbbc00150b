"""Records of spaces and their rooms, and the trees in which rooms with free seats are found."""

import numpy as np
import numpy.typing as npt

from shequn.sim.kernel.state import NO_TALK, NOBODY, OPEN, READ_ONLY, room_dtype, space_dtype
from shequn.sim.kernel.world import Records
from shequn.sim.scenario.spaces import Place

_ORDERS = ("newest", "hot", "interest", "followed", "official")  # of reading, by number


def room_capacity(capacity: int | None) -> int:
    """Largest number of members of a room, as its record holds it; None = no limit."""
    return int(np.iinfo(np.int64).max) if capacity is None else capacity


def rooms_of(
    places: tuple[Place, ...],
) -> tuple[Records, Records, npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Spaces, their rooms, the rooms of each space in order, and the trees of rooms with free seats."""
    spaces = np.zeros(len(places), dtype=space_dtype)
    spaces["child"] = spaces["first"] = spaces["last"] = NOBODY
    blocks: list[Records] = []
    first = 0
    for number, place in enumerate(places):
        space, parent = place.space, place.parent
        spaces["parent"][number], spaces["copies"][number] = parent, space.copies
        spaces["placing"][number] = ("random", "topic", "first", "place").index(space.fill)
        spaces["order"][number] = _ORDERS.index(space.order)
        spaces["splits"][number] = space.splits is not None
        if parent >= 0 and spaces["child"][parent] == NOBODY:
            spaces["child"][parent] = number
        outer = None if parent < 0 else blocks[parent]
        rooms = np.zeros(space.copies * (1 if outer is None else len(outer)), dtype=room_dtype)
        rooms["space"], rooms["position"] = number, np.arange(len(rooms))
        rooms["desk"] = rooms["position"]
        rooms["capacity"] = room_capacity(space.seats)
        rooms["talk"] = NO_TALK if not space.talk else OPEN if space.may_post == "members" else READ_ONLY
        rooms["parent"], rooms["home"], rooms["pond"] = NOBODY, NOBODY, NOBODY
        own = first + np.arange(len(rooms))
        if outer is not None:
            around = np.repeat(np.arange(len(outer)), space.copies)
            rooms["parent"] = _first_room(blocks, parent) + around
            rooms["home"], rooms["pond"] = outer["home"][around], outer["pond"][around]
        if space.talk and space.may_post == "members":
            rooms["home"] = own
        if space.ranks:
            rooms["pond"] = own
        blocks.append(rooms)
        spaces["n_rooms"][number] = len(rooms)
        first += len(rooms)
    every = np.concatenate(blocks)
    nowhere = every["pond"] == NOBODY
    every["pond"][nowhere] = np.flatnonzero(nowhere)
    size = 1 << max(0, (max(len(block) for block in blocks) - 1)).bit_length()
    room_of = np.full((len(places), size), NOBODY, dtype=np.int32)
    for number in range(len(places)):
        room_of[number, : len(blocks[number])] = _first_room(blocks, number) + np.arange(len(blocks[number]))
    return spaces, every, room_of, seat_trees(spaces, every, room_of)


def _first_room(blocks: list[Records], number: int) -> int:
    """Number of the first room of a space, from the rooms of each space in order."""
    return sum(len(block) for block in blocks[:number])


def seat_trees(spaces: Records, rooms: Records, room_of: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """For each space the tree of counts of rooms with free seats (see ``kernel/rooms.py``)."""
    size = room_of.shape[1]
    trees = np.zeros((len(spaces), 2 * size), dtype=np.int32)
    there = room_of != NOBODY
    free = np.where(there, rooms["members"][room_of] < rooms["capacity"][room_of], 0)
    trees[:, size:] = free
    level = size
    while level > 1:
        below = trees[:, level : 2 * level]
        level //= 2
        trees[:, level : 2 * level] = below[:, 0::2] + below[:, 1::2]
    return trees
