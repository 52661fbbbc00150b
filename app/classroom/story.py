"""A person's story in sentences, from the journal: how she joined, what she did, why she left."""

from typing import Any, assert_never

import numpy as np
import numpy.typing as npt

from shequn.app.classroom.overview import percent_or_dash
from shequn.app.classroom.side import Side
from shequn.app.classroom.words import driver_names
from shequn.sim.kernel.state import NOBODY, Channel, JournalKind, Reason, State
from shequn.sim.language import _, ngettext
from shequn.sim.population import drivers_of

Rows = npt.NDArray[Any]


def story(side: Side, other: Side, person: int) -> list[str]:
    """The story of a person in one community, and what became of her in the other.

    Parameters
    ----------
    side, other : Side
    person : int
        Index into the people of `side`.

    Returns
    -------
    list of str
        Sentences in the current language; empty if there is no such person.
    """
    if not 0 <= person < len(side.people):
        return []
    rows = side.rows()
    person_rows = rows[rows["person"] == person]
    record = side.people[person]
    sentences = [_arrival(person_rows, person)]
    sentences += _traits(side, person, record)
    if (person_rows["kind"] == JournalKind.JOIN).any():
        sentences += _activity(person_rows, rows, person)
        sentences += _satisfaction(person_rows)
        sentences += _departure(side, person_rows, rows, record)
    if side.journal_copy.is_incomplete:
        sentences.append(
            _("Visits of the first days are no longer recorded: the journal had grown too long.")
        )
    sentences.append(_in_other_community(side, other, person))
    return sentences


def name(person: int) -> str:
    """The name of a member on the page."""
    return _("member {number}").format(number=person)


def _day_number(row: Any) -> int:
    return int(row["time"]) + 1


def _arrival(person_rows: Rows, person: int) -> str:
    joins = person_rows[person_rows["kind"] == JournalKind.JOIN]
    if len(joins) == 0:
        return _never_joined(person_rows, person)
    first, returns = joins[0], len(joins) - 1
    who = name(person)
    who = who[:1].upper() + who[1:]
    channel = Channel(int(first["detail"]))
    match channel:
        case Channel.FOUNDER:
            text = _("{who} is one of the founders.").format(who=who)
        case Channel.INVITATION:
            text = _("{who} joined on day {day}, invited by {inviter}.").format(
                who=who, day=_day_number(first), inviter=name(int(first["other"]))
            )
        case Channel.ARRIVAL:
            text = _("{who} joined on day {day}, with a wave of newcomers.").format(
                who=who, day=_day_number(first)
            )
        case Channel.STRANGER:
            text = _("{who} found the community by herself and joined on day {day}.").format(
                who=who, day=_day_number(first)
            )
        case _:
            assert_never(channel)
    if returns:
        text += " " + ngettext(
            "Later she left and came back.", "Since then she came back {n} times.", returns
        ).format(n=returns)
    return text


def _never_joined(person_rows: Rows, person: int) -> str:
    who = name(person)
    who = who[:1].upper() + who[1:]
    refused = int((person_rows["kind"] == JournalKind.REFUSE).sum())
    declined = int((person_rows["kind"] == JournalKind.DECLINE).sum())
    if refused:
        return ngettext(
            "{who} never joined: the gate turned her away.",
            "{who} never joined: the gate turned her away {n} times.",
            refused,
        ).format(who=who, n=refused)
    if declined:
        return ngettext(
            "{who} never joined: she was invited, and declined.",
            "{who} never joined: she was invited {n} times, and declined.",
            declined,
        ).format(who=who, n=declined)
    return _("{who} has not joined, and nobody has invited her.").format(who=who)


def _traits(side: Side, person: int, record: Any) -> list[str]:
    quality = float(record["quality"])
    better = float(np.mean(side.people["quality"] < record["quality"]))
    # drivers that this community cannot satisfy at all are left out
    weights = drivers_of(side.course.machine.world, [person])[0] * side.course.machine.params["possible"]
    names, weights = list(driver_names().values()), weights / max(1e-9, float(weights.sum()))
    first, second = np.argsort(-weights, kind="stable")[:2]
    return [
        _(
            "The quality of what she contributes is {quality:.2f}, higher than that of {better} of all people."
        ).format(quality=quality, better=percent_or_dash(better)),
        _("What she cares about most: {first} ({a}) and {second} ({b}).").format(
            first=names[first].lower(),
            a=percent_or_dash(weights[first]),
            second=names[second].lower(),
            b=percent_or_dash(weights[second]),
        ),
    ]


