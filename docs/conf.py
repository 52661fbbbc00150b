"""How the documents become a site: ``python -m shequn.app.site`` builds it, once for each language.

The pages of a language are the folder of its name, ``docs/en`` and ``docs/zh``; the tag ``zh`` chooses Chinese. Nothing
is loaded from elsewhere: fonts are the reader's, and the search is an index beside the pages.
"""

import gettext
import os
import re
from pathlib import Path
from typing import Any, ClassVar

from sphinx.application import Sphinx
from sphinx.locale import translators
from sphinx.search import SearchLanguage

from shequn.sim.version import __version__

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
IS_CHINESE = tags.has("zh")  # type: ignore[name-defined]  # noqa: F821  Sphinx defines tags

project = "shequn 社群"
author = "The shequn authors"
copyright = "The shequn authors"
version = release = __version__
language = "zh_CN" if IS_CHINESE else "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
templates_path = ["_templates"]
smartquotes = False  # `--option` stays what it is

myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]

napoleon_google_docstring = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
add_module_names = False

html_theme = "furo"
html_title = f"shequn 社群 {__version__}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_copy_source = False
html_show_sphinx = False
html_show_search_summary = False  # it would fetch pages, which a browser refuses without a server
html_use_index = False
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "language.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
html_context = {
    "other": {"name": "English", "code": "en"} if IS_CHINESE else {"name": "中文", "code": "zh"},
}

_FENCED = re.compile(r"(^```.*?^```)", re.DOTALL | re.MULTILINE)
_CHINESE_BREAK = re.compile(
    r"(?<=[\u4e00-\u9fff])\n *(?=[\u4e00-\u9fff])"  # between two characters
    r"|(?<=[，。；：、（）“”])\n *(?=[\u4e00-\u9fff`\[*A-Za-z（“])"  # after a sign, which brings its own space
)
_LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)#\s]+)(?=[)#])")


def _relinked(text: str, source: Path, page: Path) -> str:
    """A text with its links changed from those of its file to those of the page that shows it.

    A paper of the root, such as MODEL.md, is the page of that name in ``papers``, and a README the first page; a page
    of the other language is its counterpart. Other files stay what they are.
    """
    pages = DOCS / page.relative_to(DOCS).parts[0]

    def there(match: re.Match[str]) -> str:
        target = (source.parent / match[1]).resolve()
        paper = pages / "papers" / target.name.lower()
        if target.parent == ROOT and paper.is_file():
            target = paper
        elif target == ROOT / "README.md":
            target = pages / "index.md"
        elif target.is_relative_to(DOCS) and target.suffix == ".md":
            target = pages.joinpath(*target.relative_to(DOCS).parts[1:])
        return Path(os.path.relpath(target, page.parent)).as_posix()

    return _LINK.sub(there, text)


def _unwrapped(text: str) -> str:
    """A text whose lines of Chinese are joined, as the break of a line would be shown as a space."""
    parts = _FENCED.split(text)
    parts[::2] = [_CHINESE_BREAK.sub("", part) for part in parts[::2]]
    return "".join(parts)


def _read_page(app: Sphinx, docname: str, content: list[str]) -> None:
    page = Path(app.env.doc2path(docname))
    content[0] = _unwrapped(_relinked(content[0], page, page))


def _read_paper(app: Sphinx, relative_path: Path, _stem: str, content: list[str]) -> None:
    page = Path(app.env.doc2path(app.env.docname))
    content[0] = _relinked(content[0], Path(app.srcdir, relative_path).resolve(), page)


class _Furo(gettext.NullTranslations):
    """Words of the theme that Sphinx's own catalogues lack."""

    words: ClassVar = {"Next": "下一页", "Previous": "上一页", "On this page": "本页内容", "Home": "首页"}

    def gettext(self, message: str) -> str:
        """The word in Chinese."""
        return self.words.get(message, message)


def _speak_chinese(app: Sphinx) -> None:
    if IS_CHINESE:
        translators["general", "sphinx"].add_fallback(_Furo())


class ChineseSearch(SearchLanguage):
    """Chinese is searched by pairs of characters, so it needs no dictionary of words."""

    lang = "zh"
    language_name = "Chinese"
    js_splitter_code = r"""
function splitQuery(query) {
  return (query.match(/[\u4e00-\u9fff]+|[a-zA-Z0-9_]+/g) || []).flatMap((part) =>
    part.length > 2 && /[\u4e00-\u9fff]/.test(part)
      ? Array.from({ length: part.length - 1 }, (_, i) => part.slice(i, i + 2))
      : [part]
  );
}
"""

    def split(self, input: str) -> list[str]:
        """The words of a text: those in Latin letters, and all pairs of neighbouring Chinese characters."""
        parts = re.findall(r"[\u4e00-\u9fff]+|[a-zA-Z0-9_]+", input)
        return [
            word
            for part in parts
            for word in (
                [part[i : i + 2] for i in range(len(part) - 1)] or [part] if part[0] >= "\u4e00" else [part]
            )
        ]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register what is ours with Sphinx."""
    app.connect("builder-inited", _speak_chinese)
    app.connect("source-read", _read_page)
    app.connect("include-read", _read_paper)
    app.add_search_language(ChineseSearch)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
