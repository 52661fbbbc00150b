"""The communities for benchmarks: an epidemic, and a full community in which everybody is a member."""

from typing import Any

TRANSMISSION, RECOVERY = 0.03, 0.1  # per tie and day; per day
FOUNDERS_SHARE = 0.001
EPIDEMIC_DAYS = 400  # by then it is over


def epidemic(people: int) -> dict[str, Any]:
    """Limit case 3: members invite along each tie at a rate, all accept, and members leave for good at a hazard."""
    return {
        "format": 1,
        "title": "Epidemic",
        "days": EPIDEMIC_DAYS,
        "journal": "none",
        "population": {
            "founders": founders(people),
            "founders_by": "random",
            "talkativeness": {"mean": 0},
            "pace": {"mean": 0, "log_sd": 0},
            "drivers": {"spread": 0},  # nothing asks for them: who joins need not draw any
        },
        "community": {"openness": 0, "return_after": "never", "rhythm": "flat"},
        "rules": {
            "perception": {"shock": 0},
            "leaving": {"mode": "clock", "hazard": RECOVERY},
            "inviting": {
                "mode": "tie", "rate": TRANSMISSION, "acceptance": "always", "delay": 0, "by_satisfaction": 0,
            },
        },
    }  # fmt: skip


def founders(people: int) -> int:
    """Number of members at the start."""
    return max(5, round(FOUNDERS_SHARE * people))


def full(people: int, days: int, journal: str = "none") -> dict[str, Any]:
    """The full model: everybody a member, 20 ties each, rooms of 200, one visit a day on average."""
    return {
        "format": 1,
        "title": "Full community",
        "days": days,
        "seed": 1,
        "journal": journal,
        "population": {
            "people": people,
            "founders": "all",
            "pace": {"mean": 1, "log_sd": 1},
            "graph": {"generator": "social", "degree": 20},
        },
        "community": {"rooms": max(1, people // 200), "strangers_per_day": 0},
    }
