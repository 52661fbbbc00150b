"""What the runs say about the claims, in words, from the tables alone."""

import math
from pathlib import Path
from typing import Any, NamedTuple, assert_never

import pandas as pd

from shequn.app.answers.rows import Row, in_words
from shequn.experiments.claims import tables
from shequn.experiments.claims.verdicts import Outcome, Verdict
from shequn.sim.language import N_, _
from shequn.sim.presentation.formats import number, percent
from shequn.sim.results.parquet import read_table

_VERDICTS = {
    Verdict.HOLDS: N_("holds"),
    Verdict.DOES_NOT: N_("does not hold"),
    Verdict.DEPENDS: N_("depends"),
    Verdict.UNDECIDED: N_("undecided"),
    Verdict.CANNOT_FAIL: N_("cannot fail here"),
    Verdict.NOT_THE_ARTICLES: N_("not the article's claim"),
    Verdict.NOT_TRIED: N_("not tried"),
}
_OUTCOMES = {Outcome.HOLDS: N_("holds"), Outcome.FAILS: N_("fails"), Outcome.OPEN: N_("open")}
_SETTING_NAMES = {
    "article": N_("the article's case"),
    "forum": N_("the default forum"),
    "graph": N_("a real graph"),
    "log": N_("a community fitted to a log"),
}


class Answer(NamedTuple):
    """The tables of a folder of claims."""

    claims: pd.DataFrame
    effects: pd.DataFrame
    influences: pd.DataFrame
    boundaries: pd.DataFrame
    steps: pd.DataFrame
    sides: pd.DataFrame
    settings: pd.DataFrame
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
            tables.CLAIMS, tables.EFFECTS, tables.INFLUENCES, tables.BOUNDARIES, tables.STEPS, tables.SIDES,
            tables.SETTINGS, tables.STUDY,
        )  # fmt: skip
        claims, effects, influences, boundaries, steps, sides, settings, study = (
            read_table(folder / "tables" / f"{table.name}.parquet") for table in names
        )
        return cls(
            claims, effects, influences, boundaries, steps, sides, settings, study.to_dict("records")[0]
        )

    def rows(self) -> list[Row]:
        """The claims, in their order."""
        return list(self.claims.to_dict("records"))

    def effects_of(self, claim: Row) -> list[Row]:
        """The effects of a claim, setting by setting."""
        return _of_claim(self.effects, claim)

    def boundaries_of(self, claim: Row) -> list[Row]:
        """The numbers that were moved to turn a claim, the clearest first."""
        return _of_claim(self.boundaries, claim)

    def steps_of(self, claim: Row) -> list[Row]:
        """The effects with the clearest of them moved, from its smallest value to its largest."""
        boundaries = self.boundaries_of(claim)
        if not boundaries:
            return []
        steps, place = _of_claim(self.steps, claim), (boundaries[0]["setting"], boundaries[0]["number"])
        return [step for step in steps if (step["setting"], step["number"]) == place]

    def sides_of(self, claim: Row) -> list[Row]:
        """The effects on both sides, in runs of their own; none if it does not turn."""
        return _of_claim(self.sides, claim)


def _of_claim(table: pd.DataFrame, claim: Row) -> list[Row]:
    return list(table[table["claim"] == claim["claim"]].to_dict("records"))


def verdict_name(row: Row) -> str:
    """The verdict on a claim in words; of a claim that is not an article's own, it says so."""
    verdict = Verdict(row["verdict"])
    name = _(_VERDICTS[verdict])
    is_ours = row["whose"] == "inferred" and verdict is not Verdict.NOT_THE_ARTICLES
    return _("{verdict} (inferred)").format(verdict=name) if is_ours else name


def outcome_name(effect: Row) -> str:
    """What became of a claim in one setting, in words."""
    return _(_OUTCOMES[Outcome(effect["outcome"])])


def setting_name(setting: str) -> str:
    """A setting in words."""
    return _(_SETTING_NAMES[setting])


def _settings(names: str) -> str:
    """Settings, separated by spaces in a table, as a list in words."""
    return _(", ").join(setting_name(name) for name in names.split())


def contrast(effect: Row) -> str:
    """The arms of a contrast: second − first, or the only one."""
    first, second = effect["first"], effect["second"]
    return f"`{first}`" if first == second else f"`{second}` − `{first}`"


