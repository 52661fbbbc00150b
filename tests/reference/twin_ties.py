"""Recognition, ties and neighbours of the twin's people."""

import math
from typing import Any

from shequn.agents import perception
from shequn.agents.curves import halving
from shequn.agents.locality import nearness
from shequn.sim.kernel.state import State
from tests.reference.twin_records import Tie

CELL = 0.25  # km


class Tied:
    """Interactions between a person and others."""

    def fade_stocks(self) -> None:
        """Fade recognition, answers and gains to their values now."""
        p, elapsed = self.model.p, self.model.now - self.stocks_at
        if elapsed > 0.0:
            left = halving(elapsed, p["satisfaction_stock_half_life"])
            self.recognition *= left
            self.answers *= left
            self.gains *= left
        self.stocks_at = self.model.now

    def share_left(self) -> float:
        """What is left now of stocks that hold as of their last fading."""
        return halving(self.model.now - self.stocks_at, self.model.p["satisfaction_stock_half_life"])

    def add_gains(self, amount: float) -> None:
        """Receive gains: they fade from now on, though the stocks hold as of their last fading."""
        self.gains += amount / self.share_left()

    def be_welcomed(self) -> None:
        """Receive one unit of recognition without fading the stocks."""
        assert self.room is not None
        self.room.pond.fade(self.model.now, self.model.p)
        self.recognition += 1.0 / self.share_left()
        self.room.pond.count(int(self.last_visit_at), 0, 1.0)

    def recognise(self) -> None:
        """Receive one unit of recognition in the room."""
        assert self.room is not None
        self.fade_stocks()
        self.room.pond.fade(self.model.now, self.model.p)
        self.recognition += 1.0
        self.room.pond.count(int(self.last_visit_at), 0, 1.0)

    def fade_friends(self) -> None:
        """Fade the summed strength grown with people inside to its value now."""
        half_life = self.model.p["relationship_half_life"]
        self.grown_inside *= halving(self.model.now - self.friends_at, half_life)
        self.friends_at = self.model.now

    def interact(self, other: Any, may_tie: bool) -> None:
        """The tie grows; if there is none, one is made if both have fewer than the maximum."""
        p, now = self.model.p, self.model.now
        if other not in self.ties:
            if not may_tie or max(len(self.ties), len(other.ties)) >= p["relationship_max_ties"]:
                return
            self.ties[other] = other.ties[self] = Tie(0.0, now)
            self.ties_inside += 1
            other.ties_inside += 1
        more = self.ties[other].grow(now, p)
        for one in (self, other):
            one.fade_friends()
            one.grown_inside += more

    def cell(self, place: float) -> int:
        """Index of the cell at a coordinate along one side of the city."""
        return min(self.model.across - 1, max(0, int(place / CELL)))

    def nearness_to(self, cell: tuple[int, int]) -> float:
        """How near this person is to the middle of a cell."""
        dx, dy = (cell[0] + 0.5) * CELL - self.x, (cell[1] + 0.5) * CELL - self.y
        return nearness(math.sqrt(dx * dx + dy * dy), self.model.p)

    def add_presence(self, sign: float) -> None:
        """Add this person's presence to the cells within six reaches, or subtract it (``sign`` -1)."""
        if self.model.across and self.room is not None:
            near, reach = (self.room.home or self.room).near, 6.0 * self.model.p["locality_reach"]
            for i in range(self.cell(self.x - reach), self.cell(self.x + reach) + 1):
                for j in range(self.cell(self.y - reach), self.cell(self.y + reach) + 1):
                    near[i, j] = near.get((i, j), 0.0) + sign * self.nearness_to((i, j))

    def near_by(self) -> float:
        """Active members nearby, without this person."""
        if not self.model.across or self.room is None:
            return 0.0
        own = self.cell(self.x), self.cell(self.y)
        return max(0.0, (self.room.home or self.room).near.get(own, 0.0) - self.nearness_to(own))

    def update_neighbours(self, sign: int) -> None:
        """Update those tied to the person after a join (``sign`` 1) or departure (-1), with its shock."""
        p, now = self.model.p, self.model.now
        for other, tie in self.ties.items():
            grown = tie.grown_now(now, p)
            other.ties_inside += sign
            other.base_inside += sign * tie.base
            if grown > 0.0:
                other.fade_friends()
                other.grown_inside += sign * grown
            if sign < 0 and other.state == State.MEMBER:
                other.saw_leaving, other.saw_leaving_at = self, now
                other.level = perception.shocked_level(other.level, self.quality, tie.base + grown, p)
