"""The page of the studio, its reports, and who gets them."""

import hmac
import secrets
import threading
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import panel as pn
import param
from tornado.web import HTTPError, RequestHandler

from shequn.app.serving.component import ELEMENTS, Component
from shequn.app.serving.pages import Pages, language_template
from shequn.app.studio import limits
from shequn.app.studio.folder import Folder
from shequn.app.studio.form import sections
from shequn.app.studio.sharing import SharedReport
from shequn.app.studio.starts import starts
from shequn.app.studio.visit import Visit
from shequn.app.studio.words import card_texts, page_texts, section_names
from shequn.sim.language import N_, _, in_language

_BROWSER = Path(__file__).parent / "browser"
_SCRIPTS = ("editor.js", "form.js", "studio.js")
_KEY_BYTES = 16


def _read(name: str) -> str:
    return (_BROWSER / name).read_text(encoding="utf-8")


class Desk(Component):
    """Start, form, text, cards, mistakes and reports of one visitor."""

    words = param.Dict(default={}, doc="Texts by name.")
    names = param.Dict(default={}, doc="Names of the sections by key.")
    starts = param.List(default=[], doc="Scenarios to start from.")
    sections = param.List(default=[], doc="Fields of the form.")
    cards = param.List(default=[], doc="Cards by group.")

    _esm = "\n".join((ELEMENTS, *map(_read, _SCRIPTS)))
    _stylesheets = [_read("studio.css")]  # noqa: RUF012  # as Panel expects them


class Studio(Pages):
    """Gives every browser that has the key its own desk.

    Parameters
    ----------
    folder : Folder
    language : str
        Default for visitors who do not choose one.

    Attributes
    ----------
    key : str
        What an address has to contain: other people on this machine or in this network do not know it.
    """

    heading = N_("Studio")
    refused = N_("Open the whole address that the terminal shows, with its key.")
    full = N_("The studio is open in too many windows. Close one of them.")

    def __init__(self, folder: Folder, language: str) -> None:
        super().__init__(language, limits.SERVER)
        self.key = secrets.token_urlsafe(_KEY_BYTES)
        self._folder = folder
        # while the browser starts, so that its page is there at once
        threading.Thread(target=_texts, args=(language,), name="texts", daemon=True).start()
        self._reports: dict[str, SharedReport] = {}

    def admits(self, arguments: dict[str, list[bytes]]) -> bool:
        """Whether a request has the key."""
        given = (arguments.get("key") or [b""])[0]
        return hmac.compare_digest(given, self.key.encode())

    def new_guest(self, language: str, document: Any) -> tuple[Visit, pn.Template]:
        """The visit of a browser that has connected, and the page for it."""
        desk = _new_desk(language)
        return Visit(desk, self._folder, self._publish, language, document), self._template(language, desk)

    def empty_template(self, language: str) -> pn.Template:
        """The page without a visit."""
        return self._template(language, _new_desk(language))

    def _template(self, language: str, desk: Desk) -> pn.Template:
        template = language_template(_read("page.html"), language, _("Studio"), key=self.key)
        template.add_panel("desk", desk)
        return template

    def _publish(self, report: SharedReport) -> str:
        """Make a report available under an address that nobody can guess."""
        name = secrets.token_urlsafe(_KEY_BYTES)
        self._reports[name] = report
        return f"report/{name}"

    def handlers(self) -> list[tuple[str, type]]:
        """Further addresses of the server: the reports."""
        return [(r"/report/([\w-]{10,40})", type("Report", (ReportHandler,), {"reports": self._reports}))]


class ReportHandler(RequestHandler):
    """Answers with a report, for the frame of the page or (``?share``) as a file with the scenario inside."""

    reports: dict[str, SharedReport]

    def initialize(self, **_arguments: Any) -> None:
        """Take the arguments of Bokeh's handlers, which are not needed."""

    def get(self, name: str) -> None:
        """Write the report; its scripts cannot reach the page around it."""
        if name not in self.reports:
            raise HTTPError(404)
        report = self.reports[name]
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
            "img-src data: blob:; font-src data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; "
            "sandbox allow-scripts allow-downloads allow-modals allow-popups",
        )
        try:
            html = report.html()
        except OSError:
            raise HTTPError(404) from None
        if self.get_query_arguments("share"):
            name = quote(report.file_name())
            self.set_header(
                "Content-Disposition", f"attachment; filename=\"report.html\"; filename*=UTF-8''{name}"
            )
        self.write(html)


@cache
def _texts(language: str) -> dict[str, Any]:
    """What the page shows in a language; it is the same for every visitor."""
    with in_language(language):
        return {
            "words": page_texts(),
            "names": section_names(),
            "starts": starts(),
            "sections": sections(),
            "cards": card_texts(),
        }


def _new_desk(language: str) -> Desk:
    return Desk(**_texts(language), sizing_mode="stretch_width")
