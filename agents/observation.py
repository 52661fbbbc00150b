"""What a member perceives at a visit: plain numbers, the only input of the drivers besides coefficients."""

from typing import NamedTuple


class Observation(NamedTuple):
    """One visit as the member sees it.

    The kernel fills it (sim/kernel/visits.py); a driver turns it into a signal. A new driver that
    needs to perceive something else adds a field here.
    """

    enjoyment: float  # sum over posts read: match of topic × worth by my standard (>= 0)
    usefulness: float  # sum over posts read: worth by my standard (>= 0)
    n_read: float  # posts read, 0 … attention
    unread: float  # posts by others not seen before, read now or not
    strangers_share: float  # share of the posts read that were written by people I have no tie with, [0, 1]
    holding: float  # 1 while a newcomer who has found nothing to read still waits for it, else 0
    recognition: float  # my stock of recognition here (reactions, fading)
    recognition_of_others: float  # mean stock of the other active members of the room
    gains: float  # my stock of gains (fading)
    aspiration: float  # the gains I have got used to
    friends: float  # sum of the strengths of my ties to people inside
    answers: float  # my stock of answers from people I know (fading)
    event_intensity: float  # sum over current events, >= 0
    marks: float  # what my marks count for here, in units of recognition
    marks_of_others: float  # mean of what those of the other active members count for
    rank: float  # share of the others below me on the last board of a space that ranks; -1 where I am on none
    near_by: float  # active members nearby, each weighted exp(-distance / reach)
