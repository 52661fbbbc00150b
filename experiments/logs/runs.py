"""A run's journal as a log: who posted when, who answered whom, who brought whom."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from ruamel.yaml import YAML

from shequn.experiments.logs.activity import DAY, Integers
from shequn.experiments.logs.log import NOBODY, Invitations, Log, LogError, mean_quality
from shequn.sim.language import _
from shequn.sim.results.tables import JOURNAL

_JOURNAL = Path("tables") / "journal.parquet"
_START = datetime.date(2026, 1, 1)  # of a journal without its scenario


def is_journal(path: Path) -> bool:
    """Whether a file is a run's journal."""
    if path.suffix != ".parquet" or not path.is_file():
        return False
    try:
        return set(JOURNAL.names) <= set(pq.read_schema(path).names)
    except (pa.ArrowException, OSError):
        return False


def read_run(path: Path) -> Log:
    """The log of a run's first replicate: its posts and replies, to the end of the run.

    The journal records whom a reply answers, not which post. Listed in the invitations are all who wrote.

    Parameters
    ----------
    path : Path
        A run's folder, or a ``journal.parquet``.

    Raises
    ------
    LogError
        There is no full journal, it is damaged, or nobody wrote.
    """
    file = path / _JOURNAL if path.is_dir() else path
    folder = path if path.is_dir() else path.parent.parent
    if not file.is_file():
        raise LogError(
            _("{path}: no {as_posix}; run the scenario with --journal full").format(
                path=path, as_posix=_JOURNAL.as_posix()
            )
        )
    try:
        table = pq.read_table(file, columns=["run", "time", "kind", "person", "other", "value"])
    except (pa.ArrowException, OSError) as error:
        raise LogError(
            _("{file}: not a readable journal ({splitlines})").format(
                file=file, splitlines=str(error).splitlines()[0][:200]
            )
        ) from None
    rows = table.to_pandas()
    rows = rows[rows["run"] == rows["run"].min()].reset_index(drop=True)
    if not rows["kind"].isin(("post", "reply")).any():
        why = (
            _("nobody wrote")
            if (rows["kind"] == "visit").any()
            else _("it holds memberships only (--journal full)")
        )
        raise LogError(_("{file}: there are no posts to measure: {why}").format(file=file, why=why))
    title, start, days = _scenario(folder)
    notes = [] if title else [_("no scenario beside the journal: its first day is called 2026-01-01")]
    return log_of_journal(rows, start, days, title or "run", notes)


def log_of_journal(
    rows: pd.DataFrame,
    start: datetime.date,
    days: float | None = None,
    title: str = "run",
    notes: Sequence[str] = (),
) -> Log:
    """The log that a journal is: its posts and replies.

    Parameters
    ----------
    rows : DataFrame
        A journal with at least one post: time (days), kind, person, other, value.
    start : date
        Its first day.
    days : float, optional
        Length of the run; without it the last event is the end.
    title : str
    notes : sequence of str
    """
    wrote = rows[rows["kind"].isin(("post", "reply"))]
    zero = (start - datetime.date(1970, 1, 1)).days
    number, people = pd.factorize(wrote["person"])
    person = number.astype(np.int64)
    author = pd.Index(people).get_indexer(wrote["other"].fillna(NOBODY).to_numpy())
    author[(wrote["kind"] != "reply").to_numpy()] = NOBODY
    last = float(rows["time"].iloc[-1]) if days is None else max(float(days), float(rows["time"].iloc[-1]))
    inviter, listed = _inviters(rows, people)
    quality = np.full(listed, np.nan)
    quality[: len(people)] = mean_quality(person, wrote["value"].to_numpy(), len(people))
    return Log(
        title=title,
        person=person,
        time=(wrote["time"].to_numpy() + zero) * DAY,
        end=(last + zero) * DAY,
        answered=author.astype(np.int64),
        invitations=Invitations(inviter, quality, np.arange(len(people))),
        rating=wrote["value"].to_numpy(dtype=float),
        notes=list(notes),
    )


def _scenario(folder: Path) -> tuple[str, datetime.date, float | None]:
    """Name, first day and length of a run, from its folder; no name where they are not known."""
    try:
        written: Any = YAML(typ="safe").load((folder / "scenario.yaml").read_text(encoding="utf-8"))
        return f"{folder.parent.name}/{folder.name}", written["start"], float(written["days"])
    except (OSError, KeyError, TypeError, ValueError):
        return "", _START, None


def _inviters(rows: pd.DataFrame, people: Any) -> tuple[Integers, int]:
    """Who brought each writer at their first joining, numbered as the writers and on; how many there are."""
    joins = rows[rows["kind"] == "join"].drop_duplicates("person").set_index("person")["other"]
    by = joins.reindex(people).fillna(NOBODY).to_numpy().astype(np.int64)
    numbers, everybody = pd.factorize(np.concatenate((people, by[by >= 0])))
    inviter = np.full(len(people), NOBODY, dtype=np.int64)
    inviter[by >= 0] = numbers[len(people) :]
    return inviter, len(everybody)
