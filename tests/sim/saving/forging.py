"""Forged states: honest ones with something changed and a valid digest, loaded and run on.

``python -m tests.sim.saving.forging COUNT`` tries that many, in worker processes that are watched: one that
crashes, or is at one forgery for too long, is replaced and the forgery counted. Each forgery follows from its
number alone; ``python -m tests.sim.saving.forging 1 NUMBER`` repeats one of them.
"""

import copy
import faulthandler
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from shequn import ScenarioError, simulate
from shequn.sim.kernel.measures import MEASURES
from shequn.sim.saving.checks.ranges import RANGES, check_ranges
from shequn.sim.saving.state_file import SavedState, StateError, read_state, write_state
from tests.sim.results.identities import check_sizes, check_tables
from tests.sim.small_worlds import WORLDS, world

DAYS = (3, 9, 14)  # on which states are saved
PATIENCE = 60  # seconds for one forgery
REFUSED, RUN = "refused", "run"
_WORDS: dict[str, Any] = {
    "f": (
        float("nan"),
        float("inf"),
        float("-inf"),
        -1.0,
        0.0,
        1.0,
        -1e-3,
        1e-300,
        1e30,
        3.4e38,
        1e9,
        0.5,
        77.0,
    ),
    "i": (-1, 0, 1, 2, -2, 7, 63, 64, 255, 4096, 1 << 20, (1 << 31) - 1, -(1 << 31)),
    "u": (0, 1, 2, 3, 5, 9, 127, 255),
}


def forge(past: SavedState, number: int) -> tuple[dict[str, Any], dict[str, Any], str]:
    """A forgery of a state: its description, its arrays, and what was done."""
    rng = np.random.default_rng(number)
    about, arrays = copy.deepcopy(past.about), {name: array.copy() for name, array in past.arrays.items()}
    done = []
    for _ in range(int(rng.choice([1, 1, 1, 2, 4]))):
        if rng.random() < 0.1:
            done.append(_forge_about(about, rng))
        else:
            done.append(_forge_array(arrays, rng))
    return about, arrays, "; ".join(done)


def _forge_about(about: dict[str, Any], rng: np.random.Generator) -> str:
    """Change one value of the description."""
    leaves: list[tuple[Any, Any]] = []

    def collect(node: Any) -> None:
        items = node.items() if isinstance(node, dict) else enumerate(node)
        for key, value in items:
            leaves.append((node, key))
            if isinstance(value, dict | list):
                collect(value)

    collect({key: about[key] for key in about if key not in ("format", "version", "sources", "arrays")})
    parts = [key for key in about if key not in ("format", "version", "sources", "arrays", "scenario")]
    if rng.random() < 0.7:  # the scenario has most leaves
        leaves.clear()
        collect({key: about[key] for key in parts})
        leaves.extend((about, key) for key in parts)
    node, key = leaves[int(rng.integers(len(leaves)))]
    words = (
        None,
        -1,
        0,
        1,
        10**6,
        10**30,
        0.5,
        float("nan"),
        float("inf"),
        "x",
        "",
        [],
        {},
        True,
        [1],
        {"a": 1},
    )
    node[key] = words[int(rng.integers(len(words)))]
    return f"about[…][{key!r}] = {node[key]!r}"


def _forge_array(arrays: dict[str, Any], rng: np.random.Generator) -> str:
    """Change something in one array."""
    name = str(rng.choice(sorted(name for name in arrays if arrays[name].size)))
    if rng.random() < 0.3:  # the records that lead to others
        name = "world." + str(
            rng.choice(
                [
                    "people",
                    "members",
                    "memberships",
                    "applications",
                    "totals",
                    "queue.tags",
                    "spaces",
                    "work",
                    "staff",
                ]
            )
        )
        if not arrays[name].size:
            name = "world.people"
    array = arrays[name]
    fields = array.dtype.names
    field = str(rng.choice(fields)) if fields else ""
    values = (array[field] if fields else array).reshape(-1)
    at = int(rng.integers(len(values)))
    how = str(rng.choice(["word", "word", "bit", "swap", "fill", "near", "record", "length"]))
    match how:
        case "word":
            words = _WORDS.get(values.dtype.kind, (0, 1))
            value = words[int(rng.integers(len(words)))]
            with np.errstate(all="ignore"):
                values[at] = np.array(value).astype(values.dtype)
        case "bit":
            raw = values[at : at + 1].view(np.uint8) if values.flags.c_contiguous else None
            word = np.array(values[at : at + 1]) if raw is None else values[at : at + 1]
            bits = word.view(np.uint8)
            bits[int(rng.integers(len(bits)))] ^= np.uint8(1 << int(rng.integers(8)))
            values[at] = word[0]
        case "swap":
            other = int(rng.integers(len(values)))
            values[at], values[other] = values[other], values[at]
        case "fill":
            values[:] = values[at]
        case "near":
            step = [-1, 1, 2][int(rng.integers(3))]
            with np.errstate(all="ignore"):
                values[at] = np.array(values[at] + np.array(step).astype(values.dtype)).astype(values.dtype)
        case "record":
            rows = rng.integers(len(array), size=2)
            array[rows[0]] = array[rows[1]]
        case "length":
            n = int(rng.integers(1, 4))
            arrays[name] = array[:-n] if rng.random() < 0.5 else np.concatenate((array, array[-n:]))
    if how != "length":
        changed = array[field] if fields else array
        if not np.shares_memory(values, array):
            changed[...] = values.reshape(changed.shape)
    return f"{name}.{field}[{at}] {how}"


