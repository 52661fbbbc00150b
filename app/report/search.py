"""The report of a search: the best parameter sets, in the search and on fresh seeds."""

from typing import Any

import pandas as pd
from bokeh.models import ColumnDataSource, NumeralTickFormatter

from shequn.app.answers.response_names import capitalise, short_name
from shequn.app.answers.search import Aims, sentences
from shequn.app.report import provenance
from shequn.app.report.drawing import COLOURS, Key, add_legend, hover, new_chart
from shequn.app.report.parts import Chart, Part, Report, Section, Table, Text, warning_part
from shequn.app.report.result_folder import ResultFolder
from shequn.experiments.sweeps.folder import INPUTS
from shequn.sim.language import _
from shequn.sim.presentation import colours
from shequn.sim.presentation.formats import number
from shequn.sim.results.manifest import read_json

_MAX_ROWS = 40


def report(results: ResultFolder) -> Report:
    """Build the report of a search."""
    inputs, design = read_json(results.folder / INPUTS), results.design
    trials, best = results.table("trials"), results.table("best")
    aims = _aims(inputs, design)
    sections = [
        Section("best", _("The best, on fresh seeds"), [_best_table(best, aims)]),
        Section("trials", _("Every trial"), _trials(trials, aims)),
        Section("alerts", _("What to be careful with"), [warning_part(_warnings(trials, best, inputs))]),
        Section("scenario", _("The search, and how to reproduce it"), _reproduction(results, inputs)),
    ]
    return Report(
        kind=_("Search"),
        title=str(design.get("title") or results.manifest.get("title") or results.folder.name),
        subtitle=_(
            "{trials} trials of {runs} runs, seed {seed}; then {fresh} runs of each of the best"
        ).format(
            trials=len(trials), runs=inputs.get("replicates"), seed=inputs.get("seed"), fresh=aims.fresh
        ),
        question=" ".join(str(design.get("question") or "").split()),
        answer_label=_("The answer"),
        answer=sentences(aims, trials, best),
        figures=[],
        pictures=[_picture(trials, best, aims)],
        cards=[],
        sections=sections,
        footer="",
    )


def _aims(inputs: dict[str, Any], design: dict[str, Any]) -> Aims:
    objectives, constraints = inputs["objectives"], inputs["constraints"]
    names = [objective.partition(":")[2] for objective in objectives]
    names += [constraint.replace("<=", ">=").partition(">=")[0] for constraint in constraints]
    factors = list(design.get("factors") or {})
    return Aims(objectives, constraints, list(dict.fromkeys(names)), factors, int(inputs["fresh"]))


def _picture(trials: pd.DataFrame, best: pd.DataFrame, aims: Aims) -> Chart:
    """Trials by the first two objectives; with one objective, by the order in which they were tried."""
    names = [objective.partition(":")[2] for objective in aims.objectives]
    x, y = ("trial", names[0]) if len(names) == 1 else (names[0], names[1])
    chart = new_chart(340)
    chart.xaxis.axis_label = _("trial") if x == "trial" else _aim_text(aims.objectives[0])
    chart.yaxis.axis_label = _aim_text(aims.objectives[-1 if len(names) == 1 else 1])
    for axis in chart.axis:
        axis.formatter = NumeralTickFormatter(format="0,0.[000]")
    tips = [(_("trial"), "@trial"), *((factor, f"@{{{factor}}}") for factor in aims.factors)]
    keys, drawn = [], []
    for rows, name, colour, marker in (
        (trials[trials["feasible"]], _("trial"), colours.GREY, "circle"),
        (trials[~trials["feasible"]], _("violates a constraint, or failed"), "#9aa5b1", "x"),
    ):
        rows = rows[rows[y].notna() & rows[x].notna()]
        if len(rows):
            source = ColumnDataSource(rows[[*dict.fromkeys(["trial", x, y]), *aims.factors]].to_dict("list"))
            drawn.append(chart.scatter(x, y, source=source, marker=marker, size=7, color=colour, alpha=0.7))
            keys.append(Key(name, colour, "line"))
    fresh_x = x if x == "trial" else f"{x}_fresh"
    if len(best):
        columns = {
            "x": best[fresh_x], "y": best[f"{y}_fresh"], "low": best[f"{y}_fresh"] - best[f"{y}_fresh_sem"],
            "high": best[f"{y}_fresh"] + best[f"{y}_fresh_sem"], "trial": best["trial"],
            **{factor: best[factor] for factor in aims.factors},
        }  # fmt: skip
        source = ColumnDataSource({name: values.tolist() for name, values in columns.items()})
        chart.segment("x", "low", "x", "high", source=source, line_color=COLOURS[1], line_width=2)
        drawn.append(chart.scatter("x", "y", source=source, marker="diamond", size=12, color=COLOURS[1]))
        keys.append(Key(_("the best, on fresh seeds"), COLOURS[1], "line"))
    add_legend(chart, keys)
    hover(chart, tips, drawn)
    title = _("What was tried")
    caption = _("Each dot is the mean of one parameter set; bars are one standard error.")
    return Chart(title, chart, caption, Table("trials", title, trials))


