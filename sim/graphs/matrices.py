"""Adjacency matrices: a line and a column for each person, and the tie's weight where they cross."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from shequn.sim.graphs.edge_columns import is_number
from shequn.sim.graphs.graph import Graph, GraphError, from_pairs
from shequn.sim.graphs.options import FileOptions
from shequn.sim.language import _

_MOST = 20_000  # people
_LEAST = 4  # people of a matrix without names: fewer could be an edge list


def names_of(rows: Sequence[Sequence[str]], n_lines: int) -> list[str] | None:
    """Names of the people of a matrix, from its first lines; None if it is none.

    Parameters
    ----------
    rows : sequence of sequences of str
        The fields of the first lines.
    n_lines : int
        How many lines there are.
    """
    top = rows[0]
    people = n_lines - 1
    if people >= 2 and len(top) in (people, people + 1) and all(len(row) == people + 1 for row in rows[1:]):
        names = top[-people:]
        if len(set(names)) == people and [row[0] for row in rows[1:]] == names[: len(rows) - 1]:
            return list(names)
    if n_lines >= 3 and all(len(row) == n_lines and all(map(is_number, row)) for row in rows):
        if n_lines < _LEAST and not _is_symmetric(rows):  # three lines may be an edge list
            return None
        return [str(number) for number in range(n_lines)]
    return None


def _is_symmetric(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a small matrix is that of a graph: symmetric, with nothing on the diagonal."""
    cells = np.array([[float(cell.replace(",", ".")) for cell in row] for row in rows])
    return bool((cells == cells.T).all() and not cells.diagonal().any())


def read_matrix(
    path: Path,
    lines: Sequence[tuple[int, Sequence[str]]],
    names: Sequence[str],
    options: FileOptions,
    notes: list[str],
) -> Graph:
    """The graph of a matrix; a cell that is empty or 0 is no tie.

    Parameters
    ----------
    lines : sequence
        Number and fields of every line, without a line of names.
    names : sequence of str

    Raises
    ------
    GraphError
        A line has another number of cells, or a cell is no number from 0 on.
    """
    n = len(names)
    if n > _MOST:
        raise GraphError(
            _("{path}: a matrix of {n:,} people; allowed: at most {most:,} (use an edge list)").format(
                path=path, n=n, most=_MOST
            )
        )
    first: list[Any] = []
    second: list[Any] = []
    weight: list[Any] = []
    for place, (number, fields) in enumerate(lines):
        cells = fields[-n:]
        try:
            values = np.array([float(cell.replace(",", ".")) if cell else 0.0 for cell in cells])
        except ValueError:
            values = np.array([np.nan])
        if len(values) != n or not np.isfinite(values).all() or (values < 0).any():
            raise GraphError(
                _("{path}: line {number}: not a line of the matrix: {n} numbers from 0 on are needed").format(
                    path=path, number=number, n=n
                )
            )
        there = np.flatnonzero(values)
        first.append(np.full(len(there), place))
        second.append(there)
        weight.append(values[there])
    notes.append(_("read as a matrix of {n:,} people").format(n=n))
    try:
        return from_pairs(
            names, np.concatenate(first), np.concatenate(second), np.concatenate(weight), notes, options.mutual,
            repeats=options.repeats,
        )  # fmt: skip
    except GraphError as error:
        raise GraphError(f"{path}: {error}") from None
