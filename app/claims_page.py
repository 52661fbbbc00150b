"""The page of the claims, made from the tables alone: ``python -m shequn.app.claims_page FOLDER``.

It writes ``docs/en/explanation/claims.md`` and the Chinese one. With ``--check`` nothing is written: the command
fails if a page is not what the tables of FOLDER say.
"""

import math
from pathlib import Path

import pandas as pd

from shequn.app.answers.claims import (
    Answer,
    boundary_sentences,
    claimed_text,
    contrast,
    counts,
    draws_text,
    effect_text,
    measured,
    outcome_name,
    sentences,
    setting_name,
    summary_table,
    verdict_name,
)
from shequn.app.answers.response_names import response_name
from shequn.app.answers.rows import Row, in_words, joined
from shequn.app.generated_pages import joined_parts, markdown, page_command, write_pages
from shequn.sim.language import _

_WIDTH = 48  # characters of a figure
_LABEL = 9  # of its labels


def present(folder: Path) -> list[str]:
    """Write the page in every language into a folder that has its tables."""
    answer = Answer.read(folder)
    write_pages(folder, "claims", lambda: page(answer))
    return []


def page(answer: Answer) -> str:
    """The page in the current language, as Markdown."""
    parts = ["# " + _("What the articles claim, put to the test"), *_introduction(answer)]
    parts += ["## " + _("All claims"), markdown(summary_table(answer))]
    parts += ["## " + _("How verdicts are reached"), *_method(answer)]
    for row in answer.rows():
        parts += _section(answer, row)
    return joined_parts(parts)


def _introduction(answer: Answer) -> list[str]:
    study = answer.study
    verdicts = _(", ").join(counts(answer))
    first = _(
        "Five articles on running communities are the source of this project. Each of their claims is a hypothesis, "
        "and the model must be able to come out against it."
    )
    second = _("Of {n} claims: {verdicts}.").format(n=len(answer.claims), verdicts=verdicts)
    third = _(
        "The designs were committed before any of them was run (commit `{commit}`): what is compared, by which "
        "measure, and the smallest effect that matters. Here {pairs} pairs of runs in each setting, and {draws} "
        "draws of all assumed numbers at once (pairs of runs in each: {draw_pairs}), at version {version}."
    ).format(
        commit=study["committed"],
        pairs=study["pairs"],
        draws=study["draws"],
        draw_pairs=study["draw_pairs"],
        version=study["version"],
    )
    quick = _("**This was a quick run**, with few pairs and draws: its verdicts are a first look, no more.")
    return [first, second, third, *([quick] if study["quick"] else [])]


def _method(answer: Answer) -> list[str]:
    graph = answer.settings.set_index("setting")["graph"]["graph"]
    return [
        _(
            "Settings: an article's own case among the shipped scenarios; the default forum; the people and ties of "
            "a real graph (`{graph}`) with all numbers at their defaults; a community whose numbers were fitted to "
            "the log of a real forum. Arms of a pair have the same people with the same luck."
        ).format(graph=graph),
        _(
            "Intervals: Student's t over pairs, corrected for the number of all intervals of all claims ({n}, "
            "Bonferroni), so that all of them hold together with 95 %."
        ).format(n=answer.study["intervals"]),
        _(
            "Assumed numbers: each is multiplied by a factor of its own between 0.5 and 1.5, the same in all arms (a"
            " Latin hypercube keyed by the number's name)."
        ),
        _(
            "In a setting a claim **holds** if the whole interval lies within what is claimed, **fails** if the "
            "whole interval lies outside, and is **open** otherwise; of several contrasts all must hold, and one "
            "that fails is enough. Over all settings: it **holds** if it holds in each, with 90 % of the draws or "
            "more on its side; it **does not hold** if it fails in each, and nowhere do more than half of the draws "
            "reach it; it **depends** if settings or draws disagree beyond luck; it is **undecided** if it is open "
            "anywhere, unless it holds in one setting and fails in another. What we inferred from an article is "
            "never said to refute it."
        ),
    ]


def _section(answer: Answer, row: Row) -> list[str]:
    heading = f"## {row['claim']}: {verdict_name(row)}"
    words = _("Said in {articles}: {words}").format(articles=row["articles"], words=in_words(row, "words"))
    if row["whose"] == "inferred":
        words = joined([words, _("What is tried is inferred.")])
    parts = [heading, words, _("Tried: {hypothesis}").format(hypothesis=in_words(row, "hypothesis"))]
    parts += [joined(sentences(answer, row))]
    effects = answer.effects_of(row)
    if effects:
        text = _("Measured: {response}. What is claimed: {range}. {because}").format(
            response=response_name(row["response"]),
            range=_claim_in_words(row, effects),
            because=in_words(row, "because"),
        )
        parts += [text, markdown(_effects_table(effects)), _figure(effects)]
    parts += _boundary(answer, row)
    if in_words(row, "world"):
        parts += [
            _("**The world**: {world} ({source})").format(
                world=in_words(row, "world"), source=in_words(row, "source")
            )
        ]
    if in_words(row, "changed"):
        parts += [_("**Changed after a run**: {changes}").format(changes=in_words(row, "changed"))]
    if effects:
        name = f"c{int(row['claim'][1:]):02}"
        parts += [f"```sh\nshequn claims --only {name}{_options(answer)}\n```"]
    return parts


