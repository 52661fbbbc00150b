"""What happened in a scenario's runs, in plain sentences: the text of ``summary.txt``.

Every number is the median over runs, with the lowest and highest in brackets. Apart from the scenario's title,
the English text has ASCII characters only, so that any console can print it.
"""

import datetime
from collections.abc import Mapping
from typing import assert_never

import pandas as pd

from shequn.sim.language import N_, _, paragraph, plural, translate
from shequn.sim.language import date_text as long_date
from shequn.sim.presentation.formats import (
    change,
    count,
    date_text,
    join_words,
    level,
    percent,
    rate,
    spread,
    statement,
)
from shequn.sim.presentation.reasons import reason_text
from shequn.sim.results.cooling import LeftFirst, left_first
from shequn.sim.results.labels import WORDS
from shequn.sim.text_width import fold, left, right

Tables = Mapping[str, pd.DataFrame]

_WIDTH = 88
_LABEL_WIDTH = 13
_COLUMN_WIDTHS = (5, 10, 7, 6, 6, 12, 5, 12)  # of the table of one run


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
            _("It was larger at the end than at the start"),
            _("It was no larger at the end than at the start"),
        ),
    ]
    empty = runs["empty_day"].notna()
    text.append(statement(empty, _("It died out"), _("It did not die out")))
    if empty.any():
        text.append(
            _("It had no members from day {empty_day} on.").format(empty_day=spread(runs["empty_day"], count))
        )
    return text


def _growth(runs: pd.DataFrame) -> list[str]:
    total = runs["joins"].where(runs["joins"] > 0)
    if total.isna().all():
        return [_("Nobody joined after the start.")]
    channels = (
        ("joins_stranger", _("found it by themselves")),
        ("joins_invitation", _("were invited by members")),
        ("joins_arrival", _("were brought by operations")),
    )
    parts = [
        _("{share} {words}").format(share=spread(runs[name] / total, percent), words=words)
        for name, words in channels
        if runs[name].any()
    ]
    text = [_("{joins} joined: {parts}.").format(joins=spread(runs["joins"], count), parts=join_words(parts))]
    if runs["returns"].any():
        text.append(
            _("{returns} of the joins were returns of former members.").format(
                returns=spread(runs["returns"], count)
            )
        )
    if runs["refused"].any() or runs["given_up"].any():
        text.append(
            _("The gates refused candidates {refused} times; {given_up} gave up on the waiting list.").format(
                refused=spread(runs["refused"], count), given_up=spread(runs["given_up"], count)
            )
        )
    return text


def _temperature(runs: pd.DataFrame) -> list[str]:
    if not runs["start"].any():
        words = _("Nobody was a member at the start; the mean quality of members was {end} at the end.")
        return [words.format(end=spread(runs["temperature_end"], level))]
    has_fallen = runs["temperature_end"] < runs["temperature_start"]
    parts = {name: spread(runs[name], change) for name in ("dilution", "evaporation", "pruning")}
    words = (
        _(
            "Joins changed it by {dilution} (dilution), departures by {evaporation} (evaporation), "
            "removals by {pruning} (pruning)."
        )
        if runs["removals"].any()
        else _("Joins changed it by {dilution} (dilution), departures by {evaporation} (evaporation).")
    )
    text = [
        _("The mean quality of members went from {start} to {end}.").format(
            start=spread(runs["temperature_start"], level), end=spread(runs["temperature_end"], level)
        ),
        statement(has_fallen, _("It fell"), _("It did not fall")),
        words.format(**parts),
    ]
    if runs["departures"].any():
        text.append(
            _(
                "If a random member of similar tenure had left at each departure instead, departures would "
                "have changed it by {evaporation_control}."
            ).format(evaporation_control=spread(runs["evaporation_control"], change))
        )
    return text


