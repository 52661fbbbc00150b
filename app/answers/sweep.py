"""What is made of the tables of a sweep: the figures that its design asks for."""

from pathlib import Path

from shequn.experiments.designs.design import Design


def present(design: Design, folder: Path) -> list[str]:
    """Draw the figures of a sweep into ``folder/figures``; return remarks about them."""
    from shequn.app.figures.sweep import write_figures

    return write_figures(folder, design.figures, design.title)
