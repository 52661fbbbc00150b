"""The report of the claims: a verdict on each, and its effects with their intervals."""

import math

import pandas as pd
from bokeh.models import BasicTicker, ColumnDataSource, FactorRange, FixedTicker

from shequn.app.answers.claims import (
    Answer,
    boundary_sentences,
    contrast,
    counts,
    effect_text,
    outcome_name,
    sentences,
    setting_name,
    summary_table,
    verdict_name,
)
from shequn.app.answers.response_names import response_name
from shequn.app.answers.rows import Row, in_words, joined
from shequn.app.report import provenance
from shequn.app.report.drawing import Key, add_legend, escape_math, hover, new_chart
from shequn.app.report.parts import Chart, Listing, Part, Report, Section, Table, Text
from shequn.app.report.result_folder import ResultFolder
from shequn.experiments.claims.verdicts import Outcome
from shequn.sim.language import _
from shequn.sim.presentation import colours

_COLOURS = {Outcome.HOLDS: colours.GREEN, Outcome.FAILS: colours.VERMILION, Outcome.OPEN: colours.GREY}


def report(results: ResultFolder) -> Report:
    """Build the report of a folder of claims."""
    answer = Answer.read(results.folder)
    rows = answer.rows()
    sections = [Section("all", _("All claims"), [Table("claims", _("All claims"), summary_table(answer))])]
    sections += [_section(answer, row) for row in rows]
    careful = [
        _(
            "A verdict is about this model with these numbers; the world may differ, and says so where it is known."
        )
    ]
    if answer.study["quick"]:
        careful.append(
            _("This was a quick run, with few pairs and draws: its verdicts are a first look, no more.")
        )
    name = results.folder.name
    sections += [
        Section("alerts", _("What to be careful with"), [Listing(careful, "warning")]),
        Section(
            "scenario",
            _("How to reproduce it"),
            [
                provenance.commands(results, [f"shequn claims --out {name}"]),
                provenance.versions(results),
                provenance.files(results),
            ],
        ),
    ]
    return Report(
        kind=_("Claims"),
        title=_("What the articles claim, put to the test"),
        subtitle=_(
            "{pairs} pairs of runs in each setting, {draws} draws of all assumed numbers at once"
        ).format(pairs=answer.study["pairs"], draws=answer.study["draws"]),
        question=_("Which claims of the articles hold in the model, and on what does it depend?"),
        answer_label=_("The answer"),
        answer=[_(", ").join(counts(answer))],
        figures=[],
        pictures=[],
        cards=[],
        sections=sections,
        footer="",
    )


def _section(answer: Answer, row: Row) -> Section:
    effects = answer.effects_of(row)
    texts = [in_words(row, "words"), in_words(row, "hypothesis"), _plain(sentences(answer, row))]
    if in_words(row, "world"):
        texts.append(f"{in_words(row, 'world')} ({in_words(row, 'source')})")
    parts: list[Part] = [Text(texts)]
    if effects:
        parts.append(_chart(row, effects))
    steps = answer.steps_of(row)
    if steps:
        parts += [Text([_plain(boundary_sentences(answer, row))]), _steps_chart(row, steps)]
    return Section(row["claim"].lower(), f"{row['claim']}: {verdict_name(row)}", parts)


def _plain(texts: list[str]) -> str:
    """Sentences without the marks of code, which the pages of Markdown have."""
    return joined(texts).replace("`", "")


