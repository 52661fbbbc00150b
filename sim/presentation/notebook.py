"""HTML of results and communities for notebooks: text, and a picture embedded in the page."""

import base64
import datetime
import html
import io
from typing import TYPE_CHECKING

from shequn.sim.language import _, date_text, ngettext, translate

if TYPE_CHECKING:
    from shequn.sim.community import Community
    from shequn.sim.result import Result

_DPI = 70
_DAY_MEASURES = ("members", "active_month", "joins", "departures", "posts", "temperature")


def result_html(result: "Result") -> str:
    """HTML of a result: its sentences, and a picture of size and activity."""
    heading = _("{title}, seed {seed}").format(title=translate(result.scenario.title), seed=result.seed)
    items = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in result.sentences())
    file = io.BytesIO()
    result.plot("size").savefig(file, format="png", dpi=_DPI, metadata={"Software": None})
    picture = base64.b64encode(file.getvalue()).decode("ascii")
    caption = html.escape(_("size and activity"))
    image = f'<img alt="{caption}" src="data:image/png;base64,{picture}">'
    return f"<h4>{html.escape(heading)}</h4><ul>{items}</ul>{image}"


def community_html(community: "Community") -> str:
    """HTML of a community: its measures on the current day."""
    settings, today = community.settings, community.machine.days[-1]
    day = int(today["day"])
    date = settings.start + datetime.timedelta(days=day)
    heading = ngettext(
        "{title}: {n} day run, until {date}", "{title}: {n} days run, until {date}", day
    ).format(title=translate(settings.title), n=day, date=date_text(date))
    headings = "".join(f"<th>{html.escape(name)}</th>" for name in _DAY_MEASURES)
    cells = "".join(f"<td>{float(today[name]):,.4g}</td>" for name in _DAY_MEASURES)
    return f"<h4>{html.escape(heading)}</h4><table><tr>{headings}</tr><tr>{cells}</tr></table>"
