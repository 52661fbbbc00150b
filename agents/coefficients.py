"""How a coefficient of a rule is declared: its unit, range, default and source.

Each file of rules declares its own coefficients next to the formulas that use them. A scenario sets
them under ``rules: {<group>: {<name>: value}}``; the compiled rules read them as
``p["<group>_<name>"]``. MODEL.md's tables and the JSON Schema are generated from these
declarations, so they cannot drift.
"""

from dataclasses import dataclass, field

INFINITY = float("inf")


@dataclass(frozen=True)
class Coefficient:
    """One number of the model.

    ``low`` and ``high`` are inclusive bounds. A coefficient with ``choices`` takes one of these words;
    the rules then see the position of the word. ``source`` says where the default comes from, or
    ``assumed``.
    """

    name: str
    default: float | str
    unit: str
    text: str
    source: str = "assumed"
    low: float = 0.0
    high: float = INFINITY
    choices: tuple[str, ...] = ()

    def number(self, value: float | str) -> float:
        """The value as the rules see it (a word becomes its position among the choices)."""
        return float(self.choices.index(str(value))) if self.choices else float(value)


@dataclass(frozen=True)
class Group:
    """The coefficients of one file of rules.

    ``weight`` and ``moves`` are for drivers only: the driver's default mean weight among people
    (before the weights are normalised), and its description in the scenario's schema.
    """

    name: str
    text: str
    coefficients: tuple[Coefficient, ...] = field(default_factory=tuple)
    weight: float = 0.0
    moves: str = ""
