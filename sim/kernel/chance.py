"""Keyed draws: every random number is a function of what it is for.

There is no generator and no shared stream. Four numbers name a draw: the run's seed, the purpose, the
key of the person (or of a pair), and a count (how many such draws the person has had, or what else
the draw is about). So the order of events never matters, and two runs that differ in one gate give
the same people the same luck.

The hash consists of rounds of the finaliser of SplitMix64 (Steele, Lea & Flood 2014, constants of
Stafford's variant 13).
"""

import math
import sys
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.agents.compiled import Compiled, compiled

Keys = npt.NDArray[np.uint64]
Draws = npt.NDArray[np.float64]


class Purpose(IntEnum):
    """What a draw is for. The numbers never change: a new purpose gets a new number.

    Numbers from 1000 on are free for custom models.
    """

    QUALITY = 1
    DRIVERS = 2  # count = number of the driver
    TOPIC = 3
    PLACE_X = 4
    PLACE_Y = 5
    TALKATIVENESS = 6
    PACE = 7
    CONTENTMENT = 8
    FOUNDING = 9  # who is a founder, and which founders are opinion leaders or KOC
    GRAPH = 10
    ROOM = 11
    FRESH = 12  # keys of the people whom an operation brings
    ARRIVAL = 13  # when these people come
    OPERATION = 14  # whom an operation removes
    RUN = 15  # seeds of replicates
    VISIT = 20  # waiting time to the next visit
    LAPSE = 21  # whether a member lapses instead of leaving, and for how long
    LEAVE = 22
    REACT = 23  # key = (reader, author), count = number of the post among the author's own
    REPLY = 24
    POST = 25
    DEPARTURE = 27  # the member's own clock of leaving
    WRITE_AGAIN = 28  # whether to write again in the same session, and when
    ANSWER_BACK = 29  # whether to answer someone who has answered me
    INVITE = 30  # waiting time to the next invitation
    INVITE_WHOM = 31
    ANSWER = 32  # key = (inviter, invitee), count = invitations from one to the other
    ANSWER_DELAY = 33
    DISCOVERY = 34  # threshold of a stranger
    MIXING = 35  # threshold of a person, with complete mixing
    BYPASS = 36  # whether a stranger skips the gates
    GATE = 37
    GATE_SEES = 38
    PATIENCE = 39
    WELCOME = 40
    WELCOME_DELAY = 41
    RECALL = 42  # key = (who answers, who is answered): whether to come back for the answer, and when
    EVENT_DISCOVERY = 43  # threshold of a stranger's discovery because of events
    REACHED = 44  # whether a stranger was reached by a campaign
    SPLIT = 46  # which half of a room that is divided somebody belongs to
    PURSE = 45  # size of a person's purse (count 0), and when its period begins (count 1)
    DUTY = 47  # whether the staff take up an occasion, and in which order a round is done
    TASK = 48  # whether a member does a task at a visit
    CALL = 49  # key = (who calls, who is called): whether to come, and when
    QUESTION = 50  # whether a post is a question
    VOLUNTEER = 51  # who takes a vacant place
    STAFF = 52  # keys of people whom the operator pays
    EARN = 53  # key = (member, earn rule): whether an act is rewarded
    PAID_POST = 54  # whether a member writes one more post for pay, and when
    OFF_TOPIC = 55  # the topic of such a post
    BUY = 56  # key = (member, offer): whether a member takes it at a visit
    ADVERTISE = 57  # whether a member advertises at a visit
    REPORT = 58  # key = (reader, author): whether a reader reports a post
    JUDGE = 59  # key = (author, duty): whether a judgement of a post is wrong
    GROUP = 60  # which group of the population a person belongs to
    ENROL = 62  # whether a graduate comes to the next term
    MESSAGE = 61  # key = (member, operation): whether a member follows a message, and when
    MOOD = 63  # the mood of the group on a day


_A = np.uint64(0x9E3779B97F4A7C15)
_B = np.uint64(0xBF58476D1CE4E5B9)
_C = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_TO_UNIT = 1.0 / 9007199254740992.0  # 2 ** -53
_TWO_PI = 6.283185307179586


@compiled
def mix(h: Any) -> Any:
    """One round of the hash: a bijection of 64-bit words in which every bit depends on every bit."""
    h = h + _A
    h = (h ^ (h >> _S30)) * _B
    h = (h ^ (h >> _S27)) * _C
    return h ^ (h >> _S31)


if not isinstance(mix, Compiled):  # uncompiled, NumPy warns about the overflow that is intended
    mix = np.errstate(over="ignore")(mix)