def measured(value: float, effect: Row) -> str:
    """A value in the unit of the response, with digits that fit the spread of an effect."""
    if value is None or not math.isfinite(value):
        return "–"
    half = (effect["high"] - effect["low"]) / 2.0
    half = min(half, 0.2 * abs(value)) or half  # no coarser than two digits of the value itself
    text = number(value, half) if math.isfinite(half) and half > 0.0 else f"{value:.3g}"
    return text.replace("-", "−")


def effect_text(effect: Row) -> str:
    """An effect with its corrected interval."""
    if not math.isfinite(effect["effect"]):
        return _("unknown")
    value = measured(effect["effect"], effect)
    if not math.isfinite(effect["low"]):
        return value
    return f"{value} ({measured(effect['low'], effect)} … {measured(effect['high'], effect)})"


def claimed_text(effect: Row) -> str:
    """The range that an effect is claimed to lie in."""
    low, high = (f"{effect[name]:.3g}".replace("-", "−") for name in ("claimed_low", "claimed_high"))
    if not math.isfinite(effect["claimed_low"]):
        return _("below {under}").format(under=high)
    if not math.isfinite(effect["claimed_high"]):
        return _("above {over}").format(over=low)
    return _("{first} to {final}").format(first=low, final=high)


def draws_text(effect: Row) -> str:
    """The share of draws on the claimed side."""
    return percent(effect["agreement"]) if effect["draws"] else "–"


def sentences(answer: Answer, row: Row) -> list[str]:
    """Why the verdict on a claim is what it is."""
    verdict = Verdict(row["verdict"])
    match verdict:
        case Verdict.CANNOT_FAIL | Verdict.NOT_TRIED:
            return [in_words(row, "why_not")]
        case Verdict.HOLDS:
            return [
                _(
                    "It holds in every setting, and {share} of the draws or more are on its side in each."
                ).format(share=percent(min(effect["agreement"] for effect in answer.effects_of(row))))
            ]
        case Verdict.DOES_NOT:
            return [_("It fails in every setting.")]
        case Verdict.NOT_THE_ARTICLES:
            return [
                _("What we inferred fails in every setting. No article says it, so none is refuted by it.")
            ]
        case Verdict.DEPENDS:
            return _dependence(answer, row)
        case Verdict.UNDECIDED:
            return _undecided(answer, row)
        case _:
            assert_never(verdict)


def _where(row: Row) -> list[str]:
    texts = (
        (row["holds_in"], N_("It holds in: {settings}.")),
        (row["fails_in"], N_("It fails in: {settings}.")),
        (row["open_in"], N_("It is open in: {settings}.")),
    )
    return [_(text).format(settings=_settings(names)) for names, text in texts if names]


def _dependence(answer: Answer, row: Row) -> list[str]:
    if not isinstance(row["by_setting"], str):
        return _where(row)
    effect = _deciding(answer, row)
    where = setting_name(row["by_setting"])
    if row["holds_in"]:
        text = _("It holds with the numbers as they are; of the draws, {share} are on its side in {setting}.")
        return [text.format(share=percent(effect["agreement"]), setting=where), *_by_number(answer, effect)]
    text = _(
        "It fails with the numbers as they are; of the draws, {share} reach what is claimed in {setting}."
    )
    return [text.format(share=percent(effect["reach"]), setting=where), *_by_number(answer, effect)]


def _deciding(answer: Answer, row: Row) -> Row:
    """The effect because of which a verdict depends on assumed numbers."""
    place = (row["by_setting"], row["by_first"], row["by_second"])
    effects = answer.effects_of(row)
    return next(one for one in effects if (one["setting"], one["first"], one["second"]) == place)


def _by_number(answer: Answer, effect: Row) -> list[str]:
    """The assumed number that decides, if one is clear."""
    known = answer.influences
    keys = ("claim", "setting", "first", "second")
    rows = known[(known[list(keys)] == [effect[key] for key in keys]).all(axis=1) & known["clear"]]
    if not len(rows):
        return [_("No single assumed number decides beyond chance.")]
    first = rows.to_dict("records")[0]
    named = _("The assumed number that matters most is `{number}` (rank correlation {r}).").format(
        number=first["number"], r=f"{first['correlation']:.2f}".replace("-", "−")
    )
    return [named]


