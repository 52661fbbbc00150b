"""Texts of the page in the language of the visitor: labels, hints, messages."""

from typing import Any

from shequn.agents.drivers import Driver
from shequn.app.classroom.knobs import FLOOD_DAY, KNOBS
from shequn.app.classroom.limits import PAIRS
from shequn.sim.language import _, ngettext


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
        "ready": _("Ready. Press Run."),
        "over": _("The run is over. Reset starts again; Run ten shows what comes back."),
        "answered": _("The run is over. Read what to notice, then press Run ten."),
        "ten": _("Run ten"),
        "stop_ten": _("Stop the ten"),
        "ten_hint": _("Both communities from day 0 with ten seeds, with the sliders as they stand now."),
        "ten_heading": _("What comes back in ten runs"),
        "ten_progress": _("{n} of {total} runs of both communities are done."),
        "ten_begins": _("Starting the ten runs …"),
        "ten_old": _("Sliders have been moved since: run ten again."),
        "ten_note": _(
            "“Comes back” means the same way in at least nine of ten runs (runs that are equal do not count); by chance alone that happens to about one measure in fifty. “Not shown” does not mean that there is no difference: ten runs do not show one. Each line in a picture joins one run of A (disc, above) to the run of B with the same seed (square, below)."
        ),
        "preparing": _("Getting ready: loading the simulator."),
        "later": _("The file changes this {what}"),
        "as_in_file": _("All as in the file"),
        "file": _("What the file says, in words"),
        "file_of": _("What the file of {side} says, in words"),
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
        "plan": _("Other operations of the file"),
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


def knob_value(key: str, value: Any) -> str:
    """A value of a knob as text."""
    match key:
        case "gate":
            return gate_names()[value]
        case "limit":
            return _("no limit") if value == 0 else f"{value:,}"
        case "invitations":
            return _("{n} ‰ a day").format(n=f"{value:g}")
        case "events":
            return _("never") if value == 0 else _("every {n} days").format(n=value)
        case "flood":
            return _("no flood") if value == 0 else _("{n} people").format(n=value)
        case "plan":
            return _("left out")
        case "people" | "founders" | "days":
            return f"{value:,}"
        case "seed":
            return str(value)
    return f"{value:.2f}" if round(value, 2) == value else f"{value:g}"


def gate_names() -> dict[str, str]:
    """The names of the gates that can be set, by key."""
    return {
        "none": _("no gate"),
        "easy": _("easy: rules and a small task"),
        "strict": _("strict: rules and a hard task"),
        "fee": _("an entrance fee"),
        "invitation": _("by invitation only"),
    }


def knob_texts() -> list[dict[str, Any]]:
    """All knobs for the page: label, hint, group, and whether one chooses from a list."""
    groups = {"openness": "door", "gate": "door", "limit": "door", "invitations": "door"}
    groups |= dict.fromkeys(("people", "founders", "days", "seed"), "people")
    groups |= dict.fromkeys(("events", "flood", "plan"), "event")
    return [
        {
            "key": knob.key,
            "label": knob_label(knob.key),
            "hint": knob_hint(knob.key),
            "group": groups.get(knob.key, "driver"),
            "choice": isinstance(knob.values[0], str),
        }
        for knob in KNOBS
    ]


def cut_sentence(key: str, asked: int, given: int) -> str:
    """What the page does not run as the file says."""
    texts = {
        "people": _(
            "The file asks for {asked} people; the class page runs at most {given}, so there are fewer to find and to invite."
        ),
        "founders": _(
            "The file asks for {asked} founders; here there are {given}, in proportion to the people."
        ),
        "days": _("The file asks for {asked} days; the class page stops after {given}."),
    }
    return texts[key].format(asked=f"{asked:,}", given=f"{given:,}")


def preparation(seconds: int) -> str:
    """What a visitor reads who has waited this long for the simulator."""
    if seconds < 8:
        return _("Getting ready: loading the simulator.")
    return ngettext(
        "Compiling the simulator, once on this machine, which takes about a minute: {n} second so far.",
        "Compiling the simulator, once on this machine, which takes about a minute: {n} seconds so far.",
        seconds,
    ).format(n=seconds)


def ten_title(first: int, last_day: int) -> str:
    """What the ten runs are."""
    return _("Both communities with the seeds {first} to {last}, from day 0 to day {day}, the sliders as they stood.").format(
        first=first, last=first + PAIRS - 1, day=last_day
    )  # fmt: skip


def code_error(kind: str) -> str:
    """Why a code cannot be used."""
    return {
        "letters": _(
            "This is not the code of a setting: a code is made of letters and digits, such as 52Q1J-HJQR7-CCWEM."
        ),
        "check": _("This code has a typing error: compare it letter by letter."),
        "version": _("This code comes from another version of shequn and cannot be used here."),
    }[kind]
