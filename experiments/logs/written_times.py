"""Written times: dates with a time of day in the forms that exports and people use, taken apart by pattern.

Each value is matched with the forms in turn, so a column may mix them. What day and month are in ``05/03/2021``
is decided for the whole column, or not at all.
"""

import re
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from shequn.experiments.logs.activity import Flags, Integers, Numbers

_HALVES = {  # words for the halves of the day: hours from, to (both included), and what is added to them
    **dict.fromkeys(("am", "a.m.", "上午", "午前", "오전"), ((0, 11, 0), (12, 12, -12))),
    **dict.fromkeys(("pm", "p.m.", "下午", "午后", "午後", "오후"), ((12, 23, 0), (1, 11, 12))),
    "凌晨": ((0, 8, 0), (12, 12, -12)),
    **dict.fromkeys(("早上", "清晨", "早晨"), ((3, 11, 0),)),
    "中午": ((10, 14, 0), (1, 2, 12)),
    **dict.fromkeys(("傍晚", "晚上"), ((15, 23, 0), (3, 11, 12))),
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1,
    )
    for name in names.split()
}  # fmt: skip
#: Hours from UTC of zones by name; those of RFC 5322 first.
_NAMED = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8,
    "pdt": -7, "wet": 0, "west": 1, "cet": 1, "cest": 2, "met": 1, "mest": 2, "eet": 2, "eest": 3, "msk": 3,
    "jst": 9, "kst": 9, "hkt": 8, "sgt": 8, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip
_MAIL_ONLY = {"cst": -6, "bst": 1}  # elsewhere they may be those of China and Bangladesh
MOST_OFFSET = 15 * 3600  # seconds

_HALF = "|".join(re.escape(word) for word in _HALVES)
_CLOCK = (
    rf"(?P<half>(?i:{_HALF}))?\s*(?P<H>\d{{1,2}})[:时點点.](?P<M>\d{{1,2}})分?"
    rf"(?:[:.]?(?P<S>\d{{1,2}})秒?(?:[.,:](?P<f>\d{{1,9}}))?)?(?:\s*(?P<late>(?i:{_HALF})))?"
)
_ZONE = (
    r"(?:\s*(?P<zone>(?:UTC|GMT)?\s?[+-]\d{1,2}(?::?\d{2}(?::?\d{2})?)?|[A-Za-z]{1,5}))?"
    r"(?:\s*(?:\([^()]*\)|\[[^\[\]]*\]))?"
)
_WEEKDAY = r"(?:\s*\(?(?:星期|周|週|礼拜)[一二三四五六日天]\)?)?"
_TIME = rf"(?:(?P<gap>\s*[T,]\s*|:|\s+(?:at\s+|um\s+)?|){_CLOCK}{_ZONE})?"
_NAME = r"(?P<mon>[A-Za-z]{3,9})\.?"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY_NAME = r"(?:(?i:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?i:day)?\.?,?\s*)?"


class _Form(NamedTuple):
    """A form of date, with or without a time of day."""

    name: str
    pattern: str
    is_mail: bool = False


_FORMS = (
    _Form("year first", rf"^(?P<y>\d{{4}})(?:-|/|\.|\s*年\s*)(?P<m>\d{{1,2}})(?:-|/|\.|\s*月\s*)"
          rf"(?P<d>\d{{1,2}})(?P<word>\s*日)?{_WEEKDAY}{_TIME}$"),
    _Form("numbers, year last", rf"^{_WEEKDAY_NAME}(?P<a>\d{{1,2}})(?P<sep>[-/.])(?P<b>\d{{1,2}})[-/.]"
          rf"(?P<y>\d{{4}}|\d{{2}}){_TIME}$"),
    _Form("day, name of the month", rf"^{_WEEKDAY_NAME}{_DAY}[ /-]{_NAME},?[ /-](?P<y>\d{{4}}|\d{{2}}){_TIME}$",
          is_mail=True),
    _Form("name of the month, day", rf"^{_WEEKDAY_NAME}{_NAME}\s+{_DAY},?\s+(?P<y>\d{{4}}){_TIME}$"),
    _Form("year after the time", rf"^{_WEEKDAY_NAME}{_NAME}\s+{_DAY}\s+{_CLOCK}\s+(?P<y>\d{{4}}){_ZONE}$"),
    _Form("year at the end", rf"^{_WEEKDAY_NAME}{_NAME}\s+{_DAY}\s+{_CLOCK}{_ZONE}\s+(?P<y>\d{{4}})$"),
    _Form("no separators", r"^(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})"
          r"(?:[T ]?(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?(?:\.(?P<f>\d{1,9}))?)?" + _ZONE + "$"),
)  # fmt: skip
#: A time of day without a date.
TIME_OF_DAY = rf"^{_CLOCK}$"
#: Year, month and day written together, with or without a time of day.
TOGETHER = r"^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(([01]\d|2[0-3])[0-5]\d([0-5]\d)?)?$"


