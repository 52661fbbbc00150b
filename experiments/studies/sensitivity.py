"""Sensitivity, one at a time: the effect of 0.5 and 1.5 times each coefficient on the main measures.

``python -m shequn.experiments.studies.sensitivity [NAME …]`` (coefficients or groups; default: all) runs about ten
thousand small communities and writes ``sensitivity.csv``, from which the tables of MODEL.md take the effect of each
coefficient. The community in which each is changed is in ``sensitivity_places.py``. Changed and default runs have the
same seeds. A change is clear if its probability by chance alone is at most that of ``CLEAR`` standard errors of a
normal distribution (Student's t over the paired differences; 6e-5 per test). For a coefficient without a clear
effect, the table has the smallest change that would have been detected.
"""

import csv
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shequn.agents.coefficients import Coefficient
from shequn.agents.rules import GROUPS
from shequn.experiments.calibration.trials import Posts, activity_of
from shequn.experiments.logs.gaps import gaps
from shequn.experiments.studies.sensitivity_places import LIVELY, Place, second, usual
from shequn.experiments.sweeps.executors import executor
from shequn.sim.kernel.chance import run_seed
from shequn.sim.results.schema import Column, Table
from shequn.sim.running import simulate
from shequn.sim.scenario import Scenario

FILE = Path(__file__).parents[1] / "sensitivity.csv"
CLEAR = 4.0  # standard errors of a normal distribution, or their equivalent in Student's t
POWER = 0.84  # additional standard errors with which a change is detected in 80 % of measurements
#: Measures by name, and whether a change is in per cent of the default's value.
MEASURES = {
    "members": True,
    "K": True,
    "joined in the first half": False,
    "temperature": False,
    "evaporation": False,
    "matched rank": False,
    "retention": False,
    "share active": False,
    "visits a day": True,
    "posts a day": True,
    "share of replies": False,
    "top tenth's share": False,
    "posts a session": False,
    "burstiness": False,
    "next-day gaps": False,
    "tasks done": True,
    "income": True,
    "rewards": True,
    "advertisements": True,
    "reports": True,
}
SENSITIVITY = Table(
    "sensitivity",
    "One row for each coefficient and measure that it affects, the most important first.",
    (
        Column("coefficient", "string", "", "Name of the coefficient, group.name."),
        Column("where", "string", "", "Community in which it was changed.", "the usual one"),
        Column("measure", "string", "", "Measure that it affects."),
        Column("minus", "string", "", "Effect of half of it on the measure, in words."),
        Column("plus", "string", "", "Effect of 1.5 times it on the measure, in words."),
        Column("errors", "string", "standard errors", "Size of the larger of the two effects."),
    ),
)
#: Values used in place of 1.5 times a default of 0, which has no half.
FROM_ZERO = {"leaving.hazard_quality": 0.005, "leaving.outside": 0.15, "perception.exact": 0.5}

Numbers = npt.NDArray[np.float64]


