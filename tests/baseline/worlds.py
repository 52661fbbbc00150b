"""Eight small worlds that together use every mechanism: the four of the twin, and four at the ends."""

from pathlib import Path
from typing import Any

from shequn.sim.scenario import Scenario
from tests.sim.small_worlds import PEOPLE, world
from tests.sim.small_worlds import WORLDS as TWIN_WORLDS

#: A real group to start from: members, one away, one who left, one without a name.
MEMBERS = """person,joined,last_seen,events,inviter,state,pace,talkativeness,next_visit,satisfaction
a,-100,-1,50,,member,1,0.5,,0.8
b,-80,-3,20,a,member,0.5,0.4,2.5,
c,-50,-30,5,a,away,0.5,0.4,12,
d,-200,-90,3,,left,,,,
,-10,-2,0,,,,,,
e,-6,-1,9,b,member,2,0.9,,0.6
"""

WORLDS: dict[str, dict[str, Any]] = {
    # everything at its default, in a group that spends money and is run
    "market": {
        "days": 40,
        "population": {"people": 600, "founders": 60, "leaders": {"count": 3}},
        "community": {
            "strangers_per_day": 12, "staff": 2, "staff_cost": 50, "welcome": {"share": 0.5, "delay": 1},
        },
        "gates": [{"kind": "fee", "amount": 19.9}],
        "operations": [
            {"do": "campaign", "day": 5, "days": 12, "discovery": 2, "cost_per_stranger": 3, "reminders": 1,
             "pay_inviter": 10, "pay_invited": 5},
        ],
    },
    # sharp leaving under exact perception, interest alone, nobody comes: limit case 5
    "standard": {
        "days": 15,
        "population": {
            "people": 300, "founders": "all", "quality": {"distribution": "uniform"}, "contentment_sd": 0,
            "drivers": {
                "honor": 0, "interest": 1, "benefit": 0, "relationship": 0, "locality": 0, "spread": 0,
            },
            "pace": {"mean": 1, "log_sd": 0}, "graph": {"generator": "none"},
        },
        "community": {"openness": 0},
        "rules": {
            "leaving": {"width": 0, "cap": 1, "lapse": 0, "base": 0.4}, "perception": {"exact": 1},
            "interest": {"discernment": 0},
        },
    },
    # a real group goes on, with the rest of its people around it
    "regulars": {
        "days": 30,
        "population": {**PEOPLE, "from_log": {"file": "members.csv"}, "places": {"city_km": 2}},
        "community": {"openness": 0.5, "strangers_per_day": 3, "rooms": 2},
    },
    # nobody stays and nobody comes
    "empty": {
        "days": 12,
        "population": {
            "people": 20, "founders": 8, "graph": {"generator": "none"}, "pace": {"mean": 2, "log_sd": 0.5},
        },
        "community": {"openness": 0},
        "rules": {"leaving": {"base": 9, "cap": 1, "lapse": 0}},
    },
}  # fmt: skip

NAMES = (*TWIN_WORLDS, *WORLDS)


def baseline_world(name: str, folder: Path) -> Scenario:
    """One of the eight; ``folder`` takes the table that one of them starts from."""
    if name in TWIN_WORLDS:
        return world(name)
    values = WORLDS[name]
    population = values["population"]
    if "from_log" in population:
        table = folder / population["from_log"]["file"]
        table.write_text(MEMBERS, encoding="utf-8")
        population = {**population, "from_log": {"file": str(table)}}
    mapping = {"format": 1, "title": name, "seed": 7, "journal": "full", **values, "population": population}
    return Scenario.from_mapping(mapping)
