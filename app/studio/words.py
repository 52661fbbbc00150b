"""Texts of the page in the language of the visitor."""

from typing import Any

from shequn.app.studio.cards import GROUPS, Card
from shequn.sim.kernel.duties.kinds import DUTIES
from shequn.sim.kernel.gates.kinds import GATES
from shequn.sim.language import _
from shequn.sim.operations.kinds import OPERATIONS
from shequn.sim.scenario.dumping import inline_yaml


def page_texts() -> dict[str, str]:
    """Fixed texts of the page, by name."""
    return {
        "preparing": _("Connecting …"),
        "ready": _("Choose where to start."),
        "tab_start": _("Start"),
        "tab_write": _("Write"),
        "tab_results": _("Results"),
        "tab_form": _("Form"),
        "tab_text": _("Text of the file"),
        "tab_words": _("In words"),
        # start
        "open_here": _("Open a file of this folder"),
        "no_files": _("There is no scenario in this folder yet."),
        "open_elsewhere": _("Open another file"),
        "import": _("A scenario (.yaml), or a report with a scenario inside (.html)"),
        "choose": _("Choose a file …"),
        "empty": _("Start from nothing"),
        "template": _("An empty scenario with explanations"),
        "questions": _("Start from a question"),
        "find": _("Find"),
        "nothing_found": _("Nothing found. Try another word: fee, check-in, invitation, points, host …"),
        "synonyms": _(
            "fee, price, charge, cost, paid, yuan; check-in, attendance, homework, camp; invitation, referral, friend; "
            "points, level, coin; host, volunteer, staff; advertising, campaign"
        ),  # words that find each other
        "i_run": _("I run {what}"),
        "start_from": _("start from: {title}"),
        "n_variants": _("{n} variants"),
        "discard": _("The text has changes that are not saved. Drop them?"),
        # the file
        "file": _("File"),
        "save": _("Save"),
        "undo": _("Undo"),
        "is_saved": _("saved"),
        "is_changed": _("not saved"),
        "replace": _("Overwrite it?"),
        # write
        "editing": _("Editing"),
        "itself": _("the scenario itself"),
        "variant_of": _("variant {name}"),
        "variant_name": _("Name of a new variant"),
        "variant_example": _("for example dear"),
        "add_variant": _("Add variant"),
        "remove_variant": _("Remove variant {name}"),
        "run": _("Run"),
        "compare": _("Compare"),
        "with": _("with:"),
        "stale": _("This is what the text said before the mistake."),
        "needs_variant": _("There is nothing to compare: add a variant first."),
        "pairs": _("pairs of runs"),
        "assumed": _("try the assumed numbers too (--assumed)"),
        "assumed_hint": _(
            "With one variant: each assumed number of the model at 0.5 and 1.5 times its value, in three pairs of "
            "runs. These are about a thousand more runs; the time left is shown."
        ),
        "minutes_left": _("about {n} min left"),
        "stop": _("Stop"),
        "progress": _("Progress"),
        "working": _(
            "Running: {title}. The first time on this machine the simulator is compiled, which takes about a minute."
        ),
        "done": _("Done."),
        "one_mistake": _("One mistake"),
        "mistakes": _("{n} mistakes"),
        "no_mistakes": _("No mistakes: this can be run."),
        "line": _("line {n}"),
        "in_text": _("in the text"),
        "in_form": _("in the form"),
        "form_hint": _("Form and text show the same file. An empty field means what it shows in grey."),
        "text_label": _("Text of the file (YAML)"),
        "playbook": _("Add from the playbook"),
        "playbook_hint": _("Each card adds an entry with values to start from; change them below."),
        "kind": _("Kind"),
        "name": _("Name"),
        "rename": _("Rename"),
        "remove": _("Remove {name}"),
        "taken_away": _("taken away in this variant"),
        "bring_back": _("Bring it back"),
        "unknown_kind": _("The form does not know this kind; the list of mistakes says more."),
        "none_yet": _("None yet. The cards of the playbook add some."),
        "gates_in_spaces": _("The gates of this community are in its spaces:"),
        "more": _("More keys ({n})"),
        "required": _("needed"),
        "default": _("default: {value}"),
        "source": _("source: {source}"),
        # results
        "no_reports": _("No report yet. Run the scenario or compare its variants first."),
        "earlier": _("Earlier reports of this folder, the latest first:"),
        "report": _("Report"),
        "share": _("Share as one file"),
        "share_hint": _(
            "A report that opens everywhere, with the scenario inside: the studio can open it again."
        ),
        "open_window": _("Open in a window of its own"),
    }


def section_names() -> dict[str, str]:
    """Names of the form's sections, by key."""
    return {
        "general": _("Title, question and length"),
        "population": _("People"),
        "community": _("The community"),
        "gates": _("Gates"),
        "spaces": _("Spaces"),
        "operations": _("Operations"),
        "staff": _("Staff"),
        "duties": _("Staff duties"),
        "tasks": _("Tasks"),
        "units": _("Points and other units"),
        "marks": _("Levels and titles"),
        "earn": _("What earns points or money"),
        "offers": _("Offers"),
        "stages": _("Stages"),
        "rules": _("Coefficients of the rules (for experts)"),
    }


def card_texts() -> list[dict[str, Any]]:
    """The groups of cards for the page: titles, and what each card adds."""
    return [{"title": _(title), "cards": [_card(card) for card in cards]} for title, cards in GROUPS.items()]


def _card(card: Card) -> dict[str, str]:
    kinds: dict[str, dict[str, type]] = {"operations": OPERATIONS, "duties": DUTIES, "gates": GATES}
    kind = kinds.get(card.section, {}).get(str(card.entry.get("do", card.entry.get("kind"))))
    english = "" if kind is None else " ".join((kind.__doc__ or "").split())
    described = f"{_(english)}\n" if english else ""
    return {
        "name": f"{card.section}/{card.name}",
        "title": _(card.title),
        "text": f"{described}{card.section}: {inline_yaml(card.entry)}",
    }