def boundary_sentences(answer: Answer, row: Row) -> list[str]:
    """Where a claim turns as one assumed number is moved; nothing where none was."""
    boundaries = answer.boundaries_of(row)
    if not boundaries:
        return []
    boundary, others = boundaries[0], boundaries[1:]
    texts = [
        _("Moved alone in {setting}, for {contrast}: `{number}`.").format(
            setting=setting_name(boundary["setting"]),
            contrast=contrast(boundary),
            number=boundary["number"],
        )
    ]
    if math.isfinite(boundary["crossing"]):
        text = _("There the effect crosses the end of what is claimed at {factor} times its value.")
        texts.append(text.format(factor=f"{boundary['crossing']:.2f}"))
    else:
        steps = answer.steps_of(row)
        text = _("There the effect stays on one side from {low} to {high} times its value.")
        texts.append(text.format(low=f"{steps[0]['times']:g}", high=f"{steps[-1]['times']:g}"))
    texts += _on_both_sides(answer.sides_of(row), boundary["both_sides"])
    if others:
        named = _(", ").join(map(_moved_as_well, others))
        texts.append(_("Moved as well, and where it crosses: {numbers}.").format(numbers=named))
    return texts


def _on_both_sides(sides: list[Row], is_shown: bool) -> list[str]:
    """The effects on both sides of where a claim turns; nothing where it does not."""
    if not sides:
        return []
    found = [
        _("{effect} at {times} times its value, {value} ({outcome})").format(
            effect=effect_text(side),
            times=f"{side['times']:g}",
            value=f"{side['value']:.4g}",
            outcome=outcome_name(side),
        )
        for side in sides
    ]
    text = _("On both sides, {n} pairs with other seeds: {sides}.")
    texts = [text.format(n=min(side["n"] for side in sides), sides=_("; ").join(found))]
    return (
        texts if is_shown else [*texts, _("That it holds on one side and fails on the other is not shown.")]
    )


def _moved_as_well(boundary: Row) -> str:
    """Another number that was moved, and where the effect crosses."""
    crosses = math.isfinite(boundary["crossing"])
    return _("`{number}` in {setting} ({crossing})").format(
        number=boundary["number"],
        setting=setting_name(boundary["setting"]),
        crossing=_("at {factor}").format(factor=f"{boundary['crossing']:.2f}") if crosses else _("nowhere"),
    )


def _undecided(answer: Answer, row: Row) -> list[str]:
    needed: Any = row["needed"]
    if isinstance(row["by_setting"], str):
        effect = _deciding(answer, row)
        text = _(
            "It holds in every setting with the numbers as they are; {share} of the draws are on its side in "
            "{setting}, which luck alone explains ({luck}): each draw needs more pairs."
        )
        where = setting_name(row["by_setting"])
        return [
            text.format(share=percent(effect["agreement"]), setting=where, luck=percent(effect["by_luck"]))
        ]
    if not row["open_in"]:
        return [*_where(row), _("Whether it depends on assumed numbers is not known without draws.")]
    if pd.isna(needed):
        return [*_where(row), _("No number of pairs up to a million would decide.")]
    return [*_where(row), _("About {n} pairs in all would decide.").format(n=f"{int(needed):,}")]


def summary_table(answer: Answer) -> pd.DataFrame:
    """A row for each claim: the articles' words, the verdict, and in how many settings it holds, fails and is open."""
    rows = answer.rows()
    places = [[row[f"{name}_in"].split() for name in ("holds", "fails", "open")] for row in rows]
    return pd.DataFrame(
        {
            _("claim"): [row["claim"] for row in rows],
            _("articles"): [row["articles"] for row in rows],
            _("the articles say"): [in_words(row, "words") for row in rows],
            _("verdict"): [verdict_name(row) for row in rows],
            _("holds, fails, is open in"): [
                ", ".join(str(len(names)) for names in of_claim) if any(of_claim) else "–"
                for of_claim in places
            ],
        }
    )


def counts(answer: Answer) -> list[str]:
    """How many claims have each verdict, in the order of the verdicts."""
    verdicts = [Verdict(row["verdict"]) for row in answer.rows()]
    return [
        f"{_(name)} {verdicts.count(verdict)}" for verdict, name in _VERDICTS.items() if verdict in verdicts
    ]
