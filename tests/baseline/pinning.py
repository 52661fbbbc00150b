"""What is pinned of a run: digests of its record arrays, and a dozen of its numbers."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from shequn.sim.kernel.state import tie_dtype
from shequn.sim.kernel.world import World, given_strengths, link_positions
from shequn.sim.version import __version__
from tests.baseline.worlds import NAMES, baseline_world
from tests.sim.small_worlds import run
from tests.sim.traits import everybody_of

PINNED = Path(__file__).with_name("pinned.json")

#: Measures of the last day, by which a change is understood before digests are compared.
MEASURES = (
    "members", "temperature", "dilution", "evaporation", "pruning", "active_week", "satisfaction", "gini",
    "income", "rewards", "staff_cost",
)  # fmt: skip


#: Where records lie in other arrays, and with how much room to grow: no results.
PLACES = ("links_start", "links_room", "member")


def digests(array: str, rows: Any) -> dict[str, str]:
    """Digest of each field of a record array, so that a new field changes no pin of the others."""
    return {
        f"{array}.{field}": hashlib.sha256(np.ascontiguousarray(rows[field]).tobytes()).hexdigest()[:16]
        for field in rows.dtype.names
        if field not in PLACES
    }


def ties_of(world: World) -> Any:
    """The records of all ties in the order of their ends; one that has not been used has one of zeros and its base."""
    people, at = world.people, link_positions(world.people)
    owner, links = np.repeat(np.arange(len(people)), people["n_links"]), world.links[at]
    links = links[owner < links["other"]]
    ties, used = np.zeros(len(links), dtype=tie_dtype), links["tie"] >= 0
    ties[used] = world.ties[links["tie"][used]]
    ties["base"] = given_strengths(world, links["tie"])
    return ties


def measured(name: str, folder: Path) -> dict[str, Any]:
    """What is pinned of one world, as it comes out now."""
    community, journal = run(baseline_world(name, folder))
    world, total = community.machine.world, community.machine.world.totals[0]
    last = world.days[int(total["n_days"]) - 1]
    numbers = {measure: float(last[measure]) for measure in MEASURES}
    return {
        "digests": {
            **digests("journal", journal),
            **digests("days", world.days[: int(total["n_days"])]),
            **digests("people", everybody_of(world)[:]),
            **digests("memberships", world.memberships[: int(total["n_memberships"])]),
            **digests("ties", ties_of(world)),
        },
        "numbers": {
            "journal_rows": len(journal),
            **{key: None if np.isnan(value) else value for key, value in numbers.items()},
        },
    }


def measured_all(folder: Path) -> dict[str, Any]:
    """What `PINNED` would hold if it were written now."""
    return {"version": __version__, "worlds": {name: measured(name, folder) for name in NAMES}}


def pinned() -> dict[str, Any]:
    """What `PINNED` holds."""
    content: dict[str, Any] = json.loads(PINNED.read_text(encoding="utf-8"))
    return content


def differences(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What changed of one world, one line each; what was not pinned before has not changed."""
    return [
        f"{key}: {value} → {now[part].get(key)}"
        for part in ("numbers", "digests")
        for key, value in before[part].items()
        if value != now[part].get(key)
    ]
