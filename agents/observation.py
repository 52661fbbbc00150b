"""What a member perceives at a visit: plain numbers, the only thing drivers look at."""

from typing import NamedTuple


class Observation(NamedTuple):
    """One visit as the member sees it.

    The machine fills it (sim/kernel/visits.py); a driver turns it into a signal. A new driver that
    needs to perceive something new adds a field here.
    """

    enjoyment: float  # sum over posts read: match of topic × up to my standard (>= 0)
    usefulness: float  # sum over posts read of what they are worth to me (>= 0)
    n_read: float  # posts read, 0 … attention
    unread: float  # posts not seen before, read or not
    strangers_share: float  # of the posts read, written by people I have no tie with, [0, 1]
    holding: float  # 1 while a newcomer has found nothing to read and still waits for it
    recognition: float  # my stock of recognition here (reactions, fading)
    recognition_of_others: float  # mean stock of the others active in the room
    gains: float  # my stock of gains (fading)
    aspiration: float  # the gains I have got used to
    friends: float  # strength of my ties to people inside, summed
    answers: float  # my stock of answers from people I know (fading)
    event_intensity: float  # of the events now on, [0, 1]
    near_by: float  # active members near by, each weighted exp(-distance / reach)
