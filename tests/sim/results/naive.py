"""The journal's measures counted the slow and obvious way, to compare the tables with."""

import math
from typing import Any

import numpy as np

from shequn.agents.compiled import Compiled
from shequn.sim.kernel.chance import mix
from shequn.sim.kernel.state import JournalKind


def _hash(key: int) -> int:
    plain = mix.py_func if isinstance(mix, Compiled) else mix
    with np.errstate(over="ignore"):
        return int(plain(np.uint64(key)))


def ranks(outcome: Any) -> list[tuple[float, float, float]]:
    """(rank, matched rank, control) of each departure, by looking at everybody present."""
    quality = outcome.people["quality"].astype(float)
    present: dict[int, tuple[float, int]] = {}  # person: order of tenure
    found = []
    for row in outcome.membership:
        person, kind = int(row["person"]), row["kind"]
        if kind == JournalKind.JOIN:
            present[person] = (float(row["time"]), _hash(int(outcome.people["key"][person])))
        elif kind in (JournalKind.LEAVE, JournalKind.REMOVE):
            q, n = quality[person], len(present)
            others = [quality[p] for p in present if p != person]
            order = sorted(present, key=lambda p: present[p])
            at = order.index(person)
            matched = [quality[p] for p in order[max(at - 25, 0) : at] + order[at + 1 : at + 26]]
            mean = math.fsum(quality[p] for p in present) / n
            control = 0.0
            if n > 1:
                control = -sum((x - mean) / (n - 1) for x in [q, *matched]) / (len(matched) + 1)
            found.append((_rank(q, others, 1), _rank(q, matched, 5), control))
            del present[person]
    return found


def _rank(q: float, others: list[float], at_least: int) -> float:
    if len(others) < at_least:
        return math.nan
    return (sum(x < q for x in others) + 0.5 * sum(x == q for x in others)) / len(others)


def seen_by_age(journal: Any, days: int) -> dict[tuple[bool, int, int], int]:
    """People seen by (founder, cohort, week of age), from the whole journal at once."""
    first: dict[int, tuple[float, bool]] = {}
    seen: dict[tuple[bool, int, int], set[int]] = {}
    for row in journal:
        person = int(row["person"])
        if row["kind"] == JournalKind.JOIN:
            first.setdefault(person, (float(row["time"]), row["detail"] == 0))
        if row["kind"] in (JournalKind.JOIN, JournalKind.VISIT):
            joined, founder = first[person]
            key = (bool(founder), int(joined // 7), int((row["time"] - joined) // 7))
            seen.setdefault(key, set()).add(person)
    return {key: len(people) for key, people in seen.items()}
