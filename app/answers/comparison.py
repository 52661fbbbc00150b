"""The answer of a comparison as one would say it: a sentence for each arm, what it costs, how sure it is."""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from shequn.app.answers.facts import Facts, facts_of
from shequn.app.answers.response_names import capitalise, response_name, short_name
from shequn.app.answers.values import alone, beside, money, period
from shequn.experiments.comparison.assumed import CLEAR, is_known
from shequn.experiments.comparison.paired import Difference, Numbers
from shequn.experiments.comparison.question import MAX_RUNS
from shequn.experiments.comparison.tables import Answer
from shequn.experiments.intervals import mean_interval
from shequn.sim.language import N_, _, ngettext, paragraph
from shequn.sim.presentation.formats import join_words, number
from shequn.sim.text_width import fold

N_NAMED = 5  # assumed numbers that are named: those that move the difference most
FEW_PAIRS = 20
#: What a sentence states unless the question names responses; money is added where there is any.
HEADLINE = ("end", "temperature_end", "posts_per_day")
_WIDTH = 88
#: More of these is what most operators want; fewer of them is a cost.
_WANTED = frozenset(
    {
        "end", "peak", "members", "active_day", "active_week", "active_month", "active_share", "temperature_end",
        "temperature", "evaporation", "dilution", "k", "posts_per_day", "visits_per_day", "seen_week_4",
        "founders_top_share",
    }
)  # fmt: skip
_PAID = {
    "reach_cost": (N_("{money} more for reach"), N_("{money} less for reach")),
    "staff_cost": (N_("{money} more for staff"), N_("{money} less for staff")),
    "rewards": (N_("{money} more in rewards"), N_("{money} less in rewards")),
    "income": (N_("{money} more income"), N_("{money} less income")),
}


def present(answer: Answer, folder: Path) -> list[str]:
    """Write ``summary.txt`` and the figures of a comparison; return remarks about the figures.

    Parameters
    ----------
    answer : Answer
    folder : Path
        The unfinished folder of results, with a folder ``figures``.
    """
    from shequn.app.figures.comparison import draw_curves, draw_differences

    found = facts_of(answer)
    asked = answer.question
    lines = list(summary(found))
    for response, rows in stated_rows(found):
        lines += ["", *assumed_sentences(rows, response, asked.assumed, answer.assumed_runs)]
    if asked.past is not None:
        past = asked.past
        text = _("All continue from the same states: those of run {run} of {scenario} on day {day}.")
        lines += ["", text.format(run=past.run, scenario=past.scenario, day=past.day)]
    main = str(asked.responses[0])
    widest = max(row.difference.half_width for row in answer.compared if row.response == main)
    if asked.until is not None and widest > asked.until:
        text = _("The requested half width, {until:g}, is not reached: it is {widest:.4g}.")
        lines += ["", text.format(until=asked.until, widest=widest)]
    text = "\n".join(part for line in lines for part in (fold(line, _WIDTH) if line else [""])) + "\n"
    (folder / "summary.txt").write_text(text, encoding="utf-8", newline="\n")
    remarks = draw_differences(folder / "figures", answer.differences, answer.comparisons, found)
    draw_curves(folder / "figures", answer.curves, found)
    return remarks


def summary(found: Facts) -> Iterator[str]:
    """The answer line by line: the question, the arms, what it costs, how sure it is, what it depends on."""
    yield found.title
    if found.question != found.title:
        yield found.question
    yield ""
    yield from answer_sentences(found)
    yield from best_arms(found)
    for heading, lines in (
        (_("What it costs"), costs(found)),
        (_("How sure this is"), certainty(found)),
        (_("What it depends on"), dependence(found)),
    ):
        yield ""
        if len(found.others) == 1:
            yield _("{name}: {parts}").format(name=heading, parts=paragraph(lines))
        else:
            yield heading
            yield from (f"- {line}" for line in lines)
    partings = divergences(found)
    if partings:
        yield ""
        yield from partings


