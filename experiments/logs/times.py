"""Instants of a log: Unix numbers, ISO 8601 and its relatives, or any written form that is named."""

import datetime
import re
import zoneinfo
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from shequn.experiments.logs.activity import Numbers
from shequn.experiments.logs.log import LogError
from shequn.experiments.logs.tables import Table
from shequn.sim.language import _
from shequn.sim.scenario.hints import did_you_mean

_UNITS = (
    (1e11, 1.0),
    (1e14, 1e3),
    (1e17, 1e6),
    (1e20, 1e9),
)  # numbers below the first have the second as units per second
_EARLIEST, _LATEST = 0.0, 4_102_444_800.0  # 1970 and 2100
_LEAST_UNIX = 1e8  # 1973: smaller numbers are days, years or dates written together
_NUMBER = r"^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?$"
_OFFSET = r"(Z|z|UTC|GMT|[+-]\d{2}:?\d{2})$"
_FORMATS = (
    *(f"{date}{time}" for date in ("%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y年%m月%d日 ")
      for time in (" %H:%M:%S", " %H:%M", "%H:%M:%S", "%H:%M", "%H时%M分%S秒", "%H时%M分", "")),
    "%Y-%m-%d %H:%M:%S %Z", "%Y-%m-%d %H:%M:%S,%f", "%a, %d %b %Y %H:%M:%S %z", "%d %b %Y %H:%M:%S %z",
    "%a %b %d %H:%M:%S %Y", "%b %d, %Y %I:%M %p", "%d %B %Y %H:%M",
)  # fmt: skip
_SAMPLE = 500  # values a format is tried on


def known_zone(name: str) -> str | datetime.timezone:
    """The time zone of a name, such as ``Asia/Shanghai``, ``UTC`` or ``+08:00``.

    Raises
    ------
    LogError
        There is no such zone; the message gives the nearest name.
    """
    if match := re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?", name):
        offset = datetime.timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        if offset < datetime.timedelta(days=1):
            return datetime.timezone(offset if match[1] == "+" else -offset)
    try:
        return zoneinfo.ZoneInfo(name).key
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        pass
    names = zoneinfo.available_timezones()
    cities = {zone.rsplit("/", 1)[-1].lower(): zone for zone in sorted(names)}
    near = cities.get(name.lower().replace(" ", "_"))
    hint = _("; did you mean {near}?").format(near=near) if near else did_you_mean(name, sorted(names))
    raise LogError(_("--tz {name}: no such time zone{hint}").format(name=name, hint=hint))


def instants(
    table: Table, column: str, values: Any, zone: str | None = None, form: str | None = None
) -> Numbers:
    """A column's instants in seconds since 1970-01-01 UTC (n,); nan where it has none.

    Parameters
    ----------
    table : Table
        Where the column is from, for messages; gets notes.
    column : str
        Its name, for messages.
    values : pyarrow array
    zone : str, optional
        Time zone of times that are written without one.
    form : str, optional
        How times are written, as in ``strptime``.

    Raises
    ------
    LogError
        A value is no time, or no time between 1970 and 2100; local times without a zone.
    """
    if values.null_count == len(values):
        raise LogError(_("{path}: column {column!r} holds no times").format(path=table.path, column=column))
    if pa.types.is_timestamp(values.type):
        stamps = pd.Series(values.to_pandas())
        return _local(table, column, stamps, zone) if values.type.tz is None else _seconds(stamps)
    if not pa.types.is_string(values.type):
        return _unix(table, column, values.cast(pa.float64()).to_numpy(zero_copy_only=False))
    values = pc.utf8_trim_whitespace(values)
    if form is None:
        numeric = pc.match_substring_regex(values, _NUMBER)
        if pc.mean(numeric).as_py() > 0.5:
            _refuse_first(table, column, values, ~_flags(numeric), _("is no number, as the others are"))
            return _unix(table, column, values.cast(pa.float64()).to_numpy(zero_copy_only=False))
    return _written(table, column, values, zone, form)


def _flags(values: Any) -> Any:
    return pc.fill_null(values, True).to_numpy(zero_copy_only=False)


