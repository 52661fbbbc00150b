"""The tables of the playbook's page and report, in words."""

import pandas as pd

from shequn.app.answers.playbook import (
    NOTHING,
    Answer,
    certainty,
    cost_text,
    effect_text,
    goal_name,
    is_free,
    is_good,
    is_shown,
    per_name,
    stays_first,
)
from shequn.app.answers.rows import Row, in_words
from shequn.experiments.playbook.design import GOALS
from shequn.experiments.playbook.effects import Per, Turn
from shequn.sim.language import _


def first_table(answer: Answer, kind: Row) -> pd.DataFrame:
    """What to do first, for what: a row for each goal."""
    levers = answer.levers_of(kind)
    rows = [_first_row(answer, kind, goal, levers) for goal in GOALS]
    names = (
        _("goal"), _("do first"), _("effect (interval)"), _("yuan"), _("staff hours"), _("how certain"),
        _("first in other mixes"),
    )  # fmt: skip
    return pd.DataFrame(rows, columns=list(names))


def _first_row(answer: Answer, kind: Row, goal: str, levers: dict[str, Row]) -> tuple[str, ...]:
    name = answer.first(kind, goal)
    if name is None:
        return (goal_name(goal), _("unknown"), *[NOTHING] * 5)
    effect, lever = answer.effect(kind, name, goal), levers[name]
    if not effect["effect"] > 0.0:
        return (goal_name(goal), _("no lever raises it"), *[NOTHING] * 5)
    return (
        goal_name(goal),
        in_words(lever, "title")
        if is_good(effect)
        else _("({lever})").format(lever=in_words(lever, "title")),
        effect_text(effect, goal),
        cost_text(lever, "money"),
        cost_text(lever, "hours"),
        certainty(answer, kind, goal, name),
        stays_first(answer, kind, goal) if is_good(effect) else NOTHING,
    )


def thrift_table(answer: Answer, kind: Row) -> pd.DataFrame:
    """The best lever that costs nothing, per 1,000 yuan, and per hour: a row for each goal; only what is shown."""
    columns = [_("costs nothing"), *(per_name(per) for per in (Per.YUAN, Per.HOUR))]
    rows = [
        [
            goal_name(goal),
            _free(answer, kind, goal),
            *(_best_for_cost(answer, kind, goal, per) for per in (Per.YUAN, Per.HOUR)),
        ]
        for goal in GOALS
    ]
    return pd.DataFrame(rows, columns=[_("goal"), *columns])


def _free(answer: Answer, kind: Row, goal: str) -> str:
    levers = answer.levers_of(kind)
    for rank in answer.ranks_of(kind, goal, Per.LEVER):
        lever, effect = levers[rank["lever"]], answer.effect(kind, rank["lever"], goal)
        if is_free(lever) and is_good(effect):
            return _named(lever, effect_text(effect, goal))
    return NOTHING


def _best_for_cost(answer: Answer, kind: Row, goal: str, per: Per) -> str:
    """The best for its cost."""
    levers = answer.levers_of(kind)
    for rank in answer.ranks_of(kind, goal, per):
        ratio = answer.ratio(kind, rank["lever"], goal, per)
        if ratio is not None and is_good(ratio, "ratio"):
            return _named(levers[rank["lever"]], effect_text(ratio, goal, "ratio"))
    return NOTHING


def _named(lever: Row, effect: str) -> str:
    return _("{name}: {parts}").format(name=in_words(lever, "title"), parts=effect)


def lever_table(answer: Answer, kind: Row) -> pd.DataFrame:
    """What each lever is and costs."""
    rows = [
        (
            in_words(lever, "title"),
            in_words(lever, "what"),
            in_words(lever, "source"),
            cost_text(lever, "money"),
            cost_text(lever, "hours"),
        )
        for lever in answer.levers_of(kind).values()
    ]
    return pd.DataFrame(
        rows, columns=[_("lever"), _("what is done"), _("source"), _("yuan"), _("staff hours")]
    )