def answer_sentences(found: Facts) -> list[str]:
    """One sentence for each arm, the first one included."""
    first = found.others[0]
    own = [
        alone(response, short_name(response), found.of(first)[response].a, found.extra_decimals(response))
        for response in found.headline
        if found.of(first)[response].n
    ]
    a, *__ = found.labels.values()
    return [
        _stated(a, _in_time(found, _listed(own)) if own else _("nothing is known")),
        *(arm_sentence(found, arm) for arm in found.others),
    ]


def arm_sentence(found: Facts, arm: str) -> str:
    """An arm beside the first: what differs in numbers, and what is not shown to differ."""
    shown, unclear, unknown = [], [], []
    differences = found.of(arm)
    for response in found.headline:
        d = differences[response]
        if d.n < 2:
            unknown.append(short_name(response))
        elif d.is_different:
            shown.append(_beside(found, response, d))
        else:
            unclear.append(short_name(response))
    parts = [_in_time(found, _("; ").join(shown))] if shown else []
    if unclear:
        parts.append(_("no difference is shown in {list}").format(list=_joined(unclear)))
    if unknown:
        parts.append(_("nothing can be said about {list}").format(list=_joined(unknown)))
    return _stated(found.labels[arm], _("; ").join(parts))


def best_arms(found: Facts) -> list[str]:
    """Which of several arms has most of a measure of which more is wanted, where it differs from each other arm."""
    best = []
    for response in found.headline if len(found.others) > 1 else ():
        if not (_is_wanted(response) or response in ("balance", "income")):
            continue
        values = found.values(response)
        if len(values) < 2:
            continue
        arm = str(values.mean().idxmax())
        rest = values.drop(columns=arm)
        if all(mean_interval((values[arm] - rest[b]).to_numpy()).low > 0.0 for b in rest):
            highest = int((values[arm] > rest.max(axis=1)).sum())
            text = _("By {what}, {arm} is best, in {k} of {n} pairs.")
            best.append(
                text.format(what=short_name(response), arm=found.labels[arm], k=highest, n=len(values))
            )
    return [paragraph(best)] if best else []


def _stated(arm: str, text: str) -> str:
    """A sentence about an arm."""
    return _("{sentence}.").format(sentence=_("{name}: {parts}").format(name=arm, parts=text))


def _joined(names: list[str]) -> str:
    return (
        names[0]
        if len(names) == 1
        else _("{first} or {last}").format(first=_(", ").join(names[:-1]), last=names[-1])
    )


def _beside(found: Facts, response: str, d: Difference) -> str:
    """A response beside that of the first arm, in the digits that it has everywhere."""
    return beside(response, short_name(response), d.b, d.a, found.extra_decimals(response))


def _listed(parts: list[str]) -> str:
    """Statements of one arm: "1,824 members, quality 0.50"."""
    text = parts[0]
    for part in parts[1:]:
        text = _("{first}, {rest}").format(first=text, rest=part)
    return text


def _in_time(found: Facts, text: str) -> str:
    """Statements with the length of the runs: "after half a year 1,824 members, quality 0.50"."""
    if found.days is None:
        return _("at the end {text}").format(text=text)
    return _("after {period} {text}").format(period=period(found.days), text=text)


def _with_arm(found: Facts, arm: str, text: str) -> str:
    """A sentence that names its arm, if there is more than one besides the first."""
    return _("{name}: {parts}").format(name=found.labels[arm], parts=text) if len(found.others) > 1 else text


