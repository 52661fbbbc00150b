"""The tables of the headline experiment's answers."""

from shequn.sim.results.schema import Column, Table

_NONE = "there is no answer inside the grid"
_FEW = "hardly all draws have an answer"
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
EXPLORED = _answers("explored", "One row for each sweep and answer that was not asked for beforehand.")

DIFFERENCES = Table(
    "differences",
    "One row for each pair of sweeps and answer.",
    (
        Column("family", "string", "", "Pairs whose intervals hold together."),
        *_PAIR,
        _ANSWER,
        Column("a", "double", "", "Answer of the first.", _NONE),
        Column("b", "double", "", "Answer of the second.", _NONE),
        Column("difference", "double", "", "b less a.", "one of the two has no answer"),
        Column("half_width", "double", "", "Of the joint interval."),
        Column(
            "differs",
            "bool",
            "",
            "Whether it is beyond that, or one has no answer and hardly a draw says otherwise.",
        ),
        Column(
            "beyond_95", "bool", "", "Whether it is beyond its own 95 % interval: by chance one in twenty is."
        ),
    ),
)

ORDERS = Table(
    "orders",
    "One row for each pair of sweeps, response, factor and two of its levels: which of them has more.",
    (
        *_PAIR,
        Column("response", "string", "", "Name of the response."),
        Column("factor", "string", "", "Name of the factor."),
        Column("low", "string", "", "One level."),
        Column("high", "string", "", "The other."),
        Column("a", "double", "", "Mean at high less mean at low in the first, the other factors averaged."),
        Column("b", "double", "", "The same in the second."),
        Column("clear_a", "bool", "", "Whether a is beyond the joint interval."),
        Column("clear_b", "bool", "", "Whether b is beyond the joint interval."),
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
