"""The tables of the headline experiment's answers."""

from shequn.sim.results.schema import Column, Table

_NONE = "there is no answer inside the grid"
_FEW = "more than 2.5 % of the draws have no answer"
_SWEEP = Column("sweep", "string", "", "Name of the sweep.")
_ANSWER = Column("answer", "string", "", "Name of the answer.")
_PAIR = (
    Column("first", "string", "", "One sweep."),
    Column("second", "string", "", "The other."),
)


def _answers(name: str, text: str) -> Table:
    return Table(
        name,
        text,
        (
            _SWEEP,
            _ANSWER,
            Column("value", "double", "", "The answer.", _NONE),
            Column("low", "double", "", "Lower end of its 95 % interval.", _FEW),
            Column("high", "double", "", "Upper end of its 95 % interval.", _FEW),
            Column("there", "double", "share", "Draws that have an answer."),
        ),
    )


ANSWERS = _answers("answers", "One row for each sweep and answer.")
EXPLORED = _answers("explored", "One row for each sweep and answer that was not planned beforehand.")

DIFFERENCES = Table(
    "differences",
    "One row for each pair of sweeps and answer.",
    (
        Column("family", "string", "", "Family of pairs with joint intervals."),
        *_PAIR,
        _ANSWER,
        Column("a", "double", "", "Answer of the first.", _NONE),
        Column("b", "double", "", "Answer of the second.", _NONE),
        Column("difference", "double", "", "b minus a.", "one of the two has no answer"),
        Column("half_width", "double", "", "Half width of the joint interval."),
        Column(
            "differs",
            "bool",
            "",
            "Whether it exceeds that, or only one has an answer, and hardly any draw says otherwise.",
        ),
        Column(
            "beyond_95",
            "bool",
            "",
            "Whether it exceeds its own 95 % interval, as one in twenty does by chance.",
        ),
    ),
)

ORDERS = Table(
    "orders",
    "One row for each pair of sweeps, response, factor and two of its levels: the order of their means.",
    (
        *_PAIR,
        Column("response", "string", "", "Name of the response."),
        Column("factor", "string", "", "Name of the factor."),
        Column("low", "string", "", "One level."),
        Column("high", "string", "", "The other."),
        Column(
            "a", "double", "", "Mean at high minus mean at low in the first, averaged over the other factors."
        ),
        Column("b", "double", "", "The same in the second."),
        Column("clear_a", "bool", "", "Whether a exceeds the joint interval."),
        Column("clear_b", "bool", "", "Whether b exceeds the joint interval."),
    ),
)

LEVELS = Table(
    "levels",
    "One row for each sweep, factor, level and response: means over the other two factors.",
    (
        _SWEEP,
        Column("factor", "string", "", "Name of the factor."),
        Column("level", "string", "", "The level."),
        Column("response", "string", "", "Name of the response."),
        Column("value", "double", "", "Mean.", "unknown in all runs"),
        Column("low", "double", "", "Lower end of its 95 % interval.", "unknown in all runs"),
        Column("high", "double", "", "Upper end of its 95 % interval.", "unknown in all runs"),
    ),
)
