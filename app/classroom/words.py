"""Texts of the page in the language of the visitor: labels, hints, messages."""

from typing import Any

from shequn.agents.drivers import Driver
from shequn.app.classroom.settings import FLOOD_DAY, KNOBS, Knob
from shequn.sim.language import _


def page_texts() -> dict[str, str]:
    """Fixed texts of the page, by name."""
    return {
        "title": _("Community classroom"),
        "lessons": _("Lessons"),
        "free": _("Free play"),
        "run": _("Run"),
        "pause": _("Pause"),
        "day_on": _("A day"),
        "skip": _("To the end"),
        "reset": _("Reset"),
        "pace": _("Days per picture"),
        "day": _("Day {day} of {days}"),
        "preparing": _(
            "Getting ready. The first time on this machine the simulator has to be compiled, which takes about a minute; after that it takes seconds."
        ),
        "ready": _("Ready. Press Run."),
        "over": _("The run is over. Reset starts again."),
        "community": _("Community {side}"),
        "pictures": _("Pictures of both communities"),
        "now": _("At a glance"),
        "measure": _("Measure"),
        "settings": _("Settings"),
        "applies": _("The sliders move"),
        "both": _("both"),
        "only": _("{side} only"),
        "tomorrow": _("Changes take effect from the next day."),
        "why": _("Why did she leave?"),
        "why_hint": _(
            "Click a member, or press the arrow keys on a picture and then Enter, to read her story."
        ),
        "lately": _("Latest departures in {side}:"),
        "nobody": _("nobody yet"),
        "member": _("member {number}"),
        "share": _("Share this setting"),
        "code": _("Code of this setting"),
        "copy": _("Copy"),
        "copied": _("Copied."),
        "other_code": _("A code from somebody else"),
        "use": _("Use"),
        "guess": _("What do you expect?"),
        "commit": _("This is my guess: set up the experiment"),
        "guessed": _("Your guess: {answer}"),
        "notice": _("What to notice"),
        "unfinished": _("Run it to the end, and the answer appears here."),
        "picture": _(
            "Members of community {side}, one dot each: the higher the quality, the brighter and the closer to the middle; the more active, the larger. A ring is a member who has just left. Arrow keys choose a member, Enter shows her story."
        ),
        "legend": _(
            "Each dot is a member: the higher the quality of what she contributes, the brighter and the closer to the middle; the more active, the larger. A hollow ring is a member who has just left. Lines are the strongest ties."
        ),
        "low": _("low quality"),
        "high": _("high quality"),
        "curves": _("Curves of both communities"),
        "people_knobs": _("The people (A and B)"),
        "door_knobs": _("The door"),
        "driver_knobs": _("What moves people"),
        "event_knobs": _("What happens"),
    }


def knob_label(key: str) -> str:
    """The label of a knob."""
    labels = {
        "people": _("People in total"),
        "founders": _("Founders"),
        "days": _("Length in days"),
        "seed": _("Luck (seed)"),
        "openness": _("Openness"),
        "gate": _("Gate"),
        "limit": _("Maximum group size"),
        "invitations": _("Invitations"),
        "events": _("Hot events"),
        "flood": _("Flood of newcomers"),
        **driver_names(),
    }
    return labels[key]


def driver_names() -> dict[str, str]:
    """The names of the six drivers, by key."""
    names = {
        Driver.HONOR: _("Honor"),
        Driver.INTEREST: _("Interest"),
        Driver.BENEFIT: _("Benefit"),
        Driver.RELATIONSHIP: _("Relationship"),
        Driver.EVENT: _("Event"),
        Driver.LOCALITY: _("Locality"),
    }
    return {driver.name.lower(): names.get(driver, driver.name.capitalize()) for driver in Driver}


def knob_hint(key: str) -> str:
    """One sentence on what a knob does; empty if the label is enough."""
    hints = {
        "openness": _("How easily strangers find the door, and how many of them slip past the gate."),
        "gate": _("What candidates have to pass unless they slip past it."),
        "invitations": _(
            "Daily chance that a member invites a given person she knows outside, at medium satisfaction."
        ),
        "flood": _("They come on day {day}, while the door is open for a fortnight.").format(day=FLOOD_DAY),
        "events": _("Only event-driven members notice."),
        "locality": _("Living near each other."),
        "honor": _("Standing among the members one sees."),
        "interest": _("Content on a member's own topic and level."),
        "benefit": _("What one gains from membership."),
        "relationship": _("People one knows inside."),
        "event": _("Something is going on."),
    }
    return hints.get(key, "")


def knob_value(knob: Knob, position: int) -> str:
    """The value of a knob at a position, as text."""
    value: Any = knob.values[position]
    match knob.key:
        case "gate":
            return gate_names()[value]
        case "limit":
            return _("no limit") if value == 0 else str(value)
        case "invitations":
            return _("{n} ‰ a day").format(n=value)
        case "events":
            return _("never") if value == 0 else _("every {n} days").format(n=value)
        case "flood":
            return _("no flood") if value == 0 else _("{n} people").format(n=value)
        case "people" | "founders" | "days" | "seed":
            return f"{value:,}"
    return f"{value:.2f}"


def gate_names() -> dict[str, str]:
    """The names of the gate presets, by key."""
    return {
        "own": _("as in the scenario"),
        "none": _("no gate"),
        "easy": _("easy: rules and a small task"),
        "strict": _("strict: rules and a hard task"),
        "fee": _("an entrance fee"),
        "invitation": _("by invitation only"),
    }


def knob_texts() -> list[dict[str, Any]]:
    """All knobs for the page: label, hint, group, and the text of each position."""
    groups = {"openness": "door", "gate": "door", "limit": "door", "invitations": "door"}
    groups |= dict.fromkeys(("people", "founders", "days", "seed"), "people")
    groups |= dict.fromkeys(("events", "flood"), "event")
    return [
        {
            "key": knob.key,
            "label": knob_label(knob.key),
            "hint": knob_hint(knob.key),
            "group": groups.get(knob.key, "driver"),
            "choice": isinstance(knob.values[0], str),
            "values": [knob_value(knob, position) for position in range(len(knob.values))],
        }
        for knob in KNOBS
    ]


def code_error(kind: str) -> str:
    """Why a code cannot be used."""
    return {
        "letters": _(
            "This is not the code of a setting: a code has about 25 letters and digits, such as 52Q1J-HJQR7-CCWEM."
        ),
        "check": _("This code has a typing error: compare it letter by letter."),
        "version": _("This code comes from another version of shequn and cannot be used here."),
    }[kind]