def _departures(runs: pd.DataFrame) -> list[str]:
    if not (runs["departures"] + runs["removals"]).any():
        return [_("Nobody left.")]
    departures = spread(runs["departures"], count)
    if runs["removals"].any():
        words = _("{departures} left, {removals} were removed by the operator.")
        text = [words.format(departures=departures, removals=spread(runs["removals"], count))]
    else:
        text = [_("{departures} left.").format(departures=departures)]
    by_reason = runs[[f"left_{word}" for word in WORDS["reason"] if f"left_{word}" in runs]].sum()
    by_reason = by_reason.sort_values(ascending=False, kind="stable")
    known = (by_reason[by_reason > 0] / max(by_reason.sum(), 1)).head(3)
    if len(known):
        reasons = [reason_text(str(name).removeprefix("left_")) for name in known.index]
        shares = [
            _("{what} ({detail})").format(what=word, detail=percent(share))
            for word, share in zip(reasons, known, strict=True)
        ]
        text.append(_("Main reasons: {shares}.").format(shares=join_words(shares)))
    if runs["branching"].fillna(0).any():
        text.append(
            _(
                "{branching} of departures followed that of somebody the member knew; the largest cascade "
                "had {largest_cascade} departures."
            ).format(
                branching=spread(runs["branching"], percent),
                largest_cascade=spread(runs["largest_cascade"], count),
            )
        )
    return text


def _cooling(runs: pd.DataFrame) -> list[str]:
    answer = _left_first(left_first(runs))
    if runs["matched_rank"].isna().all():
        return [answer]
    return [
        answer,
        _(
            "The mean quality rank of departing members among members of similar tenure was {matched_rank} "
            "(0.50 = like everybody else, 1 = always the best)."
        ).format(matched_rank=spread(runs["matched_rank"], level)),
        statement(runs["matched_rank"] > 0.5, _("It was above 0.50"), _("It was not above 0.50")),
        _("Of the best tenth of the founders, {founders_top_share} were members at the end.").format(
            founders_top_share=spread(runs["founders_top_share"], percent)
        )
        if runs["founders_top_share"].notna().any()
        else "",
    ]


def _left_first(answer: LeftFirst) -> str:
    match answer:
        case LeftFirst.BETTER:
            return _("The better members left first: evaporative cooling.")
        case LeftFirst.WORSE:
            return _("The weaker members left first: the opposite of evaporative cooling.")
        case LeftFirst.ALIKE:
            return _(
                "No evaporative cooling is shown: on average, the better members left hardly sooner or later than "
                "the others."
            )
        case LeftFirst.UNKNOWN:
            return _(
                "Not known whether the better members leave first: more departures or runs would show it."
            )
    assert_never(answer)


def _viral(runs: pd.DataFrame) -> list[str]:
    if not runs["invitations"].any():
        return [_("Nobody was invited.")]
    text = [
        _("{invitations} invitations, {accepted} accepted, {joins_invitation} joins.").format(
            invitations=spread(runs["invitations"], count),
            accepted=spread(runs["accepted"], count),
            joins_invitation=spread(runs["joins_invitation"], count),
        )
    ]
    if runs["k"].notna().any():
        text.append(
            _(
                "Each membership brought in {k} others (K, over weeks whose members have all left or that are "
                "90 days past)."
            ).format(k=spread(runs["k"], level))
        )
        text.append(statement(runs["k"] > 1, _("K was above 1"), _("K was not above 1")))
    else:
        text.append(_("The run is too short for K: no week's members have all left or are 90 days past."))
    if runs["cycle_time"].notna().any():
        text.append(
            _(
                "From a join to one that it caused, {cycle_time} days passed on average. The largest tree has "
                "{largest_tree} members, and the deepest has {deepest_tree} steps."
            ).format(
                cycle_time=spread(runs["cycle_time"], rate),
                largest_tree=spread(runs["largest_tree"], count),
                deepest_tree=spread(runs["deepest_tree"], count),
            )
        )
    return text


def _retention(runs: pd.DataFrame) -> list[str]:
    if runs["present_week_4"].isna().all():
        return [
            _("There are too few newcomers, or the run is too short, to follow newcomers for five weeks.")
        ]
    stayed = spread(runs["present_week_4"], percent)
    if runs["seen_week_4"].isna().all():
        return [
            _(
                "{stayed} of newcomers were still members five weeks after joining (visits were not recorded, "
                "so it is unknown who was seen)."
            ).format(stayed=stayed)
        ]
    return [
        _(
            "{seen} of newcomers were seen in their fifth week; {stayed} were still members at its end."
        ).format(seen=spread(runs["seen_week_4"], percent), stayed=stayed)
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
            _("The most talkative tenth of all who ever joined wrote {top10_share} of all posts.").format(
                top10_share=spread(runs["top10_share"], percent)
            )
        )
    text.append(
        _("The longest silence lasted {longest_silence} days.").format(
            longest_silence=spread(runs["longest_silence"], rate)
        )
    )
    return text


