"""A log as it is measured: numbers only; names stay in the file they came from."""

from dataclasses import dataclass, field

import numpy as np

from shequn.experiments.logs.activity import Integers, Numbers

NOBODY = -1


class LogError(ValueError):
    """A log that cannot be read or measured; the message says where and what is allowed."""


@dataclass(frozen=True)
class Invitations:
    """Who brought whom.

    Attributes
    ----------
    inviter : integers (n_listed,)
        Number of whoever brought each listed person; NOBODY. Numbers from ``n_listed`` on are inviters
        who are not listed themselves.
    quality : floats (n_listed + inviters not listed,)
        Mean rating of what each of them posted; nan where too little is rated.
    writer : integers (n_writers,)
        Number of each person of the log in this list; NOBODY of who is not in it.
    """

    inviter: Integers
    quality: Numbers
    writer: Integers

    @property
    def inviter_of_writer(self) -> Integers:
        """Who of the log brought each person of it (n_writers,); NOBODY if nobody of it did."""
        back = np.full(len(self.quality) + 1, NOBODY)  # one more, for NOBODY
        back[self.writer] = np.arange(len(self.writer))
        back[NOBODY] = NOBODY
        listed = (self.writer != NOBODY) & (self.writer < len(self.inviter))
        found = np.full(len(self.writer), NOBODY)
        found[listed] = back[self.inviter[self.writer[listed]]]
        return found


@dataclass(frozen=True)
class Log:
    """Events of a community in order of time.

    Attributes
    ----------
    title : str
    person : integers (n,)
        Who acted, numbered in the order of first appearance.
    time : floats (n,)
        When, seconds since 1970-01-01 UTC.
    end : float or None
        Instant at which watching ended; without it the last event is the end.
    zone : str
        Time zone of the members' clock, for hours of the week.
    answers : integers (n,) or None
        Row of the event that each event answers, NOBODY for none; None where that is not known.
    answered : integers (n,) or None
        Person whom each event answers, NOBODY for none; None where replies are not known.
    invitations : Invitations or None
    rating : floats (n,) or None
        Rating of each event, nan where it has none; None where there are no ratings. In a run, its quality.
    notes : list of str
        What was assumed or left out in reading.
    clock : str
        In which time zone times were written or assumed to be, in words.
    left_out : dict
        How many rows were left out, by what they are: notices, bots, deleted, repeats, without, odd.
    """

    title: str
    person: Integers
    time: Numbers
    end: float | None = None
    zone: str = "UTC"
    answers: Integers | None = None
    answered: Integers | None = None
    invitations: Invitations | None = None
    rating: Numbers | None = None
    notes: list[str] = field(default_factory=list)
    clock: str = "UTC"
    left_out: dict[str, int] = field(default_factory=dict)


def mean_quality(person: Integers, rating: Numbers, n_people: int, least: int = 5) -> Numbers:
    """Mean rating of each person's events; nan with fewer than ``least`` rated ones.

    Parameters
    ----------
    person : integers (n,)
    rating : floats (n,)
        nan where an event is not rated.
    n_people, least : int
    """
    rated = ~np.isnan(rating)
    n = np.bincount(person[rated], minlength=n_people)
    total = np.bincount(person[rated], weights=rating[rated], minlength=n_people)
    mean: Numbers = np.where(n >= least, total / np.maximum(n, 1), np.nan)
    return mean
