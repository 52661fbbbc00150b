"""Identities that hold exactly in every result, and `days` counted anew from the journal.

Reusable by every test that has a result with its full journal::

    check_identities(result)
"""

import math
from typing import Any

import numpy as np
import pandas as pd

EXACT = 1e-9


def check_identities(result: Any) -> None:
    """Assert all identities of a result; with a full journal also that `days` can be recounted."""
    check_temperature(result.days, result.members, result.journal)
    check_sizes(result.days)
    check_tables(result)
    if (result.journal["kind"] == "visit").any():
        check_days(result.days, result.journal, result.members)


def _moves(journal: pd.DataFrame) -> pd.DataFrame:
    return journal[journal["kind"].isin(["join", "leave", "remove"])]


def check_temperature(days: pd.DataFrame, members: pd.DataFrame, journal: pd.DataFrame) -> None:
    """T from the members present (fsum) = T(0) + dilution + evaporation + pruning, each day."""
    quality = dict(zip(members["person"], members["quality"].astype(float), strict=True))
    moves = _moves(journal)
    times, whos = moves["time"].to_numpy(), moves["person"].to_numpy()
    kinds, values = moves["kind"].to_numpy(), moves["value"].to_numpy()
    changes: list[float] = []
    inside: set[int] = set()
    at, temperature = 0, float(days["temperature"].iloc[0])
    start = temperature
    parts = {"join": 0.0, "leave": 0.0, "remove": 0.0}
    for row in days.itertuples():
        # founders' joins are at time 0; the rest of that instant belongs to day 1
        while at < len(moves) and (times[at] < row.day or (row.day == 0 and _founding(moves, at))):
            if kinds[at] == "join":
                assert whos[at] not in inside, f"{whos[at]} joined twice"
                inside.add(whos[at])
            else:
                inside.remove(whos[at])
                if not inside:  # T keeps the quality of the last one
                    temperature = quality[whos[at]]
            if row.day > 0:  # founders come before anything is measured
                changes.append(values[at])
                parts[kinds[at]] += values[at]
            at += 1
        if inside:
            temperature = math.fsum(quality[p] for p in inside) / len(inside)
        assert len(inside) == row.members
        assert abs(temperature - (start + math.fsum(changes))) <= EXACT, f"day {row.day}"
        assert abs(temperature - row.temperature) <= EXACT, f"day {row.day}"
        assert abs(parts["join"] - row.dilution) <= EXACT
        assert abs(parts["leave"] - row.evaporation) <= EXACT
        assert abs(parts["remove"] - row.pruning) <= EXACT


def _founding(moves: pd.DataFrame, at: int) -> bool:
    row = moves.iloc[at]
    return bool(row["kind"] == "join" and row["detail"] == 0)


def check_sizes(days: pd.DataFrame) -> None:
    """joins - departures - removals = change of size, each day; channels add up to joins."""
    change = days["joins"] - days["departures"] - days["removals"]
    assert (days["members"].diff().iloc[1:] == change.iloc[1:]).all()
    channels = days["joins_stranger"] + days["joins_invitation"] + days["joins_arrival"]
    assert (channels == days["joins"]).all()


def check_tables(result: Any) -> None:
    """Departures, invitations and members agree with the days' counts."""
    days, departures, invitations = result.days, result.departures, result.invitations
    removed = departures["removed"]
    assert (~removed).sum() == days["departures"].sum()
    assert removed.sum() == days["removals"].sum()
    assert len(invitations) == days["invitations"].sum()
    assert invitations["accepted"].sum() == days["accepted"].sum()
    assert invitations["joined"].sum() == days["joins_invitation"].sum()
    assert (result.members["state"] == "member").sum() == days["members"].iloc[-1]
    total = math.fsum(departures["temperature_change"][~removed])
    assert abs(total - days["evaporation"].iloc[-1]) <= EXACT
    assert (departures["parent"].fillna(-1) < np.arange(len(departures))).all()


def check_days(days: pd.DataFrame, journal: pd.DataFrame, members: pd.DataFrame) -> None:
    """Every column of `days` that is a function of the journal equals its recount."""
    recount = days_from_journal(journal, members, len(days) - 1)
    for name in recount.columns:
        found, due = days[name].to_numpy(float), recount[name].to_numpy(float)
        assert np.array_equal(np.isnan(found), np.isnan(due)), f"{name}: missing on other days"
        apart = np.nan_to_num(np.abs(found - due))
        day = int(apart.argmax())
        assert apart.max() <= EXACT, f"{name}, day {day}: {found[day]} in days, {due[day]} recounted"


_COUNTS = {
    "departures": ["leave"], "removals": ["remove"], "finds": ["find"], "invitations": ["invite"],
    "accepted": ["accept"], "refused": ["refuse"], "given_up": ["give_up"], "visits": ["visit"],
    "posts": ["post", "reply"], "replies": ["reply"], "reactions": ["reaction"], "lapses": ["lapse"],
    "advertisements": ["advertise"], "reports": ["report"], "taken_down": ["take_down"],
}  # fmt: skip