class Written(NamedTuple):
    """Times as written (n,).

    Attributes
    ----------
    local : integers (n,)
        Microseconds since 1970-01-01 on the clock that was written; 0 where nothing could be read.
    offset : floats (n,)
        Seconds from UTC of that clock; nan where none is written.
    read : flags (n,)
    has_clock : flags (n,)
        Whether there is a time of day.
    ambiguous : flags (n,)
        Whether it cannot be said which number is the day and which the month.
    day_first : bool or None
        Which number is the day where both are numbers; None where there are no such dates.
    zones_of_mail : bool
        Whether zones are named that mean something else outside mail.
    """

    local: Integers
    offset: Numbers
    read: Flags
    has_clock: Flags
    ambiguous: Flags
    day_first: bool | None
    zones_of_mail: bool


def read_written(values: Any) -> Written:
    """Times of texts (pyarrow, without spaces around)."""
    n = len(values)
    found = Written(
        np.zeros(n, np.int64), np.full(n, np.nan), np.zeros(n, bool), np.zeros(n, bool), np.zeros(n, bool),
        None, False,
    )  # fmt: skip
    day_first, zones_of_mail = None, False
    left = np.arange(n)
    for form in _FORMS:
        if len(left) == 0:
            break
        rest = values if len(left) == n else values.take(pa.array(left))
        parts = pc.extract_regex(rest, form.pattern)
        matched = np.flatnonzero(parts.is_valid().to_numpy(zero_copy_only=False))
        if len(matched) == 0:
            continue
        rows, parts = left[matched], parts if len(matched) == len(left) else parts.drop_null()
        if form.name == "numbers, year last":
            day_first, month, day, ambiguous = _day_and_month(parts)
            found.ambiguous[rows[ambiguous]] = True
        else:
            month = _integers(parts, "m") if "m" in _groups(parts) else _months(parts)
            day = _integers(parts, "d")
        local, valid, has_clock = _clock(parts, _year(parts), month, day)
        offset, known = _offsets(parts, form.is_mail)
        if form.is_mail:
            words = set(pc.unique(pc.utf8_lower(parts.field("zone"))).to_pylist())
            zones_of_mail |= not words.isdisjoint(_MAIL_ONLY)
        found.local[rows], found.offset[rows] = np.where(valid, local, 0), offset
        found.read[rows] = valid & known & ~found.ambiguous[rows]
        found.has_clock[rows] = has_clock
        left = np.delete(left, matched)
    return found._replace(day_first=day_first, zones_of_mail=zones_of_mail)


def _groups(parts: Any) -> set[str]:
    return {field.name for field in parts.type}


def _integers(parts: Any, name: str) -> Integers:
    """A group as whole numbers; 0 where it is empty."""
    texts = parts.field(name)
    whole: Integers = (
        pc.if_else(pc.equal(texts, ""), "0", texts).cast(pa.int64()).to_numpy(zero_copy_only=False)
    )
    return whole


def _year(parts: Any) -> Integers:
    year = _integers(parts, "y")
    short = pc.equal(pc.utf8_length(parts.field("y")), 2).to_numpy(zero_copy_only=False)
    return np.where(short, np.where(year < 50, 2000 + year, 1900 + year), year)  # as RFC 5322 reads them


def _by_word(texts: Any, value: Any) -> npt.NDArray[Any]:
    """A value for each of few different texts."""
    coded = texts.dictionary_encode()
    table = np.array([value(word) for word in coded.dictionary.to_pylist()])
    found: npt.NDArray[Any] = table[coded.indices.to_numpy(zero_copy_only=False)]
    return found


def _months(parts: Any) -> Integers:
    found: Integers = _by_word(parts.field("mon"), lambda name: _MONTHS.get(name.lower(), 0))
    return found


