"""Small worlds that between them use every mechanism, and the journal a machine writes of one."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.sim.community import Community
from shequn.sim.kernel.state import journal_dtype
from shequn.sim.scenario import Scenario

Rows = npt.NDArray[Any]

#: Lively people, so that a few weeks show everything.
PEOPLE: dict[str, Any] = {
    "people": 160,
    "founders": 30,
    "pace": {"mean": 1.0, "log_sd": 0.8},
    "talkativeness": {"mean": 0.5, "log_sd": 0.5},
    "graph": {"generator": "watts_strogatz_graph", "arguments": {"k": 8, "p": 0.2}},
}
LEAVING = {"base": 0.45, "lapse_days": 1.0, "lapse_tail": 1.5}

WORLDS: dict[str, dict[str, Any]] = {
    # a mood of the group, hot events, answers that call back
    "moody": {
        "days": 20,
        "population": {**PEOPLE, "drivers": {"event": 0.3}},
        "community": {"mood": {"log_sd": 0.8, "half_life": 4}, "openness": 0.4, "strangers_per_day": 5},
        "operations": [{"do": "hot_event", "day": 6.25, "days": 2, "boost": 4, "discovery": 30}],
        "rules": {"leaving": {**LEAVING, "exposure_days": 3}, "posting": {"experience": 5}},
    },
    # all drivers, places, rooms by topic, tasks, a line, campaigns, hot event, flood, arrivals, removal
    "camp": {
        "days": 24,
        "population": {
            **PEOPLE,
            "places": {"city_km": 5},
            "drivers": {"event": 0.3},
            "graph": {"generator": "social", "degree": 8},
            "leaders": {"count": 2},
            "koc": {"count": 2},
            "readers": {"share": 0.1},
        },
        "community": {
            "rooms": 3, "placing": "topic", "openness": 0.4, "strangers_per_day": 8, "shown": 16,
            "welcome": {"share": 0.8, "delay": 0.5}, "return_after": 4,
        },
        "gates": [
            {"kind": "rules", "cost": 0.1},
            {"kind": "task", "at_least": 0.4, "cost": 0.2},
            {"kind": "quota", "per_day": 2, "patience": 3},
        ],
        "operations": [
            {"do": "campaign", "day": 3, "days": 5.5, "discovery": 3, "cost_per_stranger": 2.5, "reminders": 2,
             "pay_inviter": 5, "pay_invited": 2.5},
            {"do": "campaign", "day": 5, "days": 6, "discovery": 1.5, "pay_inviter": 4},
            {"do": "hot_event", "day": 6.25, "days": 2, "boost": 4, "discovery": 30},
            {"do": "shock", "day": 8, "people": 20, "over": 2, "quality": {"distribution": "uniform"}},
            {"do": "arrivals", "day": 4.5, "per_day": 1, "days": 10},
            {"do": "remove", "day": 15, "who": "inactive", "unseen": 5},
            {"do": "remove", "day": 17.5, "who": "lowest_quality", "share": 0.1},
            {"do": "set_openness", "if": {"measure": "members", "above": 45, "for": 2}, "to": 0.1},
            {"do": "set_gates", "day": 19, "gates": [{"kind": "quota", "per_day": 4, "patience": "never"}]},
        ],
        "rules": {
            "leaving": {**LEAVING, "disappointment": 1},
            "interest": {"tolerance": -0.1},
            "inviting": {"rate": 0.02, "odds": 1.0},
            "satisfaction": {"crowding_half": 5},
            "perception": {"attention": 6, "shock": 0.5},
        },
    },
    # hot order, full rooms, capacity, exact perception in part, founders by neighbourhood
    "hall": {
        "days": 21,
        "population": {
            **PEOPLE, "founders_by": "connected", "drivers": {"event": 0.2, "spread": 0},
            "purse": {"mean": 20, "log_sd": 1.2, "days": 5},
        },
        "community": {
            "rooms": 4, "placing": "fill", "capacity": 16, "order": "hot", "shown": 24, "visibility": 0.6,
            "bypass": 0.3, "reach": 0.03, "return_after": 2, "rhythm": [0] * 8 + [1] * 16,
        },
        "gates": [
            {"kind": "capacity", "members": 48},
            {"kind": "fee", "amount": 9, "cost": 0.3},
            {"kind": "purchase", "share": 0.6},
        ],
        "operations": [
            {"do": "remove", "every": 6, "who": "random", "share": 0.2},
            {"do": "hot_event", "every": 5, "first": 1, "days": 1, "boost": 10},
            {"do": "set_openness", "day": 11, "visibility": 1, "bypass": 0},
            {"do": "season", "day": 4, "days": 10, "discovery": 0.5},
            {"do": "season", "day": 8, "days": 3.5, "discovery": 3},
        ],
        "rules": {
            "leaving": {**LEAVING, "width": 0}, "perception": {"attention": 5, "exact": 0.4},
            "visiting": {"burstiness": 0}, "inviting": {"rate": 0.03, "odds": 2.0, "delay": 0},
            "joining": {"reputation": 0, "by_topic": 1},
        },
    },
    # reading by topic, leaving by the clock, invitations by each tie's clock, always accepted
    "chain": {
        "days": 30,
        "population": {
            **PEOPLE, "founders": 5, "places": {"city_km": 3}, "topic": {"spread": "uniform"},
            "founders_by": "quality",
            "graph": {"generator": "barabasi_albert_graph", "arguments": {"m": 4}},
        },
        "community": {"order": "interest", "shown": 12, "openness": 0.2, "reach": 0.01, "return_after": 6},
        "gates": [
            {"kind": "identity", "sees": "place", "within": 1.8, "cost": 0.1},
            {"kind": "identity", "sees": "topic", "within": 0.4},
        ],
        "operations": [{"do": "campaign", "day": 10, "days": 5, "pay_inviter": 5, "discovery": 2}],
        "rules": {
            "leaving": {"mode": "clock", "hazard": 0.05, "hazard_quality": 0.05},
            "inviting": {"mode": "tie", "rate": 0.05, "acceptance": "always", "delay": 0.5},
            "perception": {"attention": 4},
        },
    },
    # a tree: lectures in the camp, classes by place, teams that are ponds; a paid space whose rooms divide
    "school": {
        "days": 24,
        "population": {**PEOPLE, "places": {"city_km": 4}, "purse": {"mean": 30, "log_sd": 1, "days": 10}},
        "community": {"openness": 0.5, "strangers_per_day": 12, "shown": 16, "return_after": 3},
        "spaces": {
            "camp": {
                "may_post": "nobody", "gates": [{"kind": "rules"}, {"kind": "quota", "per_day": 4, "patience": 4}],
            },
            "class": {"in": "camp", "copies": 2, "fill": "place", "order": "newest"},
            "team": {"in": "class", "copies": 3, "seats": 12, "talk": False, "ranks": True, "order": "hot"},
            "salon": {
                "seats": 6, "fill": "random", "splits": {"by": "topic", "core": 2},
                "gates": [{"kind": "fee", "amount": 12}, {"kind": "quota", "per_day": 1.5, "patience": 5}],
            },
            "hall": {"in": "class", "copies": 1, "fill": "first", "gates": [{"kind": "task", "at_least": 0.4}]},
        },
        "operations": [
            {"do": "move", "every": 2, "who": "highest_quality", "share": 0.3, "to": "salon", "in": "camp"},
            {"do": "move", "day": 9.5, "who": "lowest_quality", "share": 0.5, "to": "camp", "in": "salon"},
            {"do": "move", "every": 5, "who": "most_recognised", "share": 0.3, "to": "hall", "in": "team"},
            {"do": "remove", "day": 13, "who": "random", "share": 0.2, "in": "class"},
            {"do": "set_gates", "day": 15, "space": "salon", "gates": [{"kind": "capacity", "members": 30}]},
            {"do": "set_gates", "day": 18, "gates": []},
        ],
        "rules": {
            "leaving": LEAVING, "inviting": {"rate": 0.02, "odds": 1.0}, "perception": {"attention": 5, "exact": 0.3},
        },
    },
    # people with a job: a teacher who is paid and falls ill, volunteers in classes, duties of every kind, homework
    "course": {
        "days": 24,
        "population": {**PEOPLE, "purse": {"mean": 30, "log_sd": 1, "days": 10}},
        "community": {"openness": 0.5, "strangers_per_day": 10, "shown": 16, "return_after": 3},
        "spaces": {
            "course": {"order": "official"},
            "class": {"in": "course", "copies": 2, "seats": 24, "splits": {}},
            "office": {},
        },
        "staff": {
            "teacher": {"in": "course", "people": 2, "hours": [8, 20], "minutes": 40, "pay": 90, "quality": 0.9},
            "mentor": {"in": "class", "from": "members", "people": 2, "hours": [17, 23], "minutes": 25},
            "editor": {"from": "members", "chosen": "quality", "hours": [9, 21], "minutes": 30, "pay": 5, "first": 4},
            "alumnus": {"in": "class", "from": "graduates", "hours": [8, 22], "minutes": 30},
            "guest": {"in": "class", "pay": 40, "minutes": 15, "first": 6, "days": 9, "hours": [0, 24]},
        },
        "duties": {
            "lesson": {"job": "teacher", "do": "post", "kind": "lesson", "first": 2.3, "quality": 0.9, "topic": 0.5},
            "marked": {"job": "teacher", "do": "answer", "to": "task", "task": "homework", "minutes": 2},
            "asked": {"job": "teacher", "do": "answer", "to": "question", "within": 0.5, "minutes": 4},
            "greeted": {"job": "mentor", "do": "welcome", "share": 0.8},
            "first": {"job": "mentor", "do": "answer", "to": "first_post"},
            "missed": {"job": "mentor", "do": "call", "unseen": 1.5, "every": 2, "first": 3.75, "most": 4},
            "best": {"job": "editor", "do": "feature", "first": 5.5, "every": 1.5, "most": 2, "minutes": 4},
            "notice": {"job": "guest", "do": "post", "first": 6.5, "every": 3, "until": 12, "minutes": 5,
                       "pinned": True},
            "coffee": {"job": "guest", "do": "talk", "who": "random", "share": 0.2, "first": 7, "minutes": 4},
            "any": {"job": "guest", "do": "answer", "to": "post", "share": 0.3, "within": 2, "minutes": 3},
            "heard": {"job": "alumnus", "do": "answer", "to": "post", "share": 0.5, "minutes": 4},
            "reported": {"job": "mentor", "do": "moderate", "share": 0.9, "error": 0.2, "strikes": 2},
            "order": {"job": "editor", "do": "moderate", "to": "post", "below": 0.3, "within": 1, "minutes": 0.5},
        },
        "tasks": {
            "homework": {"first": 2.3, "effort": 0.2, "gives": {"honor": 3, "benefit": 1, "interest": 0.5}},
            "check-in": {"every": 0.5, "open": 0.25, "until": 15, "gives": {"relationship": 1}},
        },
        "operations": [
            {"do": "set_staff", "job": "teacher", "minutes": 5, "day": 9, "days": 4.5},
            {"do": "set_staff", "job": "guest", "pay": 0, "day": 12},
            {"do": "set_staff", "job": "editor", "minutes": 12, "pay": 8, "day": 16},
            {"do": "move", "every": 4, "who": "random", "share": 0.1, "to": "office", "in": "class"},
            {"do": "remove", "day": 17, "who": "most_recognised", "share": 0.1},
            {"do": "set", "key": "rules.posting.effort", "to": 0.6, "day": 6.4, "days": 9},
            {"do": "set", "key": "rules.posting.effort", "to": 2, "day": 8.2, "days": 3},
            {"do": "set", "key": "rules.advertising.report", "to": 0.9, "day": 11},
            {"do": "close", "day": 12.4, "in": "class", "share": 0.6},
            {"do": "enrol", "day": 13.2},
            {"do": "close", "day": 20, "who": "most_recognised", "share": 0.3},
            {"do": "enrol", "every": 1, "first": 20.5},
        ],
        "rules": {
            "leaving": LEAVING, "posting": {"question": 0.3}, "inviting": {"rate": 0.02, "odds": 1},
            "relationship": {"growth": 0.5}, "visiting": {"recall": 0.6}, "perception": {"attention": 6},
            "advertising": {"rate": 0.9, "mistake": 0.02}, "daring": {"alone": 0.3},
        },
    },
    # units, every act that is rewarded, limits, a streak, promises, purses; offers for units and money
    "bazaar": {
        "days": 24,
        "population": {**PEOPLE, "drivers": {"benefit": 0.4}, "purse": {"mean": 40, "log_sd": 0.8, "days": 7}},
        "community": {"openness": 0.5, "strangers_per_day": 5, "shown": 24, "return_after": 4},
        "spaces": {
            "market": {}, "hall": {"in": "market", "copies": 2, "seats": 40, "splits": {}, "ranks": True}, "office": {},
        },
        "staff": {
            "host": {
                "in": "hall", "from": "members", "people": 2, "hours": [8, 22], "minutes": 30, "purse": {"coins": 60},
            },
            "seller": {"in": "market", "hours": [9, 21], "minutes": 60, "pay": 30, "first": 3, "days": 16},
        },
        "duties": {
            "best": {"job": "seller", "do": "feature", "first": 3.5, "most": 2, "minutes": 4},
            "coffee": {
                "job": "seller", "do": "talk", "who": "random", "share": 0.2, "first": 4, "minutes": 3,
                "during": ["middle"],
            },
        },
        "stages": {
            "opening": {"until": {"measure": "members", "above": 32, "for": 2}},
            "middle": {"until": {"day": 13}}, "late": {},
        },
        "tasks": {
            "check-in": {"effort": 0.1, "gives": {"honor": 0.5, "benefit": 0.2}},
            "essay": {"every": 2, "gives": {"honor": 2, "benefit": 1}, "during": ["middle", "late"]},
        },
        "units": {
            "points": {"expires": 6.5, "most_per_day": 120},
            "coins": {"budget": 1500},
            "money": {"budget": 60},
        },
        "marks": {
            "rank": {
                "by": "points", "steps": [100, 400, 1200], "honor": 1.5,
                "allows": {"essay": 1, "invite": 1},
            },
            "star": {"honor": 4},
            "patron": {"honor": 2, "allows": {"pass": 1}},
        },
        "earn": {
            "speaking": {"for": "post", "pay": {"points": 40}},
            "answering": {"for": "reply", "pay": {"points": 15}, "most": 2},
            "sign-in": {"for": "visit", "pay": {"points": 5}, "most": 1},
            "week": {"for": "visit", "pay": {"points": 30}, "streak": 3},
            "early": {"for": "task", "task": "check-in", "first": 3, "of": "hall", "pay": {"coins": 5}, "from": "host"},
            "late": {"for": "task", "pay": {"coins": 2}, "delay": 1.25, "chance": 0.6, "during": ["middle"]},
            "start": {"for": "joined", "pay": {"coins": 10}, "during": ["opening", "middle"]},
            "hello": {"for": "first_post", "pay": {"money": 2}, "newcomers": 5},
            "bring": {"for": "invited", "pay": {"money": 5}},
            "chosen": {"for": "featured", "pay": {"coins": 7}, "first": 4, "each": 2.5},
            "again": {"for": "bought", "pay": {"points": 10}},
        },
        "offers": {
            "cash": {
                "takes": {"points": 100}, "gives": {"money": 2}, "at_least": 110, "most": 2, "every": 3, "stock": 4,
            },
            "tea": {"takes": {"money": 6}, "worth": 15, "from": "seller", "in": "hall", "every": 2, "open": 1.5},
            "swap": {"takes": {"points": 30}, "gives": {"coins": 3}, "worth": 1, "until": 15, "every": 5},
            "book": {"takes": {"coins": 12, "money": 1}, "worth": 20, "first": 4.5, "most": None},
            "pair": {
                "takes": {"money": 3}, "worth": 12, "buyers": 3, "wait": 0.7, "every": 3, "open": 2, "from": "seller",
                "stock": 8,
            },
            "pass": {"takes": {"points": 40}, "worth": 9, "lasts": 4, "most": None},
            "badge": {"takes": {"coins": 6}, "mark": "patron", "during": ["late", "middle"]},
            "desk": {"takes": {"coins": 5}, "worth": 1, "seat": "office"},
        },
        "operations": [
            {"do": "arrivals", "day": 2, "per_day": 1.5, "days": 12, "cost": 1.5},
            {"do": "move", "every": 5, "who": "random", "share": 0.2, "to": "office", "in": "hall"},
            {"do": "remove", "day": 13, "who": "highest_quality", "share": 0.05},
            {"do": "award", "every": 1, "first": 0.875, "by": "points", "over": "day", "of": "hall", "best": 2,
             "mark": "star", "pay": {"coins": 3}},
            {"do": "award", "every": 6, "by": "recognition", "best": 3, "pay": {"money": 2}, "during": ["late"]},
            {"do": "set_openness", "to": 0.8, "at_stage": "middle"},
            {"do": "shock", "people": 6, "at_stage": "late"},
            {"do": "push", "every": 1, "first": 0.8, "share": 0.6},
            {"do": "push", "every": 2, "who": "inactive", "unseen": 3, "offer": "pass"},
            {"do": "rival", "day": 9, "share": 0.1, "pay": 30},
            {"do": "rival", "day": 11.5, "share": 0.2, "pay": 8, "who": "random"},
            {"do": "award", "every": 2, "first": 0.9, "by": "points", "over": "day", "of": "hall", "rooms": True,
             "pay": {"points": 9}},
            {"do": "move", "every": 7, "first": 3.9, "who": "last_room", "of": "hall", "by": "points", "over": "stay",
             "share": 0.3, "to": "office", "in": "hall"},
        ],
        "rules": {
            "leaving": LEAVING, "inviting": {"rate": 0.03, "odds": 1}, "buying": {"scale": 0.02, "renewal": 0.4},
            "visiting": {"regular": 0.7, "hours_update": 0.3, "recall": 0.3}, "attention": {"others": 0.5},
            "posting": {"reply": 0.3}, "perception": {"attention": 6},
        },
    },
    # groups of the population: in traits, in arrivals that name one, in a flood that names none, in choices of members
    "mixture": {
        "days": 18,
        "population": {
            **PEOPLE, "people": 120, "quality": {"a": 2, "b": 3},
            "groups": {
                "ordinary": {"share": 0.6},
                "expert": {
                    "share": 0.15, "quality": {"a": 9, "b": 2}, "talkativeness": {"mean": 0.9, "log_sd": 0.3},
                    "topic": {"centre": 0.3, "spread": 0.05}, "drivers": {"honor": 0.6, "interest": 0.4},
                },
                "lurker": {
                    "share": 0.25, "readers": {"share": 0.8}, "pace": {"mean": 0.6, "log_sd": 0.4},
                    "contentment_sd": 0, "drivers": {"benefit": 1, "interest": 0, "spread": 0},
                },
            },
        },
        "community": {"openness": 0.6, "strangers_per_day": 6, "shown": 16, "return_after": 3},
        "staff": {"host": {"hours": [8, 20], "minutes": 30}},
        "duties": {
            "coffee": {"job": "host", "do": "talk", "who": "random", "group": "expert", "first": 2, "minutes": 5},
        },
        "operations": [
            {"do": "arrivals", "day": 2.5, "per_day": 1.5, "days": 9, "group": "expert"},
            {"do": "shock", "day": 5, "people": 12, "over": 1},
            {"do": "shock", "day": 8, "people": 6, "group": "lurker", "quality": {"distribution": "uniform"}},
            {"do": "remove", "day": 12, "who": "lowest_quality", "share": 0.4, "group": "ordinary"},
        ],
        "rules": {"leaving": LEAVING, "inviting": {"rate": 0.02, "odds": 1.0}, "perception": {"attention": 6}},
    },
    # followed people first, fixed stays, invitations to anybody, the invited only, then gates replaced
    "club": {
        "days": 28,
        "population": {**PEOPLE, "founders": 12, "graph": {"generator": "none"}},
        "community": {
            "rooms": 2, "placing": "random", "order": "followed", "shown": 16, "mixing": "complete",
            "openness": 0.5, "reach": 0.02, "return_after": 3, "rhythm": "flat",
        },
        "gates": [{"kind": "invitation"}, {"kind": "quota", "per_day": 1.5, "patience": 6, "cost": 0.2}],
        "operations": [
            {"do": "set_gates", "day": 12, "gates": [{"kind": "rules"}, {"kind": "quota", "per_day": 3}]},
            {"do": "set_openness", "day": 14.3, "to": 0.9},
            {"do": "set_gates", "day": 20, "gates": []},
            {"do": "shock", "day": 22, "people": 10, "over": 0, "drivers": {"interest": 1, "spread": 1}},
        ],
        "rules": {
            "leaving": {"mode": "stay", "stay_days": 9.5},
            "inviting": {"rate": 0.3, "odds": 1.5},
            "perception": {"attention": 5},
            "relationship": {"max_ties": 6, "growth": 0.5, "half_life": 5},
            "posting": {"reply": 0.9, "reaction": 0.5},
        },
    },
}  # fmt: skip


def world(name: str, **overrides: Any) -> Scenario:
    """One of the small worlds; ``overrides`` are scenario values by dotted key (``__`` for the dot)."""
    scenario = Scenario.from_mapping({"format": 1, "title": name, "seed": 7, **WORLDS[name]})
    return scenario.with_({key.replace("__", "."): value for key, value in overrides.items()})


class Journal:
    """A sink that keeps every row."""

    def __init__(self) -> None:
        self._chunks: list[Rows] = []

    def __call__(self, rows: Rows) -> None:
        """Keep a chunk."""
        self._chunks.append(rows.copy())

    @property
    def rows(self) -> Rows:
        """A copy of all rows so far."""
        whole = np.concatenate(self._chunks) if self._chunks else np.zeros(0, dtype=journal_dtype)
        self._chunks = [whole]  # chunks are many, and rows are asked for often
        return whole.copy()


def run(scenario: Scenario, stops: Iterable[float] = (), graph: Any = None) -> tuple[Community, Rows]:
    """Run a scenario to its end, the machine stopping at ``stops`` on the way."""
    journal = Journal()
    community = Community(scenario, graph=graph, sink=journal)
    stop_at = sorted(stops)
    for day in range(1, scenario.days + 1):
        for stop in stop_at:
            if day - 1 < stop < day:
                community.run_until(stop)
        community.run_until(float(day))
    community.machine.empty_journal()
    return community, journal.rows


def same_bytes(a: Rows, b: Rows) -> bool:
    """Whether two journals are the same, field by field and bit by bit."""
    return len(a) == len(b) and all(a[name].tobytes() == b[name].tobytes() for name in a.dtype.names or ())
