"""What the statistics are in real communities, by kind: the span that a run can be held against."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

_FILE = Path(__file__).with_name("ranges.csv")
KINDS = ("all", "chat", "forum", "list")


class Range(NamedTuple):
    """Lowest, median and highest value over a number of communities."""

    low: float
    median: float
    high: float
    communities: int


@cache
def ranges(kind: str = "all") -> dict[str, Range]:
    """Range of each statistic over the real communities of a kind: all, chat, forum or list (by mail)."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {
            row["statistic"]: Range(
                float(row["min"]), float(row["median"]), float(row["max"]), int(row["communities"])
            )
            for row in rows
            if row["kind"] == kind
        }
