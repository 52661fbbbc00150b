"""One file to share: a report with the text of its scenario inside, which the studio opens again."""

import base64
import binascii
import re
from pathlib import Path
from typing import NamedTuple

from shequn.sim.language import _

_BEFORE, _AFTER = '<script type="application/x-shequn-scenario">', "</script>"
_INSIDE = re.compile(re.escape(_BEFORE) + r"([A-Za-z0-9+/=]*)" + re.escape(_AFTER))


class SharedReport(NamedTuple):
    """A report, and the text (empty if it is not known) and name of the scenario that was run."""

    report: Path
    text: str
    name: str

    def html(self) -> str:
        """The report with the scenario inside; nothing of it is shown or run."""
        html = self.report.read_text(encoding="utf-8")
        if not self.text:
            return html
        block = f"{_BEFORE}{base64.b64encode(self.text.encode()).decode()}{_AFTER}\n"
        body, end, rest = html.rpartition("</body>")
        return f"{body}{block}{end}{rest}" if end else html + block

    def file_name(self) -> str:
        """The name under which it is shared."""
        return f"{Path(self.name).stem}.html"


def scenario_inside(html: str) -> str:
    """The text of the scenario in a shared file.

    Raises
    ------
    ValueError
        There is none.
    """
    found = _INSIDE.search(html)
    try:
        if found is not None:
            return base64.b64decode(found[1], validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        pass
    raise ValueError(_("This file has no scenario inside."))
