"""What happened, in plain sentences that can be repeated: the text of ``summary.txt``.

Every number is the median over runs, with the lowest and highest in brackets. Only ASCII
letters besides the scenario's own title, so that any console can print it.
"""

import datetime
import textwrap
from collections.abc import Mapping

import numpy as np
import pandas as pd

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
    return _REASONS.get(word, f"too little {word}")


def _size(runs: pd.DataFrame) -> list[str]:
    text = [
        f"{spread(runs['start'], count)} members at the start, at most {spread(runs['peak'], count)}"
        f" on day {spread(runs['peak_day'], count)}, {spread(runs['end'], count)} at the end.",
        statement(
            runs["end"] > runs["start"], "It ended larger than it began", "It ended no larger than it began"
        ),
    ]
    empty = runs["empty_day"].notna()
    text.append(statement(empty, "It died out", "It did not die out"))
    if empty.any():
        text.append(f"From day {spread(runs['empty_day'], count)} on nobody was left.")
    return text


def _growth(runs: pd.DataFrame) -> list[str]:
    total = runs["joins"].where(runs["joins"] > 0)
    if total.isna().all():
        return ["Nobody joined after the start."]
    channels = (
        ("joins_stranger", "found the door"),
        ("joins_invitation", "were invited by members"),
        ("joins_arrival", "were brought by operations"),
    )
    parts = [f"{spread(runs[name] / total, percent)} {words}" for name, words in channels if runs[name].any()]
    text = [f"{spread(runs['joins'], count)} joined: {listed(parts)}."]
    if runs["returns"].any():
        text.append(f"{spread(runs['returns'], count)} of the joinings were by people who came back.")
    if runs["refused"].any() or runs["given_up"].any():
        text.append(
            f"The gates refused {spread(runs['refused'], count)} times; "
            f"{spread(runs['given_up'], count)} gave up waiting in line."
        )
    return text


def _temperature(runs: pd.DataFrame) -> list[str]:
    fell = runs["temperature_end"] < runs["temperature_start"]
    text = [
        f"The mean quality of members went from {spread(runs['temperature_start'], level)} to "
        f"{spread(runs['temperature_end'], level)}.",
        statement(fell, "It fell", "It did not fall"),
        f"Joinings changed it by {spread(runs['dilution'], change)} (dilution), departures by "
        f"{spread(runs['evaporation'], change)} (evaporation)",
    ]
    removed = f", removals by {spread(runs['pruning'], change)} (pruning)" if runs["removals"].any() else ""
    text[-1] += f"{removed}."
    if runs["departures"].any():
        text.append(
            "Had each departure taken a random member of similar tenure instead, departures would "
            f"have changed it by {spread(runs['evaporation_control'], change)}."
        )
    return text


def _departures(runs: pd.DataFrame) -> list[str]:
    if not (runs["departures"] + runs["removals"]).any():
        return ["Nobody left."]
    removed = (
        f", {spread(runs['removals'], count)} were removed by the operator" if runs["removals"].any() else ""
    )
    text = [f"{spread(runs['departures'], count)} left{removed}."]
    reasons = runs[[f"left_{word}" for word in _REASONS]].sum().sort_values(ascending=False, kind="stable")
    known = (reasons[reasons > 0] / max(reasons.sum(), 1)).head(3)
    if len(known):
        words = [_reason(str(name).removeprefix("left_")) for name in known.index]
        shares = [f"{word} ({percent(share)})" for word, share in zip(words, known, strict=True)]
        text.append(f"What mattered most: {listed(shares)}.")
    if runs["branching"].fillna(0).any():
        text.append(
            f"{spread(runs['branching'], percent)} of departures followed one of somebody they knew; "
            f"the largest cascade took {spread(runs['largest_cascade'], count)}."
        )
    return text


