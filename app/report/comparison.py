"""The report of a comparison: what changes with B instead of A, how sure that is, and when they part."""

from typing import Any

import numpy as np
import pandas as pd
from bokeh.models import ColumnDataSource, FactorRange, NumeralTickFormatter

from app.report import assumed_numbers, provenance
from app.report.drawing import Key, add_legend, hover, plain, safe
from app.report.finished import Finished
from app.report.parts import Chart, Figure, Listing, Part, Report, Section, Table, Text
from experiments.comparison.answer import ARMS
from experiments.comparison.paired import Difference
from experiments.comparison.wording import gain, name, number
from experiments.sweeps.folder import ASKED
from sim.language import _
from sim.results import colours
from sim.results.manifest import read_json

FEW_PAIRS = 20
_SHADES = (
    colours.BLUE,
    colours.VERMILION,
    colours.GREEN,
    colours.ORANGE,
    colours.PURPLE,
    colours.SKY,
    colours.BLACK,
)
_SENTENCES = 3
_FIGURES = 4
_DOTS = 400  # pairs of one response that are drawn


class _Row:
    """One response of one arm against the first."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.a, self.b, self.response = str(row["a"]), str(row["b"]), str(row["response"])
        rest = ("low", "high", "sd", "b_higher", "equal", "reduction", "reduction_low", "reduction_high")
        self.found = Difference(
            int(row["n"]), row["mean_a"], row["mean_b"], row["difference"], *(row[key] for key in rest)
        )


def report(found: Finished) -> Report:
    """Everything that is to be said of a comparison."""
    rows = [
        _Row({str(key): value for key, value in row.items()})
        for row in found.table("comparisons").to_dict("records")
    ]
    arms = [rows[0].a, *dict.fromkeys(row.b for row in rows)]
    asked = read_json(found.folder / ASKED)
    warnings = _alerts(found, rows)
    others = ", ".join(arms[1:])
    return Report(
        kind=_("Comparison"),
        title=_("{b} against {a}").format(b=others, a=arms[0]),
        subtitle=_("{n} pairs of runs with the same people and the same luck, seed {seed}").format(
            n=max(row.found.n for row in rows), seed=asked.get("seed", "?")
        ),
        question=_("What changes with {b} instead of {a}?").format(b=others, a=arms[0]),
        answer=_answer(rows),
        figures=_figures(rows),
        picture=_picture(rows),
        sections=[
            Section("differences", _("Every difference"), [_table(rows), *_dots(found, rows)]),
            Section("parting", _("When do they part?"), _parting(found)),
            Section("alerts", _("What to be careful with"), _careful(found, rows, warnings)),
            Section(
                "scenario", _("What was compared, and how to make the same again"), _again(found, arms, asked)
            ),
        ],
        footer="",
    )


def _answer(rows: list[_Row]) -> list[str]:
    """One sentence each of the first responses: of one arm three, of several arms the first of each."""
    arms = list(dict.fromkeys(row.b for row in rows))
    each = max(1, _SENTENCES // len(arms))
    chosen = [row for arm in arms for row in [row for row in rows if row.b == arm][:each]]
    return [_sentence(row, several=len(arms) > 1) for row in chosen[:_SENTENCES]]


def _sentence(row: _Row, several: bool) -> str:
    """What is known of one response; the arms stand in the question."""
    found, half = row.found, row.found.half_width
    what = _capital(name(row.response))
    if several:
        what = _("{b}: {what}").format(b=row.b, what=name(row.response))
    if found.n < 2:
        return _("{what}: nothing can be said, it is known in {n} pairs of runs.").format(
            what=what, n=found.n
        )
    if found.sd == 0.0 and found.mean == 0.0:
        return _("{what}: the same in all {n} pairs of runs.").format(what=what, n=found.n)
    low, high = number(abs(found.low), half), number(abs(found.high), half)
    if not found.is_different:
        return _(
            "{what}: no difference is shown; between {low} lower and {high} higher (95 % interval)."
        ).format(what=what, low=low, high=high)
    if found.mean > 0.0:
        return _(
            "{what}: {n} higher (95 % interval {low} to {high}), and higher in {share} of the pairs."
        ).format(what=what, n=number(found.mean, half), low=low, high=high, share=f"{found.b_higher:.0%}")
    share = f"{1.0 - found.b_higher - found.equal:.0%}"
    return _("{what}: {n} lower (95 % interval {low} to {high}), and lower in {share} of the pairs.").format(
        what=what, n=number(-found.mean, half), low=high, high=low, share=share
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _figures(rows: list[_Row]) -> list[Figure]:
    return [
        Figure(
            _signed(row.found.mean, row.found.half_width),
            _("{low} to {high} (95 % interval)").format(
                low=_signed(row.found.low, row.found.half_width),
                high=_signed(row.found.high, row.found.half_width),
            ),
            _short_name(row.response)
            if len({r.b for r in rows}) == 1
            else f"{_short_name(row.response)}: {row.b}",
            _("{a} with A, {b} with B").format(
                a=number(row.found.a, row.found.half_width), b=number(row.found.b, row.found.half_width)
            )
            + ("" if row.found.is_different else "; " + _("no difference is shown")),
        )
        for row in rows[:_FIGURES]
    ]


def _signed(value: float, half_width: float) -> str:
    text = number(value, half_width)
    return f"+{text}" if value > 0 and text != "unknown" else text


def _interval(row: _Row) -> str:
    return f"{_signed(row.found.low, row.found.half_width)} … {_signed(row.found.high, row.found.half_width)}"


def _picture(rows: list[_Row]) -> Chart | None:
    """All differences on one scale: in standard deviations of the paired differences."""
    known = [row for row in rows if row.found.n > 1 and row.found.sd > 0]
    if not known:
        return None
    arms = list(dict.fromkeys(row.b for row in rows))
    labels = [safe(_label(row, arms)) for row in known]
    scale = np.array([row.found.sd for row in known])
    table = pd.DataFrame(
        {
            "response": [row.response for row in known],
            "b": [row.b for row in known],
            "difference": [row.found.mean for row in known],
            "low": [row.found.low for row in known],
            "high": [row.found.high for row in known],
            "sd": scale,
        }
    )
    drawing = plain(
        70 + 34 * len(known), y_range=FactorRange(*reversed(labels)),
        x_axis_label=_("in standard deviations of a pair"),
    )  # fmt: skip
    drawing.xaxis.formatter = NumeralTickFormatter(format="0.0")
    drawing.ygrid.grid_line_color = None
    drawing.vspan(x=[0.0], line_color=colours.GREY, line_width=1)
    shades = [
        _SHADES[arms.index(row.b) % len(_SHADES)] if row.found.is_different else "#9aa5b1" for row in known
    ]
    source = ColumnDataSource(
        {
            "label": labels,
            "x": table["difference"] / scale,
            "low": table["low"] / scale,
            "high": table["high"] / scale,
            "colour": shades,
            "value": [_signed(row.found.mean, row.found.half_width) for row in known],
            "interval": [_interval(row) for row in known],
        }
    )
    drawing.hbar("label", 0.16, "high", "low", source=source, color="colour")
    dots = drawing.scatter("x", "label", source=source, size=10, color="colour", line_color="white")
    hover(drawing, [("", "@label"), (_("difference"), "@value"), (_("95 % interval"), "@interval")], [dots])
    if len(arms) > 1:
        add_legend(drawing, [Key(arm, _SHADES[i % len(_SHADES)], "area") for i, arm in enumerate(arms)])
    title = _("What differs")
    caption = _(
        "Dot: mean difference; bar: its 95 % interval. Grey: the interval holds 0, so no difference is shown."
    )
    return Chart(title, drawing, caption, Table("differences-in-short", title, table))


def _short_name(response: str) -> str:
    """A response in words, without what it means."""
    return name(response).split(" (")[0].split("（")[0]


def _label(row: _Row, arms: list[str]) -> str:
    words = _short_name(row.response)
    return words if len(arms) == 1 else f"{words} · {row.b}"


def _table(rows: list[_Row]) -> Table:
    table = pd.DataFrame(
        {
            "B": [row.b for row in rows],
            _("response"): [name(row.response) for row in rows],
            "A": [number(row.found.a, row.found.half_width) for row in rows],
            _("with B"): [number(row.found.b, row.found.half_width) for row in rows],
            "B − A": [_signed(row.found.mean, row.found.half_width) for row in rows],
            _("95 % interval"): [_interval(row) for row in rows],
            _("B higher"): [f"{row.found.b_higher:.0%}" if row.found.n else "" for row in rows],
            _("pairing gains"): [gain(row.found) for row in rows],
        }
    )
    note = _(
        "A is {a}. B higher: in what share of the pairs. Pairing gains: how many times as many runs with "
        "luck of their own "
        "would give the same interval."
    ).format(a=rows[0].a)
    return Table("comparisons", _("All responses"), table, note=note)


def _dots(found: Finished, rows: list[_Row]) -> list[Part]:
    """Every pair of the first response."""
    first = rows[0].response
    pairs = found.table("differences")
    pairs = pairs[(pairs["response"] == first) & pairs["difference"].notna()]
    if not len(pairs):
        return []
    arms = list(dict.fromkeys(pairs["b"]))
    drawing = plain(80 + 70 * len(arms), y_range=FactorRange(*[safe(arm) for arm in reversed(arms)]))
    drawing.xaxis.axis_label = _("difference in {what}, pair by pair").format(what=name(first))
    drawing.xaxis.formatter = NumeralTickFormatter(format="0,0.[000]")
    drawing.vspan(x=[0.0], line_color=colours.GREY, line_width=1)
    drawn = []
    for shade, arm in zip(_SHADES * len(arms), arms, strict=False):
        part = pairs[pairs["b"] == arm].head(_DOTS)
        place = (
            0.56 * ((np.arange(len(part)) * 0.618034) % 1.0) - 0.28
        )  # spread by number: the same each time
        source = ColumnDataSource(
            {
                "x": part["difference"].tolist(), "y": [(safe(arm), float(at)) for at in place],
                "run": part["run"].tolist(), "a": part["value_a"].tolist(), "b": part["value_b"].tolist(),
            }
        )  # fmt: skip
        drawn.append(drawing.scatter("x", "y", source=source, size=7, color=shade, alpha=0.55))
    hover(
        drawing,
        [(_("pair"), "@run"), ("A", "@a{0.[000]}"), ("B", "@b{0.[000]}"), ("B − A", "@x{0.[000]}")],
        drawn,
    )
    title = _("Every pair of runs: {what}").format(what=name(first))
    caption = _("Each dot is a pair of runs with the same people and the same luck.")
    all_pairs = Table(
        "differences", _("Differences of every pair and response"), found.table("differences"), is_shown=False
    )
    return [
        Chart(title, drawing, caption, Table("pairs", title, pairs.drop(columns=["a", "response"]))),
        all_pairs,
    ]


def _parting(found: Finished) -> list[Part]:
    from experiments.comparison.answer import parting

    days = found.table("partings")
    parts: list[Part] = []
    for arm, rows in days.groupby("b", sort=False):
        parts.append(Text([f"{arm}: {parting(rows['day'].to_numpy(dtype=float))}"]))
    known = days[days["day"].notna()]
    if len(known):
        shown = known.groupby("b", sort=False)["day"].describe()[["count", "min", "50%", "max"]].reset_index()
        shown.columns = ["B", _("pairs"), _("earliest day"), _("middle day"), _("latest day")]
        shown = shown.astype(dict.fromkeys(shown.columns[1:], int))
        parts.append(Table("partings", _("First day on which anything differs"), shown))
    return parts


def _alerts(found: Finished, rows: list[_Row]) -> list[str]:
    said = []
    n = max(row.found.n for row in rows)
    if n < FEW_PAIRS:
        said.append(
            _("There are only {n} pairs of runs; intervals of so few are wide. Try --runs 60.").format(n=n)
        )
    for row in rows:
        needed = row.found.needed
        if not row.found.is_different and needed and needed > row.found.n:
            said.append(
                _(
                    "{what} ({b}): no difference is shown; one as large as that seen would take about {n:,} "
                    "pairs."
                ).format(what=name(row.response), b=row.b, n=needed)
            )
        if row.found.n < n:
            said.append(
                _("{what} ({b}) is known in {k} of {n} pairs only.").format(
                    what=name(row.response), b=row.b, k=row.found.n, n=n
                )
            )
    if len(rows) > 1:
        said.append(
            _(
                "Each of these {n} intervals is a 95 % one by itself: where nothing differs, one in twenty "
                "leaves out 0."
            ).format(n=len(rows))
        )
    failed = len(found.table("failures")) if found.has("failures") else 0
    if failed:
        said.append(_("{n} runs failed; their pairs are left out.").format(n=failed))
    return said


def _careful(found: Finished, rows: list[_Row], warnings: list[str]) -> list[Part]:
    parts: list[Part] = (
        [Listing(warnings, "warning")] if warnings else [Text([_("Nothing looks wrong or too thin.")])]
    )
    if found.has("assumed"):
        table = found.table("assumed")
        parts.append(assumed_numbers.of_comparison(table, rows[0].response))
        parts.append(
            Table("assumed", _("What every assumed number does to every difference"), table, is_shown=False)
        )
    else:
        parts.append(
            Text(
                [
                    _(
                        "Which assumed numbers the answer hangs on was not asked: the same command with "
                        "--assumed tells "
                        "(some 300 runs a pair)."
                    )
                ]
            )
        )
    return parts


def _again(found: Finished, arms: list[str], asked: dict[str, Any]) -> list[Part]:
    parts: list[Part] = [*_what_differs(found, arms)]
    responses = " ".join(f"--response {response}" for response in asked.get("responses", []))
    options = f"--runs {found.manifest.get('runs')} --seed {asked.get('seed')} {responses}"
    command = f"shequn compare {' '.join(_paths(found) or arms)} {options}"
    parts.append(provenance.commands(found, [command]))
    for arm, text in zip(arms, _arm_texts(found), strict=False):
        parts.append(Text([text], mono=True, title=_("The scenario of {arm}, every key").format(arm=arm)))
    parts += [provenance.versions(found), provenance.files(found)]
    return parts


def _paths(found: Finished) -> list[str]:
    """The arms' scenarios as files of the folder, from which the same comparison can be made."""
    return [
        path.relative_to(found.folder).as_posix() for path in sorted((found.folder / ARMS).glob("*.yaml"))
    ]


