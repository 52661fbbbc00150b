"""The replay of the network: who was a member when, how active, in touch with whom; at most 2,000 people."""

import base64
import gzip
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from bokeh.palettes import Cividis256

from shequn.app.report.drawing import Clock, mark_labels
from shequn.app.report.exchanges import CONTACT_DAYS, Exchanges
from shequn.app.report.layout import layout
from shequn.app.report.parts import Replay, Section, Table, Text
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _, paragraph
from shequn.sim.presentation.reasons import reason_text
from shequn.sim.results.labels import in_words

MAX_PEOPLE = 2_000
MAX_EDGES = 8_000
_FRAME_TIES = 2  # strongest ties of each person, which decide the positions
_MAX_BINS = 104  # time bins of activity, at most
_MIN_BIN_DAYS = 7.0  # days per bin at least: many members visit once a week
_SEED = 20260301


def section(results: ResultFolder, clock: Clock, contacts: Exchanges) -> Section:
    """The section with the replay, or the reason why there is none."""
    title = _("The network, day by day")
    members = results.table("members")
    members = members[members["run"] == 0]
    stays = results.journal(("join", "leave", "remove"), ("time", "kind", "person", "detail"))
    if not len(stays):
        text = _(
            "The journal of this run was not recorded, so there is nothing to replay. Run it with "
            "--journal full."
        )
        return Section("network", title, [Text([text])])
    chosen = sample(members)
    return Section("network", title, [_replay(results, clock, contacts, chosen, stays, len(members))])


def sample(members: pd.DataFrame) -> pd.DataFrame:
    """All members, or a sample of 2,000: every founder and a fixed random draw of the others."""
    if len(members) <= MAX_PEOPLE:
        return members
    chance = np.random.default_rng(_SEED).random(len(members))
    chance[members["founder"].to_numpy()] -= 1.0
    return members.iloc[np.sort(np.argsort(chance, kind="stable")[:MAX_PEOPLE])]


def strongest(pairs: pd.DataFrame) -> pd.DataFrame:
    """The pairs to draw, at most 8,000, with a new column ``of_the_frame``.

    The frame contains everybody's two strongest ties, so that members with few exchanges are connected too.
    Positions depend on the frame alone. The other pairs are those with the most exchanges.
    """
    ends = pd.concat([pairs["a"], pairs["b"]])
    ranked = pd.DataFrame(
        {"end": ends.to_numpy(), "row": np.tile(np.arange(len(pairs)), 2), "n": np.tile(pairs["n"], 2)}
    )
    ranked = ranked.sort_values("n", ascending=False, kind="stable").groupby("end").head(_FRAME_TIES)
    frame = np.zeros(len(pairs), dtype=bool)
    frame[ranked["row"].to_numpy(dtype=np.int64)] = True
    pairs = pairs.assign(of_the_frame=frame)
    return pairs.sort_values(["of_the_frame", "n"], ascending=False, kind="stable").head(MAX_EDGES)


def stay_spans(stays: pd.DataFrame, person: npt.NDArray[np.int64], days: int) -> pd.DataFrame:
    """The stays of these people: ``who`` (index into `person`), ``begin`` and ``end`` (days)."""
    order = np.argsort(person)
    rows = stays[stays["person"].isin(person)].sort_values(["person", "time"], kind="stable")
    who = order[np.searchsorted(person[order], rows["person"])]
    joins = (rows["kind"].astype(str) == "join").to_numpy()
    time = rows["time"].to_numpy(dtype=float)
    begin = np.flatnonzero(joins)
    after = np.minimum(begin + 1, len(rows) - 1)
    has_ended = (after > begin) & (who[after] == who[begin]) & ~joins[after]
    end = np.where(has_ended, time[after], days + 1e6)
    return pd.DataFrame({"who": who[begin], "begin": time[begin], "end": end})


def activity(
    results: ResultFolder, person: npt.NDArray[np.int64], days: int
) -> tuple[npt.NDArray[np.uint8], float]:
    """Visits, posts and replies a week of each person in each time bin, and the width of a bin in days."""
    width = max(_MIN_BIN_DAYS, days / _MAX_BINS)
    bins = max(int(np.ceil(days / width)), 1)
    rows = results.journal(("visit", "post", "reply"), ("time", "person"))
    rows = rows[rows["person"].isin(person)]
    order = np.argsort(person)
    who = order[np.searchsorted(person[order], rows["person"])] if len(rows) else np.zeros(0, dtype=np.int64)
    at = np.minimum((rows["time"].to_numpy(dtype=float) / width).astype(np.int64), bins - 1)
    counts = np.bincount(who * bins + at, minlength=len(person) * bins).reshape(len(person), bins)
    return np.minimum(counts * (_MIN_BIN_DAYS / width), 255).astype(np.uint8), width


def pack(values: npt.NDArray[Any]) -> str:
    """Encode an array for JavaScript: gzipped little-endian bytes as base64."""
    data = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<")).tobytes()
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()


