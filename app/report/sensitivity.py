"""The report of a sensitivity analysis: which factors move each response, beyond chance."""

from typing import Any

import numpy as np
import pandas as pd
from bokeh.models import BasicTicker, ColumnDataSource, FactorRange, NumeralTickFormatter

from shequn.app.answers.response_names import capitalise, response_name, short_name
from shequn.app.answers.sensitivity import order_remark, sentences, unordered_factors
from shequn.app.report import provenance
from shequn.app.report.drawing import Key, add_legend, escape_math, hover, new_chart
from shequn.app.report.parts import Chart, Part, Report, Section, Table, Text, warning_part
from shequn.app.report.result_folder import ResultFolder
from shequn.experiments.global_sensitivity.indices import MAIN_INDEX, Index
from shequn.sim.language import _
from shequn.sim.presentation import colours

_MAX_STATED = 3  # responses on the first screen
_MAX_CHARTS = 12
_PALE = "#9aa5b1"


def report(results: ResultFolder) -> Report:
    """Build the report of a sensitivity analysis."""
    table, design = results.table("indices"), results.design
    method = "morris" if (table["measure"] == MAIN_INDEX["morris"]).any() else "sobol"
    unordered = unordered_factors(design)
    responses = list(dict.fromkeys(table["response"].astype(str)))
    charts = [_chart(table, response, method, unordered) for response in responses[:_MAX_CHARTS]]
    said = {
        response: sentences(response, _indices(table, response), method, unordered) for response in responses
    }
    answer = [line for response in responses[:_MAX_STATED] for line in said[response][:1]]
    details = [Text([" ".join(lines)]) for lines in said.values()]
    warnings = _warnings(results, unordered, method)
    manifest = results.manifest
    sections = [
        Section("indices", _("Every response"), [*details, *charts[1:], _table(table, method, unordered)]),
        Section("alerts", _("What to be careful with"), [warning_part(warnings)]),
        Section("scenario", _("The design, and how to reproduce it"), _reproduction(results, method)),
    ]
    return Report(
        kind=_("Sensitivity analysis"),
        title=str(design.get("title") or manifest.get("title") or results.folder.name),
        subtitle=_("{method}: {points} points, {n} runs of each; the same seeds in all").format(
            method=method.capitalize(), points=manifest.get("points"), n=manifest.get("replicates")
        ),
        question=" ".join(str(design.get("question") or "").split()),
        answer_label=_("The answer"),
        answer=answer or [_("No response is known in all runs, so nothing can be said.")],
        figures=[],
        pictures=charts[:1],
        cards=[],
        sections=sections,
        footer="",
    )


def _indices(table: pd.DataFrame, response: str) -> list[Index]:
    rows = table[table["response"] == response]
    return [Index(*(row[field] for field in Index._fields)) for row in rows.to_dict("records")]


def _chart(table: pd.DataFrame, response: str, method: str, unordered: list[str]) -> Chart:
    """The main index of each factor with its interval; beside it what chance alone would give."""
    rows = table[(table["response"] == response) & (table["measure"] == MAIN_INDEX[method])]
    if method == "morris":
        rows = rows[~rows["factor"].isin(unordered)]
    rows = rows.sort_values("value", ascending=False, kind="stable")
    labels = [escape_math(factor) for factor in rows["factor"]]
    unit = (
        _("mean change of {what} over the whole range").format(what=short_name(response))
        if method == "morris"
        else _("share of the variance, interactions included")
    )
    chart = new_chart(90 + 36 * len(rows), y_range=FactorRange(*reversed(labels)), x_axis_label=unit)
    chart.xaxis.formatter = NumeralTickFormatter(format="0,0.[000]")
    chart.xaxis.ticker = BasicTicker(desired_num_ticks=5)
    chart.ygrid.grid_line_color = None
    chart.vspan(x=[0.0], line_color=colours.GREY, line_width=1)
    source = ColumnDataSource(
        {
            "label": labels,
            "value": rows["value"],
            "low": np.maximum(rows["low"], 0.0),
            "high": rows["high"],
            "noise": rows["noise"],
            "colour": [colours.BLUE if clear else _PALE for clear in rows["clear"]],
        }
    )
    chart.hbar("label", 0.16, "high", "low", source=source, color="colour")
    chart.scatter(
        "noise", "label", source=source, marker="dash", angle=np.pi / 2, size=18, color=colours.VERMILION
    )
    dots = chart.scatter("value", "label", source=source, size=10, color="colour", line_color="white")
    numbers = "{0,0.[000]}"
    hover(
        chart,
        [
            ("", "@label"),
            (_("value"), f"@value{numbers}"),
            (_("95 % interval"), f"@low{numbers} – @high{numbers}"),
            (_("chance alone"), f"@noise{numbers}"),
        ],
        [dots],
    )
    add_legend(
        chart,
        [
            Key(_("shown"), colours.BLUE, "line"),
            Key(_("not distinguishable from chance"), _PALE, "line"),
            Key(_("chance alone"), colours.VERMILION, "line"),
        ],
    )
    title = capitalise(response_name(response))
    caption = _("Dot: the factor's effect; bar: its 95 % interval. Where bars overlap, no order is shown.")
    return Chart(title, chart, caption, Table(f"indices-{response}".replace("/", "-"), title, rows))


def _table(table: pd.DataFrame, method: str, unordered: list[str]) -> Table:
    rows = table[~table["factor"].isin(unordered)] if method == "morris" else table
    shown = pd.DataFrame(
        {
            _("response"): [capitalise(response_name(str(name))) for name in rows["response"]],
            _("factor"): rows["factor"],
            _("measure"): rows["measure"],
            _("value"): [f"{value:.3g}" for value in rows["value"]],
            _("95 % interval"): [
                f"{low:.3g} … {high:.3g}" if np.isfinite(low) else ""
                for low, high in zip(rows["low"], rows["high"], strict=True)
            ],
            _("chance alone"): [f"{noise:.3g}" if np.isfinite(noise) else "" for noise in rows["noise"]],
        }
    )
    return Table("indices", _("All indices"), shown)


def _warnings(results: ResultFolder, unordered: list[str], method: str) -> list[str]:
    warnings = order_remark(unordered, method)
    if int(results.manifest.get("replicates") or 0) < 2:
        warnings.append(
            _("With one run at each point, noise cannot be estimated: effects of chance count as real.")
        )
    known = set(results.table("indices")["response"])
    missing = [name for name in dict.fromkeys(results.table("responses")["response"]) if name not in known]
    if missing:
        text = _("Unknown in some runs, and so without indices: {list}.")
        warnings.append(text.format(list=_(", ").join(response_name(str(name)) for name in missing)))
    failed = len(results.table("failures"))
    if failed:
        warnings.append(_("{n} runs failed and are left out.").format(n=failed))
    warnings.append(_("An effect is over the range that was tried; with a wider range it would be larger."))
    return warnings


def _reproduction(results: ResultFolder, method: str) -> list[Part]:
    from shequn.experiments.sweeps.folder import INPUTS
    from shequn.sim.results.manifest import read_json

    inputs: dict[str, Any] = read_json(results.folder / INPUTS)
    n = inputs.get("design", {}).get("points")
    command = f"shequn sensitivity design.yaml --method {method} --points {n} --replicates {inputs.get('replicates')}"
    return [
        provenance.commands(results, [command]),
        Text([results.text("design.yaml")], mono=True, title=_("The design (design.yaml)")),
        Table("responses", _("Every run and response"), results.table("responses"), is_shown=False),
        provenance.versions(results),
        provenance.files(results),
    ]
