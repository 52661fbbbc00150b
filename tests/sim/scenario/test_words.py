"""Every gate, operation and setting is explained in words a reader understands."""

from typing import Any

import pytest

from shequn.app.explanation.scenario import explain
from shequn.sim.kernel.gates import kinds as gate_kinds
from shequn.sim.operations import kinds as operation_kinds
from shequn.sim.scenario import Scenario


def _explained(**values: Any) -> str:
    return " ".join(explain(Scenario.from_mapping({"format": 1, "title": "x", **values})).split())


GATES: dict[str, tuple[dict[str, Any], str]] = {
    "invitation": ({}, "an invitation"),
    "fee": ({"amount": 99}, "a fee of 99"),
    "identity": ({"sees": "topic", "within": 0.1}, "an identity check (topic within 0.1 from"),
    "purchase": ({"share": 0.3}, "a purchase (30 % of people are customers)"),
    "task": ({"at_least": 0.6}, "of at least 0.6"),
    "rules": ({}, "rules to accept"),
    "quota": (
        {"per_day": 5, "patience": "never"},
        "a quota of 5 admissions a day, for which people wait forever",
    ),
    "capacity": ({"members": 1}, "a limit of 1 member"),
}


@pytest.mark.parametrize("kind", gate_kinds.GATES)
def test_every_gate_is_explained(kind: str) -> None:
    values, words = GATES[kind]
    text = _explained(gates=[{"kind": kind, **values}])
    assert words in text
    assert "must pass 1 gate" in text


def test_gates_are_explained_in_their_order() -> None:
    gates = [{"kind": kind, **values} for kind, (values, _) in GATES.items()]
    scenario = Scenario.from_mapping({"format": 1, "title": "x", "gates": gates})
    places = [explain(scenario).index(gate.description()) for gate in scenario.gates]
    assert places == sorted(places)


OPERATIONS: dict[str, list[tuple[dict[str, Any], str]]] = {
    "campaign": [
        (
            {
                "day": 90,
                "discovery": 3,
                "cost_per_stranger": 2,
                "reminders": 1,
                "pay_inviter": 5,
                "pay_invited": 2.5,
            },
            "on day 90 (2026-04-01): a campaign of 14 days: discovery × 3, at 2 for each stranger reached, "
            "1 reminders to invite at each visit, 5 for the inviter of each who joins, 2.5 for each invitee who joins.",
        )
    ],
    "hot_event": [
        ({"date": "2026-01-31", "discovery": 5}, "on 2026-01-31 (day 30): a hot event of intensity 0.8")
    ],
    "set_staff": [
        (
            {"day": 60, "days": 7, "job": "host", "minutes": 0},
            "on day 60 (2026-03-02): for 7 days host works 0 minutes a day.",
        ),
        ({"day": 60, "job": "host", "pay": 9.5}, "from now on host is paid 9.5 a day"),
    ],
    "award": [
        (
            {
                "every": 1,
                "first": 0.875,
                "by": "coins",
                "over": "day",
                "of": "salon",
                "best": 3,
                "pay": {"coins": 5},
            },
            "the best 3 by coins in each room of salon get 5 coins.",
        ),
        ({"day": 7, "mark": "star"}, "the best 1 by recognition get the title star."),
    ],
    "move": [
        (
            {"every": 7, "who": "most_recognised", "share": 0.1, "to": "salon"},
            "every 7 days from day 7: 10 % of the members (those of the most recognition) are sent to salon.",
        )
    ],
    "season": [
        (
            {"day": 30, "discovery": 0.5},
            "on day 30 (2026-01-31): a season of 30 days in which discovery is × 0.5.",
        )
    ],
    "set_openness": [
        ({"every": 30, "to": 1}, "every 30 days from day 30: openness becomes 1."),
        ({"every": 30, "first": 0, "until": 90, "to": 1}, "every 30 days from day 0 until day 90:"),
        (
            {"if": {"measure": "members", "above": 500, "for": 3, "once": False}, "to": 0},
            "when members is above 500 for 3 days in a row, every time: openness becomes 0.",
        ),
    ],
    "set_gates": [
        ({"day": 1, "gates": []}, "all gates are removed."),
        ({"day": 1, "gates": [{"kind": "rules"}]}, "the gates become: rules."),
    ],
    "shock": [
        ({"day": 1, "people": 500, "over": 0}, "500 fresh people come to the door at once."),
        (
            {"day": 1, "people": 500, "quality": {}, "topic": {}},
            "over 3 days, with their own quality and topic.",
        ),
    ],
    "arrivals": [
        ({"day": 0, "per_day": 5}, "5 fresh people a day come to the door to the end."),
        ({"day": 0, "per_day": 5, "days": 9}, "for 9 days."),
    ],
    "remove": [
        ({"day": 1}, "all members not seen for 30 days are removed."),
        ({"day": 1, "share": 0.5}, "50 % of the members not seen for 30 days are removed."),
        (
            {"day": 1, "who": "lowest_quality", "share": 0.2},
            "20 % of the members (those of the lowest quality) are removed.",
        ),
    ],
    "close": [
        ({"day": 1}, "the term is over for 100 % of the members (drawn at random)."),
        ({"day": 1, "who": "inactive"}, "the term is over for all members not seen for 30 days."),
    ],
    "enrol": [({"day": 1}, "graduates of earlier terms are asked to come again.")],
    "push": [
        ({"day": 1}, "a message to 100 % of the members (drawn at random)."),
        ({"day": 1, "who": "inactive", "unseen": 9}, "a message to all members not seen for 9 days."),
        (
            {"day": 1, "who": "inactive", "offer": "tea"},
            "a message about tea to all members not seen for 30 days.",
        ),
    ],
    "rival": [
        (
            {"day": 1, "share": 0.1, "pay": 40},
            "a rival offers 40 to 10 % of the members (those of the highest quality).",
        ),
    ],
    "set": [
        ({"day": 1, "key": "rules.posting.effort", "to": 0.5}, "rules.posting.effort becomes 0.5."),
        (
            {"day": 1, "key": "community.order", "to": "hot", "days": 9},
            "for 9 days community.order is hot.",
        ),
    ],
}


