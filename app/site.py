"""The documents as a site in both languages: ``python -m shequn.app.site``.

Each language is a build of Sphinx of its own, in which a warning is an error: a page that no list of contents names, a
link to what is not there, a heading out of order. The site needs no server and no network.
"""

import shutil
import tempfile
from pathlib import Path

import click

from shequn.app.model_tables import ROOT
from shequn.sim.language import LANGUAGES

_DOCS = ROOT / "docs"
_DOOR = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>shequn 社群</title>
<style>
body {{ font: 1.5rem system-ui, sans-serif; display: grid; place-content: center; min-height: 90vh; gap: 1rem }}
</style>
<main>
<h1>shequn 社群</h1>
{links}
</main>
</html>
"""


def build(language: str, folder: Path) -> None:
    """Build the pages of a language.

    Parameters
    ----------
    language : str
        A key of :data:`shequn.sim.language.LANGUAGES`.
    folder : Path
        Where its pages go.

    Raises
    ------
    click.ClickException
        Sphinx warns of something; what it is stands above.
    """
    from sphinx.cmd.build import build_main

    with tempfile.TemporaryDirectory() as trees:
        arguments = [
            "-q", "-W", "--keep-going", "-E", "-a", "-b", "html", "-c", str(_DOCS), "-d", trees,
            "-t", language, str(_DOCS / language), str(folder),
        ]  # fmt: skip
        if build_main(arguments):
            raise click.ClickException(f"the pages of {language} cannot be built; see above")


@click.command()
@click.argument("folder", default=ROOT / "results" / "site", type=click.Path(path_type=Path))
def main(folder: Path) -> None:
    """Build the documents as a site in FOLDER (results/site)."""
    if not _DOCS.is_dir():
        raise click.ClickException("there is no folder docs beside the source: run this in a clone")
    shutil.rmtree(folder, ignore_errors=True)
    for language in LANGUAGES:
        build(language, folder / language)
    links = "\n".join(
        f'<p><a lang="{code}" href="{code}/index.html">{name}</a></p>' for code, name in LANGUAGES.items()
    )
    (folder / "index.html").write_text(_DOOR.format(links=links), encoding="utf-8", newline="\n")
    click.echo(folder / "index.html")


if __name__ == "__main__":
    main()
