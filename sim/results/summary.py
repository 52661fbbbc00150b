"""What happened, in plain sentences that can be repeated: the text of ``summary.txt``.

Every number is the median over runs, with the lowest and highest in brackets. Only ASCII
letters besides the scenario's own title, so that any console can print it.
"""

import datetime
import textwrap
from collections.abc import Mapping

import numpy as np
import pandas as pd

from sim.language import _
from sim.results.wording import (
    change,
    count,
    date_text,
    level,
    listed,
    mean_and_error,
    percent,
    rate,
    spread,
    statement,
)

Tables = Mapping[str, pd.DataFrame]

_WIDTH = 88
_LABEL = 13
_CLEAR = 2.58  # standard errors: 1 % error when there is nothing
_SMALL = 0.01  # a matched rank nearer to a half is of no account

_REASONS = {
    "honor": "too little recognition",
    "interest": "too little of interest",
    "benefit": "too little benefit",
    "relationship": "friends gone or strangers all around",
    "event": "nothing going on any more",
    "locality": "nobody near by",
    "standard": "below their own standard",
    "crowding": "too much to read",
    "options": "better elsewhere, or by chance",
    "clock": "their time was over",
}


def _reason(word: str) -> str:
    """A reason in words; a driver that is new here says its name."""
    return _REASONS.get(word, _("too little {word}").format(word=word))


def _size(runs: pd.DataFrame) -> list[str]:
    text = [
        _("{start} members at the start, at most {peak} on day {peak_day}, {end} at the end.").format(
            start=spread(runs["start"], count),
            peak=spread(runs["peak"], count),
            peak_day=spread(runs["peak_day"], count),
            end=spread(runs["end"], count),
        ),
        statement(
            runs["end"] > runs["start"],
            _("It ended larger than it began"),
            _("It ended no larger than it began"),
        ),
    ]
    empty = runs["empty_day"].notna()
    text.append(statement(empty, _("It died out"), _("It did not die out")))
    if empty.any():
        text.append(
            _("From day {empty_day} on nobody was left.").format(empty_day=spread(runs["empty_day"], count))
        )
    return text


def _growth(runs: pd.DataFrame) -> list[str]:
    total = runs["joins"].where(runs["joins"] > 0)
    if total.isna().all():
        return [_("Nobody joined after the start.")]
    channels = (
        ("joins_stranger", _("found the door")),
        ("joins_invitation", _("were invited by members")),
        ("joins_arrival", _("were brought by operations")),
    )
    parts = [f"{spread(runs[name] / total, percent)} {words}" for name, words in channels if runs[name].any()]
    text = [_("{joins} joined: {parts}.").format(joins=spread(runs["joins"], count), parts=listed(parts))]
    if runs["returns"].any():
        text.append(
            _("{returns} of the joinings were by people who came back.").format(
                returns=spread(runs["returns"], count)
            )
        )
    if runs["refused"].any() or runs["given_up"].any():
        text.append(
            _("The gates refused {refused} times; {given_up} gave up waiting in line.").format(
                refused=spread(runs["refused"], count), given_up=spread(runs["given_up"], count)
            )
        )
    return text


def _temperature(runs: pd.DataFrame) -> list[str]:
    fell = runs["temperature_end"] < runs["temperature_start"]
    text = [
        _("The mean quality of members went from {temperature_start} to {temperature_end}.").format(
            temperature_start=spread(runs["temperature_start"], level),
            temperature_end=spread(runs["temperature_end"], level),
        ),
        statement(fell, _("It fell"), _("It did not fall")),
        _("Joinings changed it by {dilution} (dilution), departures by {evaporation} (evaporation)").format(
            dilution=spread(runs["dilution"], change), evaporation=spread(runs["evaporation"], change)
        ),
    ]
    removed = (
        _(", removals by {pruning} (pruning)").format(pruning=spread(runs["pruning"], change))
        if runs["removals"].any()
        else ""
    )
    text[-1] += f"{removed}."
    if runs["departures"].any():
        text.append(
            _(
                "Had each departure taken a random member of similar tenure instead, departures would have "
                "changed it by {evaporation_control}."
            ).format(evaporation_control=spread(runs["evaporation_control"], change))
        )
    return text


