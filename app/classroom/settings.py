"""What a visitor has set: a scenario for each community, and the positions of all knobs."""

from dataclasses import dataclass, replace
from typing import Any

from shequn.app.classroom.knobs import FILE, KNOB, PER_SIDE, SHARED

SIDES = ("A", "B")

Positions = dict[str, int]


@dataclass(frozen=True)
class Settings:
    """The scenarios that both communities start from, and the positions of all knobs."""

    bases: dict[str, str]
    shared: Positions
    sides: dict[str, Positions]

    @classmethod
    def of_file(cls, a: str, b: str | None = None) -> "Settings":
        """Both communities as their files say; without a second one, both are the same."""
        own = dict.fromkeys(PER_SIDE, FILE)
        bases = {"A": a, "B": a if b is None else b}
        return cls(bases, dict.fromkeys(SHARED, FILE), dict.fromkeys(SIDES, own))

    def value(self, side: str, key: str) -> Any:
        """The value of a knob in one community; None = as in the file."""
        position = self.position(side, key)
        return None if position == FILE else KNOB[key].value(position)

    def position(self, side: str, key: str) -> int:
        """The position of a knob in one community."""
        return (self.shared if KNOB[key].shared else self.sides[side])[key]

    def with_position(self, side: str, key: str, position: int) -> "Settings":
        """Copy these settings with one knob moved in ``A``, ``B`` or both (``AB``).

        Raises
        ------
        ValueError
            There is no such side, knob or position.
        """
        if key not in KNOB or side not in (*SIDES, "AB") or not 0 <= position < KNOB[key].n_positions:
            raise ValueError(f"no such setting: {side} {key} {position}")
        if KNOB[key].shared:
            return replace(self, shared={**self.shared, key: position})
        changed = {s: {**own, key: position} if s in side else own for s, own in self.sides.items()}
        return replace(self, sides=changed)

    def as_in_the_file(self) -> "Settings":
        """Copy these settings with every knob back at what the file says."""
        return Settings.of_file(self.bases["A"], self.bases["B"])

    @property
    def have_one_base(self) -> bool:
        """Whether both communities start from the same scenario."""
        return self.bases["A"] == self.bases["B"]

    def differing_keys(self) -> list[str]:
        """Keys of the knobs that differ between the two communities."""
        a, b = (self.sides[side] for side in SIDES)
        return [key for key in PER_SIDE if a[key] != b[key]]
