"""The tables of MODEL.md, made from the code: ``python -m shequn.app.model_tables``.

Between ``<!-- table: NAME -->`` and ``<!-- end of table -->`` MODEL.md holds what :data:`TABLES`
makes; everything else in it is written by hand. With ``--check`` nothing is written: the command
fails when a table is out of step.
"""

import csv
import importlib
import math
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from shequn.agents.coefficients import Coefficient
from shequn.agents.rules import GROUPS
from shequn.sim.fields import Strict
from shequn.sim.kernel.gates.kinds import GATES
from shequn.sim.kernel.measures import MEASURES
from shequn.sim.operations.kinds import OPERATIONS
from shequn.sim.scenario.model import base_schema

ROOT = Path(__file__).resolve().parent.parent
#: What half and one and a half of a coefficient do; columns coefficient (group.name), measure, minus, plus.
SENSITIVITY = ROOT / "experiments" / "sensitivity.csv"
_MOST_MEASURES = 3  # shown for one coefficient, in the order of the file

_PLACE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end of table -->)", re.DOTALL)

#: Numbers that are part of the code and no scenario can set: where, unit, meaning, source.
FIXED = (
    (
        "shequn.sim.kernel.membership.CASCADE_DAYS",
        "days",
        "A departure follows one of somebody tied within so many.",
        "",
    ),
    (
        "shequn.sim.kernel.reasons.FOLLOWS",
        "share",
        "A visit moves what is usual this far (only for why they left).",
        "",
    ),
    (
        "shequn.sim.kernel.state.WEEK",
        "days",
        "Who was seen within so many is active: honor, `active_week`.",
        "brief",
    ),
    ("shequn.sim.kernel.state.MONTH", "days", "Likewise: reputation, `active_month`.", "brief"),
    (
        "shequn.sim.kernel.locality.CELL_KM",
        "km",
        "Side of a cell of the grid that counts members near by.",
        "brief",
    ),
    (
        "shequn.sim.kernel.locality._SEEN_REACHES",
        "reaches",
        "Members farther off are left out.",
        "they count e^-6",
    ),
    (
        "shequn.sim.operations.hot_event.FORGOTTEN_AFTER",
        "durations",
        "A hot event older than this is over.",
        "it counts e^-12",
    ),
    (
        "shequn.sim.graphs.social.LAYER_SIZES",
        "ties",
        "Layers of closeness, counted from the inside.",
        "S5, Dunbar",
    ),
    (
        "shequn.sim.graphs.social.LAYER_STRENGTHS",
        "strength",
        "Of ties in each layer, and outside the last.",
        "",
    ),
    ("shequn.sim.graphs.social_draws.SOCIABILITY_LOG_SD", "log sd", "How much people differ in ties.", ""),
    ("shequn.sim.graphs.social_draws.SOCIABILITY_MOST", "means", "The most sociable.", ""),
    (
        "shequn.sim.graphs.social_draws.DENSITY",
        "probability",
        "Of a tie within reach: it sets the clustering.",
        "",
    ),
    ("shequn.sim.graphs.social_draws.QUALITY_CLASSES", "classes", "Of quality, for homophily.", ""),
    (
        "shequn.sim.results.matched.EACH_SIDE",
        "members",
        "Compared with a leaver, on each side in tenure.",
        "",
    ),
    ("shequn.sim.results.matched.AT_LEAST", "members", "With fewer there is no matched rank.", ""),
    ("shequn.sim.results.viral.FINISHED_AFTER", "days", "A cohort is finished so long after its week.", ""),
    (
        "shequn.sim.kernel.rhythm.DAILY",
        "weight by hour",
        "Visits over the day, rhythm `daily`.",
        "shape S22, numbers assumed",
    ),
)