def _departures(runs: pd.DataFrame) -> list[str]:
    if not (runs["departures"] + runs["removals"]).any():
        return [_("Nobody left.")]
    removed = (
        _(", {removals} were removed by the operator").format(removals=spread(runs["removals"], count))
        if runs["removals"].any()
        else ""
    )
    text = [
        _("{departures} left{removed}.").format(departures=spread(runs["departures"], count), removed=removed)
    ]
    reasons = runs[[f"left_{word}" for word in _REASONS]].sum().sort_values(ascending=False, kind="stable")
    known = (reasons[reasons > 0] / max(reasons.sum(), 1)).head(3)
    if len(known):
        words = [_reason(str(name).removeprefix("left_")) for name in known.index]
        shares = [f"{word} ({percent(share)})" for word, share in zip(words, known, strict=True)]
        text.append(_("What mattered most: {shares}.").format(shares=listed(shares)))
    if runs["branching"].fillna(0).any():
        text.append(
            _(
                "{branching} of departures followed one of somebody they knew; the largest cascade took "
                "{largest_cascade}."
            ).format(
                branching=spread(runs["branching"], percent),
                largest_cascade=spread(runs["largest_cascade"], count),
            )
        )
    return text


def _cooling(runs: pd.DataFrame) -> list[str]:
    rank, error = mean_and_error(runs["matched_rank"], runs["matched_rank_error"])
    if np.isnan(rank):
        return [_("Too few left to say whether the better ones leave first.")]
    away = rank - 0.5
    if np.isnan(error):
        verdict = _("Too few left to say whether the better ones leave first.")
    elif abs(away) > _CLEAR * error and abs(away) > _SMALL:
        verdict = (
            _("The better ones left first: evaporative cooling.")
            if away > 0
            else _("The less good left first: the opposite of evaporative cooling.")
        )
    elif error < 0.05:
        verdict = _("Quality did not decide who left: no sign of evaporative cooling.")
    else:
        verdict = _("Too uncertain to say whether the better ones leave first.")
    return [
        verdict,
        _(
            "Among members of similar tenure the leavers' quality rank was {matched_rank} (0.50 = like "
            "everybody else, 1 = always the best)."
        ).format(matched_rank=spread(runs["matched_rank"], level)),
        statement(runs["matched_rank"] > 0.5, _("It was above 0.50"), _("It was not above 0.50")),
        _("Of the founders' best tenth {founders_top_share} were in at the end.").format(
            founders_top_share=spread(runs["founders_top_share"], percent)
        )
        if runs["founders_top_share"].notna().any()
        else "",
    ]


def _viral(runs: pd.DataFrame) -> list[str]:
    if not runs["invitations"].any():
        return [_("Nobody was invited.")]
    text = [
        _("{invitations} invitations, {accepted} accepted, {joins_invitation} joinings.").format(
            invitations=spread(runs["invitations"], count),
            accepted=spread(runs["accepted"], count),
            joins_invitation=spread(runs["joins_invitation"], count),
        )
    ]
    if runs["k"].notna().any():
        text.append(
            _(
                "Each membership brought {k} others: K, over those who joined in weeks whose members have "
                "all left or that are 90 days past."
            ).format(k=spread(runs["k"], level))
        )
        text.append(statement(runs["k"] > 1, _("K was above 1"), _("K was not above 1")))
    else:
        text.append(_("The run is too short for K: no week's members have all left or are 90 days past."))
    if runs["cycle_time"].notna().any():
        text.append(
            _(
                "From a joining to one that it caused: {cycle_time} days on average. The largest tree has "
                "{largest_tree} members, {deepest_tree} steps deep."
            ).format(
                cycle_time=spread(runs["cycle_time"], rate),
                largest_tree=spread(runs["largest_tree"], count),
                deepest_tree=spread(runs["deepest_tree"], count),
            )
        )
    return text


def _retention(runs: pd.DataFrame) -> list[str]:
    if runs["present_week_4"].isna().all():
        return [_("Too few newcomers, or too short a run, to follow anybody for five weeks.")]
    stayed = spread(runs["present_week_4"], percent)
    if runs["seen_week_4"].isna().all():
        return [
            _(
                "{stayed} of newcomers were still members five weeks after joining (who was seen is unknown: "
                "visits were not recorded)."
            ).format(stayed=stayed)
        ]
    stayed = _("{stayed} were still members after it").format(stayed=stayed)
    return [
        _("{seen_week_4} of newcomers were seen again in the fifth week; {stayed}.").format(
            seen_week_4=spread(runs["seen_week_4"], percent), stayed=stayed
        )
    ]


