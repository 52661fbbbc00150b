"""The cards of the playbook: each adds an entry to a scenario, with values to start from.

The values are examples, as in `shequn new` and the cookbook; whatever a card does not say is the schema's default.
"""

from typing import Any, NamedTuple

from shequn.app.studio.text_edits import Path, with_value, without_value
from shequn.sim.kernel.duties.kinds import DUTIES
from shequn.sim.kernel.gates.kinds import GATES
from shequn.sim.language import N_
from shequn.sim.operations.kinds import OPERATIONS
from shequn.sim.scenario.community import Community
from shequn.sim.scenario.dumping import inline_yaml
from shequn.sim.scenario.spaces import OF_SPACES

Values = dict[str, Any]


class Card(NamedTuple):
    """A card.

    Attributes
    ----------
    title : str
        In English, marked for translation.
    section : str
        The map by name to which it adds an entry.
    name : str
        Of the entry; a number follows if there is one of this name.
    entry : dict
        ``{unit}``, ``{job}`` and the like stand for the first name of a map, see `_DEFAULTS`.
    others : tuple of (str, str, dict)
        Section, name and value of entries that it needs, added unless the section has this name; an earn rule
        only if there is none.
    """

    title: str
    section: str
    name: str
    entry: Values
    others: tuple[tuple[str, str, Values], ...] = ()


_SIGN_IN = ("earn", "sign-in", {"for": "visit", "most": 1, "pay": {"{unit}": 5}})

#: What a placeholder stands for: the first name of this map, or this entry, which is then added.
_DEFAULTS: dict[str, tuple[str, str, Values]] = {
    "{unit}": ("units", "points", {}),
    "{job}": ("staff", "host", {"hours": [9, 22], "minutes": 240, "pay": 200}),
    "{space}": ("spaces", "hall", {}),
    "{fee}": ("gates", "fee", {"kind": "fee", "amount": 9.9}),
    "{mark}": ("marks", "title", {"honor": 2}),
}

