"""Who brought whom: a table beside the log."""

from typing import Any

import numpy as np
import pandas as pd

from shequn.experiments.logs.activity import Integers, Numbers
from shequn.experiments.logs.columns import find_columns
from shequn.experiments.logs.layout import Layout
from shequn.experiments.logs.log import Invitations, LogError, mean_quality
from shequn.experiments.logs.people import plain_names
from shequn.experiments.logs.source import Source
from shequn.experiments.logs.tables import Table, open_table
from shequn.sim.language import _, plural


def read_invitations(
    source: Source,
    layout: Layout,
    person: Integers,
    people: Any,
    rating: Numbers | None,
) -> Invitations | None:
    """Inviters of those listed in a table of their own, and what those wrote is worth; None without a table.

    Parameters
    ----------
    source : Source
        Of the log.
    layout : Layout
    person : integers (n,)
        Person of each event.
    people : pyarrow array
        Name of each person.
    rating : floats (n,) or None
        Rating of each event.

    Raises
    ------
    LogError
        The table cannot be read, or names nobody of the log.
    """
    if layout.inviters is None:
        return None
    other = open_table(layout.inviters)
    asked = {"person": None, "inviter": None}
    ends = find_columns(other, asked, ("person", "inviter"), ())
    read = other.columns(list(ends.values()))
    invited, inviter = (
        plain_names(other, ends[end], read[ends[end]], layout.keep) for end in ("person", "inviter")
    )
    frame = pd.DataFrame({"invited": invited.to_pandas(), "inviter": inviter.to_pandas()})
    frame = _plausible(frame.dropna(subset=["invited"]), other)
    numbers, listed = pd.factorize(pd.concat([frame["invited"], frame["inviter"]]))
    quality = np.full(len(listed), np.nan)
    row = pd.Index(listed).get_indexer(people.to_pylist())
    if (row < 0).all():
        raise LogError(
            _("{path}: nobody named there is in {path2} (the first is {unknown!r})").format(
                path=layout.inviters, path2=source.table.path, unknown=listed[0] if len(listed) else ""
            )
        )
    if rating is not None:
        quality[row[row >= 0]] = mean_quality(person, rating, len(people))[row >= 0]
    source.table.notes += [f"{layout.inviters.name}: {note}" for note in other.notes]
    return Invitations(numbers[len(frame) :].astype(np.int64), quality, row.astype(np.int64))


def _plausible(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """One row for each who was invited, by somebody else; notes say what was left out."""
    by_themselves = frame["invited"] == frame["inviter"]
    n = int(by_themselves.sum())
    if n:
        words = plural(
            "{n:,} person is said to have invited themselves: that counts as unknown",
            "{n:,} people are said to have invited themselves: that counts as unknown",
            n,
        )
        table.notes.append(words.format(n=n))
    frame = frame.assign(inviter=frame["inviter"].where(~by_themselves, None))
    n = int((frame.drop_duplicates()["invited"].value_counts() > 1).sum())
    if n:
        words = plural(
            "{n:,} person has several inviters: the first counts",
            "{n:,} people have several inviters: the first counts",
            n,
        )
        table.notes.append(words.format(n=n))
    return frame.drop_duplicates("invited")
