"""The answer of a sensitivity analysis in sentences: which factors move a response."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from shequn.app.answers.response_names import capitalise, response_name
from shequn.experiments.designs.design import Design
from shequn.experiments.global_sensitivity.indices import MAIN_INDEX, Index
from shequn.experiments.global_sensitivity.tables import Answer
from shequn.sim.language import _
from shequn.sim.presentation.formats import join_words

_ORDERED = 2  # levels that need no order


def present(design: Design, answer: Answer, folder: Path) -> list[str]:
    """Write ``summary.txt`` and the figures of a sensitivity analysis; return remarks.

    Parameters
    ----------
    design : Design
        Its own figures are drawn too.
    answer : Answer
    folder : Path
        The unfinished folder of results, with folders ``tables`` and ``figures``.
    """
    from shequn.app.answers.sweep import present as present_sweep
    from shequn.app.figures.sensitivity import draw_indices

    remarks = present_sweep(design, folder)
    for response, n in answer.unknown.items():
        remarks.append(
            _("{response} is unknown in {unknown} of {size} runs: it has no indices").format(
                response=response, unknown=n, size=answer.runs
            )
        )
    unordered = unordered_factors(design.content)
    lines = [
        line
        for response, indices in answer.indices.items()
        for line in sentences(response, indices, answer.method, unordered)
    ]
    lines += order_remark(unordered, answer.method)
    if answer.replicates < 2:
        lines.append(
            _("With one run at each point, noise cannot be estimated: effects of chance count as real.")
        )
    (folder / "summary.txt").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return remarks + draw_indices(folder / "figures", answer.table, answer.method, unordered)


def sentences(
    response: str, indices: Sequence[Index], method: str, unordered: Collection[str] = ()
) -> list[str]:
    """Name the factors that move a response, and those not distinguished from chance.

    One factor is said to move it most only if its interval lies above those of all others.

    Parameters
    ----------
    response : str
        Its name.
    indices : sequence of Index
        Of all factors.
    method : str
        ``morris`` or ``sobol``.
    unordered : collection of str
        Factors whose levels have no order, see `unordered_factors`: Morris' method has no index of them.
    """
    left_out = unordered if method == "morris" else ()
    main = sorted(
        (i for i in indices if i.measure == MAIN_INDEX[method] and i.factor not in left_out),
        key=lambda i: -i.value,
    )
    name = capitalise(response_name(response))
    clear = [i for i in main if i.clear]
    if not clear:
        lines = [_("{response}: no factor is distinguishable from chance.").format(response=name)]
    else:
        first, others = clear[0], [i for i in main if i is not clear[0]]
        size = (
            _("{value:.3g} on average over its range")
            if method == "morris"
            else _("{value:.0%} of the variance")
        ).format(value=first.value)
        if all(first.low > other.high for other in others):
            text = _("{response}: {factor} moves it most: {size}.")
            lines = [text.format(response=name, factor=first.factor, size=size)]
            clear = clear[1:]
        elif len(clear) == 1:
            text = _("{response}: {factor} moves it: {size}. Others may move it as much.")
            lines = [text.format(response=name, factor=first.factor, size=size)]
            clear = []
        else:
            text = _("{response} is moved by {factors}; it is not shown which of them moves it most.")
            lines = [text.format(response=name, factors=join_words([i.factor for i in clear]))]
            clear = []
        if clear:
            lines.append(_("Also shown: {factors}.").format(factors=_(", ").join(i.factor for i in clear)))
    unclear = [i.factor for i in main if not i.clear]
    if unclear and len(unclear) < len(main):
        lines.append(_("Not distinguishable from chance: {factors}.").format(factors=_(", ").join(unclear)))
    return lines


def order_remark(unordered: Sequence[str], method: str) -> list[str]:
    """That Morris' method says nothing about factors without order; nothing if there are none."""
    if not unordered or method != "morris":
        return []
    text = _(
        "The levels of {factors} have no order, so Morris' method has no effect of them: compare their levels with "
        "shequn sweep, or use --method sobol."
    )
    return [text.format(factors=join_words(list(unordered)))]


def unordered_factors(design: Mapping[str, Any]) -> list[str]:
    """The factors of a design file with more than two levels that are not all numbers, so that they have no order."""
    factors = design.get("factors") or {}
    return [str(name) for name, factor in factors.items() if _lacks_order(factor)]


def _lacks_order(factor: Any) -> bool:
    """Whether the levels of a factor, as a design file writes it, have no order."""
    levels = factor if isinstance(factor, list) else (factor.get("levels") or factor.get("settings") or [])
    if len(levels) <= _ORDERED:
        return False
    values = list(levels.values()) if isinstance(levels, dict) else levels
    return not all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