@compiled
def pair(a: Any, b: Any) -> Any:
    """The key of an ordered pair of keys, such as (inviter, invitee)."""
    return mix(np.uint64(a)) ^ np.uint64(b)


@compiled
def stem(seed: Any, purpose: Any) -> Any:
    """What all draws of a run for one purpose have in common: the first half of the hash."""
    return mix(mix(np.uint64(seed)) ^ np.uint64(purpose))


@compiled
def word_from(stem: Any, key: Any, count: Any) -> Any:
    """The 64 random bits that key and count name among those of a stem."""
    return mix(mix(stem ^ np.uint64(key)) ^ np.uint64(count))


@compiled
def word(seed: Any, purpose: Any, key: Any, count: Any) -> Any:
    """The 64 random bits that (seed, purpose, key, count) name."""
    return word_from(stem(seed, purpose), key, count)


@compiled
def uniform_from(stem: Any, key: Any, count: Any) -> float:
    """Uniform on the open interval (0, 1), from a stem."""
    return (float(word_from(stem, key, count) >> _S11) + 0.5) * _TO_UNIT


@compiled
def uniform(seed: Any, purpose: Any, key: Any, count: Any) -> float:
    """Uniform on the open interval (0, 1)."""
    return uniform_from(stem(seed, purpose), key, count)


@compiled
def exponential(seed: Any, purpose: Any, key: Any, count: Any) -> float:
    """Exponential with mean 1."""
    return -math.log(uniform(seed, purpose, key, count))


@compiled
def normal(seed: Any, purpose: Any, key: Any, count: Any) -> float:
    """Standard normal (Box & Muller 1958)."""
    h = word(seed, purpose, key, count)
    u = (float(h >> _S11) + 0.5) * _TO_UNIT
    v = (float(mix(h) >> _S11) + 0.5) * _TO_UNIT
    return math.sqrt(-2.0 * math.log(u)) * math.cos(_TWO_PI * v)


def _plain(function: Any) -> Any:
    return function.py_func if isinstance(function, Compiled) else function


def _words(seed: int, purpose: int, keys: Keys, count: Any) -> Keys:
    """The words of :func:`word` for an array of keys and one count (or an array of them)."""
    step = _plain(mix)
    with np.errstate(over="ignore"):
        h = step(step(np.uint64(seed)) ^ np.uint64(purpose))
        h = step(h ^ np.asarray(keys, dtype=np.uint64))
        result: Keys = step(h ^ np.asarray(count, dtype=np.uint64))
    return result


def uniforms(seed: int, purpose: int, keys: Keys, count: Any = 0) -> Draws:
    """:func:`uniform` for arrays.

    Parameters
    ----------
    seed : int
        Seed of the run, in [0, 2**63).
    purpose : int
        A :class:`Purpose`.
    keys : u8 array (n)
        Each person's own key.
    count : int or array (n)
        Number of this draw among the person's draws for this purpose.

    Returns
    -------
    f8 array (n), in (0, 1).
    """
    return ((_words(seed, purpose, keys, count) >> _S11).astype(np.float64) + 0.5) * _TO_UNIT


def exponentials(seed: int, purpose: int, keys: Keys, count: Any = 0) -> Draws:
    """:func:`exponential` for arrays, mean 1; parameters as in :func:`uniforms`.

    The last bits may differ from the compiled function.
    """
    drawn = uniforms(seed, purpose, keys, count)
    np.log(drawn, out=drawn)
    return np.negative(drawn, out=drawn)


def normals(seed: int, purpose: int, keys: Keys, count: Any = 0) -> Draws:
    """:func:`normal` for arrays, mean 0, sd 1; parameters as in :func:`uniforms`.

    The last bits may differ from the compiled function.
    """
    h = _words(seed, purpose, keys, count)
    with np.errstate(over="ignore"):
        second = _plain(mix)(h)
    u = ((h >> _S11).astype(np.float64) + 0.5) * _TO_UNIT
    v = ((second >> _S11).astype(np.float64) + 0.5) * _TO_UNIT
    result: Draws = np.sqrt(-2.0 * np.log(u)) * np.cos(_TWO_PI * v)
    return result


def fresh_keys(operation: int, occurrence: int, n: int) -> Keys:
    """Keys of the ``n`` people whom one occurrence of an operation (named by its key) brings."""
    counts = np.arange(n, dtype=np.uint64)
    return _words(operation, Purpose.FRESH, counts, occurrence) >> np.uint64(1)


def run_seed(seed: int, run: int) -> int:
    """Seed of replicate ``run``, derived from the scenario's ``seed``; run 0 has that seed itself."""
    if run == 0:
        return seed
    return int(_words(seed, Purpose.RUN, np.array([run], dtype=np.uint64), 0)[0]) & sys.maxsize
