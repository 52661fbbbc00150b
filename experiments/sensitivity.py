"""One at a time: what half and one and a half of each coefficient does to the main measures.

``python -m experiments.sensitivity`` runs about six hundred communities in some five minutes
and writes ``sensitivity.csv``, from which MODEL.md's tables say what each coefficient moves.
Arms have the same seeds as the defaults they are compared with. A change counts when it is
more than ``CLEAR`` standard errors of what chance alone does: the robust spread of the paired
differences over all coefficients, most of which move little.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from agents.coefficients import Coefficient
from agents.rules import GROUPS
from sim import Result, Scenario, simulate
from sim.chance import run_seed

FILE = Path(__file__).with_name("sensitivity.csv")
REPLICATES = 3
CLEAR = 4.0
MEASURES = ("members", "temperature", "evaporation", "K", "share active", "posts a day", "retention")
RELATIVE = (True, False, False, True, False, True, False)  # given in per cent of the default's

Numbers = npt.NDArray[np.float64]


class Place(NamedTuple):
    """Where a coefficient is moved: a shipped scenario, a variant, other rules."""

    scenario: str = "open-group"
    variant: str | None = None
    rules: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return ":".join(
            [self.scenario, *([self.variant] if self.variant else []), *(v for _, v in self.rules)]
        )


#: Coefficients that do nothing in the open group are moved where they can.
ELSEWHERE = {
    "locality": Place("city-hobby"),
    "event": Place("flash-event"),
    "honor.per_welcome": Place("cold-start", "welcomed"),
    "joining.binding": Place("gated-group"),
    "joining.commitment_half_life": Place("gated-group"),
    "inviting.gate_cost": Place("gated-group"),
    "inviting.reward": Place("invitation-chain"),
    "inviting.asker_reward": Place("invitation-chain"),
    "leaving.hazard": Place(rules=(("leaving.mode", "clock"),)),
    "leaving.hazard_quality": Place(rules=(("leaving.mode", "clock"),)),
    "leaving.stay_days": Place(rules=(("leaving.mode", "stay"),)),
}
#: A default of 0 has no half: what is tried instead of one and a half of it.
FROM_ZERO = {"leaving.hazard_quality": 0.005, "perception.exact": 0.5}


def measured(result: Result) -> Numbers:
    """The measures of one run, in the order of ``MEASURES``."""
    row = result.runs.iloc[0]
    columns = ("end", "temperature_end", "evaporation", "k", "active_share", "posts_per_day", "seen_week_4")
    return row[list(columns)].to_numpy(dtype=np.float64)


def numbers() -> Iterator[tuple[str, Coefficient]]:
    """Every coefficient that is a number, with its dotted name."""
    for group in GROUPS:
        for c in group.coefficients:
            if not c.choices:
                yield f"{group.name}.{c.name}", c


def moved(name: str, c: Coefficient) -> tuple[float | None, float]:
    """Half and one and a half of the default, within its bounds; no half of 0."""
    default = float(c.default)
    if default == 0.0:
        return None, FROM_ZERO[name]
    return max(c.low, 0.5 * default), min(c.high, 1.5 * default)


def runs(place: Place, rules: dict[str, Any], replicates: int = REPLICATES) -> Numbers:
    """Measures (replicates, measures) of a place with some rules changed."""
    overrides = {f"rules.{key}": value for key, value in (dict(place.rules) | rules).items()}
    scenario = Scenario.load(place.scenario, variant=place.variant, overrides=overrides)
    found = [measured(simulate(scenario, seed=run_seed(scenario.seed, k))) for k in range(replicates)]
    return np.array(found)


def _words(measure: int, change: float, default: float) -> str:
    if np.isnan(change):
        return "?"
    if RELATIVE[measure]:
        return f"{change / default:+.0%}".replace("-", "−") if default else "?"
    return f"{change:+.3f}".replace("-", "−")


def changes() -> dict[str, tuple[Place, Numbers, Numbers, Numbers]]:
    """By coefficient: the place, its defaults' means, paired differences at less and at more.

    Differences are arrays (replicates, measures); nan where there is no half.
    """
    defaults: dict[Place, Numbers] = {}
    found = {}
    for name, c in numbers():
        place = ELSEWHERE.get(name) or ELSEWHERE.get(name.partition(".")[0]) or Place()
        if place not in defaults:
            defaults[place] = runs(place, {})
        less, more = moved(name, c)
        base = defaults[place]
        minus = np.full_like(base, np.nan) if less is None else runs(place, {name: less}) - base
        plus = runs(place, {name: more}) - base
        found[name] = (place, base.mean(axis=0), minus, plus)
        print(".", end="", flush=True)
    print()
    return found


def main() -> None:
    """Move every coefficient, write the table and name those that move nothing."""
    found = changes()
    common = [d for place, _, *both in found.values() if place == Place() for d in both]
    share = np.concatenate(common)
    noise = 1.4826 * np.nanmedian(np.abs(share - np.nanmedian(share, axis=0)), axis=0)
    scale = found[next(iter(found))][1]  # noise grows with the measure's size in relative ones
    nothing = []
    with FILE.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["coefficient", "measure", "minus", "plus", "where", "errors"])
        for name, (place, base, minus, plus) in found.items():
            size = np.where(RELATIVE, base / scale, 1.0)
            error = np.maximum(noise * size, 1e-9) / np.sqrt(REPLICATES)
            means = np.array([minus.mean(axis=0), plus.mean(axis=0)])
            z = np.nan_to_num(np.nanmax(np.abs(np.vstack([means / error, np.zeros(len(error))])), axis=0))
            where = "" if place == Place() else str(place)
            rows = [m for m in np.argsort(-z) if z[m] > CLEAR]
            for m in rows:
                words = [_words(m, change, base[m]) for change in means[:, m]]
                table.writerow([name, MEASURES[m], *words, where, f"{z[m]:.0f}"])
            if not rows:
                nothing.append(name)
                table.writerow([name, "nothing beyond chance", "0", "0", where, f"{z.max():.0f}"])
    print("moves nothing beyond chance:", ", ".join(nothing) or "none")


if __name__ == "__main__":
    main()