def costs(found: Facts) -> list[str]:
    """What each arm costs, and what it saves; only what the intervals show."""
    lines = []
    for arm in found.others:
        shown = {response: d for response, d in found.of(arm).items() if d.is_different}
        amounts = {response: shown[response].mean for response in _PAID if response in shown}
        worse = [_amount(r, mean) for r, mean in amounts.items() if (mean < 0.0) == (r == "income")]
        saved = [_amount(r, mean) for r, mean in amounts.items() if (mean < 0.0) != (r == "income")]
        balance = shown.get("balance")
        if balance is not None and balance.mean < 0.0 and not worse:  # no amount above accounts for it
            worse.append(_beside(found, "balance", balance))
            balance = None
        worse += [
            _beside(found, response, d)
            for response, d in shown.items()
            if d.mean < 0.0 and _is_wanted(response)
        ]
        text = _("; ").join(worse) if worse else _no_cost(found.of(arm))
        sentences = [_with_arm(found, arm, capitalise(_("{sentence}.").format(sentence=text)))]
        if saved:
            sentences.append(_("In return: {list}.").format(list=_("; ").join(saved)))
        if balance is not None and amounts:
            sentences.append(_("In all {amount}.").format(amount=_beside(found, "balance", balance)))
        lines.append(paragraph(sentences))
    return lines


def _amount(response: str, mean: float) -> str:
    more, less = _PAID[response]
    return _(more if mean > 0 else less).format(money=money(mean))


def _is_wanted(response: str) -> bool:
    return response.partition("@")[0] in _WANTED or response.startswith(("tasks.", "duties."))


def _no_cost(differences: Mapping[str, Difference]) -> str:
    """That no cost is shown, and in which measures one would have been seen."""
    looked_at = [
        short_name(response)
        for response, d in differences.items()
        if (_is_wanted(response) or response in _PAID or response == "balance")
        and d.n > 1
        and not d.is_nothing
    ]
    if not looked_at:
        return _("nothing was measured here of which more or less would be a cost")
    return _("no cost is shown in {list}").format(list=_joined(looked_at))


def certainty(found: Facts) -> list[str]:
    """How many pairs agree in each measure stated, and what is not shown; with few pairs, that they are few."""
    lines = [
        _("{n} pairs of runs with the same people and the same luck.").format(n=found.pairs)
        if found.pairs >= FEW_PAIRS
        else _("Only {n} pairs of runs; try --runs 60.").format(n=found.pairs)
    ]
    for arm in found.others:
        agreements = [agreement(response, found.of(arm)[response]) for response in found.headline]
        lines += agreements if len(found.others) == 1 else [_with_arm(found, arm, paragraph(agreements))]
    return lines


def agreement(response: str, d: Difference) -> str:
    """In how many pairs the difference has the direction of its mean, or how many pairs would show one."""
    what = capitalise(short_name(response))
    if d.n < 2:
        return _("{what}: known in {n} pairs only.").format(what=what, n=d.n)
    if d.sd == 0.0 and d.mean == 0.0:
        return _("{what}: the same in every pair.").format(what=what)
    if not d.is_different:
        text = _("{what}: no difference is shown.").format(what=what)
        more = d.needed
        if more is not None and d.n < more <= MAX_RUNS:
            words = _("One of the size seen would take about {n:,} pairs.")
            return paragraph([text, words.format(n=more)])
        return text
    is_up = d.mean > 0.0
    agreeing = round(d.n * (d.b_higher if is_up else 1.0 - d.b_higher - d.equal))
    if agreeing == d.n:
        words = _("{what}: higher in every pair.") if is_up else _("{what}: lower in every pair.")
        return words.format(what=what)
    words = _("{what}: higher in {k} of {n} pairs.") if is_up else _("{what}: lower in {k} of {n} pairs.")
    return words.format(what=what, k=agreeing, n=d.n)


def dependence(found: Facts) -> list[str]:
    """Which assumed numbers turn the answer around or change it clearly, or that this was not tried."""
    if found.assumed is None:
        return [
            _(
                "Not tried yet: many numbers of the model are assumed, and --assumed says which of them the "
                "answer depends on (about 300 runs a pair)."
            )
        ]
    differences = found.of(found.others[0])
    lines = [
        _dependence_of(short_name(response), differences[response], rows)
        for response, rows in stated_rows(found)
    ]
    not_tried = _("What the scenario itself sets, such as purses, prices and wages, was not tried.")
    return [*lines, not_tried]