def _activity(runs: pd.DataFrame) -> list[str]:
    if runs["active_share"].isna().all():
        return [_("There were no members in the last four weeks.")]
    text = [
        _(
            "In the last four weeks {active_share} of members had been seen within 30 days; "
            "{visits_per_day} visits and {posts_per_day} posts a day."
        ).format(
            active_share=spread(runs["active_share"], percent),
            visits_per_day=spread(runs["visits_per_day"], rate),
            posts_per_day=spread(runs["posts_per_day"], rate),
        )
    ]
    if runs["top10_share"].notna().any():
        text.append(
            _("The most talkative tenth of all who ever joined wrote {top10_share} of everything.").format(
                top10_share=spread(runs["top10_share"], percent)
            )
        )
    text.append(
        _("The longest silence lasted {longest_silence} days.").format(
            longest_silence=spread(runs["longest_silence"], rate)
        )
    )
    return text


def _money(runs: pd.DataFrame) -> list[str]:
    return (
        [_("Income less rewards and staff: {balance}.").format(balance=spread(runs["balance"], count))]
        if runs["balance"].any()
        else []
    )


_TOPICS = {
    "Size": _size,
    "Who came": _growth,
    "Word of mouth": _viral,
    "Who left": _departures,
    "Cooling": _cooling,
    "Temperature": _temperature,
    "Retention": _retention,
    "Activity": _activity,
    "Money": _money,
}


def sentences(tables: Tables) -> list[str]:
    """What happened, one plain sentence after the other."""
    return [sentence for topic in _TOPICS.values() for sentence in topic(tables["runs"]) if sentence]


def _one_run(days: pd.DataFrame, start: datetime.date) -> list[str]:
    """Run 0 at about nine days, as lines of a small table."""
    days = days[days["run"] == 0].set_index("day")
    last = int(days.index.max())
    shown = sorted({round(last * i / 8) for i in range(9)})
    lines = [_("  day  date        members  joined    left  seen in 30 d  posts  mean quality")]
    before = 0
    for day in shown:
        part = days.loc[before + 1 : day] if day else days.loc[0:0]
        row = days.loc[day]
        date = date_text(start, day)
        gone = part["departures"].sum() + part["removals"].sum()
        lines.append(
            f"{day:>5}  {date:<10}  {row['members']:>7,.0f}  {part['joins'].sum():>6,.0f}  {gone:>6,.0f}"
            f"  {row['active_month']:>12,.0f}  {part['posts'].sum():>5,.0f}  {row['temperature']:>12.3f}"
        )
        before = day
    return lines


def summary(
    title: str, question: str, start: datetime.date, seed: int, tables: Tables, notes: list[str]
) -> str:
    """The whole text: heading, sentences by topic, and one run in full."""
    runs, days = tables["runs"], int(tables["days"]["day"].max())
    n = len(runs)
    lines = [
        _("{title}: {n} run{value} of {days} days from {start}, seed {seed}").format(
            title=title, n=n, value="s" * (n > 1), days=days, start=start, seed=seed
        )
    ]
    lines += textwrap.wrap(" ".join(question.split()), _WIDTH)
    if n > 1:
        lines += [
            "",
            _("Numbers: the middle one of {n} runs, in brackets the lowest and the highest.").format(n=n),
        ]
    lines.append("")
    for label, topic in _TOPICS.items():
        text = " ".join(sentence for sentence in topic(runs) if sentence)
        if text:
            head = f"{label}".ljust(_LABEL) + " "
            lines += textwrap.wrap(
                text, _WIDTH, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False
            )
    lines += ["", _("Run 0 in full (joined, left and posts since the row above):")]
    lines += _one_run(tables["days"], start)
    for note in notes:
        lines += ["", *textwrap.wrap(_("Note: {note}").format(note=note), _WIDTH)]
    return "\n".join(lines) + "\n"