def _activity(person_rows: Rows, rows: Rows, person: int) -> list[str]:
    visits = person_rows[person_rows["kind"] == JournalKind.VISIT]
    replies = int((person_rows["kind"] == JournalKind.REPLY).sum())
    posts = int((person_rows["kind"] == JournalKind.POST).sum())
    rows_to_her = rows[(rows["other"] == person) & (rows["person"] != person)]
    reactions = rows_to_her[rows_to_her["kind"] == JournalKind.REACTION]
    replies_received = rows_to_her[rows_to_her["kind"] == JournalKind.REPLY]
    invited = int(
        ((rows_to_her["kind"] == JournalKind.JOIN) & (rows_to_her["detail"] == Channel.INVITATION)).sum()
    )
    sentences = []
    if len(visits) == 0:
        sentences.append(_("She has not visited yet."))
    else:
        sentences.append(
            ngettext(
                "She visited once and read {read} posts.",
                "She visited {n} times and read {read} posts.",
                len(visits),
            ).format(n=len(visits), read=int(visits["detail"].sum()))
        )
    if posts + replies == 0:
        sentences.append(_("She never wrote."))
    else:
        sentences.append(
            _("She wrote {posts} and {answers}.").format(posts=_posts(posts), answers=_replies(replies))
        )
        if len(reactions) + len(replies_received) == 0:
            sentences.append(_("Nobody reacted or replied."))
        else:
            people = len(np.unique(np.concatenate([reactions["person"], replies_received["person"]])))
            sentences.append(
                ngettext(
                    "They drew {reactions} and {answers}, from one person.",
                    "They drew {reactions} and {answers}, from {people} people.",
                    people,
                ).format(
                    reactions=_reactions(len(reactions)),
                    answers=_replies(len(replies_received)),
                    people=people,
                )
            )
    if invited:
        sentences.append(
            ngettext("She brought in one member.", "She brought in {n} members.", invited).format(n=invited)
        )
    return sentences


def _posts(n: int) -> str:
    return ngettext("{n} post", "{n} posts", n).format(n=n)


def _replies(n: int) -> str:
    return ngettext("{n} reply", "{n} replies", n).format(n=n)


def _reactions(n: int) -> str:
    return ngettext("{n} reaction", "{n} reactions", n).format(n=n)


def _satisfaction(person_rows: Rows) -> list[str]:
    visits = person_rows[person_rows["kind"] == JournalKind.VISIT]
    if len(visits) < 2:
        return []
    first, best, last = visits[0], visits[np.argmax(visits["value"])], visits[-1]
    return [
        _(
            "Her satisfaction was {first:.2f} after the first visit, highest on day {day} ({best:.2f}), and {last:.2f} after the last."
        ).format(first=first["value"], day=_day_number(best), best=best["value"], last=last["value"])
    ]


def _departure(side: Side, person_rows: Rows, rows: Rows, record: Any) -> list[str]:
    ends = person_rows[
        (person_rows["kind"] == JournalKind.LEAVE) | (person_rows["kind"] == JournalKind.REMOVE)
    ]
    if record["state"] == State.MEMBER:
        away_text = _("She is still a member, but has long been away.")
        return [away_text if record["lapsed"] else _("She is still a member.")]
    if len(ends) == 0:
        return []
    end = ends[-1]
    sentences = [
        _("On day {day} she left. {why}").format(day=_day_number(end), why=reason(int(end["detail"])))
    ]
    if end["kind"] == JournalKind.LEAVE and end["other"] != NOBODY:
        friend_departures = rows[
            (rows["person"] == end["other"])
            & (rows["kind"] == JournalKind.LEAVE)
            & (rows["time"] <= end["time"])
        ]
        if len(friend_departures):
            days = int(end["time"] - friend_departures[-1]["time"])
            sentences.append(
                ngettext(
                    "{who}, whom she knew, had left at most a day before.",
                    "{who}, whom she knew, had left {n} days before.",
                    max(1, days),
                ).format(who=name(int(end["other"])).capitalize(), n=days)
            )
    is_worse = side.people["quality"][side.people["state"] == State.MEMBER] < record["quality"]
    if len(is_worse):
        sentences.append(
            _(
                "The quality of what she contributed was higher than that of {n} of the current members."
            ).format(n=percent_or_dash(float(is_worse.mean())))
        )
    return sentences


def reason(number: int) -> str:
    """A reason for leaving as a sentence."""
    names = {
        Reason.HONOR: _("She was noticed less than she was used to."),
        Reason.INTEREST: _(
            "She found less worth reading, on her topic and at her level, than she was used to."
        ),
        Reason.BENEFIT: _("She gained less from membership than she was used to."),
        Reason.RELATIONSHIP: _("Fewer of the people she knew were around or replied to her."),
        Reason.EVENT: _("Nothing was going on any more that attracted her."),
        Reason.LOCALITY: _("Fewer people near her home were around."),
        Reason.STANDARD: _("The level of the group had fallen below what she expects of others."),
        Reason.CROWDING: _("There were more unread posts than she could keep up with."),
        Reason.OPTIONS: _(
            "Nothing had got worse for her: membership had never been worth enough to her, or chance decided."
        ),
        Reason.CLOCK: _("Her time here was over."),
        Reason.REMOVAL: _("The operator removed her."),
        Reason.TERM: _("The term was over."),
    }
    return names.get(Reason(number), "")


def _in_other_community(side: Side, other: Side, person: int) -> str:
    """What became of the same person, with the same seed, in the other community."""
    if person >= len(other.people) or other.people[person]["key"] != side.people[person]["key"]:
        return _("In community {side} this person does not exist: she came with the flood.").format(
            side=other.name
        )
    rows = other.rows()
    person_rows = rows[rows["person"] == person]
    joins = person_rows[person_rows["kind"] == JournalKind.JOIN]
    if len(joins) == 0:
        return _("In community {side} the same person never joined.").format(side=other.name)
    if other.people[person]["state"] == State.MEMBER:
        return _("In community {side} the same person is still a member.").format(side=other.name)
    ends = person_rows[
        (person_rows["kind"] == JournalKind.LEAVE) | (person_rows["kind"] == JournalKind.REMOVE)
    ]
    return _("In community {side} the same person left on day {day}. {why}").format(
        side=other.name, day=_day_number(ends[-1]), why=reason(int(ends[-1]["detail"]))
    )