@pytest.mark.parametrize("kind", operation_kinds.OPERATIONS)
def test_every_operation_is_explained(kind: str) -> None:
    spaces = {"spaces": {"group": {}, "salon": {}}} if kind in ("move", "award") else {}
    more = {"units": {"coins": {}}, "marks": {"star": {}}} if kind == "award" else {}
    staff = {"staff": {"host": {}}} if kind == "set_staff" else {}
    if kind == "push":
        more = {"offers": {"tea": {"takes": {"money": 1}, "worth": 2}}}
    for values, words in OPERATIONS[kind]:
        assert words in _explained(operations=[{"do": kind, **values}], **spaces, **staff, **more)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"population": {"founders": "all"}}, "all of them are members from the start"),
        ({"population": {"founders": 0}}, "nobody is a member at the start"),
        ({"population": {"quality": {"distribution": "uniform"}}}, "uniform between 0 and 1"),
        ({"population": {"places": {"city_km": 8}}}, "a city of 8 km × 8 km"),
        ({"population": {"places": {"city_km": 8}}}, "30 % by place, 40 % by interest, 30 % at random"),
        ({}, "knows 20 others on average: 57.1 % by interest, 42.9 % at random"),
        ({"population": {"graph": {"generator": "none"}}}, "Nobody knows anybody"),
        (
            {"population": {"graph": {"generator": "watts_strogatz_graph", "arguments": {"k": 4, "p": 0.1}}}},
            "networkx's watts_strogatz_graph(k = 4, p = 0.1)",
        ),
        ({"population": {"readers": {"share": 0.7}}}, "70 % of them only read and never post"),
        ({"population": {"leaders": {"count": 3}, "koc": {"count": 2}}}, "3 opinion leaders of quality 0.95"),
        ({"community": {"rooms": 10, "capacity": 300}}, "10 rooms for 300 members each, filled at random"),
        ({"community": {"openness": 0}}, "closed to strangers"),
        ({"community": {"openness": 1}}, "visibility to strangers is 1: about 5 strangers a day find it"),
        ({"community": {"openness": 0.5, "reach": 0.01}}, "finds it with a hazard of 0.005 a day"),
        ({"community": {"openness": 0.2}}, "about 1 stranger a day finds it"),
        (
            {"community": {"openness": 0.2}, "gates": [{"kind": "rules"}]},
            "20 % of these strangers bypass the gates",
        ),
        ({"community": {"return_after": "never"}}, "People who have left never return"),
        ({"community": {"mixing": "complete"}}, "Members can invite anybody"),
        (
            {"community": {"welcome": {"share": 0.5}}},
            "welcome: welcome newcomers, 50 % of them, within 7 days",
        ),
        (
            {"community": {"staff": 2, "staff_cost": 100}},
            "staff: 2 people, 09:00 to 18:00, 480 minutes a day each",
        ),
        ({"rules": {"leaving": {"cap": 0.1}}}, "leaving.cap = 0.1 (default 0.43)"),
        ({"rules": {"leaving": {"stay_days": 60}}}, "leaving.stay_days = 60 (default 90)"),
        (
            {"rules": {"leaving": {"mode": "clock"}, "joining": {"commitment_half_life": "never"}}},
            "joining.commitment_half_life = never",
        ),
        (
            {"days": 1, "runs": 1, "journal": "none"},
            "1 day from 2026-01-01, 1 run, seed 1; the journal records no events.",
        ),
    ],
)
def test_settings_are_explained(values: dict[str, Any], words: str) -> None:
    assert words in _explained(**values)


def test_what_equals_its_default_is_not_called_different() -> None:
    assert "differ" not in _explained(rules={"leaving": {"cap": 0.43}})


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"units": {"points": {"expires": 90, "most_per_day": 50, "budget": 900}}},
         "points: expires after 90 days, at most 50 a day for each member, 900 in all"),
        ({"units": {"points": {}}, "earn": {"week": {"for": "visit", "streak": 7, "pay": {"points": 20}}}},
         "week: 20 points for a visit, once for 7 days in a row"),
        ({"earn": {"gift": {"for": "joined", "pay": {"money": 2}, "chance": 0.5, "delay": 3}}},
         "gift: 2 in money for joining, with a chance of 50 %, paid 3 days later"),
        ({"marks": {"star": {"honor": 4}}}, "star: a title, it counts like 4 reactions"),
        ({"offers": {"book": {"takes": {"money": 9.9}, "worth": 20, "stock": 5, "every": 7, "first": 3, "open": 1}}},
         "book: something worth 20 for 9.9 in money, 5 at each opening, opens on day 3, and every 7 days, for 1 day"),
        ({"marks": {"star": {}}, "offers": {"card": {"takes": {"points": 9}, "worth": 30, "lasts": 14, "mark": "star",
                                                    "buyers": 3, "wait": 2}},
          "units": {"points": {}}, "earn": {"post": {"for": "post", "pay": {"points": 1}}}},
         "card: something worth 30 over 14 days and the title star for 9 points, for 3 together, who wait 2 days for "
         "each other"),
    ],
)  # fmt: skip
def test_units_and_offers_are_explained(values: dict[str, Any], words: str) -> None:
    assert words in _explained(**values)
