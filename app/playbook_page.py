"""The page of the playbook, made from the tables alone: ``python -m shequn.app.playbook_page FOLDER``.

It writes ``docs/en/explanation/playbook.md`` and the Chinese one. With ``--check`` nothing is written: the command
fails if a page is not what the tables of FOLDER say.
"""

from pathlib import Path

import pandas as pd

from shequn.app.answers.playbook import Answer, per_name
from shequn.app.answers.playbook_tables import (
    effect_table,
    first_table,
    lever_table,
    order_table,
    other_first_table,
    ratio_table,
    thrift_table,
    turn_table,
)
from shequn.app.answers.rows import Row, in_words
from shequn.app.generated_pages import joined_parts, markdown, page_command, write_pages
from shequn.experiments.playbook.effects import Per
from shequn.sim.language import _
from shequn.sim.presentation.formats import join_words, percent


def present(folder: Path) -> list[str]:
    """Write the page in every language into a folder that has its tables."""
    answer = Answer.read(folder)
    write_pages(folder, "playbook", lambda: page(answer))
    return []


def page(answer: Answer) -> str:
    """The page in the current language, as Markdown."""
    parts = ["# " + title(), *introduction(answer)]
    parts += ["## " + _("What to do first, for what"), first_notes()]
    for kind in answer.kinds:
        parts += [_heading(kind), markdown(first_table(answer, kind)), markdown(thrift_table(answer, kind))]
    parts += ["## " + _("All levers"), full_notes()]
    for kind in answer.kinds:
        parts += [_heading(kind), *_full(answer, kind)]
    parts += ["## " + _("Where it turns over"), mix_notes(answer)]
    for kind in answer.kinds:
        parts += [_heading(kind), *_turning(answer, kind)]
    parts += ["## " + _("How it is measured"), *method(answer)]
    parts += ["## " + _("How to repeat it"), f"```sh\n{command(answer)}\n```"]
    return joined_parts(parts)


def title() -> str:
    """The heading of the page."""
    return _("The playbook, ranked")


def introduction(answer: Answer) -> list[str]:
    """What was done, and what to be careful with."""
    study = answer.study
    kinds = join_words([in_words(kind, "title") for kind in answer.kinds])
    first = _(
        "Which lever does most for retention, quality, growth and income, and what does it cost? {n} levers were "
        "tried one at a time in these kinds of community: {kinds}. The designs were committed before any of them was "
        "run (commit `{commit}`). Here {pairs} pairs of runs of each lever, and {mix_pairs} with each other mix of "
        "drivers, at version {version}."
    ).format(
        n=len(answer.levers),
        kinds=kinds,
        commit=study["committed"],
        pairs=study["pairs"],
        mix_pairs=study["mix_pairs"],
        version=study["version"],
    )
    return [first, *careful(answer)]


def careful(answer: Answer) -> list[str]:
    """What to be careful with."""
    quick = _("This was a quick run, with few pairs: a first look, no more.")
    model = _(
        "These are answers of the model. Sizes, pay (50 yuan an hour) and prices are largely assumed; the list of "
        "levers says which. Income is what members pay: what goods cost is not in it."
    )
    return [*([quick] if answer.study["quick"] else []), model]


def first_notes() -> str:
    """How to read the first tables."""
    return _(
        "For each goal the lever with the largest effect that is shown, with its interval, and what it costs over the "
        "whole run. Where none is shown, the largest stands in brackets; its interval includes 0. The second table has "
        "the best lever that costs neither money nor hours, and the best for its cost; only effects that are shown are "
        "in it."
    )


def full_notes() -> str:
    """How to read the full tables."""
    return _(
        "Effects are differences from the community as it is; those in bold are shown. A lever is not in a table per "
        "yuan or hour if its cost is not clearly above 0: it costs nothing, saves, or its cost is not shown. In the "
        "orders, > is clearly ahead of the next, and ≈ cannot be distinguished from it."
    )


