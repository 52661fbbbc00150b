"""What the controls of the page show: what both files say, where the knobs stand, and what differs."""

from typing import Any

from shequn.app.classroom.bases import Bases
from shequn.app.classroom.knobs import FILE, KNOBS, Knob
from shequn.app.classroom.said import later_changes, positions_in_order, said
from shequn.app.classroom.settings import SIDES, Settings
from shequn.app.classroom.sharing import code_of
from shequn.app.classroom.words import cut_sentence, knob_label, knob_value
from shequn.app.explanation.scenario import explain
from shequn.sim.language import _, translate
from shequn.sim.scenario import Scenario


def panel(bases: Bases, settings: Settings, pending: set[str], with_files: bool) -> dict[str, Any]:
    """The state of the controls, in the current language.

    Parameters
    ----------
    bases : Bases
    settings : Settings
    pending : set of str
        Knobs that take effect at the next start.
    with_files : bool
        Whether also what the files say, which changes with the scenarios only.
    """
    waiting = _(", ").join(knob_label(key).lower() for key in sorted(pending))
    state: dict[str, Any] = {
        "scenario": _title(bases, settings),
        "cuts": [cut_sentence(*cut) for cut in bases.cuts(settings)],
        "positions": {side: {**settings.shared, **settings.sides[side]} for side in SIDES},
        "differ": _difference(bases, settings),
        "waits": _("Takes effect after Reset: {what}.").format(what=waiting) if waiting else "",
        "code": code_of(settings),
    }
    if with_files:
        state["files"] = {side: _file(bases.scenario(settings.bases[side])) for side in SIDES}
        state["one_file"] = settings.have_one_base
    return state


def _title(bases: Bases, settings: Settings) -> str:
    titles = [translate(bases.scenario(settings.bases[side]).title) for side in SIDES]
    if settings.have_one_base:
        return titles[0]
    return _("A: {a}. B: {b}.").format(a=titles[0], b=titles[1])


def _difference(bases: Bases, settings: Settings) -> str:
    names = _(", ").join(knob_label(key).lower() for key in settings.differing_keys())
    if not settings.have_one_base:
        text = _title(bases, settings)
        if names:
            text = _("{first} They differ in these sliders, too: {what}.").format(first=text, what=names)
        return text
    if names:
        return _("A and B differ in: {what}. Everything else is the same: people, friendships, luck.").format(
            what=names
        )
    return _("A and B are alike: the same people, the same luck, the same rules.")


def _file(scenario: Scenario) -> dict[str, Any]:
    """What a scenario says: for each knob its positions with their texts, and all of it in paragraphs."""
    _heading, *paragraphs = explain(scenario).strip().split("\n\n")
    return {"knobs": {knob.key: _of_knob(scenario, knob) for knob in KNOBS}, "paragraphs": paragraphs}


def _of_knob(scenario: Scenario, knob: Knob) -> dict[str, Any]:
    file = said(scenario, knob.key)
    at_file = (
        _("as in the file: {what}").format(what=file.words)
        if file.value is None
        else knob_value(knob.key, file.value)
    )
    if file.is_fixed:
        at_file = file.words
    return {
        "steps": [
            [position, at_file if position == FILE else knob_value(knob.key, knob.value(position))]
            for position in positions_in_order(knob, file)
        ],
        "later": later_changes(scenario, knob.key),
    }
