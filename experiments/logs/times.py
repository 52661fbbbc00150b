"""Instants of a log: the one place that decides how times are read, and whether they can be true."""

import datetime
import re
import zoneinfo
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from shequn.experiments.logs.activity import DAY, Flags, Integers, Numbers
from shequn.experiments.logs.log import LogError
from shequn.experiments.logs.tables import Table
from shequn.experiments.logs.written_times import MOST_OFFSET, TIME_OF_DAY, TOGETHER, read_written
from shequn.sim.hints import near_one
from shequn.sim.language import N_, _, plural

_EARLIEST, _LATEST = 0.0, 4_102_444_800.0  # 1970 and 2100
_LEAST_UNIX = 1e8  # 1973: smaller numbers are days, years or dates written together
_UNITS = (  # a number below the first has the second as units per second
    (1e11, 1.0, N_("seconds")),
    (1e14, 1e3, N_("milliseconds")),
    (1e17, 1e6, N_("microseconds")),
    (1e20, 1e9, N_("nanoseconds")),
)
_TOGETHER = [(1.97e7, 2.1e7), (1.97e11, 2.1e11), (1.97e13, 2.1e13)]  # as numbers, 20210305 to 20210305140000
_EARLIEST_UNIX = 788_918_400.0  # 1995: numbers of earlier times are rather counted from 1601 or 2001
_NUMBER = r"^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?$"
_ROUNDED = r"^[+-]?\d(?:[.,](?P<decimals>\d*))?[eE]\+?(?P<exponent>\d+)$"
#: Names that --time-format takes beside the codes of strptime: units per second of Unix numbers, 0 for Excel's days.
_NAMED_FORMATS = {"unix": 1.0, "unix-ms": 1e3, "unix-us": 1e6, "unix-ns": 1e9, "excel": 0.0}
_EXCEL_ZERO = 25_569  # 1970-01-01 in Excel's days
_EXCEL = (29_221.0, 73_050.0)  # 1980 and 2100 in Excel's days
_NO_TIME = 86_400 + 14 * 3600  # seconds around 0, in any time zone: 1970-01-01 stands for "no time"
_NO_TEXTS = pa.array(
    ["", "null", "nan", "nat", "none", "n/a", "-", "\\n", "0000-00-00", "0000-00-00 00:00:00"]
)
_NET_ZERO = -62_135_596_800  # 0001-01-01, that of .NET
_FAR_DAYS, _FAR_SHARE = 730, 0.01  # of values far from all others


class Instants(NamedTuple):
    """When rows happened.

    Attributes
    ----------
    seconds : floats (n,)
        Since 1970-01-01 UTC; nan where a row has no time.
    zone : str
        The time zone that was written or assumed, in words for a result's first line.
    """

    seconds: Numbers
    zone: str


def known_zone(name: str) -> str | datetime.timezone:
    """The time zone of a name, such as ``Asia/Shanghai``, ``UTC`` or ``+08:00``.

    Raises
    ------
    LogError
        There is no such zone; the message gives the nearest name.
    """
    if match := re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?", name):
        offset = datetime.timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        if int(match[3] or 0) < 60 and offset.total_seconds() <= MOST_OFFSET:
            return datetime.timezone(offset if match[1] == "+" else -offset)
    try:
        return zoneinfo.ZoneInfo(name).key
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        pass
    names = zoneinfo.available_timezones()
    cities = {zone.rsplit("/", 1)[-1].lower(): zone for zone in sorted(names)}
    near = cities.get(name.lower().replace(" ", "_"))
    hint = _("; did you mean {near}?").format(near=near) if near else near_one(name, sorted(names))
    raise LogError(
        _("--tz {name!r}: no such time zone{hint}").format(
            name=name, hint=hint or _("; examples: Asia/Shanghai, Europe/Berlin, +08:00")
        )
    )


def are_times_of_day(values: Any) -> bool:
    """Whether texts are times of day without a date."""
    if not pa.types.is_string(values.type):
        return False
    head = pc.utf8_normalize(values.drop_null()[:500], "NFKC")
    return len(head) > 0 and pc.mean(pc.match_substring_regex(head, TIME_OF_DAY)).as_py() > 0.5


