"""What the runs say about the operator's levers, in words, from the tables alone."""

import math
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from shequn.app.answers.rows import Row, in_words
from shequn.experiments.playbook import tables
from shequn.experiments.playbook.design import AS_SHIPPED
from shequn.experiments.playbook.effects import Per
from shequn.sim.language import N_, _
from shequn.sim.presentation.formats import number
from shequn.sim.results.parquet import read_table

_GOALS = {
    "retention": N_("retention (percentage points)"),
    "quality": N_("quality (0 to 1)"),
    "growth": N_("growth (members)"),
    "income": N_("income (yuan)"),
}
_SCALES = {"retention": 100.0, "quality": 1.0, "growth": 1.0, "income": 1.0}
_PER = {Per.LEVER: N_("in all"), Per.YUAN: N_("per 1,000 yuan"), Per.HOUR: N_("per hour of the staff")}
NOTHING = "–"


class Answer(NamedTuple):
    """The tables of a folder of the playbook."""

    kinds: list[Row]
    levers: pd.DataFrame
    mixes: pd.DataFrame
    effects: pd.DataFrame
    ratios: pd.DataFrame
    ranks: pd.DataFrame
    firsts: pd.DataFrame
    study: Row

    @classmethod
    def read(cls, folder: Path) -> "Answer":
        """The tables of a finished or unfinished folder.

        Raises
        ------
        DamagedError
            One is missing.
        """
        names = (
            tables.KINDS, tables.LEVERS, tables.MIXES, tables.EFFECTS, tables.RATIOS, tables.RANKS, tables.FIRSTS,
            tables.STUDY,
        )  # fmt: skip
        kinds, levers, mixes, effects, ratios, ranks, firsts, study = (
            read_table(folder / "tables" / f"{table.name}.parquet") for table in names
        )
        rows = kinds.to_dict("records")
        return cls(rows, levers, mixes, effects, ratios, ranks, firsts, study.to_dict("records")[0])

    def levers_of(self, kind: Row) -> dict[str, Row]:
        """The levers of a kind by name, in their order."""
        rows = self.levers[self.levers["kind"] == kind["kind"]].to_dict("records")
        return {row["lever"]: row for row in rows}

    def effect(self, kind: Row, lever: str, goal: str, mix: str = AS_SHIPPED) -> Row:
        """An effect, with the mix as shipped or another one."""
        return _one(self.effects, mix=mix, kind=kind["kind"], lever=lever, goal=goal)

    def effects_with_mixes(self, kind: Row) -> list[Row]:
        """The effects in a kind with the other mixes."""
        rows = self.effects[(self.effects["kind"] == kind["kind"]) & (self.effects["mix"] != AS_SHIPPED)]
        return list(rows.to_dict("records"))

    def ratio(self, kind: Row, lever: str, goal: str, per: Per) -> Row | None:
        """An effect for what the lever costs; None where the cost is not clearly above 0."""
        rows = _where(self.ratios, kind=kind["kind"], lever=lever, goal=goal, per=str(per))
        return rows[0] if rows else None

    def ranks_of(self, kind: Row, goal: str, per: Per) -> list[Row]:
        """The levers of a kind in their order."""
        return _where(self.ranks, kind=kind["kind"], goal=goal, per=str(per))

    def firsts_of(self, kind: Row, goal: str) -> list[Row]:
        """The first lever with each other mix."""
        rows = _where(self.firsts, kind=kind["kind"], goal=goal)
        return [row for row in rows if row["mix"] != AS_SHIPPED]

    def first(self, kind: Row, goal: str) -> str | None:
        """The lever to take first with the mix as shipped; None if the goal is known in no run."""
        rows = _where(self.firsts, mix=AS_SHIPPED, kind=kind["kind"], goal=goal)
        return str(rows[0]["lead_over"]) if rows else None

    def mix_title(self, mix: str) -> str:
        """A mix in words."""
        return in_words(_one(self.mixes, mix=mix), "title")


