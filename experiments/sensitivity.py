"""One at a time: what half and one and a half of each coefficient does to the main measures.

``python -m experiments.sensitivity`` runs some two thousand communities in about ten minutes
and writes ``sensitivity.csv``, from which MODEL.md's tables say what each coefficient moves.
Each is moved in the open group, or where it can act at all; what moves nothing there is moved
once more with many replicates, if it can act there in a small lively group. Arms have the same
seeds as the defaults they are compared with. A change counts when it is more than ``CLEAR``
standard errors: of the spread over replicates of the paired differences, pooled over all
coefficients moved in that place.
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
LIVELY = Path(__file__).with_name("lively.yaml")
CLEAR = 4.0
MEASURES = ("members", "temperature", "evaporation", "K", "share active", "posts a day", "retention")
RELATIVE = (True, False, False, True, False, True, False)  # given in per cent of the default's

Numbers = npt.NDArray[np.float64]


class Place(NamedTuple):
    """Where a coefficient is moved: a shipped scenario or a file, a variant, other rules, how many runs."""

    scenario: str = "open-group"
    variant: str | None = None
    rules: tuple[tuple[str, str], ...] = ()
    replicates: int = 6

    def __str__(self) -> str:
        name = Path(self.scenario).stem
        return ":".join([name, *filter(None, [self.variant]), *(value for _, value in self.rules)])


OPEN_GROUP = Place(replicates=3)
LIVELY_GROUP = Place(str(LIVELY), replicates=16)
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
FROM_ZERO = {"leaving.hazard_quality": 0.005, "leaving.outside": 0.15, "perception.exact": 0.5}


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


def once_more(name: str, place: Place) -> Place:
    """Where to move again what has moved nothing: where it can act, with more replicates."""
    if place == OPEN_GROUP or name.startswith("event."):  # there are events in the lively group
        return LIVELY_GROUP
    return place._replace(replicates=LIVELY_GROUP.replicates)


def moved(name: str, c: Coefficient) -> tuple[float | None, float]:
    """Half and one and a half of the default, within its bounds; no half of 0."""
    default = float(c.default)
    if default == 0.0:
        return None, FROM_ZERO[name]
    return max(c.low, 0.5 * default), min(c.high, 1.5 * default)


def runs(place: Place, rules: dict[str, float]) -> Numbers:
    """Measures (replicates, measures) of a place with some rules changed."""
    changed: dict[str, Any] = dict(place.rules) | rules
    overrides = {f"rules.{key}": value for key, value in changed.items()}
    scenario = Scenario.load(place.scenario, variant=place.variant, overrides=overrides)
    seeds = [run_seed(scenario.seed, k) for k in range(place.replicates)]
    return np.array([measured(simulate(scenario, seed=seed)) for seed in seeds])


def _words(measure: int, change: float, default: float) -> str:
    if np.isnan(change):
        return "?"
    if RELATIVE[measure]:
        return f"{change / default:+.0%}".replace("-", "−") if default else "?"
    return f"{change:+.3f}".replace("-", "−")


class Change(NamedTuple):
    """What moving one coefficient did."""

    default: Numbers  # means of the measures
    minus: Numbers  # paired differences (replicates, measures); nan where there is no half
    plus: Numbers


def changes(places: dict[str, Place]) -> dict[str, Change]:
    """Move some coefficients, each in its place."""
    defaults: dict[Place, Numbers] = {}
    found = {}
    for name, c in numbers():
        if name not in places:
            continue
        place = places[name]
        if place not in defaults:
            defaults[place] = runs(place, {})
        less, more = moved(name, c)
        base = defaults[place]
        minus = np.full_like(base, np.nan) if less is None else runs(place, {name: less}) - base
        found[name] = Change(base.mean(axis=0), minus, runs(place, {name: more}) - base)
        print(".", end="", flush=True)
    print()
    return found


def errors(found: dict[str, Change], places: dict[str, Place]) -> dict[str, Numbers]:
    """Largest change of each measure in standard errors, pooled over the coefficients of a place."""
    sizes = {}
    for place in set(places.values()):
        here = [name for name in found if places[name] == place]
        variances = [np.var(d, axis=0, ddof=1) for name in here for d in found[name][1:]]
        error = np.sqrt(np.nanmean(variances, axis=0) / place.replicates)
        for name in here:
            means = np.abs(np.array([d.mean(axis=0) for d in found[name][1:]]))
            sizes[name] = np.nan_to_num(np.fmax(means[0], means[1]) / np.maximum(error, 1e-12))
    return sizes


def rows(name: str, change: Change, size: Numbers, place: Place) -> list[list[str]]:
    """The lines of the table on one coefficient: what it clearly moves, the clearest first."""
    where = "" if place == OPEN_GROUP else str(place)
    means = [d.mean(axis=0) for d in change[1:]]
    lines = []
    for m in np.argsort(-size, kind="stable"):
        if size[m] > CLEAR:
            words = [_words(m, mean[m], change.default[m]) for mean in means]
            said = f"{MEASURES[m]} ({where})" if where else MEASURES[m]
            lines.append([name, said, *words, f"{size[m]:.0f}"])
    return lines


def main() -> None:
    """Move every coefficient, write the table and name those that move nothing."""
    places = {
        name: ELSEWHERE.get(name) or ELSEWHERE.get(name.partition(".")[0]) or OPEN_GROUP
        for name, _ in numbers()
    }
    found = changes(places)
    sizes = errors(found, places)
    silent = [name for name, size in sizes.items() if size.max() <= CLEAR]
    again = {name: once_more(name, places[name]) for name in silent}
    found |= changes(again)
    places |= again
    sizes |= errors({name: found[name] for name in again}, again) if again else {}
    nothing = [name for name, size in sizes.items() if size.max() <= CLEAR]
    with FILE.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["coefficient", "measure", "minus", "plus", "errors"])
        for name in found:
            lines = rows(name, found[name], sizes[name], places[name])
            table.writerows(lines or [[name, "nothing beyond chance:", "0", "0", f"{sizes[name].max():.0f}"]])
    print("moves nothing beyond chance:", ", ".join(nothing) or "none")


if __name__ == "__main__":
    main()
