"""A log in a paragraph: what its statistics say, in sentences."""

import math

from shequn.app.answers.logs import value_text
from shequn.experiments.logs.description import Description
from shequn.experiments.logs.ranges import ranges
from shequn.experiments.logs.retention import YEAR
from shequn.sim.language import _, plural

_SURE = 2.0  # standard errors from 0 beyond which a coefficient is clear
_FEW = 20  # people below which a share says little (assumed)


def in_words(described: Description, kind: str = "all") -> str:
    """Say in a paragraph who came back, who stayed and who wrote.

    Parameters
    ----------
    described : Description
    kind : str
        Kind of the real communities: all, chat, forum or list.
    """
    activity, values = described.activity, described.values
    sentences = [
        _("{title}: {people} wrote {messages} in {days}.").format(
            title=described.log.title,
            people=plural("{n:,} person", "{n:,} people", activity.n_people).format(n=activity.n_people),
            messages=plural("{n:,} message", "{n:,} messages", len(described.log.person)).format(
                n=len(described.log.person)
            ),
            days=plural("{n:,} day", "{n:,} days", activity.days).format(n=activity.days),
        ),
        *_coming_back(described),
    ]
    if not math.isnan(values["KM_S90"]):
        sentences.append(
            _(
                "After 90 days {share} were still there, counting {silence} silent days as a departure."
            ).format(share=_share(values["KM_S90"]), silence=described.silence)
        )
    sentences.append(
        _("The most active tenth wrote {top} of all messages; {once} were seen on one day only.").format(
            top=_share(values["top10_share"]), once=_share(values["one_day_share"])
        )
    )
    if not math.isnan(values["DAU_over_MAU"]):
        sentences.append(
            _("On an average day {share} of the people of the last month were active.").format(
                share=_share(values["DAU_over_MAU"])
            )
        )
    return " ".join([*sentences, *_leaving(described), _beside_real(values, kind), *_limits(described)])


def _share(value: float) -> str:
    return value_text(value, "share")


def _coming_back(described: Description) -> list[str]:
    values, people = described.values, described.people
    found = []
    if not math.isnan(values["D1"]):
        found.append(
            plural(
                "Of {n:,} newcomer {share} came back the next day.",
                "Of {n:,} newcomers {share} came back the next day.",
                people["D1"],
            ).format(n=people["D1"], share=_share(values["D1"]))
        )
    if not math.isnan(values["W1"]):
        found.append(
            _("Of {n:,}, {share} were active in the week after their first.").format(
                n=people["W1"], share=_share(values["W1"])
            )
        )
    if not math.isnan(values["M1"]):
        found.append(
            _("Of {n:,}, {share} were active in their second month.").format(
                n=people["M1"], share=_share(values["M1"])
            )
        )
    return found or [_("Nobody was watched long enough to say who came back.")]


def _leaving(described: Description) -> list[str]:
    """Who left, other things equal: the regression in words."""
    values = described.values
    if math.isnan(values["leaving_activity"]):
        return []
    sentences = [
        _("Other things equal, the more active {active}, and those longer there {tenure}.").format(
            active=_tendency(values, "leaving_activity"), tenure=_tendency(values, "leaving_tenure")
        )
    ]
    measures = {
        "leaving_rating": _("rated higher"),
        "leaving_answers": _("answered more by others"),
        "leaving_replies": _("answering others more"),
    }
    quality = [
        _("those {measure} {tendency}").format(measure=words, tendency=_tendency(values, name))
        for name, words in measures.items()
        if not math.isnan(values.get(name, float("nan")))
    ]
    if quality:
        cools = any(values[name] > _SURE * values[f"{name}_se"] for name in measures if name in values)
        verdict = _("so the group cools by itself") if cools else _("no sign that the best leave first")
        sentences.append(
            _("By quality, {listed}: {verdict}.").format(listed=_(", ").join(quality), verdict=verdict)
        )
    return sentences


def _tendency(values: dict[str, float], name: str) -> str:
    """Less or more often, with coefficient and standard error; or no clear difference."""
    value, error = values[name], values[f"{name}_se"]
    if abs(value) < _SURE * error:
        words = _("left neither clearly more nor less often ({value:+.2f} ± {error:.2f})")
    else:
        words = (
            _("left less often ({value:+.2f} ± {error:.2f})")
            if value < 0
            else _("left more often ({value:+.2f} ± {error:.2f})")
        )
    return words.format(value=value, error=error)


def _beside_real(values: dict[str, float], kind: str) -> str:
    """How many statistics are outside the range of real communities."""
    real = ranges(kind)
    known = {name: value for name, value in values.items() if name in real and not math.isnan(value)}
    below = sum(value < real[name].low - 5e-5 for name, value in known.items())
    above = sum(value > real[name].high + 5e-5 for name, value in known.items())
    return _(
        "Of {n} statistics that real communities have too, {inside} are within their range, {below} below and "
        "{above} above."
    ).format(n=len(known), inside=len(known) - below - above, below=below, above=above)


def _limits(described: Description) -> list[str]:
    """What a short or small log cannot show."""
    activity = described.activity
    found = []
    if activity.days < YEAR:
        found.append(
            _(
                "The log is shorter than a year: each statistic of coming back is over those who were watched long "
                "enough for it, that of the real communities over those who joined 213 days before the end."
            )
        )
    if activity.days <= 2 * described.silence:
        found.append(
            _(
                "In so short a log {silence} silent days show few departures: --silence {fewer} shows more."
            ).format(silence=described.silence, fewer=max(2, activity.days // 6))
        )
    if activity.n_people < _FEW:
        found.append(_("With so few people every share is a rough one."))
    return found
