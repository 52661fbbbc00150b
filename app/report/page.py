"""A report as one self-contained HTML file that needs neither a network nor other files."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
from bokeh.embed import json_item
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from shequn.app.report.csv_data import csv_file
from shequn.app.report.drawing import finish
from shequn.app.report.parts import Chart, Listing, Part, Replay, Report, Section, Table, Text
from shequn.sim.language import _, current_language
from shequn.sim.version import __version__

#: Address from which Bokeh would load MathJax; removed, because the page must not load anything.
_MATHJAX = "https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-svg.js"
_LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans"}

_NUMBER = r"[+−-]?[\d,]*\.?\d+ ?%?|"  # or empty
_NUMERIC_SHARE = 0.7  # a column with a larger share of numbers counts as numeric


class _Page:
    """Numbers the charts of a page and turns parts into values for the template."""

    def __init__(self) -> None:
        self._charts = 0

    def chart(self, chart: Chart) -> dict[str, Any]:
        self._charts += 1
        name = f"chart-{self._charts}"
        legend, chart.model.tags = chart.model.tags, []
        return {
            "kind": "chart",
            "name": name,
            "title": chart.title,
            "caption": chart.caption,
            "legend": legend,
            "height": chart.model.height,
            "item": data_block(json_item(finish(chart.model), name)),
            "file": _file(chart.table),
        }

    def part(self, part: Part) -> dict[str, Any]:
        match part:
            case Chart():
                return self.chart(part)
            case Replay():
                content = data_block(part.content)
                return {
                    "kind": "replay",
                    "content": content,
                    "caption": part.caption,
                    "hints": part.hints,
                    "file": _file(part.table),
                }
            case Table():
                return {
                    "kind": "table", "title": part.title, "note": part.note, "is_shown": part.is_shown,
                    "columns": [str(name) for name in part.rows.columns] if part.is_shown else [],
                    "numeric": [_is_number(part.rows[name]) for name in part.rows.columns],
                    "rows": part.rows.to_numpy().tolist() if part.is_shown else [], "file": _file(part),
                }  # fmt: skip
            case Listing():
                return {"kind": "listing", "lines": part.items, "look": part.kind}
            case Text():
                return {"kind": "text", "paragraphs": part.paragraphs, "mono": part.mono, "title": part.title}

    def section(self, section: Section) -> dict[str, Any]:
        return {
            "name": section.name,
            "title": section.title,
            "parts": [self.part(part) for part in section.parts],
        }


def _is_number(column: pd.Series) -> bool:
    """Whether a column is right-aligned: it holds numbers or texts such as 23% or +0.02, with a few gaps."""
    looks_numeric = column.astype(str).str.fullmatch(_NUMBER)
    return pd.api.types.is_numeric_dtype(column) or bool(
        len(column) and looks_numeric.mean() > _NUMERIC_SHARE
    )


def _file(table: Table) -> dict[str, str]:
    data, note = csv_file(table.rows)
    return {"name": f"{table.name}.csv", "data": data, "note": note, "title": table.title}


def data_block(content: Any) -> Markup:
    """JSON for a script element, escaped so that no text in it can end the element."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _bokeh() -> Markup:
    """Bokeh's script, without the address of MathJax."""
    from bokeh.util.paths import bokehjs_path

    script = (bokehjs_path() / "js" / "bokeh.min.js").read_text(encoding="utf-8")
    return Markup(script.replace(_MATHJAX, "").replace("</script", "<\\/script"))


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("shequn.app.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _template_source(environment: Environment, name: str) -> Markup:
    """One of our own scripts or style sheets, unescaped."""
    assert environment.loader is not None
    return Markup(environment.loader.get_source(environment, name)[0])


def html(report: Report) -> str:
    """Render the page in the current language."""
    environment = _environment()
    page = _Page()
    pictures = [page.chart(picture) for picture in report.pictures]
    sections = [page.section(section) for section in report.sections]
    return environment.get_template("page.html").render(
        language=_LANGUAGE_TAGS[current_language()],
        report=report,
        pictures=pictures,
        sections=sections,
        version=__version__,
        bokeh=_bokeh(),
        style=_template_source(environment, "page.css"),
        scripts=[_template_source(environment, "page.js"), _template_source(environment, "replay.js")],
        words=_template_texts(),
    )


def _template_texts() -> dict[str, str]:
    """Texts of the template itself, by name."""
    return {
        "report": _("shequn report"),
        "question": _("The question"),
        "contents": _("Contents"),
        "csv": _("CSV"),
        "download": _("Download as CSV: {name}"),
        "no_script": _(
            "The charts need JavaScript, which is switched off here; texts and tables are complete."
        ),
        "made": _("Made by shequn {version}. This file loads nothing and needs no network.").format(
            version=__version__
        ),
        "play": _("Play"),
        "day": _("Day"),
        "speed": _("Speed"),
        "a_second": _("{n} days a second"),
        "replay": _("The network on the day shown: dots are members, lines connect those in touch"),
        "low": _("low"),
        "high": _("high"),
        "quality": _("quality"),
        "activity": _("activity in the week"),
        "jump": _("Jump to a moment"),
        "see": _("What to see"),
        "pick": _("Click a member to read their story. The arrow keys go from one to the next."),
        "founder": _("founder"),
        "staff": _("staff"),
        "careful": _("What to be careful with"),
    }


def write(text: str, target: Path) -> None:
    """Write the page to a temporary file and rename it, so that a page is never incomplete."""
    temporary = target.with_name(f".{target.name}.unfinished")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