def _refuse_first(table: Table, column: str, values: Any, bad: Any, why: str) -> None:
    """Refuse the first value that is marked, if any."""
    rows = np.flatnonzero(bad)
    if len(rows):
        more = _(" (and {n:,} more)").format(n=len(rows) - 1) if len(rows) > 1 else ""
        found = str(values[int(rows[0])].as_py())
        raise LogError(f"{table.path}: {table.place(int(rows[0]))}: {column} {found[:60]!r} {why}{more}")


def _unix(table: Table, column: str, numbers: Numbers) -> Numbers:
    """Unix time in seconds, milli-, micro- or nanoseconds, distinguished by size."""
    known = ~np.isnan(numbers)
    size = float(np.median(np.abs(numbers[known])))
    if size < _LEAST_UNIX:
        raise LogError(
            f"{table.path}: {column} holds numbers such as {numbers[known][0]:.15g}, which are no Unix times "
            f"(from 100,000,000 on, in seconds or milliseconds); 20210305 needs --time-format %Y%m%d"
        )
    a_second = next((parts for limit, parts in _UNITS if size < limit), 1.0)
    seconds: Numbers = numbers / a_second
    bad = known & ~((seconds >= _EARLIEST) & (seconds < _LATEST))
    _refuse_first(table, column, pa.array(numbers), bad, _("is no time between 1970 and 2100"))
    if a_second != 1.0:
        table.notes.append(
            _("times read as Unix {value}seconds").format(
                value=({1e3: "milli", 1e6: "micro", 1e9: "nano"})[a_second]
            )
        )
    return seconds


def _written(table: Table, column: str, values: Any, zone: str | None, form: str | None) -> Numbers:
    texts = pd.Series(values.to_pandas(), dtype=object)
    missing = texts.isna().to_numpy()
    form = form or _form(texts[~missing].head(_SAMPLE))
    if form is None:
        raise LogError(
            f"{table.path}: {column} {str(texts[~missing].iloc[0])[:60]!r} is of no known form; "
            f"say how with --time-format, for example '%d/%m/%Y %H:%M'"
        )
    try:
        parsed = pd.to_datetime(texts, format=form, errors="coerce", utc=True)
    except ValueError as error:
        raise LogError(_("--time-format {form!r}: {error}").format(form=form, error=error)) from None
    bad = parsed.isna().to_numpy() & ~missing
    _refuse_first(
        table,
        column,
        values,
        bad,
        _("is no time of the form {word}").format(word="ISO 8601" if form == "ISO8601" else form),
    )
    offset = pc.fill_null(pc.match_substring_regex(values, _OFFSET), False).to_numpy(zero_copy_only=False)
    has_zone = missing | offset if form == "ISO8601" else np.full(len(texts), "%z" in form or "%Z" in form)
    if has_zone.all():
        return _seconds(parsed)
    if (has_zone & ~missing).any():
        _refuse_first(table, column, values, ~has_zone, _("has no time zone, but others have"))
    return _local(table, column, parsed.dt.tz_localize(None), zone)


def _form(texts: pd.Series) -> str | None:
    """The form in which most of a sample are written."""
    for form in ("ISO8601", *_FORMATS):
        if pd.to_datetime(texts, format=form, errors="coerce", utc=True).notna().mean() >= 0.5:
            return form
    return None


def _local(table: Table, column: str, stamps: pd.Series, zone: str | None) -> Numbers:
    """Seconds of local times; an hour that comes twice is taken as the first, one left out as that after it.

    Raises
    ------
    LogError
        Nobody said in which time zone they are.
    """
    if zone is None:
        raise LogError(
            _(
                "{path}: {column} {iloc!r} has no time zone; say which the times are in with --tz, for "
                "example --tz Asia/Shanghai or --tz UTC"
            ).format(path=table.path, column=column, iloc=str(stamps.dropna().iloc[0]))
        )
    first = np.ones(len(stamps), dtype=bool)
    there = stamps.dt.tz_localize(known_zone(zone), ambiguous=first, nonexistent="shift_forward")
    return _seconds(there)


def _seconds(stamps: pd.Series) -> Numbers:
    whole = stamps.dt.tz_convert("UTC").dt.tz_localize(None).astype("datetime64[us]")
    numbers: Numbers = whole.to_numpy().astype(np.int64).astype(float) / 1e6
    numbers[whole.isna().to_numpy()] = np.nan
    return numbers
