"""The answer of a comparison in sentences that a strategist can repeat."""

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from shequn.app.answers.response_names import response_name
from shequn.experiments.comparison.assumed import CLEAR
from shequn.experiments.comparison.paired import POWER, Difference, Numbers
from shequn.experiments.comparison.question import ArmComparison, Question
from shequn.experiments.comparison.tables import Answer
from shequn.experiments.designs.responses import Response
from shequn.experiments.intervals import LEVEL
from shequn.sim.language import _
from shequn.sim.presentation.formats import number

N_NAMED = 5  # assumed numbers that are named: those that move the difference most


def present(answer: Answer, folder: Path) -> list[str]:
    """Write ``summary.txt`` and the figure of a comparison; return remarks about the figure.

    Parameters
    ----------
    answer : Answer
    folder : Path
        The unfinished folder of results, with a folder ``figures``.
    """
    from shequn.app.figures.comparison import draw_differences

    question = answer.question
    text = "\n".join(answer_sentences(question, answer.compared, answer.partings)) + "\n"
    if answer.assumed is not None:
        lines = assumed_sentences(
            answer.assumed, question.responses[0], question.assumed, answer.assumed_runs
        )
        text += "\n" + "\n".join(lines) + "\n"
    (folder / "summary.txt").write_text(text, encoding="utf-8", newline="\n")
    return draw_differences(folder / "figures", answer.differences, answer.comparisons)


def sentences(a: str, b: str, response: str, difference: Difference) -> list[str]:
    """State the difference in one response, and how many more pairs would show one of this size.

    Parameters
    ----------
    a, b : str
        Names of the arms.
    response : str
        Its name.
    difference : Difference
        Of ``b`` from ``a``.
    """
    what = response_name(response)
    if difference.n < 2:
        return [
            _("Nothing can be said about {what}: it is known in only {n} pairs of runs.").format(
                what=what, n=difference.n
            )
        ]
    if difference.sd == 0.0 and difference.mean == 0.0:
        return [
            _("With {b} instead of {a}, {what} comes out the same in all {n} pairs of runs.").format(
                b=b, a=a, what=what, n=difference.n
            )
        ]
    half_width = difference.half_width
    low, high = number(abs(difference.low), half_width), number(abs(difference.high), half_width)
    if difference.is_different:
        up = difference.mean > 0.0
        text = (
            _(
                "With {b} instead of {a}, {what}: {mean} higher ({level:.0%} interval {least} to {most}, "
                "{n} pairs of runs), and higher in {share:.0%} of the pairs."
            )
            if up
            else _(
                "With {b} instead of {a}, {what}: {mean} lower ({level:.0%} interval {least} to {most}, "
                "{n} pairs of runs), and lower in {share:.0%} of the pairs."
            )
        )
        least, most = (low, high) if up else (high, low)
        share = difference.b_higher if up else 1.0 - difference.b_higher - difference.equal
        values = {"b": b, "a": a, "what": what, "level": LEVEL, "n": difference.n, "share": share}
        return [text.format(mean=number(abs(difference.mean), half_width), least=least, most=most, **values)]
    no_difference = _(
        "With {b} instead of {a}, no difference in {what} is shown: between {low} lower and {high} "
        "higher ({level:.0%} interval, {n} pairs of runs)."
    ).format(b=b, a=a, what=what, low=low, high=high, level=LEVEL, n=difference.n)
    more = difference.needed
    if more is None:
        return [no_difference]
    if more <= difference.n:
        return [
            no_difference,
            _("If there were a difference as large as {mean}, these pairs would probably show it.").format(
                mean=number(abs(difference.mean), half_width)
            ),
        ]
    return [
        no_difference,
        _(
            "Finding a difference as large as the one observed, {mean}, with a probability "
            "of {power:.0%} takes about {more:,} pairs: {further:,} more."
        ).format(
            mean=number(abs(difference.mean), half_width), power=POWER, more=more, further=more - difference.n
        ),
    ]


def gain(difference: Difference) -> str:
    """Format the factor by which pairing reduces the variance, with its interval."""
    if math.isnan(difference.reduction):
        return _("unknown")
    if math.isinf(difference.reduction):
        return _("exact")
    return f"{difference.reduction:.1f} ({difference.reduction_low:.1f}–{difference.reduction_high:.1f})"


