"""The keys of a scenario in words, from the schema: what each is, what is allowed, and what holds without it.

The fields are those of the studio's form; its texts are the descriptions in the schema, in both languages.
"""

from collections.abc import Iterable, Iterator

from shequn.app.model_tables import markdown_table
from shequn.app.studio.form import Field, sections
from shequn.sim.kernel.measures import MEASURES
from shequn.sim.language import _

_PAGES = ("gates", "operations", "duties")  # sections with a page of their own
_CHOOSERS = {"gates": "kind", "operations": "do", "duties": "do"}


def scenario() -> str:
    """All keys of a scenario file, but for those with pages of their own."""
    parts = [
        "# " + _("Keys of a scenario"),
        _(
            "What a scenario file may say, made from its schema. A dot leads into a mapping: `population.people` is "
            "`people` under `population`, and `--set population.people=500` changes it for one run. A `*` stands for a "
            "name of your own. Where a key is missing, the default holds. Days count from the start of the scenario, "
            "and a fraction is a time of day."
        ),
        "## " + _("The head of the file"),
        _table(_top()),
    ]
    for field in sections():
        if field["kind"] in ("group", "entries") and field["key"] not in (*_PAGES, "rules"):
            parts += [f"## {field['key']}", field["text"], *_body(field, field["key"])]
    parts += ["## " + _("What has a page of its own"), _elsewhere()]
    return "\n\n".join(part for part in parts if part)


def gates() -> str:
    """Every kind of gate."""
    return _kinds("gates", _("Gates"))


def operations() -> str:
    """Every kind of operation."""
    return _kinds("operations", _("Operations"))


def duties() -> str:
    """Every kind of duty."""
    return _kinds("duties", _("Duties of the staff"))


def rules() -> str:
    """The coefficients of the rules, by group."""
    (field,) = [field for field in sections() if field["key"] == "rules"]
    parts = [
        "# " + _("Numbers of the rules"),
        _(
            "How people behave, as numbers that a scenario may change under `rules`, for example "
            "`rules: {leaving: {base: 0.01}}`. Most are assumed; the paper of the model gives the formula in which "
            "each stands, and its source."
        ),
    ]
    headings = [_("key"), _("meaning"), _("unit"), _("allowed"), _("default")]
    for group in field["fields"]:
        parts += [f"## {group['key']}", group["text"]]
        rows = [
            [f"`{one['key']}`", one["text"], one["unit"], _allowed(one), _code(one["default"])]
            for one in group["fields"]
        ]
        parts.append(markdown_table(headings, rows).rstrip() if rows else _("No coefficients."))
    return "\n\n".join(parts)


def _top() -> Iterator[list[str]]:
    yield ["`format`", _("The version of the file's format."), "`2`", _("required")]
    for field in sections():
        if field["kind"] not in ("group", "entries"):
            yield from _rows([field])


def _elsewhere() -> str:
    pages = {field["key"]: field["text"] for field in sections()}
    lines = [f"- [{key}]({key}.md): {pages[key]}" for key in _PAGES]
    return "\n".join([*lines, "- [rules](rules.md): " + _("the numbers of how people behave")])


def _kinds(key: str, title: str) -> str:
    """A page with a section for each kind of a map of entries; keys that all kinds share stand first."""
    (field,) = [field for field in sections() if field["key"] == key]
    chooser = _CHOOSERS[key]
    shared = [
        row
        for row in _rows(field["options"][0]["fields"])
        if all(row in list(_rows(option["fields"])) for option in field["options"])
    ]
    parts = [f"# {title}", field["text"]]
    if shared:
        parts += ["## " + _("Keys of every kind"), _table(shared)]
    for option in field["options"]:
        word = option["when"][chooser]
        rows = [row for row in _rows(option["fields"]) if row not in shared]
        parts += [f"## {word}", f"`{chooser}: {word}`", option["text"], _table(rows)]
    return "\n\n".join(part for part in parts if part)


def _body(field: Field, prefix: str) -> list[str]:
    """What stands under a key: tables of its keys, one for each kind of mapping that it may be."""
    if field["kind"] == "group":
        return [_table(_rows(field["fields"], f"{prefix}."))]
    parts = []
    for option in field["options"]:
        words = ", ".join(f"`{key}: {word}`" for key, word in option["when"].items())
        parts += [words, option["text"], _table(_rows(option["fields"], f"{prefix}.*."))]
    return parts


def _rows(fields: Iterable[Field], prefix: str = "") -> Iterator[list[str]]:
    """A row for each key: its name, what it is, what is allowed, and what holds without it."""
    for field in fields:
        name = f"{prefix}{field['key']}"
        match field["kind"]:
            case "group":
                yield [f"`{name}`", field["text"], _("a mapping"), _need(field)]
                yield from _rows(field["fields"], f"{name}.")
            case "either":
                yield [f"`{name}`", field["text"], _("one of the mappings that follow"), _need(field)]
                for option in field["options"]:
                    words = ", ".join(f"`{key}: {word}`" for key, word in option["when"].items())
                    yield [f"`{name}`", option["text"], words, ""]
                    yield from _rows(option["fields"], f"{name}.")
            case "entries" if field["key"] in _PAGES:
                page = f"[{field['key']}]({field['key']}.md)"
                yield [f"`{name}`", field["text"], page, _need(field)]
            case "entries":
                yield [f"`{name}`", field["text"], _("mappings by name"), _need(field)]
                for option in field["options"]:
                    yield from _rows(option["fields"], f"{name}.*.")
            case _:
                yield [f"`{name}`", field["text"], _allowed(field), _need(field)]


def _need(field: Field) -> str:
    return _("required") if field.get("required") else _code(field.get("default", ""))


def _allowed(field: Field) -> str:
    """What a key may be, in a few words."""
    if field["kind"] in ("text", "long"):
        return _("text")
    if set(field["words"]) >= {measure.name for measure in MEASURES}:
        return _("a [column of `days`](tables.md#days)")
    parts = [f"`{word}`" for word in field["words"]]
    match "low" in field, "high" in field:
        case True, True:
            parts.append(f"{_number(field['low'])} … {_number(field['high'])}")
        case True, False:
            parts.append(f"≥ {_number(field['low'])}")
        case False, True:
            parts.append(f"≤ {_number(field['high'])}")
    return ", ".join(parts)


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:g}"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _table(rows: Iterable[list[str]]) -> str:
    listed = list(rows)
    headings = [_("key"), _("meaning"), _("allowed"), _("default")]
    return markdown_table(headings, listed).rstrip() if listed else _("No keys of its own.")