def stated_rows(found: Facts) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows of the table `assumed` for each response that the sentences state; none without this table."""
    if found.assumed is None:
        return
    for response in found.headline:
        rows = found.assumed[found.assumed["response"] == response]
        if len(rows):
            yield response, rows


def _dependence_of(what: str, d: Difference, rows: pd.DataFrame) -> str:
    """Which assumed numbers turn one difference around or change it clearly, as far as these pairs show."""
    is_against = d.is_different and float(rows["difference"].iloc[0]) * d.mean < 0.0
    if is_against or not is_known(rows):
        text = _(
            "{what}: too few pairs were tried to say which assumed numbers the difference depends on; "
            "give --assumed more of them."
        )
        return text.format(what=capitalise(what))
    turning = list(rows.loc[rows["turns"], "number"]) if d.is_different else []
    clear = [number for number in rows.loc[rows["clear"], "number"] if number not in turning]
    if turning:
        text = _("{numbers} turn the difference in {what} around at half or 1.5 times the value.")
    elif d.is_different:
        text = _("None of {n} assumed numbers is shown to turn the difference in {what} around.")
    elif clear:
        text = _("No difference in {what} is shown, so none of {n} assumed numbers can turn it around.")
    else:
        text = _("No difference in {what} is shown, and none of {n} assumed numbers is shown to make one.")
    n_known = int(rows["largest"].notna().sum())
    sentences = [text.format(numbers=join_words(turning) if turning else "", what=what, n=n_known)]
    if clear:
        words = ngettext(
            "{n} changes its size clearly: {numbers}.", "{n} change its size clearly: {numbers}.", len(clear)
        )
        sentences.append(words.format(n=len(clear), numbers=_(", ").join(clear[:N_NAMED])))
    return paragraph(sentences)


def gain(difference: Difference) -> str:
    """Format the factor by which pairing reduces the variance, with its interval."""
    if math.isnan(difference.reduction):
        return _("unknown")
    if math.isinf(difference.reduction):
        return _("exact")
    return f"{difference.reduction:.1f} ({difference.reduction_low:.1f}–{difference.reduction_high:.1f})"


def in_pairs(d: Difference) -> str:
    """In how many pairs the other arm is higher: ``29 of 30``."""
    return _("{k} of {n}").format(k=round(d.n * d.b_higher), n=d.n) if d.n else ""


def divergences(found: Facts) -> list[str]:
    """When each arm parts from the first, in the order of the arms."""
    return [
        _with_arm(found, str(arm), divergence(rows["day"].to_numpy(dtype=float)))
        for arm, rows in found.partings.groupby("b", sort=False)
    ]


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


def assumed_sentences(rows: pd.DataFrame, response: str, pairs: int, runs: int) -> Iterator[str]:
    """Say which assumed numbers move the difference in a response most, and whether they turn its sign.

    Parameters
    ----------
    rows : DataFrame
        The rows of the response in the table :data:`shequn.experiments.comparison.tables.ASSUMED`.
    response : str
    pairs, runs : int
        Pairs for each number, and runs in all.
    """
    error = float(rows["error"].iloc[0])
    baseline = float(rows["difference"].iloc[0])
    what = response_name(response)
    n_unchanged, n_clear = int((rows["largest"] == 0.0).sum()), int(rows["clear"].sum())
    if not is_known(rows):
        yield (
            _(
                "Of {n} assumed numbers, each tried at 0.5 and 1.5 times its value in both arms (pairs: {pairs}; "
                "{runs:,} more runs), {still} do not change the difference in {what}; these pairs are too few to say "
                "whether the others change it by more than chance."
            ).format(n=len(rows), pairs=pairs, runs=runs, still=n_unchanged, what=what)
        )
        return
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
