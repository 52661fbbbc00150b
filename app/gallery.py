"""Pictures of the documents, made from shipped scenarios: ``python -m shequn.app.gallery``."""

from pathlib import Path
from typing import NamedTuple

import click

from shequn.sim.language import in_language

_FOLDER = Path(__file__).parent.parent / "docs" / "pictures"


class Picture(NamedTuple):
    """A picture of a page.

    ``figure`` is a key of `shequn.sim.presentation.figures.FIGURES`, or None for all four on one sheet.
    """

    name: str
    scenario: str
    figure: str | None
    dpi: int


PICTURES = (
    Picture("open-group", "open-group", None, 75),
    Picture("flood-of-newcomers", "flood-of-newcomers", "temperature", 90),
    Picture("invitation-chain", "invitation-chain", "growth", 90),
)
#: Ending of a picture's file name, by language of the page.
SUFFIXES = {"en": ".png", "zh": ".zh.png"}


def draw(picture: Picture, folder: Path) -> list[Path]:
    """Run a picture's scenario once and draw it in every language; returns the files."""
    from shequn.sim.running import simulate

    result = simulate(picture.scenario)
    paths = []
    for language, suffix in SUFFIXES.items():
        with in_language(language):
            figure = result.plot(picture.figure)
            paths.append(folder / f"{picture.name}{suffix}")
            figure.savefig(paths[-1], dpi=picture.dpi, metadata={"Software": None})
    return paths


@click.command()
@click.option(
    "--out", default=_FOLDER, show_default="docs/pictures", type=click.Path(path_type=Path), help="Folder."
)
def main(out: Path) -> None:
    """Make the pictures of the documents."""
    out.mkdir(parents=True, exist_ok=True)
    for picture in PICTURES:
        for path in draw(picture, out):
            click.echo(path)


if __name__ == "__main__":
    main()
