"""Tools of the speed script: timing in turn, medians with ranges, child processes, peak memory, table rows."""

import gc
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

ROOT = Path(__file__).resolve().parents[3]
GIB = 2.0**30

T = TypeVar("T")


class Row(NamedTuple):
    """A row of the table."""

    part: str  # a … f, as in the requirement
    what: str
    measured: str
    required: str = ""
    met: bool | None = None  # None if nothing is required, or it was not measured


class Part(NamedTuple):
    """The results of a part of the script."""

    rows: list[Row]
    notes: list[str]  # lines of Markdown on where the time goes


def judged(
    part: str,
    what: str,
    values: Sequence[float],
    unit: str,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Row:
    """A row that compares the median of values with its required lower or upper bound."""
    median = statistics.median(values)
    met = (at_least is None or median >= at_least) and (at_most is None or median <= at_most)
    bound = f"≤ {at_most:g}" if at_least is None else f"≥ {at_least:g}"
    return Row(part, what, middle(values, unit), f"{bound} {unit}", met)


def number(value: float) -> str:
    """A number with three significant digits, or with all its integer digits."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def middle(values: Sequence[float], unit: str = "") -> str:
    """The median, with the smallest and the largest of several values."""
    text = number(statistics.median(values))
    if len(values) > 1:
        text += f" ({number(min(values))}–{number(max(values))})"
    return f"{text} {unit}".strip()


def ratios(dividends: Sequence[float], divisors: Sequence[float]) -> list[float]:
    """Ratios by round, because a temporary slowdown of the machine affects both contestants of a round."""
    return [a / b for a, b in zip(dividends, divisors, strict=True)]


def in_turn(rounds: int, contestants: Mapping[str, Callable[[int], T]]) -> dict[str, list[T]]:
    """Let each contestant run once a round, in an order that shifts from round to round.

    Parameters
    ----------
    rounds : int
    contestants : mapping of name to callable
        Called with the number of the round; each measures itself and returns the result.
    """
    results: dict[str, list[T]] = {name: [] for name in contestants}
    names = list(contestants)
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            gc.collect()  # so that no contestant collects another's garbage
            say(f"round {number + 1} of {rounds}: {name}")
            results[name].append(contestants[name](number))
    return results


def say(text: str) -> None:
    """Print the progress on stderr."""
    print(f"  {text}", file=sys.stderr, flush=True)


class ChildError(RuntimeError):
    """A child process failed; the message says how."""


def command(module: str, *arguments: str) -> list[str]:
    """The command that runs a module with this Python."""
    return [sys.executable, "-m", module, *arguments]


def child(module: str, *arguments: str, **environment: str) -> dict[str, Any]:
    """Run a module in a process of its own; returns the last line of its output, read as JSON.

    Raises
    ------
    ChildError
        The process failed.
    """
    done = subprocess.run(
        command(module, *arguments),
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["killed, perhaps for want of memory"])[-1]
        raise ChildError(f"{module} ended with {done.returncode}: {last}")
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def peak_memory() -> float:
    """Peak resident memory of this process in GiB.

    On Linux ``ru_maxrss`` of a new process includes the peak of its parent, so ``VmHWM`` is read instead.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / GIB
    import psutil  # type: ignore[import-untyped, unused-ignore]

    memory = psutil.Process().memory_info()
    if hasattr(memory, "peak_wset"):  # Windows
        return float(memory.peak_wset) / GIB
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB  # macOS: bytes
