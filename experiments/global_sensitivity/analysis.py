"""A sensitivity analysis: a design's factors sampled, the points run, the indices written."""

from pathlib import Path

from shequn.experiments.designs.design import Design
from shequn.experiments.designs.points import Sample
from shequn.experiments.global_sensitivity.answer import write_indices
from shequn.experiments.global_sensitivity.sampling import Sampled, sample
from shequn.experiments.sweeps.execution import Watch
from shequn.experiments.sweeps.sweep import sweep
from shequn.sim.language import _


class FewFactorsError(ValueError):
    """A design has not the factors that a sensitivity analysis needs; the message says which."""


def sampled_design(design: Design, method: str, n: int) -> tuple[Design, Sampled]:
    """The design at the points that a method asks for, and the sample.

    Raises
    ------
    FewFactorsError
        It is a list, whose parameter sets are fixed, or varies fewer than two factors.
    """
    if design.content.get("design") == "list":
        raise FewFactorsError(
            _(
                "{name} is a list of fixed parameter sets; factors with ranges or levels are due, such as "
                "with design: space"
            ).format(name=design.name)
        )
    if len(design.factors) < 2:
        raise FewFactorsError(
            _("{name} has {n} factor; an analysis compares two or more").format(
                name=design.name, n=len(design.factors)
            )
        )
    sampled = sample(method, design.factors, n, design.seed)
    points = Sample(design.factors, sampled.unit)
    return design.with_points(points, {"design": method, "points": n}), sampled


def analyse(
    design: Design,
    sampled: Sampled,
    final: Path,
    watch: Watch,
    on: str = "processes",
    jobs: int | None = None,
    csv: bool = False,
    anew: bool = False,
) -> list[str]:
    """Run the points of `sampled_design` and write the folder ``final``, complete or not at all.

    Parameters, returns and raises as :func:`shequn.experiments.sweeps.sweep.sweep`.
    """

    def more(folder: Path) -> list[str]:
        return write_indices(folder, sampled, [str(r) for r in design.responses], design.replicates)

    return sweep(design, final, watch, on, jobs, csv, anew, more)