def measure(scenario: Scenario, seed: int) -> Numbers:
    """The measures of one run, in the order of ``MEASURES``.

    Members, share active (seen within a week), visits and posts a day are means over the second half; posts a session,
    burstiness and gaps are statistics of a log (``shequn.experiments.logs.gaps``); those from tasks on are sums.
    """
    log = Posts()
    result = simulate(scenario, seed=seed, sink=log)
    person, time = log.log()
    rhythm = gaps(activity_of(person, time, scenario)) if len(person) else {}
    row, days = result.runs.iloc[0], result.outcome.days[1:]
    late = days[len(days) // 2 :]
    joins = days["joins"].sum()
    first = days["joins"][: len(days) // 2].sum() / joins if joins else np.nan
    peopled = late[late["members"] > 0]
    active = (peopled["active_week"] / peopled["members"]).mean() if len(peopled) else np.nan
    posts = days["posts"].sum()
    replies = days["replies"].sum() / posts if posts else np.nan
    return np.array(
        [
            late["members"].mean(), row["k"], first, row["temperature_end"], row["evaporation"],
            row["matched_rank"], row["seen_week_4"], active, late["visits"].mean(), late["posts"].mean(),
            replies, row["top10_share"],
            *(rhythm.get(name, np.nan) for name in ("events_per_session30", "burstiness", "gap_share1")),
            result.tasks["done"].sum(), row["income"], row["rewards"],
            days["advertisements"].sum(), days["reports"].sum(),
        ],
        dtype=np.float64,
    )  # fmt: skip


def numbers(wanted: tuple[str, ...] = ()) -> Iterator[tuple[str, Coefficient]]:
    """Every coefficient that is a number, with its dotted name; or those of the names or groups wanted."""
    for group in GROUPS:
        for c in group.coefficients:
            name = f"{group.name}.{c.name}"
            if not c.choices and (not wanted or group.name in wanted or name in wanted):
                yield name, c


def moved(name: str, c: Coefficient, place: Place) -> tuple[float | None, float]:
    """0.5 and 1.5 times a coefficient's value in a place, within its bounds; None for half of 0."""
    group, _, own = name.partition(".")
    value = float(place.with_({}).rules[group][own])
    if value == 0.0:
        return None, FROM_ZERO[name]
    return max(c.low, 0.5 * value), min(c.high, 1.5 * value)


def runs(place: Place, rules: dict[str, float]) -> Numbers:
    """Measures (replicates, measures) of a place with these coefficients changed."""
    scenario = place.with_(rules)
    seeds = [run_seed(scenario.seed, k) for k in range(place.replicates)]
    return np.array([measure(scenario, seed) for seed in seeds])


class Change(NamedTuple):
    """The effect of changing one coefficient in one place; arrays over the measures."""

    place: Place
    default: Numbers  # means with the default
    means: Numbers  # (2, measures): mean paired differences with less and with more; nan without a half
    errors: Numbers  # their standard errors

    @property
    def sizes(self) -> Numbers:
        """The larger of the two changes of each measure, in standard errors of a normal distribution."""
        from scipy import stats

        with np.errstate(invalid="ignore", divide="ignore"):
            t = np.nan_to_num(np.abs(self.means) / self.errors, nan=0.0, posinf=99.0).max(axis=0)
        return np.asarray(stats.norm.isf(stats.t.sf(t, self.place.replicates - 1)))

    @property
    def clear(self) -> bool:
        """Whether any measure changed beyond chance."""
        return bool(self.sizes.max() > CLEAR)

    @property
    def smallest_detectable(self) -> Numbers:
        """The smallest change of each measure that would be detected with a probability of 80 %."""
        return np.asarray((CLEAR + POWER) * np.nanmax(self.errors, axis=0))


def change(place: Place, base: Numbers, less: Numbers | None, more: Numbers) -> Change:
    """Compare the arms pair by pair; pairs with an unknown measure do not count for that measure."""
    differences = [np.full_like(base, np.nan) if less is None else less - base, more - base]
    known = np.array([np.count_nonzero(~np.isnan(d), axis=0) for d in differences])
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.array([np.nansum(d, axis=0) for d in differences]) / known
        squares = [np.nansum((d - m) ** 2, axis=0) for d, m in zip(differences, means, strict=True)]
        errors = np.sqrt(np.array(squares) / (known - 1) / known)
        return Change(place, np.nansum(base, axis=0) / np.sum(~np.isnan(base), axis=0), means, errors)


def changes(coefficients: dict[str, Coefficient], places: dict[str, Place]) -> dict[str, Change]:
    """Change each coefficient in its place, with two processes."""
    with executor("processes", 2) as backend:
        submit = backend.executor.submit
        bases = {
            place.name: submit(runs, place, {}) for place in {p.name: p for p in places.values()}.values()
        }
        arms: dict[str, tuple[Future[Numbers] | None, Future[Numbers]]] = {}
        for name, place in places.items():
            less, more = moved(name, coefficients[name], place)
            lower = None if less is None else submit(runs, place, {name: less})
            arms[name] = lower, submit(runs, place, {name: more})
        results = {}
        for name, (lower, upper) in arms.items():
            below = None if lower is None else lower.result()
            results[name] = change(places[name], bases[places[name].name].result(), below, upper.result())
            print(
                f"{name} ({places[name].name}): {results[name].sizes.max():.1f} standard errors", flush=True
            )
    return results


def _words(measure: int, size: float, default: float, sign: str = "+") -> str:
    if np.isnan(size):
        return "?"
    if list(MEASURES.values())[measure]:
        return f"{size / default:{sign}.0%}".replace("-", "−") if default else "?"
    return f"{size:{sign}.3f}".replace("-", "−")


def rows(name: str, result: Change) -> list[list[str]]:
    """The lines of the table on one coefficient: the measures that it clearly affects, the clearest first."""
    where = "" if result.place == LIVELY else result.place.name
    names, sizes = list(MEASURES), result.sizes
    lines = []
    for m in np.argsort(-sizes, kind="stable"):
        if sizes[m] > CLEAR:
            words = [_words(m, mean[m], result.default[m]) for mean in result.means]
            lines.append([name, where, names[m], *words, f"{min(sizes[m], 99):.0f}"])
    if lines:
        return lines
    detectable = [
        f"{names[m]} {_words(m, result.smallest_detectable[m], result.default[m], '')}"
        for m in (0, names.index("posts a day"), names.index("retention"), names.index("evaporation"))
    ]
    text = f"nothing beyond chance (seen would be: {', '.join(detectable)})"
    return [[name, where, text, "0", "0", f"{sizes.max():.0f}"]]


def main() -> None:
    """Change every coefficient, write the table and list those without a clear effect."""
    coefficients = dict(numbers(tuple(sys.argv[1:])))
    results = changes(coefficients, {name: usual(name) for name in coefficients})
    unclear = [name for name, result in results.items() if not result.clear]
    second_places = {name: place for name in unclear if (place := second(name))}
    results |= changes(coefficients, second_places) if second_places else {}
    old_lines: list[list[str]] = []
    if len(sys.argv) > 1 and FILE.exists():  # coefficients that are not measured now keep their lines
        names = [name for name, _ in numbers()]
        with FILE.open(encoding="utf-8", newline="") as file:
            old_lines = [line for line in csv.reader(file) if line[0] in names and line[0] not in results]
    lines = [line for name in results for line in rows(name, results[name])] + old_lines
    order = {name: k for k, (name, _) in enumerate(numbers())}
    with FILE.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerows([SENSITIVITY.names, *sorted(lines, key=lambda line: order[line[0]])])
    without_effect = [name for name, result in results.items() if not result.clear]
    print("no effect beyond chance:", ", ".join(without_effect) or "none")


if __name__ == "__main__":
    main()