def _aim_text(objective: str) -> str:
    direction, _colon, response = objective.partition(":")
    words = (
        _("{response} (as high as possible)") if direction == "max" else _("{response} (as low as possible)")
    )
    return words.format(response=short_name(response))


def _best_table(best: pd.DataFrame, aims: Aims) -> Table:
    def text(row: "pd.Series[Any]", end: str, response: str) -> str:
        error = row[f"{response}{end}_sem"]
        return f"{number(row[f'{response}{end}'], error)} ± {number(error, error)}"

    rows = [row for __, row in best.iterrows()]
    table = pd.DataFrame(
        {
            _("trial"): [f"{row['trial']} *" if row["winner"] else f"{row['trial']}" for row in rows],
            **{factor: [_level(row[factor]) for row in rows] for factor in aims.factors},
            **{
                _("{response}, on fresh seeds").format(response=capitalise(short_name(response))): [
                    text(row, "_fresh", response) for row in rows
                ]
                for response in aims.responses
            },
            **{
                _("{response}, in the search").format(response=capitalise(short_name(response))): [
                    text(row, "", response) for row in rows
                ]
                for response in aims.responses
            },
        }
    )
    note = _("* recommended: winner.yaml is its scenario. Means ± one standard error.")
    return Table("best", _("The best"), table, note=note)


def _level(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _trials(trials: pd.DataFrame, aims: Aims) -> list[Part]:
    columns = ["trial", *aims.factors, *aims.responses]
    shown = (
        trials[columns].head(_MAX_ROWS).rename(columns={name: short_name(name) for name in aims.responses})
    )
    note = (
        _("The first {n} of {all}.").format(n=_MAX_ROWS, all=len(trials)) if len(trials) > _MAX_ROWS else ""
    )
    every = Table("all-trials", _("Every trial with all its means"), trials, is_shown=False)
    return [Table("trials-short", _("Means over runs"), shown.map(_level), note=note), every]


def _warnings(trials: pd.DataFrame, best: pd.DataFrame, inputs: dict[str, Any]) -> list[str]:
    warnings = []
    failed = trials["message"].notna().sum()
    if failed:
        warnings.append(_("{n} trials failed.").format(n=failed))
    if len(best) and not best.loc[best["winner"], "keeps"].all():
        warnings.append(_("On fresh seeds the recommended one violates a constraint."))
    if int(inputs.get("replicates") or 0) < 10:
        text = _("There are only {n} runs of each trial: differences between good trials may be luck.")
        warnings.append(text.format(n=inputs.get("replicates")))
    warnings.append(
        _("A search finds what is best in the model; most numbers of the model are assumed (MODEL.md).")
    )
    return warnings


def _reproduction(results: ResultFolder, inputs: dict[str, Any]) -> list[Part]:
    options = [f"--objective {objective}" for objective in inputs["objectives"]]
    options += [f"--constraint '{constraint}'" for constraint in inputs["constraints"]]
    options += [f"--{key} {inputs[key]}" for key in ("trials", "sampler", "batch", "replicates", "fresh")]
    parts: list[Part] = [provenance.commands(results, [f"shequn search design.yaml {' '.join(options)}"])]
    parts.append(Text([results.text("design.yaml")], mono=True, title=_("The design (design.yaml)")))
    if winner := results.text("winner.yaml"):
        parts.append(Text([winner], mono=True, title=_("The recommended scenario (winner.yaml)")))
    return [*parts, provenance.versions(results), provenance.files(results)]