def _replay(
    results: ResultFolder,
    clock: Clock,
    contacts: Exchanges,
    chosen: pd.DataFrame,
    stays: pd.DataFrame,
    n_joined: int,
) -> Replay:
    person = chosen["person"].to_numpy(dtype=np.int64)
    pairs = contacts.pairs
    pairs = pairs[pairs["a"].isin(person) & pairs["b"].isin(person)]
    n_pairs = len(pairs)
    pairs = strongest(pairs).sort_values("first", kind="stable")
    order = np.argsort(person)
    a = order[np.searchsorted(person[order], pairs["a"])] if n_pairs else np.zeros(0, dtype=np.int64)
    b = order[np.searchsorted(person[order], pairs["b"])] if n_pairs else np.zeros(0, dtype=np.int64)
    topic = chosen["topic"].to_numpy(dtype=float)
    frame = pairs["of_the_frame"].to_numpy(dtype=bool)
    weight = 1.0 + np.log(pairs["n"].to_numpy(dtype=float)[frame])
    positions = layout(len(person), a[frame], b[frame], weight, topic)
    inside = stay_spans(stays, person, clock.days)
    counts, width = activity(results, person, clock.days)
    quality = chosen["quality"].to_numpy(dtype=float)
    low, high = (float(q) for q in np.quantile(quality, [0.02, 0.98]))
    if high - low < 0.05:
        low, high = low - 0.025, low + 0.025
    days = results.table("days")
    days = days[days["run"] == 0].sort_values("day")
    jobs = _jobs(results, chosen)
    stories = member_stories(chosen, jobs, _last_reasons(stays), clock)
    content = {
        "days": clock.days,
        "dates": [clock.date(day) for day in range(clock.days + 1)] if clock.days <= 4000 else [],
        "people": len(person),
        "everybody": n_joined,
        "bins": counts.shape[1],
        "width": width,
        "recent": CONTACT_DAYS,
        "low": low,
        "high": high,
        "palette": [Cividis256[i] for i in range(0, 256, 5)],
        "marks": [[round(mark.day, 3), mark.label] for mark in clock.marks][:400],
        "ruler": [[round(day, 3), text] for day, text in mark_labels(clock)][:60],
        "place": pack((positions * 32_000).round().astype(np.int16)),
        "quality": pack(np.clip((quality - low) / (high - low) * 255, 0, 255).astype(np.uint8)),
        "who": pack(inside["who"].to_numpy().astype(np.uint16)),
        "begin": pack(inside["begin"].to_numpy().astype(np.float32)),
        "end": pack(inside["end"].to_numpy().astype(np.float32)),
        "activity": pack(counts),
        "role": pack(_roles(chosen, jobs)),
        "stories": pack(np.frombuffer(json.dumps(stories, ensure_ascii=False).encode(), dtype=np.uint8)),
        "a": pack(a.astype(np.uint16)),
        "b": pack(b.astype(np.uint16)),
        "first": pack(pairs["first"].to_numpy().astype(np.float32)),
        "last": pack(pairs["last"].to_numpy().astype(np.float32)),
        "members": pack(days["members"].to_numpy().astype(np.float32)),
        "temperature": pack(days["temperature"].to_numpy().astype(np.float32)),
        "active": pack(days["active_month"].to_numpy().astype(np.float32)),
        "words": {
            "status": _(
                "{members} members, {active} of them seen in the last 30 days, mean quality {temperature}"
            ),
            "day": _("day {day}"),
            "play": _("Play"),
            "pause": _("Pause"),
            "failed": _("This browser is too old to unpack the replay."),
        },
    }
    table = pd.DataFrame(
        {
            "person": person,
            "quality": quality.round(4),
            "founder": chosen["founder"].to_numpy(),
            "channel": chosen["channel"].astype(str).to_numpy(),
            "first_joined_at": chosen["first_joined_at"].to_numpy().round(3),
            "left_at": chosen["left_at"].to_numpy().round(3),
            "visits": chosen["n_visits"].to_numpy(),
            "posts": chosen["n_posts"].to_numpy(),
        }
    )
    caption = _caption(len(person), n_joined, len(pairs), n_pairs)
    return Replay(content, caption, _hints(chosen, jobs, days), Table("people", "", table))


def _jobs(results: ResultFolder, chosen: pd.DataFrame) -> dict[int, str]:
    """The job that each of these people was last hired for, by person."""
    rows = results.journal(("hire",), ("person", "detail"))
    names = list(results.scenario.staff)
    hired = {int(row["person"]): names[int(row["detail"])] for row in rows.to_dict("records")}
    return {person: hired[person] for person in chosen["person"].tolist() if person in hired}