#: Where the default of a setting comes from, when it is neither assumed nor the scenario's own choice.
SETTING_SOURCES = {
    "topic.spread": "prototype",
    "talkativeness.mean": "prototype",
    "talkativeness.log_sd": "prototype",
    "pace.mean": "prototype",
    "pace.log_sd": "brief",
    "contentment_sd": "brief: about .1",
    "layers": "S5, Dunbar",
}
_CHOICES = {  # what a scenario is about: no default of these claims anything about the world
    "people", "founders", "founders_by", "places", "leaders.count", "koc.count", "readers.share", "generator",
    "file", "mutual", "header", "delimiter", "rooms", "capacity", "placing", "order", "openness", "reach",
    "mixing", "staff", "staff_cost", "welcome.share",
}  # fmt: skip
_MADE = {"quality": "beta(2, 2)", "graph": "social", "strangers_per_day": "5 without `reach`"}


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def markdown_table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table in Markdown, a line for each row."""
    lines = [list(heads), *([_cell(value) for value in row] for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _number(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return "never" if math.isinf(value) else f"{value:g}"
    if isinstance(value, tuple | list):
        return ", ".join(_number(part) for part in value)
    return str(value)


def _source(source: str) -> str:
    """The source as MODEL.md names it; never empty."""
    return source.replace("model.md (prototype)", "prototype").replace("model.md", "brief") or "assumed"


def _range(coefficient: Coefficient) -> str:
    if coefficient.choices:
        return ", ".join(coefficient.choices)
    high = "∞" if math.isinf(coefficient.high) else f"{coefficient.high:g}"
    return f"{coefficient.low:g} … {high}"


def sensitivity(path: Path = SENSITIVITY) -> dict[str, str]:
    """What ± 50 % of each coefficient moves, in a few words; empty without the file.

    Parameters
    ----------
    path : Path
        CSV with the columns ``coefficient`` (``leaving.base``), ``measure``, ``minus`` and ``plus``:
        texts, what becomes of the measure at half and at one and a half of the default; 0 and 0
        where nothing does. Rows of one coefficient stand in order of importance. ``where``
        (optional) names the scenario, if another than the open group.
    """
    found: dict[str, list[str]] = {}
    places: dict[str, str] = {}
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                moved = "" if row["minus"] == row["plus"] == "0" else f" {row['minus']} / {row['plus']}"
                found.setdefault(row["coefficient"], []).append(row["measure"] + moved)
                where = row.get("where")
                places[row["coefficient"]] = f" ({where})" if where else ""
    return {name: "; ".join(said[:_MOST_MEASURES]) + places[name] for name, said in found.items()}


def rules() -> str:
    """Every coefficient of every group, with unit, default, range and source."""
    moved = sensitivity()
    heads = ["coefficient", "default", "unit", "range", "meaning", "source"]
    heads += ["− 50 % / + 50 %"] if moved else []
    parts = []
    for group in GROUPS:
        rows = []
        for c in group.coefficients:
            row = [f"`{c.name}`", _number(c.default), c.unit, _range(c), c.text, _source(c.source)]
            rows.append(row + ([moved.get(f"{group.name}.{c.name}", "")] if moved else []))
        table = markdown_table(heads, rows) if rows else "No coefficients.\n"
        parts.append(f"**{group.name}.** {group.text}\n\n{table}")
    return "\n".join(parts)


def _definition(name: str) -> dict[str, Any]:
    definition: dict[str, Any] = base_schema()["$defs"][name]
    return definition


def _allowed(part: dict[str, Any]) -> str:
    """What the JSON Schema of one key allows, in a few words."""
    if "anyOf" in part or "oneOf" in part:
        return " or ".join(dict.fromkeys(_allowed(one) for one in part.get("anyOf", part.get("oneOf", []))))
    if "const" in part:
        return str(part["const"])
    if "enum" in part:
        return ", ".join(str(word) for word in part["enum"])
    if part.get("type") in ("number", "integer"):
        low = part.get("minimum", part.get("exclusiveMinimum"))
        high = part.get("maximum", part.get("exclusiveMaximum"))
        above = ">" if "exclusiveMinimum" in part else ""
        return f"{above}{low:g} … {'∞' if high is None else _number(float(high))}"
    if part.get("type") == "array":
        return "list"
    return {"null": "null", "boolean": "true, false", "object": "mapping", "string": "text"}.get(
        str(part.get("type")), "see below"
    )


def _keys(definition: dict[str, Any], prefix: str = "") -> list[list[str]]:
    """Rows of a mapping's keys; mappings within are listed by their dotted keys."""
    rows: list[list[str]] = []
    for key, part in definition.get("properties", {}).items():
        inner = part.get("$ref", "").rsplit("/", 1)[-1]
        if inner and "properties" in _definition(inner) and key not in ("if", "rules"):
            rows += _keys(_definition(inner), f"{prefix}{key}.")
            continue
        default = part.get("default", "")
        said = "null" if default is None and "default" in part else _number(default)
        said = _MADE.get(f"{prefix}{key}", said)
        rows.append([f"`{prefix}{key}`", said, _allowed(part), part.get("description", "")])
    return rows


