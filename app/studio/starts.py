"""Where to start: what somebody runs, and the shipped scenario to start from."""

import re
from typing import Any

from shequn.app.studio.text_edits import EditError, with_value, without_value
from shequn.app.template import template
from shequn.app.user_errors import UserError
from shequn.sim.language import N_, _, current_language, translate
from shequn.sim.scenario.dumping import text_scalar
from shequn.sim.scenario.locations import shipped
from shequn.sim.scenario.nodes import plain
from shequn.sim.scenario.question import Question
from shequn.sim.scenario.reading import parse, read_text
from shequn.sim.scenario.shipped_texts import translations

#: What somebody runs, by the shipped scenario to start from: operators first, then researchers.
STARTS = {
    "reading-club": N_("a paid reading club"),
    "training-camp": N_("a training camp"),
    "camps": N_("a training camp with check-ins, featured posts or expulsion"),
    "terms": N_("a training camp that is given again and again"),
    "selling-group": N_("a shop group with lessons"),
    "unattended": N_("a group whose host is away"),
    "fan-club": N_("a fan club"),
    "livestream": N_("a livestream with tips"),
    "launch": N_("a content platform that opens in stages"),
    "nearby-strangers": N_("an app for strangers near by"),
    "fission": N_("a group that is full"),
    "flash-sale": N_("a shop group with red packets"),
    "points": N_("a community with points and levels"),
    "coins": N_("a training camp with teams and coins"),
    "premium": N_("a free group that sells a course"),
    "gated-group": N_("a group with a strict door"),
    "cold-start": N_("a community that begins from nothing"),
    "give-one-get-one": N_("an app that grows by invitations"),
    "invitation-chain": N_("a campaign of invitations"),
    "old-hands": N_("a community with volunteers"),
    "star-or-web": N_("a group around one person"),
    "platform-launch": N_("a platform with official accounts"),
    "flood-of-newcomers": N_("a group into which newcomers flood"),
    "city-hobby": N_("a hobby group in a city"),
    "flash-event": N_("a group around an event"),
    "large-hall": N_("a group of thousands"),
    "small-circle": N_("a small circle of friends"),
    "open-group": N_("an open group"),
    "chat": N_("a chat"),
    "forum": N_("a forum"),
    "list": N_("a mailing list"),
}
_UNTRANSLATED = ("source", "why", "what", "where", "who")  # left out in other languages than English
_SCHEMA_LINE = re.compile(r"\A# yaml-language-server:.*\n")


def starts() -> list[dict[str, Any]]:
    """All starts in the current language: name, what one runs, title, question, variants and what else finds it."""
    found = []
    paths = shipped()
    for name, words in STARTS.items():
        values = plain(parse(read_text(paths[name])[0], name)[0])
        variants = values.get("variants") or {}
        titles = [str((changes or {}).get("title", "")) for changes in variants.values()]
        found.append(
            {
                "name": name,
                "words": _(words),
                "title": translate(str(values["title"])),
                "question": translate(str(Question.read(values.get("question")))),
                "variants": len(variants),
                "more": " ".join(map(translate, [str(values.get("description", "")), *titles])),
            }
        )
    return found


def scenario_text(name: str) -> tuple[str, str]:
    """The text to start with, its texts in the current language, and a name for its file.

    Parameters
    ----------
    name : str
        Of a shipped scenario; empty for the commented template.

    Raises
    ------
    UserError
        There is no such scenario.
    """
    if not name:
        return _SCHEMA_LINE.sub("", template(_("My community"), "my-community.yaml", "")), "my-community.yaml"
    paths = shipped()
    if name not in paths:
        raise UserError(_("there is no scenario {shown!r}{near}").format(shown=name, near=""))
    text = _SCHEMA_LINE.sub("", read_text(paths[name])[0])
    if current_language() != "en":
        text = _translated(text)
    return text, f"my-{name}.yaml"


def _translated(text: str) -> str:
    """A shipped scenario with titles, question and descriptions in the current language."""
    values = plain(parse(text, "")[0])
    for path, words in translations(values):
        try:
            text = with_value(text, tuple(map(str, path)), text_scalar(words))
        except EditError:  # pragma: no cover - it stays in English
            continue
    for key in _UNTRANSLATED:
        if key in values:
            text = without_value(text, (key,))
    return text
