"""Compile what the shipped scenarios use, for the wheel to bring along: see ``agents/prebuilt.py``.

``python -m shequn.app.precompile`` runs every shipped scenario once, in an empty cache, and puts the compiled code into
the folder ``compiled``, for this Python and this kind of machine. A wheel that is built then has it. ``nox -s wheel``
does all of this for each Python that is there.
"""

import os
import shutil
import tempfile
from pathlib import Path

import click

from shequn.agents import prebuilt
from shequn.agents.compiled import compiled_digest


@click.command(help=__doc__)
def main() -> None:
    """Compile and pack."""
    shutil.rmtree(prebuilt.FOLDER / prebuilt.name_for(compiled_digest()), ignore_errors=True)
    with tempfile.TemporaryDirectory() as cache:
        # before anything is compiled
        os.environ |= {
            "SHEQUN_CACHE_DIR": cache, "SHEQUN_FEATURES": "all", "NUMBA_CPU_NAME": prebuilt.TARGET,
        }  # fmt: skip
        _compile()
        (compiled,) = Path(cache).iterdir()
        homes = {
            path.parent for folder in ("agents", "sim") for path in (prebuilt.ROOT / folder).rglob("*.py")
        }
        prebuilt.pack(compiled_digest(), compiled, sorted(homes))
    made = prebuilt.FOLDER / prebuilt.name_for(compiled_digest())
    size = sum(path.stat().st_size for path in made.rglob("*") if path.is_file())
    click.echo(f"{made.relative_to(prebuilt.ROOT)}: {size / 2**20:.1f} MiB")


def _compile() -> None:
    """Run every shipped scenario."""
    from shequn.sim.running import simulate
    from shequn.sim.scenario import Scenario
    from shequn.sim.scenario.locations import shipped
    from shequn.sim.warmup import compile_beside_loop, compile_loop

    for name in shipped():
        scenario = Scenario.load(name)
        compile_loop(scenario)
        compile_beside_loop(scenario)
        simulate(scenario, scenario.seed).tables()


if __name__ == "__main__":
    main()
