"""The answer of scenario discovery in sentences: where an outcome was found, and whether that is more than chance."""

from shequn.app.answers.response_names import response_name
from shequn.experiments.discovery.boxes import LEVEL, RESHUFFLES, Box, Discovery, Restriction
from shequn.experiments.discovery.cases import Outcome
from shequn.sim.language import _
from shequn.sim.presentation.formats import join_words, percent

_MAY_BE_DROPPED = 0.05  # quasi-p above which a restriction is said to add nothing shown


def sentences(wanted: Outcome, found: Discovery, unknown: int) -> list[str]:
    """What was found, a paragraph each.

    Parameters
    ----------
    wanted : Outcome
    found : Discovery
    unknown : int
        Number of parameter sets in which the response is unknown.
    """
    words = (
        _("{what} at least {bound:g}, in the mean over the runs")
        if wanted.relation == ">="
        else _("{what} at most {bound:g}, in the mean over the runs")
    )
    what = words.format(what=response_name(wanted.response), bound=wanted.bound)
    text = _("The outcome: {what}. {found} of {n} parameter sets have it ({share}).")
    lines = [
        text.format(what=what, found=found.found, n=found.cases, share=percent(found.found / found.cases))
    ]
    if unknown:
        lines.append(_("{n} parameter sets are left out: there it is unknown.").format(n=unknown))
    if not found.boxes:
        return [*lines, _("No factor divides the parameter sets, so there is no box.")]
    if not found.boxes[0].clear:
        best = found.boxes[0]
        text = _(
            "No box is better than chance (at a level of {level:.0%}). The best one, {where}, has the outcome in "
            "{found} of {cases} parameter sets; outcomes reshuffled at random give a box as good in {share:.1%} of "
            "{n} tries. Do not use it; more parameter sets may show one."
        )
        return [
            *lines,
            text.format(
                level=LEVEL, where=where(best), found=best.found, cases=best.cases, share=best.p, n=RESHUFFLES
            ),
        ]
    for number, box in enumerate(found.boxes, 1):
        text = _(
            "Box {number}: {where}. {found} of its {cases} parameter sets have the outcome (density {density}, "
            "against {base} of all), which are {coverage} of all that have it (coverage). Reshuffled outcomes give a "
            "box as good in {p:.1%} of the tries at most."
        )
        lines.append(
            text.format(
                number=number, where=where(box), found=box.found, cases=box.cases, density=percent(box.density),
                base=percent(found.found / found.cases), coverage=percent(box.coverage), p=box.p,
            )
        )  # fmt: skip
        weak = [one.factor for one in box.restrictions if one.quasi_p > _MAY_BE_DROPPED]
        if weak and len(box.restrictions) > 1:
            lines.append(
                _("Not shown to add anything to box {number} (quasi-p above 5%): {factors}.").format(
                    number=number, factors=join_words(weak)
                )
            )
    lines.append(
        _(
            "A box says where among these parameter sets the outcome was found, not why, and nothing about values that "
            "were not tried."
        )
    )
    return lines


def where(box: Box) -> str:
    """The restrictions of a box in words."""
    return join_words([_restriction(one) for one in box.restrictions])


def _restriction(one: Restriction) -> str:
    if one.levels is not None:
        return _("{factor} is {levels}").format(factor=one.factor, levels=_(" or ").join(one.levels))
    if one.low is None:
        return _("{factor} at most {high:.4g}").format(factor=one.factor, high=one.high)
    if one.high is None:
        return _("{factor} at least {low:.4g}").format(factor=one.factor, low=one.low)
    return _("{factor} from {low:.4g} to {high:.4g}").format(factor=one.factor, low=one.low, high=one.high)