def _day_and_month(parts: Any) -> tuple[bool | None, Integers, Integers, Flags]:
    """Day and month of dates in two numbers: whether the first is the day, month, day, and what is unclear.

    A number above 12 shows which is the day, for the whole column; dates with dots have the day first.
    """
    first, second = _integers(parts, "a"), _integers(parts, "b")
    dots = pc.equal(parts.field("sep"), ".").to_numpy(zero_copy_only=False)
    day_first, month_first = bool((first > 12).any()), bool((second > 12).any())
    unclear = np.zeros(len(first), dtype=bool)
    if day_first == month_first:  # neither, or both
        unclear = (~dots if not day_first else np.ones(len(first), dtype=bool)) & (first != second)
        day_first = True
    if day_first:
        return True, second, first, unclear
    return False, first, second, unclear


def _clock(parts: Any, year: Integers, month: Integers, day: Integers) -> tuple[Integers, Flags, Flags]:
    """Microseconds since 1970 on the written clock, whether there is such an instant, and a time of day."""
    groups = _groups(parts)
    valid = (year >= 1) & (year <= 9999) & (month >= 1) & (month <= 12) & (day >= 1)
    months = ((np.where(valid, year, 1970) - 1970) * 12 + np.where(valid, month, 1) - 1).astype(
        "datetime64[M]"
    )
    length = (
        (months + np.timedelta64(1, "M")).astype("datetime64[D]") - months.astype("datetime64[D]")
    ).astype(np.int64)
    valid &= day <= length
    days = months.astype("datetime64[D]").astype(np.int64) + day - 1
    has_clock = pc.not_equal(parts.field("H"), "").to_numpy(zero_copy_only=False)
    hour, minute, second = (_integers(parts, name) for name in "HMS")
    if "half" in groups:
        halves = pc.utf8_lower(pc.binary_join_element_wise(parts.field("half"), parts.field("late"), ""))
        if pc.any(pc.not_equal(halves, "")).as_py():
            hour, known = _hours(halves, hour)
            valid &= known
    if "gap" in groups:  # "2021-03-514:00": digits need something between them
        between = [parts.field(name) for name in ("gap", "half", "word") if name in groups]
        tight = pc.equal(pc.binary_join_element_wise(*between, ""), "").to_numpy(zero_copy_only=False)
        valid &= ~(tight & has_clock)
    midnight = (hour == 24) & (minute == 0) & (second == 0)
    valid &= ((hour <= 23) | midnight) & (minute <= 59) & (second <= 60)
    fraction = parts.field("f")
    micro = np.zeros(len(year), dtype=np.int64)
    if pc.any(pc.not_equal(fraction, "")).as_py():
        micro = pc.utf8_slice_codeunits(pc.utf8_rpad(fraction, 6, "0"), 0, 6).cast(pa.int64()).to_numpy()
    local = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000 + micro
    return local, valid, has_clock


def _hours(halves: Any, hour: Integers) -> tuple[Integers, Flags]:
    """Hours of the day from hours with a word for the half of the day, and whether they go together."""
    out, known = hour.copy(), np.ones(len(hour), dtype=bool)
    coded = halves.dictionary_encode()
    code = coded.indices.to_numpy(zero_copy_only=False)
    for number, word in enumerate(coded.dictionary.to_pylist()):
        if word == "":
            continue
        here = code == number
        known[here] = False
        for low, high, plus in _HALVES.get(word, ()):
            fits = here & (hour >= low) & (hour <= high)
            out[fits] = hour[fits] + plus
            known |= fits
    return out, known


def _offsets(parts: Any, is_mail: bool) -> tuple[Numbers, Flags]:
    """Seconds from UTC of each value, nan without a zone; and whether its zone is known."""
    if pc.all(pc.equal(parts.field("zone"), "")).as_py():
        return np.full(len(parts), np.nan), np.ones(len(parts), dtype=bool)
    offset = _by_word(parts.field("zone"), lambda word: _offset(word, is_mail)).astype(float)
    return offset, np.isnan(offset) | (np.abs(offset) <= MOST_OFFSET)


def _offset(word: str, is_mail: bool) -> float:
    """Seconds from UTC of a zone as written: nan for none, inf for one that is not known."""
    if word == "":
        return np.nan
    if match := re.fullmatch(r"(?:UTC|GMT)?\s?([+-])(\d{1,2})(?::?(\d{2})(?::?(\d{2}))?)?", word):
        sign, hours, minutes, seconds = match[1], *(int(part or 0) for part in match.groups()[1:])
        size = 3600 * hours + 60 * minutes + seconds
        return float(-size if sign == "-" else size) if minutes < 60 and seconds < 60 else np.inf
    hours_of = _NAMED | (_MAIL_ONLY if is_mail else {})
    return 3600.0 * hours_of[word.lower()] if word.lower() in hours_of else np.inf