def effect_table(answer: Answer, kind: Row, bold: bool = True) -> pd.DataFrame:
    """Each lever and each goal; in Markdown, what is shown is in ``bold``."""
    rows = []
    for name, lever in answer.levers_of(kind).items():
        cells = [(answer.effect(kind, name, goal), goal) for goal in GOALS]
        rows.append([in_words(lever, "title"), *(_cell(row, "effect", goal, bold) for row, goal in cells)])
    return pd.DataFrame(rows, columns=[_("lever"), *(goal_name(goal) for goal in GOALS)])


def ratio_table(answer: Answer, kind: Row, per: Per, bold: bool = True) -> pd.DataFrame:
    """Each lever whose cost is clearly above 0, and each goal: the effect for what it costs."""
    rows = []
    for name, lever in answer.levers_of(kind).items():
        found = [answer.ratio(kind, name, goal, per) for goal in GOALS]
        if any(ratio is not None for ratio in found):
            cells = [
                NOTHING if ratio is None else _cell(ratio, "ratio", goal, bold)
                for ratio, goal in zip(found, GOALS, strict=True)
            ]
            rows.append([in_words(lever, "title"), *cells])
    return pd.DataFrame(rows, columns=[_("lever"), *(goal_name(goal) for goal in GOALS)])


def _cell(row: Row, name: str, goal: str, bold: bool) -> str:
    text = effect_text(row, goal, name)
    return f"**{text}**" if bold and is_shown(row, name) else text


def order_table(answer: Answer, kind: Row) -> pd.DataFrame:
    """The levers of a kind in their order, for each goal and cost."""
    rows = [[goal_name(goal), *(_order(answer, kind, goal, per) for per in Per)] for goal in GOALS]
    return pd.DataFrame(rows, columns=[_("goal"), *(per_name(per) for per in Per)])


def _order(answer: Answer, kind: Row, goal: str, per: Per) -> str:
    """Levers in order: ``>`` is clearly ahead of the next, ``≈`` is not."""
    levers = answer.levers_of(kind)
    text = ""
    ranks = answer.ranks_of(kind, goal, per)
    for index, rank in enumerate(ranks):
        text += in_words(levers[rank["lever"]], "title")
        if index < len(ranks) - 1:
            text += " > " if rank["ahead"] else " ≈ "
    return text or NOTHING


def turn_table(answer: Answer, kind: Row) -> pd.DataFrame:
    """Effects whose sign turns with another mix: it is shown as shipped, and the mean there has the other sign."""
    levers = answer.levers_of(kind)
    rows = []
    for row in answer.effects_with_mixes(kind):
        turned = Turn(row["turns"])
        if turned is Turn.NO:
            continue
        goal = row["goal"]
        rows.append(
            (
                in_words(levers[row["lever"]], "title"),
                goal_name(goal),
                effect_text(answer.effect(kind, row["lever"], goal), goal),
                answer.mix_title(row["mix"]),
                effect_text(row, goal),
                _("shown") if turned is Turn.SHOWN else _("not shown"),
            )
        )
    names = (_("lever"), _("goal"), _("as shipped"), _("mix"), _("effect there"), _("the turn"))
    return pd.DataFrame(rows, columns=list(names))


def other_first_table(answer: Answer, kind: Row) -> pd.DataFrame:
    """Where another lever comes first with another mix, for goals that a lever is shown to raise as shipped."""
    levers = answer.levers_of(kind)
    rows = []
    for goal in GOALS:
        name = answer.first(kind, goal)
        if name is None or not is_good(answer.effect(kind, name, goal)):
            continue
        rows += [
            (
                goal_name(goal),
                in_words(levers[name], "title"),
                answer.mix_title(row["mix"]),
                in_words(levers[row["lever"]], "title"),
                effect_text(row, goal, "lead"),
                _("shown") if is_good(row, "lead") else _("not shown"),
            )
            for row in answer.firsts_of(kind, goal)
            if row["lever"] != name
        ]
    names = (_("goal"), _("first as shipped"), _("mix"), _("first there"), _("its lead"), _("lead"))
    return pd.DataFrame(rows, columns=list(names))