def _arm_texts(found: Finished) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((found.folder / ARMS).glob("*.yaml"))]


def _what_differs(found: Finished, arms: list[str]) -> list[Part]:
    """Keys of the scenarios that are not the same in all arms."""
    from ruamel.yaml import YAML

    texts = _arm_texts(found)
    if len(texts) != len(arms):
        return [Text([_("This folder was made by a version that did not keep the arms' scenarios.")])]
    leaves = [dict(_leaves(YAML(typ="safe").load(text))) for text in texts]
    keys = [
        key
        for key in dict.fromkeys(key for one in leaves for key in one)
        if len({str(one.get(key)) for one in leaves}) > 1
    ]
    keys = [key for key in keys if key not in ("title", "description", "question", "source", "why")]
    table = pd.DataFrame(
        {
            _("key"): keys,
            **{arm: [_short(one.get(key)) for key in keys] for arm, one in zip(arms, leaves, strict=True)},
        }
    )
    return [Table("what-differs", _("What differs between the arms"), table)]


def _leaves(value: Any, before: str = "") -> list[tuple[str, Any]]:
    if not isinstance(value, dict):
        return [(before, value)]
    return [
        leaf
        for key, part in value.items()
        for leaf in _leaves(part, f"{before}.{key}" if before else str(key))
    ]


def _short(value: Any) -> str:
    if value is None or value == []:
        return "–"
    return str(value)