_MONEY = {
    "income": N_("income {money}"),
    "rewards": N_("rewards {money}"),
    "reach_cost": N_("bought reach {money}"),
    "staff_cost": N_("staff {money}"),
    "balance": N_("balance {money}"),
}


def _money(runs: pd.DataFrame) -> list[str]:
    parts = [
        _(text).format(money=spread(runs[name], count)) for name, text in _MONEY.items() if runs[name].any()
    ]
    sentence = _("{sentence}.").format(sentence=_(", ").join(parts))
    return [sentence[0].upper() + sentence[1:]] if parts else []


def _spaces(tables: Tables) -> list[str]:
    """Who sits where at the end; nothing where there is one space."""
    rows = tables.get("spaces")
    if rows is None or (rows["space"].nunique() < 2 and rows["rooms"].nunique() < 2):
        return []
    end = rows[rows["day"] == rows["day"].max()]
    text = []
    for name, space in end.groupby("space", sort=False, observed=True):
        words = (
            _("{space}: {members} members in {rooms} rooms, of mean quality {level}.")
            if (space["rooms"] > 1).any()
            else _("{space}: {members} members, of mean quality {level}.")
        )
        text.append(
            words.format(
                space=name,
                members=spread(space["members"], count),
                rooms=spread(space["rooms"], count),
                level=spread(space["temperature"].where(space["members"] > 0), level),
            )
        )
    return text


def _staff(tables: Tables) -> list[str]:
    """What was done and left undone in the last four weeks, and how many members did each task."""
    text = []
    tasks = tables.get("tasks")
    if tasks is not None and len(tasks):
        days = tasks[tasks["open"]]
        recent = days[days["day"] > days["day"].max() - 28]
        for name, rows in recent.groupby("task", sort=False, observed=True):
            sums = rows.groupby("run")[["done", "members"]].sum()
            share = spread(sums["done"] / sums["members"].where(sums["members"] > 0), percent)
            text.append(_("{task}: {share} of the members did it on a day.").format(task=name, share=share))
    duties = tables.get("duties")
    if duties is not None and len(duties):
        recent = duties[duties["day"] > duties["day"].max() - 28]
        for name, rows in recent.groupby("duty", sort=False, observed=True):
            sums = rows.groupby("run")[["done", "missed"]].sum()
            total = sums["done"] + sums["missed"]
            text.append(
                _("{duty}: {done} a day are done, {missed} are left undone.").format(
                    duty=name,
                    done=spread(rows.groupby("run")["done"].mean(), rate),
                    missed=spread(sums["missed"] / total.where(total > 0), percent),
                )
            )
    return text


def _stages(tables: Tables) -> list[str]:
    """When each stage began."""
    stages = tables.get("stages")
    if stages is None:
        return []
    n_runs = tables["runs"]["run"].nunique()
    text = []
    for name, rows in stages.groupby("stage", sort=False, observed=True):
        words = _("{stage} began on day {day}.")
        if len(rows) < n_runs:
            words = _("{stage} began on day {day}, in {n} of {runs} runs.")
        begins = spread(rows["begins"], count)
        text.append(words.format(stage=name, day=begins, n=len(rows), runs=n_runs))
    return text


def _moderation(tables: Tables) -> list[str]:
    """Advertisements, reports, and what was taken down in the whole run."""
    sums = tables["days"].groupby("run")[["advertisements", "reports", "taken_down", "mistakes"]].sum()
    if not sums.any().any():
        return []
    words = _(
        "{advertisements} advertisements, {reports} posts reported, {taken_down} taken down "
        "({mistakes} of them by mistake)."
    )
    return [words.format(**{name: spread(sums[name], count) for name in sums.columns})]