def mix_notes(answer: Answer) -> str:
    """How the drivers' mix is varied, and how to read the tables."""
    return _(
        "In each mix one driver's mean weight is raised by {share} of all weights, for everybody and in both arms, and "
        "the others fall in proportion; with more locality all live in a city of ten kilometres. An effect turns over "
        "if it is shown as shipped and its mean has the other sign with a mix; that is shown if the interval there "
        "excludes 0, too. With {pairs} pairs and {n:,} intervals to correct for, these intervals are wide."
    ).format(
        share=percent(answer.study["raised_by"]),
        pairs=answer.study["mix_pairs"],
        n=answer.study["mix_intervals"],
    )


def method(answer: Answer) -> list[str]:
    """Goals, costs and intervals."""
    newcomers = [in_words(kind, "title") for kind in answer.kinds if kind["retention"] == "newcomers"]
    members = [in_words(kind, "title") for kind in answer.kinds if kind["retention"] == "members"]
    texts = []
    if newcomers:
        texts.append(
            _(
                "Retention ({kinds}): the share of newcomers who are members at the end of their week 4."
            ).format(kinds=join_words(newcomers))
        )
    if members:
        texts.append(
            _("Retention ({kinds}): members at the end, as a share of all who were there or joined.").format(
                kinds=join_words(members)
            )
        )
    texts += [
        _(
            "Quality: the mean quality of members at the end. Growth: members at the end. Income: of the whole run."
        ),
        _(
            "Cost: rewards, bought reach and pay, and the time that the staff spend on their duties, both with the "
            "lever minus as it is."
        ),
        _(
            "Arms of a pair have the same people with the same luck. Intervals: Student's t over pairs, corrected for "
            "the number of all effects of all kinds ({n}, Bonferroni; {n2:,} with the other mixes), so that all of "
            "them hold together with 95 %. Costs, ratios and differences between levers have intervals of that level."
        ).format(n=answer.study["intervals"], n2=answer.study["mix_intervals"]),
        _(
            "Effects per 1,000 yuan and per hour are ratios of two means, with Fieller's interval: it takes into "
            "account that effect and cost vary together, and has two ends exactly where the cost is clearly above 0. "
            "Between two ratios the delta method decides."
        ),
    ]
    return texts


def command(answer: Answer) -> str:
    """The command that repeats the study."""
    study = answer.study
    only = "".join(f" --only {kind['kind']}" for kind in answer.kinds)
    size = " --quick" if study["quick"] else ""
    return f"shequn playbook{size} --pairs {study['pairs']} --mix-pairs {study['mix_pairs']}{only}"


def _heading(kind: Row) -> str:
    text = _("{kind} (`{scenario}`, {n} days)").format(
        kind=in_words(kind, "title"), scenario=kind["scenario"], n=kind["days"]
    )
    return "### " + text[0].upper() + text[1:]


def _full(answer: Answer, kind: Row) -> list[str]:
    parts = [markdown(lever_table(answer, kind)), markdown(effect_table(answer, kind))]
    for per in (Per.YUAN, Per.HOUR):
        table = ratio_table(answer, kind, per)
        if len(table):
            parts += [_("Effects {per}:").format(per=per_name(per)), markdown(table)]
    return [*parts, _("Orders:"), markdown(order_table(answer, kind))]


def _turning(answer: Answer, kind: Row) -> list[str]:
    return [
        *_table_or(turn_table(answer, kind), _("No effect that is shown turns its sign with another mix.")),
        *_table_or(
            other_first_table(answer, kind), _("With every mix the same lever is first, where one is shown.")
        ),
    ]


def _table_or(table: pd.DataFrame, otherwise: str) -> list[str]:
    return [markdown(table) if len(table) else otherwise]


main = page_command("playbook", lambda folder: page(Answer.read(folder)))

if __name__ == "__main__":
    main()