_HEADS = ("key", "default", "range", "meaning")


def _settings(rows: list[list[str]]) -> str:
    """A table of keys with the source of each default."""
    sourced = []
    for row in rows:
        name = row[0].strip("`")
        own = "the scenario's choice" if name in _CHOICES else "assumed"
        sourced.append([*row, SETTING_SOURCES.get(name, own)])
    return markdown_table((*_HEADS, "source of the default"), sourced)


def population() -> str:
    """The keys under ``population``."""
    return _settings(_keys(_definition("Population")))


def graph() -> str:
    """The keys of the social generator and of a graph from a file."""
    rows = [*_keys(_definition("SocialGraph")), *_keys(_definition("FileGraph"))]
    return _settings(rows)


def community() -> str:
    """The keys under ``community``."""
    return _settings(_keys(_definition("Community")))


def _kinds(kinds: Mapping[str, type[Strict]], word: str, apart: set[str]) -> str:
    rows = []
    for kind, model in kinds.items():
        definition = _definition(model.__name__)
        rows.append([f"**{kind}**", "", "", definition.get("description", "")])
        keys = [row for row in _keys(definition) if row[0].strip("`") not in {word, *apart}]
        rows += keys
    return markdown_table(_HEADS, rows)


def gates() -> str:
    """Every kind of gate and its keys."""
    return _kinds(GATES, "kind", set())


def operations() -> str:
    """Every kind of operation and its keys, those of time apart."""
    return _kinds(OPERATIONS, "do", {"day", "date", "every", "first", "until", "if", "name"})


def measures() -> str:
    """The daily measures."""
    rows = [[f"`{m.name}`", m.text, m.kind.value, m.unit, m.missing] for m in MEASURES]
    return markdown_table(("measure", "meaning", "how", "unit", "missing when"), rows)


def fixed() -> str:
    """Numbers that are part of the code: see :data:`FIXED`."""
    rows = []
    for place, unit, text, source in FIXED:
        module, name = place.rsplit(".", 1)
        value = getattr(importlib.import_module(module), name)
        rows.append([f"`{place}`", _number(value), unit, text, _source(source)])
    return markdown_table(("number", "value", "unit", "meaning", "source"), rows)


TABLES: dict[str, Callable[[], str]] = {
    maker.__name__: maker
    for maker in (rules, population, graph, community, gates, operations, measures, fixed)
}


def in_step(text: str) -> str:
    """A text with every table between its marks made anew."""
    return _PLACE.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n{found[3]}", text)


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail when a table is out of step.")
def main(check: bool) -> None:
    """Make the tables of MODEL.md from the code."""
    path = ROOT / "MODEL.md"
    if not path.exists():
        raise click.ClickException("there is no MODEL.md beside the source: run this in a clone")
    before = path.read_text(encoding="utf-8")
    after = in_step(before)
    if after == before:
        click.echo("MODEL.md is in step.")
    elif check:
        raise click.ClickException("MODEL.md is out of step with the code: python -m shequn.app.model_tables")
    else:
        path.write_text(after, encoding="utf-8", newline="\n")
        click.echo("MODEL.md written.")


if __name__ == "__main__":
    main()
