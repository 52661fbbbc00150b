"""The documents as a site: built strictly, with nothing from elsewhere, searched without a network, and accessible."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.app.local_pages import local_pages
from tests.documents import ROOT

pytest.importorskip("sphinx", reason="the extra docs is not installed")

_WIDTHS = (390, 1440, 1920)
#: What a browser would load: not where links lead.
_LOADS = re.compile(r"""<(?:script|img|iframe|source|audio|video|embed)\b[^>]*?\bsrc=["']([^"']+)""")
_LINKS = re.compile(r"""<link\b[^>]*?\bhref=["']([^"']+)""")
_IN_STYLES = re.compile(r"""url\(["']?([^"')]+)|@import\s+["']([^"']+)""")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, as the command builds it; a warning would be an error."""
    folder = tmp_path_factory.mktemp("site") / "site"
    done = subprocess.run(
        [sys.executable, "-m", "shequn.app.site", str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_every_page_is_built_in_both_languages(site: Path) -> None:
    english, chinese = (
        {path.relative_to(site / language) for path in (site / language).rglob("*.html")}
        for language in ("en", "zh")
    )
    assert english == chinese
    assert len(english) > 50
    assert {"en/index.html", "zh/index.html"} <= set(
        re.findall(r'href="([^"]+)"', (site / "index.html").read_text(encoding="utf-8"))
    )


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for target in (*_LOADS.findall(text), *_LINKS.findall(text)):
            assert not re.match(r"(https?:)?//", target), (path, target)
            if not target.startswith("data:") and path.name not in ("search.html", "genindex.html"):
                assert (path.parent / target.partition("?")[0]).resolve().exists(), (path, target)
    for path in site.rglob("*.css"):
        for found in _IN_STYLES.findall(path.read_text(encoding="utf-8")):
            assert not re.match(r"(https?:)?//", "".join(found)), path


def test_every_link_inside_leads_somewhere(site: Path) -> None:
    identifiers = {
        path: set(re.findall(r'\bid="([^"]+)"', path.read_text(encoding="utf-8")))
        for path in site.rglob("*.html")
    }
    for path in identifiers:
        for target in re.findall(r'<a\b[^>]*?\bhref="([^"]+)"', path.read_text(encoding="utf-8")):
            if re.match(r"\w+:", target):
                continue
            page, _, place = target.partition("#")
            file = (path.parent / page).resolve() if page else path
            assert file.is_file(), (path, target)
            if place and file in identifiers:
                assert place in identifiers[file], (path, target)


@pytest.fixture
def page(browser: Any, site: Path) -> Any:
    """Opens files of the site in a browser that may load nothing else."""
    with local_pages(browser, f"file://{site}", 20_000) as opened:
        yield opened


@pytest.mark.parametrize(
    ("language", "words", "title"),
    [
        ("en", "evaporative cooling", "What to trust"),
        ("zh", "蒸发冷却", "哪些可信"),
        ("zh", "community.openness", "情景的键"),
    ],
)
def test_the_search_finds_without_a_server(
    page: Any, site: Path, language: str, words: str, title: str
) -> None:
    found = page(f"file://{site}/{language}/search.html?q={words}")
    found.wait_for_selector("#search-results li")
    # results come one after another
    found.wait_for_selector(f"#search-results li:has-text('{title}')")


def test_the_other_language_is_one_click_away(page: Any, site: Path) -> None:
    opened = page(f"file://{site}/en/how-to/compare.html")
    opened.click("a.language")
    assert opened.url.endswith("/zh/how-to/compare.html")
    assert opened.evaluate("document.documentElement.lang").startswith("zh")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", _WIDTHS)
def test_pages_fit_the_window(page: Any, site: Path, language: str, width: int) -> None:
    opened = page(f"file://{site}/{language}/index.html", width=width)
    for name in ("index", "reference/gates", "reference/s-table", "explanation/cases", "tutorials/class"):
        opened.goto(f"file://{site}/{language}/{name}.html")
        assert opened.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("zh", 390)])
def test_axe_finds_nothing_serious(page: Any, site: Path, axe: str, language: str, width: int) -> None:
    opened = page(f"file://{site}/{language}/index.html", width=width)
    for name in ("index", "how-to/compare", "reference/gates", "reference/python", "tutorials/studio"):
        opened.goto(f"file://{site}/{language}/{name}.html")
        opened.evaluate(axe)
        found = json.loads(
            opened.evaluate("axe.run({preload: false}).then(found => JSON.stringify(found.violations))")
        )
        serious = [one for one in found if one["impact"] in ("serious", "critical")]
        assert [(one["id"], one["nodes"][0]["html"]) for one in serious] == [], name
