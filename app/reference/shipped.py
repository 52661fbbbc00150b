"""The shipped scenarios: which to start from, and each with its question and its variants."""

from shequn.app.model_tables import markdown_table
from shequn.app.studio.starts import starts
from shequn.sim.language import _, translate
from shequn.sim.scenario.locations import shipped
from shequn.sim.scenario.nodes import plain
from shequn.sim.scenario.question import Question
from shequn.sim.scenario.reading import parse, read_text


def page() -> str:
    """The whole page, in the current language."""
    parts = [
        "# " + _("Scenarios that come with shequn"),
        _(
            "`shequn run NAME` runs one, `shequn compare NAME` answers its question with its variants, "
            "`shequn new mine --from NAME` copies it to start from."
        ),
        "## " + _("Which to start from"),
        _start_table(),
    ]
    for name, path in shipped().items():
        values = plain(parse(read_text(path)[0], path.name)[0])
        question = translate(str(Question.read(values.get("question"))))
        description = translate(str(values.get("description", "")))
        parts += [f"## {name}", f"**{translate(str(values['title']))}**", question, description]
        variants = values.get("variants") or {}
        rows = [[f"`{name}:{key}`", translate(str(one["title"]))] for key, one in variants.items()]
        if rows:
            parts.append(markdown_table([_("variant"), _("what it is")], rows).rstrip())
    return "\n\n".join(part for part in parts if part)


def _start_table() -> str:
    """A row for each thing that one may run: the scenario to start from, and what it asks."""
    headings = [_("I run …"), _("start from"), _("it asks")]
    rows = [[one["words"], f"[{one['name']}](#{one['name']})", one["question"]] for one in starts()]
    return markdown_table(headings, rows).rstrip()