def _incentives(tables: Tables) -> list[str]:
    """What was sold and paid in the whole run."""
    text = []
    earned = tables.get("earned")
    if earned is not None:
        for name, rows in earned.groupby("rule", sort=False, observed=True):
            text.append(
                _("{rule}: {paid} {unit} are paid.").format(
                    rule=name, paid=spread(rows.groupby("run")["sum"].sum(), count), unit=rows["unit"].iloc[0]
                )
            )
    offers = tables.get("offers")
    if offers is not None:
        for name, rows in offers.groupby("offer", sort=False, observed=True):
            text.append(
                _("{offer}: taken {sold} times.").format(
                    offer=name, sold=spread(rows.groupby("run")["sold"].sum(), count)
                )
            )
    return text


_TOPICS = {
    N_("Size"): _size,
    N_("Growth"): _growth,
    N_("Word of mouth"): _viral,
    N_("Departures"): _departures,
    N_("Cooling"): _cooling,
    N_("Temperature"): _temperature,
    N_("Retention"): _retention,
    N_("Activity"): _activity,
    N_("Money"): _money,
}


def sentences(tables: Tables) -> list[str]:
    """What happened, as a list of plain sentences."""
    every = [sentence for topic in _TOPICS.values() for sentence in topic(tables["runs"])]
    return [
        sentence
        for sentence in [
            *every,
            *_spaces(tables),
            *_stages(tables),
            *_staff(tables),
            *_moderation(tables),
            *_incentives(tables),
        ]
        if sentence
    ]


def _run_table(days: pd.DataFrame, start: datetime.date) -> list[str]:
    """A table of run 0 with up to nine days, as lines of text."""
    days = days[days["run"] == 0].set_index("day")
    last = int(days.index.max())
    table_days = sorted({round(last * i / 8) for i in range(9)})
    headings = (_("day"), _("date"), _("members"), _("joined"), _("left"), _("seen in 30 d"), _("posts"))
    lines = [_row(*headings, _("mean quality"))]
    previous = 0
    for day in table_days:
        since = days.loc[previous + 1 : day] if day else days.loc[0:0]
        row = days.loc[day]
        n_left = since["departures"].sum() + since["removals"].sum()
        numbers = (row["members"], since["joins"].sum(), n_left, row["active_month"], since["posts"].sum())
        whole = (f"{number:,.0f}" for number in numbers)
        quality = f"{row['temperature']:.3f}" if row["members"] else "-"
        lines.append(_row(str(day), date_text(start, day), *whole, quality))
        previous = day
    return lines


def _row(day: str, date: str, *numbers: str) -> str:
    """One line of the table of run 0."""
    parts = [right(day, _COLUMN_WIDTHS[0]), left(date, _COLUMN_WIDTHS[1])]
    return "  ".join(
        [*parts, *(right(text, width) for text, width in zip(numbers, _COLUMN_WIDTHS[2:], strict=True))]
    )


def summary(
    title: str, question: str, start: datetime.date, seed: int, tables: Tables, notes: list[str]
) -> str:
    """The whole text: heading, sentences by topic, a table of run 0, and notes."""
    runs, days = tables["runs"], int(tables["days"]["day"].max())
    n = len(runs)
    words = plural(
        "{title}: {n} run of {days} days from {start}, seed {seed}",
        "{title}: {n} runs of {days} days from {start}, seed {seed}",
        n,
    )
    lines = [words.format(title=translate(title), n=n, days=days, start=long_date(start), seed=seed)]
    lines += fold(translate(" ".join(question.split())), _WIDTH)
    if n > 1:
        lines += [
            "",
            _("Numbers are medians over {n} runs, with the lowest and highest in brackets.").format(n=n),
        ]
    lines.append("")
    topics = {_(label): topic(runs) for label, topic in _TOPICS.items()}
    topics |= {
        _("Spaces"): _spaces(tables),
        _("Stages"): _stages(tables),
        _("Staff"): _staff(tables),
        _("Moderation"): _moderation(tables),
        _("Incentives"): _incentives(tables),
    }
    for label, topic_sentences in topics.items():
        text = paragraph(sentence for sentence in topic_sentences if sentence)
        if text:
            lines += fold(text, _WIDTH, left(label, _LABEL_WIDTH) + " ", " " * (_LABEL_WIDTH + 1))
    lines += ["", _("Run 0 (joined, left and posts: since the previous row):")]
    lines += _run_table(tables["days"], start)
    for note in notes:
        lines += ["", *fold(_("Note: {note}").format(note=note), _WIDTH)]
    return "\n".join(lines) + "\n"