def instants(
    table: Table, column: str, values: Any, zone: str | None = None, form: str | None = None
) -> Instants:
    """A column's instants.

    Parameters
    ----------
    table : Table
        Where the column is from, for messages; gets notes. Its odd rows have no time.
    column : str
        Its name, for messages.
    values : pyarrow array
    zone : str, optional
        Time zone of times that are written without one.
    form : str, optional
        How times are written, as in ``strptime``, or unix, unix-ms, unix-us, unix-ns, excel.

    Raises
    ------
    LogError
        A value is no time, or no time between 1970 and 2100; local times without a zone; numbers in
        which a spreadsheet has rounded the time away.
    """
    if values.null_count == len(values):
        raise LogError(_("{path}: column {column!r} holds no times").format(path=table.path, column=column))
    reader = _Reader(table, column, values, zone, form)
    seconds = reader.seconds()
    _bounded(table, column, values, seconds)
    if np.isnan(seconds).all():
        raise LogError(_("{path}: column {column!r} holds no times").format(path=table.path, column=column))
    _note_far(table, column, values, seconds)
    return Instants(seconds, reader.zone_in_words())


class _Reader:
    """Reads one column of times."""

    def __init__(self, table: Table, column: str, values: Any, zone: str | None, form: str | None) -> None:
        self.table, self.column, self.zone, self.form = table, column, zone, form
        self.values = values
        self.is_local, self.has_zone = False, False

    def zone_in_words(self) -> str:
        """The time zone in words for a result's first line."""
        if self.is_local:
            return str(self.zone)
        return _("with their own offsets") if self.has_zone else "UTC"

    def seconds(self) -> Numbers:
        """Seconds since 1970-01-01 UTC (n,); nan where there is no time, or none that can be read."""
        values, kind = self.values, self.values.type
        if pa.types.is_timestamp(kind):
            return self._stamps(values)
        named = None if self.form is None else _NAMED_FORMATS.get(self.form.lower())
        if not pa.types.is_string(kind):
            return self._numbers(values.cast(pa.float64()).to_numpy(zero_copy_only=False), named)
        values = pc.utf8_trim_whitespace(values)
        if not pc.all(pc.string_is_ascii(values)).as_py():
            values = pc.utf8_trim_whitespace(_without_marks(pc.utf8_normalize(values, "NFKC")))
        nothing = pc.is_in(pc.utf8_lower(values), value_set=_NO_TEXTS)
        values = pc.if_else(nothing, pa.scalar(None, pa.string()), values)
        if pc.sum(values.is_null()).as_py() == len(values):
            return np.full(len(values), np.nan)
        if self.form is not None and named is None:
            return self._formatted(values, self.form)
        quick = self._all_numbers(values)
        if quick is not None:
            return self._numbers(quick, named)
        numeric = pc.fill_null(pc.match_substring_regex(values, _NUMBER), False)
        together = pc.fill_null(pc.match_substring_regex(values, TOGETHER), False)
        if named is None and pc.sum(together).as_py() == pc.sum(numeric).as_py():
            numeric = pc.and_not(numeric, together)
        is_number = numeric.to_numpy(zero_copy_only=False)
        missing = values.is_null().to_numpy(zero_copy_only=False)
        if named is not None:
            self._refuse(~is_number & ~missing, _("is not a number, which --time-format asks for"))
        if not is_number.any():
            return self._written(values, missing)
        self._refuse_rounded(values.filter(numeric))
        numbers = np.full(len(missing), np.nan)
        numbers[is_number] = values.filter(numeric).cast(pa.float64()).to_numpy(zero_copy_only=False)
        found = self._numbers(numbers, named)
        if named is None and not (is_number | missing).all():
            written = self._written(
                pc.if_else(numeric, pa.scalar(None, pa.string()), values), is_number | missing
            )
            found = np.where(is_number, found, written)
        return found

    @staticmethod
    def _all_numbers(values: Any) -> Numbers | None:
        """The texts as numbers, if all are, plainly, and none could be a date written together."""
        if pc.any(pc.match_substring_regex(values, "[^0-9.]")).as_py():
            return None
        try:
            numbers: Numbers = values.cast(pa.float64()).to_numpy(zero_copy_only=False)
        except pa.ArrowInvalid:
            return None
        given = numbers[~np.isnan(numbers) & (numbers != 0)]
        if len(given) == 0 or any(low <= given.min() and given.max() < high for low, high in _TOGETHER):
            return None
        return numbers

    def _refuse(self, bad: Flags, why: str) -> None:
        self.table.odd.marked(self.table, self.column, self.values, bad, why)

    def _stamps(self, values: Any) -> Numbers:
        """Instants of a column that has the type of one."""
        whole = pc.cast(values, pa.timestamp(values.type.unit)).to_numpy(zero_copy_only=False)
        bounds = np.array([-62_135_596_800, 253_402_300_799], dtype="datetime64[s]")  # years 1 to 9999
        second = whole.astype("datetime64[s]")
        out = ~np.isnat(whole) & ((second < bounds[0]) | (second > bounds[1]))
        self._refuse(out, _("is no time between 1970 and 2100"))
        read = ~np.isnat(whole) & ~out
        local = np.zeros(len(whole), dtype=np.int64)
        local[read] = whole[read].astype("datetime64[us]").astype(np.int64)
        if values.type.tz is not None:
            self.has_zone = values.type.tz not in ("UTC", "+00:00")
            return np.where(read, local / 1e6, np.nan)
        return self._local(local, read)

    def _numbers(self, numbers: Numbers, parts: float | None) -> Numbers:
        """Unix times in seconds, milli-, micro- or nanoseconds, by their size; or Excel's days."""
        known = ~np.isnan(numbers)
        given = numbers[known & (numbers != 0)]
        if len(given) == 0:
            return np.where(known, 0.0, np.nan)
        size = float(np.median(np.abs(given)))
        if parts == 0.0 or (parts is None and _EXCEL[0] <= given.min() and given.max() < _EXCEL[1]):
            self.table.notes.append(_("times read as Excel's days"))
            micro = np.where(known, np.round((numbers - _EXCEL_ZERO) * DAY * 1_000) * 1_000, 0)
            plausible = known & (np.abs(numbers) < 3e6)
            self._refuse(known & ~plausible, _("is no time between 1970 and 2100"))
            return self._local(np.where(plausible, micro, 0).astype(np.int64), plausible)
        if parts is not None:
            if size / parts < _LEAST_UNIX:
                raise LogError(
                    _(
                        "{path}: {column} holds numbers such as {value}, which by --time-format {form} are of "
                        "{year}: another unit? (unix, unix-ms, unix-us, unix-ns)"
                    ).format(
                        path=self.table.path,
                        column=self.column,
                        value=f"{given[0]:.15g}",
                        form=self.form,
                        year=datetime.datetime.fromtimestamp(size / parts, datetime.UTC).year,
                    )
                )
            return numbers / parts
        if size < _LEAST_UNIX:
            raise LogError(
                _(
                    "{path}: {column} holds numbers such as {value}, which are neither Unix times (from 100,000,000 "
                    "on, in seconds or milliseconds) nor Excel's days (1980 to 2100); 20210305 needs --time-format "
                    "%Y%m%d"
                ).format(path=self.table.path, column=self.column, value=f"{given[0]:.15g}")
            )
        sizes = np.abs(np.where(known, numbers, 0))
        unit = np.searchsorted([limit for limit, _parts, _name in _UNITS[:-1]], sizes, side="right")
        nothing = sizes < _LEAST_UNIX
        self._refuse(known & nothing & (numbers != 0), _("is no time between 1970 and 2100"))
        seconds = np.where(nothing, 0.0, numbers / np.array([parts for _limit, parts, _name in _UNITS])[unit])
        middle = float(np.median(seconds[known & ~nothing]))
        if middle < _EARLIEST_UNIX:
            raise LogError(
                _(
                    "{path}: {column} holds numbers such as {value}, which as Unix times are of {year}: are they "
                    "counted from another day (as those of Windows and Apple are)? --time-format unix, unix-ms, "
                    "unix-us or unix-ns takes them as they are"
                ).format(
                    path=self.table.path,
                    column=self.column,
                    value=f"{given[0]:.15g}",
                    year=datetime.datetime.fromtimestamp(middle, datetime.UTC).year,
                )
            )
        used, count = np.unique(unit[known & ~nothing], return_counts=True)
        if len(used) > 1:
            listed = _(", ").join(
                f"{n:,} {_(_UNITS[one][2])}" for one, n in zip(used.tolist(), count.tolist(), strict=True)
            )
            self.table.notes.append(
                _(
                    "times in more than one unit ({listed}), each read in its own: was the file joined from several?"
                ).format(listed=listed)
            )
        elif used[0] > 0:
            self.table.notes.append(_("times read as Unix {unit}").format(unit=_(_UNITS[int(used[0])][2])))
        return np.where(known & ~(nothing & (numbers != 0)), seconds, np.nan)

    def _refuse_rounded(self, values: Any) -> None:
        """Refuse numbers such as 1.67364E+09, in which seconds are lost."""
        parts = pc.extract_regex(values, _ROUNDED).drop_null()
        if len(parts) == 0:
            return
        lost = np.array(
            [int(exponent) - len(decimals) for decimals, exponent in
             zip(parts.field("decimals").to_pylist(), parts.field("exponent").to_pylist(), strict=True)]
        )  # fmt: skip
        whole = np.array([int(exponent) for exponent in parts.field("exponent").to_pylist()])
        if (lost - (whole - 9) > 0).any():
            raise LogError(
                _(
                    "{path}: {column} holds numbers such as {value}, in which a spreadsheet has rounded the "
                    "seconds away: export the column as text"
                ).format(
                    path=self.table.path,
                    column=self.column,
                    value=pc.filter(values, pc.match_substring_regex(values, _ROUNDED))[0].as_py(),
                )
            )

    def _written(self, values: Any, missing: Flags) -> Numbers:
        """Instants of texts in the forms that are known."""
        found = read_written(pc.fill_null(values, ""))
        if not found.read[~missing].any() and 2 * missing.sum() < len(missing):
            self._refuse_unknown(values, missing, found.ambiguous)
        if (found.ambiguous & ~missing).any():
            self._refuse(
                found.ambiguous,
                _(
                    "may have the day or the month first; say which with --time-format, such as '%d/%m/%Y %H:%M'"
                ),
            )
        self._refuse(
            ~found.read & ~missing & ~found.ambiguous,
            _("is not a time in a known form (see --time-format)"),
        )
        if found.day_first is not None:
            self.table.notes.append(
                _("dates read with the day before the month")
                if found.day_first
                else _("dates read with the month before the day")
            )
        if found.zones_of_mail:
            self.table.notes.append(_("the zones CST and BST are those of mail: UTC−6 and UTC+1"))
        if not found.has_clock[found.read].any():
            self.table.notes.append(_("the times are dates only: every event counts as at midnight"))
        return self._placed(found.local, found.offset, found.read)

    def _placed(self, local: Integers, offset: Numbers, read: Flags) -> Numbers:
        """Instants of times on written clocks, some of which have an offset from UTC."""
        has_offset = ~np.isnan(offset)
        if (read & has_offset).all() or not (read & ~has_offset).any():
            self.has_zone = bool(np.any(offset[read] != 0))
            return np.where(read, (local - 1e6 * np.where(has_offset, offset, 0)) / 1e6, np.nan)
        if self.zone is None and (read & has_offset).any():
            self._refuse(read & ~has_offset, _("has no time zone, but others have"))
            return self._placed(local, offset, read & has_offset)
        seconds = self._local(local, read & ~has_offset)
        with_offset = read & has_offset
        if with_offset.any():
            self.table.notes.append(
                plural(
                    "{n:,} time with an offset of its own, the others are of the zone {zone}",
                    "{n:,} times with an offset of their own, the others are of the zone {zone}",
                    int(with_offset.sum()),
                ).format(n=int(with_offset.sum()), zone=self.zone)
            )
            seconds[with_offset] = (local[with_offset] - 1e6 * offset[with_offset]) / 1e6
        return seconds

    def _refuse_unknown(self, values: Any, missing: Flags, ambiguous: Flags) -> None:
        first = values[int(np.flatnonzero(~missing)[0])].as_py()
        if are_times_of_day(values):
            raise LogError(
                _(
                    "{path}: {column} {first!r} is a time of day without a date; name both columns: "
                    "--time DATE+TIME, for example --time date+time"
                ).format(path=self.table.path, column=self.column, first=first[:60])
            )
        if ambiguous.any():
            return
        raise LogError(
            _(
                "{path}: {column} {first!r} is of no known form; say how with --time-format, for example "
                "'%d/%m/%Y %H:%M'"
            ).format(path=self.table.path, column=self.column, first=first[:60])
        )

    def _formatted(self, values: Any, form: str) -> Numbers:
        """Instants of texts in a form that the user has named."""
        texts = pd.Series(values.to_pandas(), dtype=object)
        missing = texts.isna().to_numpy()
        has_zone = "%z" in form or "%Z" in form
        try:
            parsed = pd.to_datetime(texts, format=form, errors="coerce", utc=True)
        except ValueError as error:
            raise LogError(_("--time-format {form!r}: {error}").format(form=form, error=error)) from None
        read = ~parsed.isna().to_numpy() & ~missing
        self._refuse(~read & ~missing, _("is no time of the form {word}").format(word=form))
        micro = parsed.dt.tz_localize(None).to_numpy().astype("datetime64[us]").astype(np.int64)
        offset = np.zeros(len(texts)) if has_zone else np.full(len(texts), np.nan)
        return self._placed(np.where(read, micro, 0), offset, read)

    def _local(self, local: Integers, read: Flags) -> Numbers:
        """Instants of local times; an hour that comes twice is taken as the first, one left out as that after it.

        Raises
        ------
        LogError
            Nobody said in which time zone they are.
        """
        seconds = np.full(len(local), np.nan)
        if not read.any():
            return seconds
        stamps = pd.DatetimeIndex(local[read].astype("datetime64[us]"))
        if self.zone is None:
            raise LogError(
                _(
                    "{path}: {column} {iloc!r} has no time zone; say which the times are in with --tz, for "
                    "example --tz Asia/Shanghai or --tz UTC"
                ).format(path=self.table.path, column=self.column, iloc=str(stamps[0]))
            )
        self.is_local = True
        first = np.ones(len(stamps), dtype=bool)
        there = stamps.tz_localize(known_zone(self.zone), ambiguous=first, nonexistent="shift_forward")
        micro = there.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]").astype(np.int64)
        seconds[read] = micro / 1e6
        return seconds