GROUPS: dict[str, tuple[Card, ...]] = {
    N_("Points and levels"): (
        Card(N_("Points"), "units", "points", {"expires": 90, "most_per_day": 1000}),
        Card(N_("Points for signing in"), "earn", "sign-in", {"for": "visit", "most": 1, "pay": {"{unit}": 5}}),
        Card(N_("A bonus for seven days in a row"), "earn", "week", {"for": "visit", "streak": 7, "pay": {"{unit}": 50}}),
        Card(N_("Points for posts"), "earn", "posts", {"for": "post", "most": 5, "pay": {"{unit}": 10}}),
        Card(N_("Points for invitations"), "earn", "invitations", {"for": "invited", "pay": {"{unit}": 20}}),
        Card(N_("Red packets"), "earn", "packet", {"for": "visit", "first": 20, "each": 1, "most": 1, "chance": 0.8, "pay": {"money": 1}}, (("units", "money", {"budget": 200}),)),
        Card(N_("Levels by points"), "marks", "level", {"by": "{unit}", "steps": [100, 500, 2000]}, (_SIGN_IN,)),
        Card(N_("A title"), "marks", "title", {"honor": 2}),
    ),
    N_("Offers"): (
        Card(N_("Something for points"), "offers", "coupon", {"takes": {"{unit}": 500}, "gives": {"money": 5}, "stock": 20, "every": 7}, (_SIGN_IN,)),
        Card(N_("A course"), "offers", "course", {"takes": {"money": 99}, "worth": 200}),
        Card(N_("A membership that is renewed"), "offers", "month", {"takes": {"money": 15}, "worth": 45, "lasts": 30, "most": None}),
        Card(N_("Group buying"), "offers", "group buy", {"takes": {"money": 12}, "worth": 30, "buyers": 3, "wait": 1, "every": 7}),
        Card(N_("A flash sale"), "offers", "flash sale", {"takes": {"money": 10}, "worth": 25, "stock": 30, "every": 7, "first": 5.833, "open": 0.083}),
    ),
    N_("Tasks"): (
        Card(N_("A daily check-in"), "tasks", "check-in", {"every": 1, "effort": 0.1, "gives": {"honor": 1, "benefit": 0.5}}),
        Card(N_("Weekly homework"), "tasks", "homework", {"every": 7, "open": 3, "effort": 0.3, "gives": {"benefit": 2}}),
    ),
    N_("Staff"): (
        Card(N_("A paid host"), "staff", "host", {"hours": [9, 22], "minutes": 240, "pay": 200}),
        Card(N_("Volunteers among the members"), "staff", "volunteers", {"people": 2, "from": "members", "minutes": 60}),
    ),
    N_("Staff duties"): (
        Card(N_("Answer posts"), "duties", "answers", {"do": "answer", "job": "{job}"}),
        Card(N_("Welcome newcomers"), "duties", "welcome", {"do": "welcome", "job": "{job}"}),
        Card(N_("Feature the best posts"), "duties", "featured", {"do": "feature", "job": "editor", "every": 1}, (("spaces", "platform", {}), ("spaces", "corner", {"in": "platform", "copies": 3}), ("staff", "editor", {"in": "platform", "minutes": 120}))),
        Card(N_("Call back the inactive"), "duties", "calls", {"do": "call", "job": "{job}", "every": 7, "unseen": 7}),
        Card(N_("Talk one to one"), "duties", "talks", {"do": "talk", "job": "{job}", "every": 1, "most": 5}),
        Card(N_("A notice every day"), "duties", "notice", {"do": "post", "job": "{job}", "every": 1, "first": 0.4, "quality": 0.8}),
        Card(N_("Moderate"), "duties", "moderation", {"do": "moderate", "job": "{job}", "strikes": 3}),
    ),
    N_("Operations"): (
        Card(N_("A campaign"), "operations", "campaign", {"do": "campaign", "day": 30, "days": 14, "discovery": 3, "reminders": 1, "pay_inviter": 5}),
        Card(N_("A hot event"), "operations", "event", {"do": "hot_event", "day": 30, "intensity": 0.8, "days": 5}),
        Card(N_("A message to members"), "operations", "message", {"do": "push", "every": 7, "who": "inactive", "unseen": 7}),
        Card(N_("An award for the best"), "operations", "award", {"do": "award", "every": 30, "best": 3, "mark": "{mark}"}),
        Card(N_("Many newcomers at once"), "operations", "flood", {"do": "shock", "day": 30, "people": 300, "over": 3}),
        Card(N_("Newcomers from a channel"), "operations", "channel", {"do": "arrivals", "day": 0, "per_day": 5, "cost": 3}),
        Card(N_("Remove the inactive"), "operations", "prune", {"do": "remove", "every": 30, "who": "inactive", "unseen": 30}),
        Card(N_("Close the door when it is full"), "operations", "close the door", {"do": "set_openness", "if": {"measure": "members", "above": 300}, "to": 0}),
        Card(N_("Charge from a day on"), "operations", "charge", {"do": "set_gates", "day": 30, "gates": {"fee": {"kind": "fee", "amount": 19.9}}}),
        Card(N_("Invite the best to another space"), "operations", "promotion", {"do": "move", "every": 30, "who": "most_recognised", "share": 0.1, "in": "{space}", "to": "circle"}, (("spaces", "circle", {"seats": 40}),)),
        Card(N_("A week without the host"), "operations", "away", {"do": "set_staff", "day": 60, "days": 7, "job": "{job}", "minutes": 0}),
        Card(N_("Another price from a day on"), "operations", "price", {"do": "set", "day": 30, "key": "{gates}.{fee}.amount", "to": 19.9}),
        Card(N_("A rival offers money"), "operations", "rival", {"do": "rival", "day": 60, "pay": 10}),
        Card(N_("A season"), "operations", "season", {"do": "season", "day": 30, "days": 30, "discovery": 2}),
        Card(N_("A term is over"), "operations", "end of term", {"do": "close", "day": 90}),
        Card(N_("Graduates come again"), "operations", "enrolment", {"do": "enrol", "day": 97}, (("operations", "end of term", {"do": "close", "day": 90}),)),
    ),
    N_("Gates"): (
        Card(N_("An entrance fee"), "gates", "fee", {"kind": "fee", "amount": 9.9}),
        Card(N_("Rules to accept"), "gates", "rules", {"kind": "rules"}),
        Card(N_("A task at the door"), "gates", "task", {"kind": "task", "at_least": 0.5}),
        Card(N_("By invitation only"), "gates", "friends", {"kind": "invitation"}),
        Card(N_("A quota per day"), "gates", "waiting", {"kind": "quota", "per_day": 5, "patience": 14}),
        Card(N_("A limit of members"), "gates", "size", {"kind": "capacity", "members": 300}),
        Card(N_("On the topic only"), "gates", "topic", {"kind": "identity", "sees": "topic", "within": 0.1}),
        Card(N_("Customers only"), "gates", "customers", {"kind": "purchase", "share": 0.3}),
    ),
    N_("Spaces and stages"): (
        Card(N_("An inner circle"), "spaces", "circle", {"seats": 40}, (("spaces", "hall", {}),)),
        Card(N_("A hall that divides when it is full"), "spaces", "hall", {"seats": 300, "splits": {}}),
        Card(N_("An opening stage"), "stages", "opening", {"until": {"day": 30}}),
    ),
}  # fmt: skip

