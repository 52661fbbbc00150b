"""The report of the playbook: for each kind what to do first, all levers, and where it turns over."""

from shequn.app.answers.playbook import Answer, certainty, effect_text, goal_name, is_good, per_name
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
from shequn.app.playbook_page import careful, first_notes, full_notes, method, mix_notes, title
from shequn.app.report import provenance
from shequn.app.report.parts import Listing, Part, Report, Section, Table, Text
from shequn.app.report.result_folder import ResultFolder
from shequn.experiments.playbook.design import GOALS
from shequn.experiments.playbook.effects import Per
from shequn.sim.language import _


def report(results: ResultFolder) -> Report:
    """Build the report of a folder of the playbook."""
    answer = Answer.read(results.folder)
    name = results.folder.name
    sections = [_section(answer, kind) for kind in answer.kinds]
    sections += [
        Section("method", _("How it is measured"), [Text(method(answer))]),
        Section("alerts", _("What to be careful with"), [Listing(careful(answer), "warning")]),
        Section(
            "scenario",
            _("How to reproduce it"),
            [
                provenance.commands(results, [f"shequn playbook --out {name}"]),
                provenance.versions(results),
                provenance.files(results),
            ],
        ),
    ]
    return Report(
        kind=_("Playbook"),
        title=title(),
        subtitle=_("{pairs} pairs of runs of each lever, {mix_pairs} with each other mix of drivers").format(
            pairs=answer.study["pairs"], mix_pairs=answer.study["mix_pairs"]
        ),
        question=_("Which lever does most for retention, quality, growth and income, and what does it cost?"),
        answer_label=_("The answer"),
        answer=[text for kind in answer.kinds for text in _answers(answer, kind)],
        figures=[],
        pictures=[],
        cards=[],
        sections=sections,
        footer="",
    )


def _answers(answer: Answer, kind: Row) -> list[str]:
    """A sentence for each goal that a lever is shown to raise."""
    levers = answer.levers_of(kind)
    found = []
    for goal in GOALS:
        name = answer.first(kind, goal)
        if name is not None and is_good(effect := answer.effect(kind, name, goal)):
            found.append(
                _("{kind}, {goal}: {lever}, {effect}; {certainty}.").format(
                    kind=in_words(kind, "title"),
                    goal=goal_name(goal),
                    lever=in_words(levers[name], "title"),
                    effect=effect_text(effect, goal),
                    certainty=certainty(answer, kind, goal, name),
                )
            )
    return found or [_("{kind}: no lever is shown to raise any goal.").format(kind=in_words(kind, "title"))]


def _section(answer: Answer, kind: Row) -> Section:
    name = kind["kind"]
    parts: list[Part] = [
        Text([first_notes()]),
        Table(f"{name}-first", _("What to do first, for what"), first_table(answer, kind)),
        Table(f"{name}-thrift", _("The best for its cost"), thrift_table(answer, kind)),
        Text([full_notes()]),
        Table(f"{name}-levers", _("All levers"), lever_table(answer, kind)),
        Table(f"{name}-effects", _("Effects"), effect_table(answer, kind, bold=False)),
    ]
    for per in (Per.YUAN, Per.HOUR):
        table = ratio_table(answer, kind, per, bold=False)
        if len(table):
            heading = _("Effects {per}").format(per=per_name(per))
            parts.append(Table(f"{name}-per-{per.name.lower()}", heading, table))
    parts.append(Table(f"{name}-order", _("Orders"), order_table(answer, kind)))
    turning = {
        "turn": (_("Where an effect turns over"), turn_table(answer, kind)),
        "other-first": (_("Where another lever is first"), other_first_table(answer, kind)),
    }
    parts.append(Text([mix_notes(answer)]))
    parts += [
        Table(f"{name}-{key}", heading, table) for key, (heading, table) in turning.items() if len(table)
    ]
    return Section(name, in_words(kind, "title"), parts)