def attempt(folder: Path, number: int, pasts: list[tuple[str, SavedState]]) -> tuple[str, str]:
    """Load one forgery and run it on; returns what came of it, and what was forged."""
    name, past = pasts[number % len(pasts)]
    about, arrays, done = forge(past, number)
    path = folder / "forged.npz"
    try:
        write_state(path, about, arrays)
    except (TypeError, ValueError):
        return REFUSED, done  # it cannot even be written
    try:
        forged = read_state(path)
        result = simulate(world(name), past=forged, save=folder / "after.npz", until=world(name).days)
    except (StateError, ScenarioError):
        return REFUSED, done
    except Exception as error:
        return f"traceback: {error!r}"[:200], f"{name}: {done}"
    try:
        result.tables()
        check_possible(result)
        simulate(world(name).with_({"days": world(name).days + 1}), past=read_state(folder / "after.npz"))
    except ScenarioError:
        pass  # it cannot go on for longer: arrivals are drawn up to the end
    except Exception as error:
        return f"impossible: {error!r}"[:200], f"{name}: {done}"
    return RUN, f"{name}: {done}"


def check_possible(result: Any) -> None:
    """All numbers of a result can be true."""
    days = result.outcome.days
    outcome = result.outcome
    limits = {"duties": len(outcome.duties) - 1.0, "tasks": len(outcome.scenario.tasks) - 1.0}
    check_ranges(days, RANGES["days"], limits, "days")
    check_ranges(outcome.duty_days, RANGES["duty_days"], limits, "duty_days")
    check_ranges(outcome.task_days, RANGES["task_days"], limits, "task_days")
    for measure in MEASURES:
        if measure.missing == "":
            assert np.isfinite(days[measure.name]).all(), measure.name
    check_sizes(result.days)
    check_tables(result)
    assert (result.days["replies"] <= result.days["posts"]).all()
    assert (result.members["quality"].between(0, 1)).all()


def honest_states(folder: Path) -> list[tuple[str, SavedState]]:
    """States of all small worlds on some days."""
    states = []
    for name in WORLDS:
        for day in DAYS:
            path = folder / f"{name}-{day}.npz"
            if not path.exists():
                simulate(world(name), 5, until=day, save=path)
            states.append((name, read_state(path)))
    return states


def work(folder: Path, start: int, stop: int) -> None:
    """Try the forgeries from ``start`` on, and print one line before and one after each."""
    pasts = honest_states(folder)
    for name, past in pasts:  # compile what they need before anything is watched
        simulate(world(name), past=past)
    for number in range(start, stop):
        print(json.dumps({"begin": number}), flush=True)
        faulthandler.dump_traceback_later(PATIENCE, exit=True)
        outcome, done = attempt(folder, number, pasts)
        faulthandler.cancel_dump_traceback_later()
        print(json.dumps({"number": number, "outcome": outcome, "forged": done}), flush=True)


def try_forgeries(count: int, start: int = 0) -> tuple[Counter[str], list[dict[str, Any]]]:
    """Try ``count`` forgeries; returns how often each came of it, and all that neither ran nor were refused."""
    counts: Counter[str] = Counter()
    wrong = []
    at, stop = start, start + count
    with tempfile.TemporaryDirectory() as folder:
        honest_states(Path(folder))
        while at < stop:
            command = [
                sys.executable,
                "-m",
                __name__ if __name__ != "__main__" else "tests.sim.saving.forging",
            ]
            worker = subprocess.Popen(
                [*command, "--work", folder, str(at), str(stop)], stdout=subprocess.PIPE, text=True
            )
            assert worker.stdout is not None
            last = at
            for line in worker.stdout:
                row = json.loads(line)
                if "begin" in row:
                    last = row["begin"]
                    continue
                counts[row["outcome"].split(":")[0]] += 1
                at = row["number"] + 1
                if row["outcome"] not in (REFUSED, RUN):
                    wrong.append(row)
            code = worker.wait()
            worker.stdout.close()
            if at < stop:
                counts["died"] += 1
                wrong.append({"number": last, "outcome": f"died: {code}"})
                at = last + 1
    return counts, wrong


if __name__ == "__main__":
    if sys.argv[1] == "--work":
        work(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    else:
        counts, wrong = try_forgeries(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
        for row in wrong:
            print(row)
        print(dict(counts))