def days_from_journal(journal: pd.DataFrame, members: pd.DataFrame, days: int) -> pd.DataFrame:
    """`days` recounted: every column of ``day_dtype`` that is a function of the full journal.

    Not among them: unread, reach_cost, staff_cost, balance and reputation. ``leavers_rank`` goes
    by 4,096 classes of quality, as in the engine. Row 0 holds the founders and no counts.
    """
    founding = (journal["kind"] == "join") & (journal["detail"] == 0)
    day = np.where(founding, 0, np.floor(journal["time"]).astype(int) + 1)
    journal = journal.assign(day=day)
    table = pd.DataFrame({"day": np.arange(days + 1)})

    def counted(rows: pd.DataFrame) -> np.ndarray:
        return np.bincount(rows["day"], minlength=days + 1)

    joins = journal[(journal["kind"] == "join") & ~founding]
    table["joins"] = counted(joins)
    for detail, name in ((1, "stranger"), (2, "invitation"), (3, "arrival")):
        table[f"joins_{name}"] = counted(joins[joins["detail"] == detail])
    for name, kinds in _COUNTS.items():
        table[name] = counted(journal[journal["kind"].isin(kinds)])

    for detail, name, sign in ((0, "income", 1.0), (1, "rewards", -1.0)):
        paid = journal[(journal["kind"] == "pay") & (journal["detail"] == detail)]
        table[name] = sign * np.cumsum(np.bincount(paid["day"], paid["value"], minlength=days + 1))
    satisfaction = journal[journal["kind"] == "visit"].groupby("day")["value"].mean()
    table["satisfaction"] = satisfaction.reindex(table["day"]).to_numpy()
    posts = journal[journal["kind"].isin(["post", "reply"])]
    last_post = posts.groupby("day")["time"].max().reindex(table["day"]).ffill().fillna(0.0)
    table["silence"] = table["day"] - last_post.to_numpy()
    in_order = journal[~journal["kind"].isin(["find", "refuse", "reaction", "welcome", "pay"])]
    by_day = dict(list(in_order.groupby("day")))
    rows = _walk(by_day, members, days)
    return pd.concat([table, pd.DataFrame(rows)], axis=1)


def _walk(by_day: dict[Any, pd.DataFrame], members: pd.DataFrame, days: int) -> list[dict[str, float]]:
    """What depends on who is inside: one pass over the days, everything else counted anew."""
    people = members.set_index("person")
    quality = people["quality"].astype(float).to_dict()
    top = set(people.index[people["founder_top"]])
    inside: dict[int, float] = {}  # member: last seen
    posts: dict[int, int] = {}  # of all who ever joined
    line: set[int] = set()
    sums = {"join": 0.0, "leave": 0.0, "remove": 0.0}
    temperature, rows = 0.0, []
    for day in range(days + 1):
        ranks = []
        for row in by_day[day].itertuples() if day in by_day else ():
            who, kind = row.person, row.kind
            if kind in ("join", "visit"):
                inside[who] = row.time
            if kind == "leave" and len(inside) > 1:
                own = int(4096 * quality[who])
                others = np.array([int(4096 * quality[p]) for p in inside if p != who])
                ranks.append(((others < own).sum() + 0.5 * (others == own).sum()) / len(others))
            if kind in ("leave", "remove"):
                del inside[who]
                temperature = quality[who]  # what is kept if that was the last one
            if kind in sums and day > 0:
                sums[kind] += row.value
            if kind == "join":
                posts.setdefault(who, 0)
            if kind in ("post", "reply"):
                posts[who] += 1
            if kind == "wait":
                line.add(who)
            if kind in ("pass_line", "give_up"):
                line.discard(who)
        seen = {w: [p for p, last in inside.items() if last >= day - w] for w in (1, 7, 30)}
        if inside:
            temperature = math.fsum(quality[p] for p in inside) / len(inside)
        active = math.fsum(quality[p] for p in seen[30]) / len(seen[30]) if seen[30] else temperature
        top1, top10, gini = _participation(posts)
        rows.append(
            {
                "members": len(inside),
                "waiting": len(line),
                "temperature": temperature,
                "temperature_active": active,
                "dilution": sums["join"],
                "evaporation": sums["leave"],
                "pruning": sums["remove"],
                "leavers_rank": float(np.mean(ranks)) if ranks else math.nan,
                "founders_top_share": len(top & inside.keys()) / len(top) if top else math.nan,
                "active_day": len(seen[1]),
                "active_week": len(seen[7]),
                "active_month": len(seen[30]),
                "top1_share": top1,
                "top10_share": top10,
                "gini": gini,
            }
        )
    return rows


def _participation(posts: dict[int, int]) -> tuple[float, float, float]:
    """Shares of the most talkative 1 % and 10 % (the last one counts in part), Gini; nan without a post."""
    counts = np.sort(np.array(list(posts.values()), dtype=float))
    total = counts.sum() if len(counts) else 0.0
    if total == 0:
        return math.nan, math.nan, math.nan
    n = len(counts)
    so_far = np.concatenate(([0.0], np.cumsum(counts[::-1])))
    top1, top10 = (np.interp(n * share, np.arange(n + 1), so_far) / total for share in (0.01, 0.1))
    gini = ((2 * np.arange(1, n + 1) - n - 1) * counts).sum() / (n * total)
    return float(top1), float(top10), float(gini)
