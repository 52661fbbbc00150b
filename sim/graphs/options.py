"""How a graph file is to be read: an option for everything that is guessed otherwise."""

from typing import Literal, NamedTuple

from shequn.sim.language import _

MATRIX = "matrix"  # stands for "columns" where the file is an adjacency matrix
NO_WEIGHT = "none"


class FileOptions(NamedTuple):
    """Options of a graph file.

    Attributes
    ----------
    mutual : bool
        Whether a pair must be listed in both directions to be a tie; else one direction is enough.
    header : "auto", True or False
        Whether the first line of an edge list is a header.
    delimiter : str
        One character, ``tab``, ``comma``, ``semicolon``, ``space`` (any run of spaces and tabs), or ``auto``.
    columns : str
        The two columns of names, by name or number from 1, with a comma between; ``matrix``; or ``auto``.
    weight : str
        Column (or, in other formats, attribute) of the ties' weights; ``none``, or ``auto``.
    repeats : "largest" or "sum"
        What becomes of the weights of a tie that is listed more than once.
    bad_weights : "refuse" or "drop"
        What becomes of ties whose weight is not above 0.
    """

    mutual: bool = False
    header: Literal["auto"] | bool = "auto"
    delimiter: str = "auto"
    columns: str = "auto"
    weight: str = "auto"
    repeats: Literal["largest", "sum"] = "largest"
    bad_weights: Literal["refuse", "drop"] = "refuse"


def by_option(key: str, value: str) -> str:
    """How an option is given: as a key of a scenario, and on the command line."""
    return _("population.graph.{key}: {value} (--graph-{option} {value}) decides").format(
        key=key, option=key.replace("_", "-"), value=value
    )