#: All cards by section and name.
CARDS = {f"{card.section}/{card.name}": card for cards in GROUPS.values() for card in cards}


def kinds_without_card() -> set[str]:
    """The kinds of operations, duties and gates that no card adds; there should be none."""
    kinds = {("operations", kind) for kind in OPERATIONS} | {("duties", kind) for kind in DUTIES}
    kinds |= {("gates", kind) for kind in GATES}
    shown = {(card.section, card.entry.get("do", card.entry.get("kind"))) for card in CARDS.values()}
    return {"/".join(kind) for kind in kinds - shown}


def with_card(text: str, card: Card, values: Values, above: Path = ()) -> tuple[str, Path]:
    """The text with a card's entry and what it needs; and the path of the entry in the scenario or variant.

    Parameters
    ----------
    text : str
    card : Card
    values : dict
        What the scenario says now: names in it are used, and not given to the new entry.
    above : tuple of str
        Path of the variant to which it is added; empty for the scenario itself.
    """
    needed = [one for one in card.others if one[0] != "earn" or not _names(values, "earn")]
    entry = _filled(card.entry, "{gates}", ".".join(_place(values, "gates")))
    for placeholder, (section, name, value) in _DEFAULTS.items():
        if placeholder in str(entry):
            known = _names(values, section, value.get("kind"))
            needed = [*([] if known else [(section, name, value)]), *needed]
            used = known[0] if known else name
            entry = _filled(entry, placeholder, used)
            needed = [(section, name, _filled(value, placeholder, used)) for section, name, value in needed]
    if not above and not _names(values, "spaces") and "spaces" in (card.section, *(one[0] for one in needed)):
        text = _without_defaults_of_spaces(text, values)
    for section, name, value in needed:
        if name not in _names(values, section):
            text = with_value(text, (*above, *_place(values, section), name), inline_yaml(value))
    name, number = card.name, 1
    while name in _names(values, card.section):
        number += 1
        name = f"{card.name}-{number}"
    path = (*_place(values, card.section), name)
    return with_value(text, (*above, *path), inline_yaml(entry)), path


def _place(values: Values, section: str) -> Path:
    """Where the entries of a section are: gates are at the first space if there are spaces."""
    spaces = _names(values, "spaces") if section == "gates" else []
    return ("spaces", spaces[0], "gates") if spaces else (section,)


def _without_defaults_of_spaces(text: str, values: Values) -> str:
    """The text without the keys of the community that belong to the spaces, where they say what holds anyway."""
    community = values.get("community")
    for key in OF_SPACES:
        default = Community.model_fields[key].default
        if isinstance(community, dict) and key in community and community[key] == default:
            text = without_value(text, ("community", key))
    return text


def _names(values: Values, section: str, kind: str | None = None) -> list[str]:
    """The names in a section, perhaps only of entries of one kind."""
    entries: Any = values
    for key in _place(values, section):
        entries = entries.get(key) if isinstance(entries, dict) else None
    if not isinstance(entries, dict):
        return []
    there = {name: value for name, value in entries.items() if value is not None}
    return [name for name, value in there.items() if kind is None or kind == dict(value).get("kind")]


def _filled(value: Any, placeholder: str, name: str) -> Any:
    """A value with a name in the place of the placeholder, in keys and in texts."""
    if isinstance(value, dict):
        return {
            _filled(key, placeholder, name): _filled(part, placeholder, name) for key, part in value.items()
        }
    return value.replace(placeholder, name) if isinstance(value, str) else value
