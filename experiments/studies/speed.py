"""Benchmarks: measures every requirement on speed and size, and where the time goes.

``python -m shequn.experiments.studies.speed`` prints a Markdown table; ``… speed a c`` measures two of its parts, and
``--quick`` uses tiny sizes, to test the script and not shequn. The peers, programs to compare with, are the extra
``bench`` of pyproject.toml and are installed if missing. Contestants run in turn, in an order that shifts from round to
round; graphs are generated beforehand. Numbers are medians (smallest–largest).
"""

import datetime
import importlib
import importlib.metadata
import importlib.util
import os
import platform
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Sequence

import click

from shequn.experiments.studies.benchmarks.timing import ROOT, Part, Row, say

#: By the letter of the requirement: the module that measures it.
PARTS = {
    "a": "epidemic",
    "b": "against_twin",
    "c": "sizes",
    "d": "memory",
    "e": "command_line",
    "f": "sweeps",
    "g": "version_before",
}
_PACKAGES = ("numba", "numpy", "mesa", "networkx", "EoN", "epiworldpy", "fastgemf", "starsim")


def missing_peers() -> list[str]:
    """The requirements of the extra ``bench`` that are not installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra: list[str] = project["optional-dependencies"]["bench"]
    return [peer for peer in extra if importlib.util.find_spec(re.split(r"[<>=!~ \[;]", peer)[0]) is None]


def install_peers() -> None:
    """Install the missing peers into this Python's environment; a failure is only reported."""
    missing = missing_peers()
    if missing:
        say(f"installing {', '.join(missing)}")
        done = subprocess.run([sys.executable, "-m", "pip", "install", "-q", *missing], check=False)
        if done.returncode:
            say("that failed; they are left out")


def measure_part(letter: str, quick: bool, before: str | None = None) -> Part:
    """Measure one part; if that is impossible, its only row says why."""
    name = PARTS[letter]
    start = time.perf_counter()
    say(f"({letter})")
    try:
        given = (quick,) if before is None else (quick, before)
        part: Part = importlib.import_module(f"shequn.experiments.studies.benchmarks.{name}").measure(*given)
    except Exception as error:  # the other parts are still measured
        part = Part([Row(letter, name, f"failed: {type(error).__name__}: {error}", "", False)], [])
    say(f"({letter}) took {time.perf_counter() - start:.0f} s")
    return part


def conditions() -> str:
    """Machine, packages and load, in one line."""
    versions = ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)
    load = f", load {os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else ""
    today = datetime.datetime.now(datetime.UTC).date()
    return (
        f"{today}, {platform.system()} {platform.machine()}, {os.cpu_count()} processors{load}; "
        f"Python {platform.python_version()}, {versions}."
    )


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def table(rows: Sequence[Row]) -> list[str]:
    """The rows in Markdown."""
    verdict = {True: "yes", False: "**no**", None: ""}
    lines = ["| | what | measured | required | met |", "| --- | --- | --- | --- | --- |"]
    return lines + [f"| {r.part} | {r.what} | {r.measured} | {r.required} | {verdict[r.met]} |" for r in rows]


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(list(PARTS)))
@click.option("--quick", is_flag=True, help="Tiny sizes, to test the script.")
@click.option("--no-install", is_flag=True, help="Install no peers; those that are missing are left out.")
@click.option("--before", metavar="COMMIT", help="Part g: the version to compare with.")
def main(parts: tuple[str, ...], quick: bool, no_install: bool, before: str | None) -> None:
    """Measure PARTS (letters a to g; default: a to f, and g with --before) and print the table."""
    if "g" in parts and before is None:
        raise click.UsageError("part g needs --before COMMIT")
    if not no_install:
        install_peers()
    header = conditions()
    chosen = sorted(set(parts)) or [letter for letter in PARTS if letter != "g" or before is not None]
    results = {letter: measure_part(letter, quick, before if letter == "g" else None) for letter in chosen}
    lines = [header, ""]
    if quick:
        lines = ["**Quick: tiny sizes, these are no measurements.**", "", *lines]
    lines += table([row for part in results.values() for row in part.rows])
    for letter, part in results.items():
        if part.notes:
            lines += ["", f"**({letter})**", "", *part.notes]
    click.echo("\n".join(lines))


if __name__ == "__main__":
    main()
