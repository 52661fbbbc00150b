"""Mutation testing: ``python -m tests.mutation agents`` or ``kernel`` (``--sample 300 --seed WORD``).

Each mutant is a small error in one place of a copy of the tree; a good suite notices it. Tests run
uncompiled. What survives must stand in ``survivors.md``, with the reason. POSIX only: each mutant is tested
in a fork of a process that has the libraries loaded.
"""

import argparse
import json
import multiprocessing
import random
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.mutation.mutants import mutants_of
from tests.mutation.trying import ROOT, Outcome, Target, prepare, try_mutant, try_unchanged

EXPLAINED = Path(__file__).with_name("survivors.md")
AIM = 0.95  # share of the mutants that are errors that must be noticed
#: How the reason begins in `EXPLAINED` for a mutant that cannot change any result.
EQUIVALENT = ("Equivalent", "Chance", "Rounding")

LAWS_ELSEWHERE = (
    "tests/sim/kernel/test_heap.py", "tests/sim/kernel/test_mood.py",
    "tests/sim/kernel/test_ranks.py", "tests/sim/kernel/gates",
    *(f"tests/sim/staff/test_{name}.py" for name in ("staff", "duties", "tasks", "moderation")),
    *(f"tests/sim/incentives/laws/test_{name}.py"
      for name in ("accounts", "buyers", "offers", "worth", "paid_posts", "marks")),
    "tests/sim/test_boards.py", "tests/sim/test_effects.py", "tests/sim/operations/test_terms.py",
)  # fmt: skip
SLOW = ("tests/sim/test_stages.py",)  # only for mutants of the file that it is named after
KERNEL = (
    "membership", "entry", "invitations", "reading", "writing", "recognition", "reasons", "ties", "day",
    "visits", "discovery", "scheduling", "ranks", "locality", "heap", "money", "rooms", "lines",
    "staff", "tasks", "answering", "accounts", "rewards", "buyers", "offers", "marks", "desks",
    "moderation", "contacts", "daring", "stages", "mood", "people",
)  # fmt: skip


def _targets() -> dict[str, Target]:
    # agents/linking.py stands on numba's internals: uncompiled, nothing of it runs
    rules = sorted(path.name for path in (ROOT / "agents").glob("*.py") if path.name != "linking.py")
    kinds = sorted(path for part in ("gates", "duties") for path in (ROOT / "sim/kernel" / part).glob("*.py"))
    return {
        "agents": Target(
            tuple(f"agents/{name}" for name in rules),
            ("tests/agents/test_coefficients.py",),
            ("tests/agents",),
            (),
        ),
        "kernel": Target(
            (
                "sim/boards.py",
                *(f"sim/kernel/{name}.py" for name in KERNEL),
                *(str(path.relative_to(ROOT)) for path in kinds),
            ),
            (),
            ("tests/baseline", "tests/sim/kernel/laws", *LAWS_ELSEWHERE),
            SLOW,
        ),
    }


def _key(outcome: Outcome) -> str:
    """How a survivor is named in `EXPLAINED`."""
    return f"`{outcome.mutant.path}`: `{outcome.before}` → `{outcome.after}`"


def main() -> int:
    """Draw, try, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("target", choices=list(_targets()))
    parser.add_argument("--sample", type=int, help="how many of the mutants (default: all)")
    parser.add_argument("--seed", default="", help="a word from which the sample is drawn")
    parser.add_argument("--only", default="", help="mutants of paths that contain this")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, help="a file for all outcomes, a JSON line each")
    options = parser.parse_args()
    target = _targets()[options.target]
    mutants = [one for path in target.paths if options.only in path for one in mutants_of(ROOT, path)]
    drawn = mutants
    if options.sample is not None and options.sample < len(mutants):
        drawn = random.Random(options.seed).sample(mutants, options.sample)
    print(f"{len(drawn)} of {len(mutants)} mutants, seed {options.seed!r}", flush=True)
    outcomes: list[Outcome] = []
    context = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory(prefix="mutants-") as folder,
        ProcessPoolExecutor(options.processes, context, prepare, (folder,)) as pool,
    ):
        end, by, seconds = pool.submit(try_unchanged, target).result()
        if end != "survived":
            print(f"The tests fail without a mutant: {by}")
            return 2
        print(f"{seconds:.1f} s for the tests of the tree as it is", flush=True)
        for job in [pool.submit(try_mutant, mutant, target) for mutant in drawn]:
            outcomes.append(job.result())
            if options.out:
                with options.out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(outcomes[-1]._asdict(), ensure_ascii=False) + "\n")
    explained = EXPLAINED.read_text(encoding="utf-8") if EXPLAINED.exists() else ""
    counts = Counter(outcome.end for outcome in outcomes)
    equivalent = 0
    for outcome in outcomes:
        if outcome.end == "survived":
            reason = explained.partition(_key(outcome) + "\n")[2].strip()
            equivalent += reason.startswith(EQUIVALENT)
            mark = "explained" if reason else "NEW"
            print(f"{mark}: line {outcome.mutant.line}, {outcome.mutant.operator}\n    {_key(outcome)}")
    noticed, tried = counts["killed"] + counts["timeout"], len(outcomes) - counts["stillborn"]
    print(f"{dict(counts)}: {noticed} of {tried} noticed, {noticed / max(1, tried):.2%}")
    errors = max(1, tried - equivalent)
    print(f"without {equivalent} that change nothing: {noticed} of {errors} noticed, {noticed / errors:.2%}")
    files = Counter(outcome.by.partition("::")[0] for outcome in outcomes if outcome.by)
    print(f"noticed first in: {dict(files.most_common())}")
    return 0 if noticed >= AIM * errors else 1


if __name__ == "__main__":
    sys.exit(main())