def _without_marks(texts: Any) -> Any:
    """Texts without the invisible marks that some exports put around times."""
    return pc.replace_substring_regex(texts, "[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", "")


def _bounded(table: Table, column: str, values: Any, seconds: Numbers) -> None:
    """Take out what stands for no time, with a note, and refuse what cannot be a time of an event."""
    nothing = (np.abs(seconds) < _NO_TIME) | (np.abs(seconds - _NET_ZERO) < _NO_TIME)
    if nothing.any():
        n = int(nothing.sum())
        words = plural(
            "{n:,} row has 1970-01-01 for a time, which stands for no time",
            "{n:,} rows have 1970-01-01 for a time, which stands for no time",
            n,
        )
        table.notes.append(words.format(n=n))
        seconds[nothing] = np.nan
    bad = ~np.isnan(seconds) & ~((seconds >= _EARLIEST) & (seconds < _LATEST))
    seconds[bad] = np.nan
    table.odd.marked(table, column, values, bad, _("is no time between 1970 and 2100"))


def _note_far(table: Table, column: str, values: Any, seconds: Numbers) -> None:
    """A note on few values that lie years from all others."""
    if np.nanmax(seconds) - np.nanmin(seconds) < _FAR_DAYS * DAY:
        return
    known = np.flatnonzero(~np.isnan(seconds))
    order = known[np.argsort(seconds[known], kind="stable")]
    gaps = np.diff(seconds[order])
    if len(gaps) == 0:
        return
    at = int(np.argmax(gaps))
    below = at + 1 <= len(order) - at - 1
    few, many = (order[: at + 1], order[at + 1 :]) if below else (order[at + 1 :], order[: at + 1])
    span = seconds[many[-1]] - seconds[many[0]]
    if gaps[at] < _FAR_DAYS * DAY or gaps[at] < 2 * span or len(few) > max(1, _FAR_SHARE * len(order)):
        return
    if len(many) < 10:
        return
    row = int(few[0])
    words = plural(
        "{n:,} time lies years from all others: {place}: {value!r}. The log is as long as that makes it; is it true?",
        "{n:,} times lie years from all others, first {place}: {value!r}. The log is as long as they make it; "
        "are they true?",
        len(few),
    )
    table.notes.append(
        words.format(n=len(few), place=table.places([row])[0], value=str(values[row].as_py())[:60])
    )