def _where(table: pd.DataFrame, **values: str) -> list[Row]:
    rows = table[(table[list(values)] == list(values.values())).all(axis=1)]
    return list(rows.to_dict("records"))


def _one(table: pd.DataFrame, **values: str) -> Row:
    (row,) = _where(table, **values)
    return row


def goal_name(goal: str) -> str:
    """A goal in words, with the unit of its effects."""
    return _(_GOALS[goal])


def per_name(per: Per) -> str:
    """By what levers are ranked, in words."""
    return _(_PER[per])


def is_good(row: Row, name: str = "effect") -> bool:
    """Whether an effect is shown to be above 0."""
    return bool(row[f"{name}_low"] > 0.0)


def is_shown(row: Row, name: str = "effect") -> bool:
    """Whether an interval excludes 0."""
    return bool(row[f"{name}_low"] > 0.0 or row[f"{name}_high"] < 0.0)


def interval_text(row: Row, name: str, scale: float = 1.0, signed: bool = True) -> str:
    """A value with its corrected interval, rounded so that the interval has two digits."""
    value, low, high = (scale * row[f"{name}{end}"] for end in ("", "_low", "_high"))
    if not math.isfinite(value):
        return _("unknown")
    half = (high - low) / 2.0

    def text(x: float) -> str:
        written = number(x, half)
        if not any(digit in written for digit in "123456789"):
            written = written.lstrip("-")  # no minus zero
        sign = "+" if signed and x > 0.0 else ""
        return sign + written.replace("-", "−")

    if not math.isfinite(low) or low == high:
        return text(value)
    return f"{text(value)} ({text(low)} … {text(high)})"


def effect_text(row: Row, goal: str, name: str = "effect") -> str:
    """An effect in the unit of its goal."""
    if row[name] == row[f"{name}_low"] == row[f"{name}_high"] == 0.0:
        return "0"
    return interval_text(row, name, _SCALES[goal])


def cost_text(lever: Row, name: str) -> str:
    """What a lever costs: ``money`` or ``hours``."""
    value, low, high = (lever[f"{name}{end}"] for end in ("", "_low", "_high"))
    if value == low == high == 0.0:
        return _("nothing")
    if high < 0.0:
        saved: Row = {name: -value, f"{name}_low": -high, f"{name}_high": -low}
        return _("saves {amount}").format(amount=interval_text(saved, name, signed=False))
    text = interval_text(lever, name, signed=False)
    return text if low > 0.0 else _("{amount}, not shown").format(amount=text)


def is_free(lever: Row) -> bool:
    """Whether a lever is shown to cost neither money nor hours: a cost that is not shown may still be one."""
    return bool(lever["money_high"] <= 0.0 and lever["hours_high"] <= 0.0)


def certainty(answer: Answer, kind: Row, goal: str, lever: str) -> str:
    """How certain it is that this lever does something, and that it does most."""
    if not is_good(answer.effect(kind, lever, goal)):
        return _("not shown")
    ranks = answer.ranks_of(kind, goal, Per.LEVER)
    place = next(index for index, rank in enumerate(ranks) if rank["lever"] == lever)
    titles = {name: in_words(row, "title") for name, row in answer.levers_of(kind).items()}
    if place > 0:
        return _("shown; {other} may do more, which is not shown").format(other=titles[ranks[0]["lever"]])
    if ranks[0]["ahead"] or len(ranks) == 1:
        return _("shown, and clearly first")
    return _("shown; {other} may do as much").format(other=titles[ranks[1]["lever"]])


def stays_first(answer: Answer, kind: Row, goal: str) -> str:
    """In how many of the other mixes the lever stays first."""
    firsts = answer.firsts_of(kind, goal)
    if not firsts:
        return NOTHING
    same = sum(row["lever"] == row["lead_over"] for row in firsts)
    return _("in {n} of {n2}").format(n=same, n2=len(firsts))