def answer_sentences(question: Question, comparisons: list[ArmComparison], partings: Numbers) -> list[str]:
    """Return the answer in sentences, arm by arm."""
    a, *others = question.arms
    lines = []
    for arm, b in enumerate(others, start=1):
        for c in comparisons:
            if c.b == b:
                lines += sentences(a, b, c.response, c.difference)
        first_days = partings[arm][~np.isnan(partings[arm])]
        lines.append(divergence(np.where(np.isinf(first_days), np.nan, first_days)))
        lines.append("")
    tests = len(comparisons)
    if tests > 1:
        lines.append(
            _(
                "Each of these {tests} intervals is a 95 % interval on its own: where nothing "
                "differs, one in twenty excludes 0."
            ).format(tests=tests)
        )
    if question.past is not None:
        past = question.past
        lines.append(
            _("All continue from the same states: those of run {run} of {scenario} on day {day}.").format(
                run=past.run, scenario=past.scenario, day=past.day
            )
        )
    main = str(question.responses[0])
    widest = max(c.difference.half_width for c in comparisons if c.response == main)
    if question.until is not None and widest > question.until:
        lines.append(
            _("The requested half width, {until:g}, is not reached: it is {widest:.4g}.").format(
                until=question.until, widest=widest
            )
        )
    return lines


def divergence(days: Numbers) -> str:
    """Say when two arms part.

    Parameters
    ----------
    days : f8 array (n)
        First day on which the runs of a pair differ; nan where they never do. Pairs in which a run
        failed are left out.
    """
    if not len(days):
        return _("It is unknown whether the two diverge.")
    known = days[np.isfinite(days)]
    if not len(known):
        return _("The two never diverge: every day of every run is the same.")
    first, last = known.min(), known.max()
    same = len(days) - len(known)
    text = (
        _(
            "The two diverge on day {middle:.0f} (median; earliest {first:.0f}, latest {last:.0f}); in "
            "{same} of {n} pairs they never do."
        )
        if same
        else _("The two diverge on day {middle:.0f} (median; earliest {first:.0f}, latest {last:.0f}).")
    )
    return text.format(middle=np.median(known), first=first, last=last, same=same, n=len(days))


def assumed_sentences(table: pd.DataFrame, response: Response, pairs: int, runs: int) -> Iterator[str]:
    """Say which assumed numbers move the difference in a response most, and whether they turn its sign.

    Parameters
    ----------
    table : DataFrame
        The table :data:`shequn.experiments.comparison.tables.ASSUMED`.
    response : Response
        The response to describe.
    pairs, runs : int
        Pairs for each number, and runs in all.
    """
    rows = table[table["response"] == str(response)]
    error = float(rows["error"].iloc[0])
    baseline = float(rows["difference"].iloc[0])
    what = response_name(str(response))
    n_unchanged, n_clear = int((rows["largest"] == 0.0).sum()), int(rows["clear"].sum())
    yield (
        _(
            "Of {n} assumed numbers, each tried at 0.5 and 1.5 times its value in both arms ({pairs} "
            "pairs, {runs:,} more runs), {still} do not change the difference in {what}, and {clear} "
            "change it clearly (by more than {errors:.0f} standard errors)."
        ).format(
            n=len(rows), pairs=pairs, runs=runs, still=n_unchanged, what=what, clear=n_clear, errors=CLEAR
        )
    )
    shown = [
        _("{number} ({half} at 0.5 times, {more} at 1.5 times its value)").format(
            number=row["number"], half=number(row["half"], error), more=number(row["more"], error)
        )
        for row in rows.head(N_NAMED).to_dict("records")
        if row["largest"] > 0.0
    ]
    if shown:
        yield _("The difference of {stands} changes most with {shown}.").format(
            stands=number(baseline, error), shown=_("; ").join(shown)
        )
    sign_changes = list(rows.loc[rows["turns"], "number"])
    yield (
        _("Its sign changes with {turning}.").format(turning=_(", ").join(sign_changes))
        if sign_changes
        else _("None of them changes its sign beyond chance.")
    )