def _boundary(answer: Answer, row: Row) -> list[str]:
    """Where it turns: in words, as a table and as a figure on one scale."""
    steps = answer.steps_of(row)
    if not steps:
        return []
    table = pd.DataFrame(
        {
            _("times its value"): [f"{step['times']:g}" for step in steps],
            _("value"): [f"{step['value']:.4g}" for step in steps],
            _("effect (interval)"): [effect_text(step) for step in steps],
            _("claimed"): [claimed_text(step) for step in steps],
            _("there it"): [outcome_name(step) for step in steps],
        }
    )
    left, right = _scale(steps)
    lines = [f"{step['times']:<{_LABEL}g}{_line(step, left, right)}" for step in steps]
    title = _("**Where it turns**: {sentences}").format(sentences=joined(boundary_sentences(answer, row)))
    return [title, markdown(table), "\n".join(["```text", *lines, "```"])]


def _options(answer: Answer) -> str:
    """The options of the command that repeats this run."""
    study = answer.study
    graph = answer.settings.set_index("setting")["graph"]["graph"]
    data = " --data DIR" if "." in graph else ""
    if study["quick"]:
        return f" --quick{data}"
    return f" --pairs {study['pairs']} --draws {study['draws']} --draw-pairs {study['draw_pairs']}{data}"


def _claim_in_words(row: Row, effects: list[Row]) -> str:
    if isinstance(row["side"], str):
        size = (
            f"{100 * row['smallest_share']:g} %"
            if math.isfinite(row["smallest_share"])
            else f"{row['smallest']:g}"
        )
        texts = {
            "more": _("the second arm lies above the first by more than {size}"),
            "less": _("the second arm lies below the first by more than {size}"),
            "not_more": _("the second arm lies above the first by less than {size}"),
        }
        return texts[row["side"]].format(size=size)
    return claimed_text(effects[0])


def _effects_table(effects: list[Row]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("setting"): [setting_name(effect["setting"]) for effect in effects],
            _("contrast"): [contrast(effect) for effect in effects],
            _("first"): [measured(effect["mean_first"], effect) for effect in effects],
            _("second"): [measured(effect["mean_second"], effect) for effect in effects],
            _("effect (interval)"): [effect_text(effect) for effect in effects],
            _("claimed"): [claimed_text(effect) for effect in effects],
            _("here it"): [outcome_name(effect) for effect in effects],
            _("draws on its side"): [draws_text(effect) for effect in effects],
        }
    )


def _figure(effects: list[Row]) -> str:
    """The effects with their intervals, each on its own scale: what is claimed is shaded."""
    lines = []
    for number, effect in enumerate(effects):
        label = (
            effect["setting"] if number == 0 or effects[number - 1]["setting"] != effect["setting"] else ""
        )
        lines.append(f"{label:{_LABEL}}{_line(effect, *_scale([effect]))}")
    return "\n".join(["```text", *lines, "```"])


def _scale(effects: list[Row]) -> tuple[float, float]:
    """Both ends of a line that has room for these effects and zero."""
    names = ("effect", "low", "high", "claimed_low", "claimed_high")
    numbers = [effect[name] for effect in effects for name in names]
    known = [0.0, *(float(value) for value in numbers if math.isfinite(value))]
    margin = 0.05 * (max(known) - min(known)) or 1.0
    return min(known) - margin, max(known) + margin


def _line(effect: Row, left: float, right: float) -> str:
    """An effect as characters: ``o`` the effect, ``=`` its interval, ``.`` what is claimed, ``|`` zero."""

    def at(value: float, otherwise: float) -> int:
        value = float(value if math.isfinite(value) else otherwise)
        return min(_WIDTH - 1, max(0, round((value - left) / (right - left) * (_WIDTH - 1))))

    characters = [" "] * _WIDTH
    for place in range(at(effect["claimed_low"], left), at(effect["claimed_high"], right) + 1):
        characters[place] = "."
    if math.isfinite(effect["low"]):
        for place in range(at(effect["low"], left), at(effect["high"], right) + 1):
            characters[place] = "="
    characters[at(0.0, 0.0)] = "|"
    if math.isfinite(effect["effect"]):
        characters[at(effect["effect"], 0.0)] = "o"
    return "".join(characters).rstrip()


main = page_command("claims", lambda folder: page(Answer.read(folder)))

if __name__ == "__main__":
    main()
