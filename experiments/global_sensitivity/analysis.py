"""A sensitivity analysis: sample the factors of a design, run the points, write the indices."""

from collections.abc import Callable
from pathlib import Path

from shequn.experiments.designs.design import Design
from shequn.experiments.designs.points import Sample
from shequn.experiments.global_sensitivity.sampling import UnitSample, draw_sample
from shequn.experiments.global_sensitivity.tables import Answer, write_indices
from shequn.experiments.sweeps.execution import Watch
from shequn.experiments.sweeps.sweep import sweep
from shequn.sim.language import _

#: Writes a summary and figures into the unfinished folder, which has its tables; returns remarks for the user.
Presenter = Callable[[Design, Answer, Path], list[str]]


class FewFactorsError(ValueError):
    """A design lacks the factors that a sensitivity analysis needs; the message says which."""


def sample_design(design: Design, method: str, n: int) -> tuple[Design, UnitSample]:
    """Sample a design for a method; returns the design at the points of the sample, and the sample.

    Raises
    ------
    FewFactorsError
        The design is a list of fixed parameter sets, or has fewer than two factors.
    """
    if design.content.get("design") == "list":
        raise FewFactorsError(
            _(
                "{name} is a list of fixed parameter sets; an analysis takes factors with ranges or levels, such as "
                "with design: space"
            ).format(name=design.name)
        )
    if len(design.factors) < 2:
        raise FewFactorsError(
            _("{name} has {n} factor; an analysis compares two or more").format(
                name=design.name, n=len(design.factors)
            )
        )
    sample = draw_sample(method, design.factors, n, design.seed)
    points = Sample(design.factors, sample.unit)
    return design.with_points(points, {"design": method, "points": n}), sample


def analyse(
    design: Design,
    sample: UnitSample,
    final: Path,
    watch: Watch,
    on: str = "processes",
    jobs: int | None = None,
    csv: bool = False,
    restart: bool = False,
    present: Presenter | None = None,
) -> list[str]:
    """Run the points of a sample and write the folder ``final``, complete or not at all.

    Takes the design and the sample from `sample_design`. Other parameters, the return value and errors are those
    of :func:`shequn.experiments.sweeps.sweep.sweep`; ``present`` also gets an `Answer`.
    """

    def finish(design: Design, folder: Path) -> list[str]:
        answer = write_indices(folder, sample, [str(r) for r in design.responses], design.replicates)
        return [] if present is None else present(design, answer, folder)

    return sweep(design, final, watch, on, jobs, csv, restart, finish)
