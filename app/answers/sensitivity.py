"""The answer of a sensitivity analysis in sentences: which factors move a response."""

from collections.abc import Sequence
from pathlib import Path

from shequn.app.answers.response_names import capitalise, response_name
from shequn.experiments.designs.design import Design
from shequn.experiments.global_sensitivity.indices import MAIN_INDEX, Index
from shequn.experiments.global_sensitivity.tables import Answer
from shequn.sim.language import _


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
    lines = [
        line
        for response, indices in answer.indices.items()
        for line in sentences(response, indices, answer.method)
    ]
    if answer.replicates < 2:
        lines.append(
            _("With one run at each point, noise cannot be estimated: effects of chance count as real.")
        )
    (folder / "summary.txt").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return remarks + draw_indices(folder / "figures", answer.table, answer.method)


def sentences(response: str, indices: Sequence[Index], method: str) -> list[str]:
    """Name the factors that move a response, the strongest first, and those not distinguished from 0."""
    main = sorted((i for i in indices if i.measure == MAIN_INDEX[method]), key=lambda i: -i.value)
    name = response_name(response)
    clear_factors = [
        _("{factor} {value:.3g} ({low:.3g} to {high:.3g})").format(
            factor=i.factor, value=i.value, low=i.low, high=i.high
        )
        for i in main
        if i.clear
    ]
    unclear_factors = [i.factor for i in main if not i.clear]
    measure = (
        _("mean size of the change over a factor's range")
        if method == "morris"
        else _("share of the variance, interactions included")
    )
    listed = _(", ").join(clear_factors) or _("no factor is distinguishable from 0")
    text = _("{response}, {measure}: {listed}.")
    lines = [text.format(response=capitalise(name), measure=measure, listed=listed)]
    if unclear_factors:
        lines.append(
            _("Not distinguishable from 0: {unclear}.").format(unclear=_(", ").join(unclear_factors))
        )
    return lines