def _roles(chosen: pd.DataFrame, jobs: dict[int, str]) -> npt.NDArray[np.uint8]:
    """Which ring each person has: 0 none, 1 founder, 2 staff."""
    is_staff = chosen["person"].isin(list(jobs)).to_numpy()
    return np.where(is_staff, 2, chosen["founder"].to_numpy().astype(np.uint8)).astype(np.uint8)


def _last_reasons(stays: pd.DataFrame) -> dict[int, str]:
    """Why each person left the last time, by person."""
    ends = stays[stays["kind"].astype(str) != "join"]
    reasons = in_words("reason", ends["detail"].to_numpy(dtype=np.int64)).astype(str)
    return dict(zip(ends["person"].tolist(), reasons, strict=True))


def member_stories(
    chosen: pd.DataFrame, jobs: dict[int, str], reasons: dict[int, str], clock: Clock
) -> list[tuple[str, str]]:
    """The name and the story of each of these people.

    Parameters
    ----------
    chosen : DataFrame
        Rows of the table ``members``.
    jobs, reasons : dict
        Job, and reason of the last departure, by person.
    clock : Clock
    """
    names = {
        int(row["person"]): _member_name(row, jobs.get(int(row["person"])))
        for row in chosen.to_dict("records")
    }
    return [
        (names[int(row["person"])], paragraph(_story(row, names, reasons)))
        for row in chosen.to_dict("records")
    ]


def _member_name(row: dict[Any, Any], job: str | None) -> str:
    if isinstance(row["label"], str) and row["label"]:
        return row["label"]
    if job is not None:
        return _("{job}, number {n}").format(job=job, n=row["person"])
    return (_("Founder {n}") if row["founder"] else _("Member {n}")).format(n=row["person"])


def _story(row: dict[Any, Any], names: dict[int, str], reasons: dict[int, str]) -> Iterator[str]:
    """How somebody came, what they did, and how it ended."""
    joined = f"{row['first_joined_at']:.0f}"
    inviter = row["invited_by"]
    if row["founder"]:
        yield _("was there from the start.")
    elif row["channel"] == "invitation" and not pd.isna(inviter):
        name = names.get(int(inviter), _("member {n}").format(n=int(inviter)))
        yield _("joined on day {day}, invited by {name}.").format(day=joined, name=name)
    elif row["channel"] == "arrival":
        yield _("joined on day {day}, brought by an operation.").format(day=joined)
    else:
        yield _("joined on day {day}, having found the group alone.").format(day=joined)
    if isinstance(row["group"], str) and row["group"]:
        yield _("Group: {group}.").format(group=row["group"])
    yield _("Quality {quality}.").format(quality=f"{row['quality']:.2f}")
    yield _("{visits} visits, {posts} posts, {replies} answers received.").format(
        visits=row["n_visits"], posts=row["n_posts"], replies=row["n_replies_received"]
    )
    if row["n_accepted"]:
        yield _("Brought in {n} others.").format(n=row["n_accepted"])
    if pd.isna(row["left_at"]):
        yield _("Still a member at the end.")
    else:
        reason = reason_text(reasons[int(row["person"])])
        yield _("Left on day {day}: {reason}.").format(day=f"{row['left_at']:.0f}", reason=reason)


def _hints(chosen: pd.DataFrame, jobs: dict[int, str], days: pd.DataFrame) -> list[str]:
    """What is worth looking at in this run."""
    founders = chosen[chosen["founder"]]
    lines = [_("Do the bright dots rise and fade before the dark ones? Then the better members leave first.")]
    if len(founders):
        stayed = int((founders["state"].astype(str) == "member").sum())
        text = _("Founders have a black ring: {stayed} of {n} are still there at the end.")
        lines.append(text.format(stayed=stayed, n=len(founders)))
    if jobs:
        lines.append(
            _("Staff have an orange ring. Who is connected with them, and who only with each other?")
        )
    gone = (days["departures"] + days["removals"]).rolling(7, min_periods=1).sum()
    if gone.max() > 0:
        text = _("Most members leave in the week before day {day}: {n}.")
        lines.append(text.format(day=int(days["day"].iloc[int(gone.argmax())]), n=f"{gone.max():,.0f}"))
    return lines


def _caption(people: int, n_joined: int, drawn: int, pairs: int) -> str:
    sentences = [
        _(
            "Run 0. Each dot is a member: bright means high quality, large means active in that week. A "
            "line connects two members who were in touch in the last 30 days: by a reply, a reaction or an "
            "invitation. Members who leave rise and fade."
        )
    ]
    if people < n_joined:
        sentences.append(
            _("Shown are {n} of the {all} who ever joined: all founders, the others drawn at random.").format(
                n=f"{people:,}", all=f"{n_joined:,}"
            )
        )
    if drawn < pairs:
        sentences.append(
            _(
                "Of {all} pairs {n} have a line: everybody's two strongest, then those with the most "
                "exchanges."
            ).format(n=f"{drawn:,}", all=f"{pairs:,}")
        )
    return " ".join(sentences)