def _cooling(runs: pd.DataFrame) -> list[str]:
    rank, error = mean_and_error(runs["matched_rank"], runs["matched_rank_error"])
    if np.isnan(rank):
        return ["Too few left to say whether the better ones leave first."]
    away = rank - 0.5
    if np.isnan(error):
        verdict = "Too few left to say whether the better ones leave first."
    elif abs(away) > _CLEAR * error and abs(away) > _SMALL:
        verdict = (
            "The better ones left first: evaporative cooling."
            if away > 0
            else "The less good left first: the opposite of evaporative cooling."
        )
    elif error < 0.05:
        verdict = "Quality did not decide who left: no sign of evaporative cooling."
    else:
        verdict = "Too uncertain to say whether the better ones leave first."
    return [
        verdict,
        f"Among members of similar tenure the leavers' quality rank was {spread(runs['matched_rank'], level)}"
        " (0.50 = like everybody else, 1 = always the best).",
        statement(runs["matched_rank"] > 0.5, "It was above 0.50", "It was not above 0.50"),
        f"Of the founders' best tenth {spread(runs['founders_top_share'], percent)} were in at the end."
        if runs["founders_top_share"].notna().any()
        else "",
    ]


def _viral(runs: pd.DataFrame) -> list[str]:
    if not runs["invitations"].any():
        return ["Nobody was invited."]
    text = [
        f"{spread(runs['invitations'], count)} invitations, {spread(runs['accepted'], count)} accepted, "
        f"{spread(runs['joins_invitation'], count)} joinings."
    ]
    if runs["k"].notna().any():
        text.append(
            f"Each membership brought {spread(runs['k'], level)} others: K, over those who joined in weeks "
            "whose members have all left or that are 90 days past."
        )
        text.append(statement(runs["k"] > 1, "K was above 1", "K was not above 1"))
    else:
        text.append("The run is too short for K: no week's members have all left or are 90 days past.")
    if runs["cycle_time"].notna().any():
        text.append(
            f"From a joining to one that it caused: {spread(runs['cycle_time'], rate)} days on average. "
            f"The largest tree has {spread(runs['largest_tree'], count)} members, "
            f"{spread(runs['deepest_tree'], count)} steps deep."
        )
    return text


def _retention(runs: pd.DataFrame) -> list[str]:
    if runs["present_week_4"].isna().all():
        return ["Too few newcomers, or too short a run, to follow anybody for five weeks."]
    stayed = spread(runs["present_week_4"], percent)
    if runs["seen_week_4"].isna().all():
        return [
            f"{stayed} of newcomers were still members five weeks after joining (who was seen is unknown: "
            "visits were not recorded)."
        ]
    stayed = f"{stayed} were still members after it"
    return [
        f"{spread(runs['seen_week_4'], percent)} of newcomers were seen again in the fifth week; {stayed}."
    ]


def _activity(runs: pd.DataFrame) -> list[str]:
    if runs["active_share"].isna().all():
        return ["There were no members in the last four weeks."]
    text = [
        f"In the last four weeks {spread(runs['active_share'], percent)} of members had been seen within 30 "
        f"days; {spread(runs['visits_per_day'], rate)} visits and {spread(runs['posts_per_day'], rate)} "
        "posts a day."
    ]
    if runs["top10_share"].notna().any():
        text.append(
            "The most talkative tenth of all who ever joined wrote "
            f"{spread(runs['top10_share'], percent)} of everything."
        )
    text.append(f"The longest silence lasted {spread(runs['longest_silence'], rate)} days.")
    return text


def _money(runs: pd.DataFrame) -> list[str]:
    return (
        [f"Income less rewards and staff: {spread(runs['balance'], count)}."] if runs["balance"].any() else []
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
    lines = ["  day  date        members  joined    left  seen in 30 d  posts  mean quality"]
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
    lines = [f"{title}: {n} run{'s' * (n > 1)} of {days} days from {start}, seed {seed}"]
    lines += textwrap.wrap(" ".join(question.split()), _WIDTH)
    if n > 1:
        lines += ["", f"Numbers: the middle one of {n} runs, in brackets the lowest and the highest."]
    lines.append("")
    for label, topic in _TOPICS.items():
        text = " ".join(sentence for sentence in topic(runs) if sentence)
        if text:
            head = f"{label}".ljust(_LABEL) + " "
            lines += textwrap.wrap(
                text, _WIDTH, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False
            )
    lines += ["", "Run 0 in full (joined, left and posts since the row above):"]
    lines += _one_run(tables["days"], start)
    for note in notes:
        lines += ["", *textwrap.wrap(f"Note: {note}", _WIDTH)]
    return "\n".join(lines) + "\n"