def _chart(row: Row, effects: list[Row]) -> Chart:
    """The effects with their intervals, each as a share of its larger end: settings differ in scale."""
    contrasts = {contrast(effect) for effect in effects}
    labels = [_label(effect, with_contrast=len(contrasts) > 1) for effect in effects]
    known = [max(abs(effect["low"]), abs(effect["high"])) for effect in effects]
    scales = [value if math.isfinite(value) and value > 0.0 else 1.0 for value in known]
    chart = new_chart(
        80 + (34 if len(contrasts) == 1 else 48) * len(effects),  # a label has two lines then
        y_range=FactorRange(*reversed(labels)),
        x_axis_label=_("share of the larger end"),
    )
    chart.xaxis.ticker = BasicTicker(desired_num_ticks=5)
    chart.ygrid.grid_line_color = None
    chart.vspan(x=[0.0], line_color=colours.GREY, line_width=1)
    source = ColumnDataSource(
        {
            "label": labels,
            "effect": [effect["effect"] / scale for effect, scale in zip(effects, scales, strict=True)],
            "low": [effect["low"] / scale for effect, scale in zip(effects, scales, strict=True)],
            "high": [effect["high"] / scale for effect, scale in zip(effects, scales, strict=True)],
            "text": [effect_text(effect) for effect in effects],
            "outcome": [outcome_name(effect) for effect in effects],
            "colour": [_COLOURS[Outcome(effect["outcome"])] for effect in effects],
        }
    )
    ends = [
        (label, effect[name] / scale)
        for label, effect, scale in zip(labels, effects, scales, strict=True)
        for name in ("claimed_low", "claimed_high")
        if math.isfinite(effect[name])
    ]
    chart.hbar("label", 0.16, "high", "low", source=source, color="colour")
    chart.scatter(
        [x for _label_, x in ends], [label for label, _x in ends], marker="dash", angle=math.pi / 2, size=18,
        color=colours.BLACK,
    )  # fmt: skip
    dots = chart.scatter("effect", "label", source=source, size=10, color="colour", line_color="white")
    hover(chart, [("", "@label"), (_("effect"), "@text"), (_("here it"), "@outcome")], [dots])
    keys = [Key(outcome_name({"outcome": outcome}), colour, "line") for outcome, colour in _COLOURS.items()]
    add_legend(chart, [*keys, Key(_("end of what is claimed"), colours.BLACK, "line")])
    caption = _("Dot: the effect; bar: its interval, corrected for the number of all intervals.")
    if len(contrasts) == 1:
        caption = joined([_plain([_("Effect: {contrast}.").format(contrast=contrasts.pop())]), caption])
    title = response_name(row["response"])
    return Chart(title, chart, caption, Table(row["claim"].lower(), title, pd.DataFrame(effects)))


def _steps_chart(row: Row, steps: list[Row]) -> Chart:
    """The effect along the factors of the number that is moved, with the ends of what is claimed."""
    chart = new_chart(
        260,
        x_axis_type="log",
        x_axis_label=escape_math(_("{number}, times its value").format(number=steps[0]["number"])),
        y_axis_label=_("effect"),
    )
    chart.xaxis.ticker = FixedTicker(ticks=[0.25, 0.5, 1, 2, 4])
    source = ColumnDataSource(
        {
            **{name: [step[name] for step in steps] for name in ("times", "effect", "low", "high")},
            "text": [effect_text(step) for step in steps],
            "outcome": [outcome_name(step) for step in steps],
            "colour": [_COLOURS[Outcome(step["outcome"])] for step in steps],
        }
    )
    for name in ("claimed_low", "claimed_high"):
        ends = [step[name] for step in steps]
        if all(map(math.isfinite, ends)):
            chart.line(source.data["times"], ends, color=colours.BLACK, line_dash="dashed")
    chart.segment("times", "low", "times", "high", source=source, color="colour", line_width=3)
    dots = chart.scatter("times", "effect", source=source, size=10, color="colour", line_color="white")
    hover(
        chart, [(_("times its value"), "@times"), (_("effect"), "@text"), (_("there it"), "@outcome")], [dots]
    )
    keys = [Key(outcome_name({"outcome": outcome}), colour, "line") for outcome, colour in _COLOURS.items()]
    add_legend(chart, [*keys, Key(_("end of what is claimed"), colours.BLACK, "dashed")])
    title = _("Where it turns")
    caption = _("Dot: the effect; bar: its interval, corrected for the number of steps.")
    return Chart(title, chart, caption, Table(f"{row['claim'].lower()}-turns", title, pd.DataFrame(steps)))


def _label(effect: Row, with_contrast: bool) -> str:
    """A setting, and below it the contrast where there are several."""
    place = setting_name(effect["setting"])
    return escape_math(f"{place}\n{_plain([contrast(effect)])}" if with_contrast else place)
