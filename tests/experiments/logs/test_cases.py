"""Files of the kind that users bring: each is read to its right value, or refused as it should be.

Small files of our own making stand for each kind; the files of ``../shared/cases`` are read where they are.
"""

import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shequn.experiments.logs.log import Log, LogError
from shequn.experiments.logs.reading import Layout, read_log
from shequn.experiments.logs.statistics import statistics

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"
START = 1_673_644_472  # 2023-01-13 21:14:32 UTC
SECONDS = [START, START + 58_079, START + 236_658, START + 240_000]
NAMES = ["ann", "bo", "ann", "cy"]
SHANGHAI = Layout(zone="Asia/Shanghai")


def at(hours: float, pattern: str) -> list[str]:
    """The four instants on a clock that is some hours ahead of UTC."""
    zone = datetime.timezone(datetime.timedelta(hours=hours))
    return [datetime.datetime.fromtimestamp(second, zone).strftime(pattern) for second in SECONDS]


def table(times: list[Any], names: list[Any] | None = None, header: str = "user,ts") -> str:
    rows = [f'{name},"{time}"' for name, time in zip(names or NAMES, times, strict=True)]
    return "\n".join([header, *rows]) + "\n"


def read(folder: Path, data: str | bytes, layout: Layout | None = None, name: str = "log.csv") -> Log:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_log(path, layout)


def check(log: Log) -> None:
    assert log.time.tolist() == SECONDS
    assert log.person.tolist() == [0, 1, 0, 2]


@pytest.mark.parametrize(
    ("times", "layout"),
    [
        (at(8, "%Y-%m-%d %H:%M:%S.000000+08"), None),
        (at(0, "%Y-%m-%d %H:%M:%S+00"), None),
        (at(5.5, "%Y-%m-%dT%H:%M:%S+0530"), None),
        (at(8, "%Y-%m-%d %H:%M:%S GMT+8"), None),
        (at(-5, "%Y-%m-%d %H:%M:%S EST"), None),
        (at(-5, "%a, %d %b %Y %H:%M:%S -0500 (EST)"), None),
        (at(0, "%d %b %Y %H:%M:%S -0000"), None),
        (at(-6, "%d %b %Y %H:%M:%S CST"), None),
        (at(8, "%a %b %d %Y %H:%M:%S GMT+0800 (China Standard Time)"), None),
        (at(8, "%a %b %d %H:%M:%S %Y +0800"), None),
        (at(8, "%a %b %d %H:%M:%S %Y"), SHANGHAI),
        (at(8, "%d/%b/%Y:%H:%M:%S +0800"), None),
        (at(8, "%d-%b-%y %I:%M:%S %p"), SHANGHAI),
        (at(0, "%a, %d %b %y %H:%M:%S GMT"), None),
        (at(8, "%Y/%m/%d 上午%I:%M:%S"), "half"),
        (at(8, "%d/%m/%Y %H:%M:%S"), SHANGHAI),
        (at(8, "%m/%d/%Y, %I:%M:%S %p"), SHANGHAI),
        (at(8, "%Y年%m月%d日 星期五 %H:%M:%S"), SHANGHAI),
        (at(8, "%Y%m%d%H%M%S"), SHANGHAI),
        (at(8, "%Y%m%d %H%M%S"), SHANGHAI),
        (at(8, "%Y-%m-%dT%H:%M:%S"), SHANGHAI),
        ([f"{second}000" if i % 2 else second for i, second in enumerate(SECONDS)], None),
        ([(second + 8 * 3600) / 86_400 + 25_569 for second in SECONDS], SHANGHAI),
        ([*at(0, "%Y-%m-%dT%H:%M:%SZ")[:2], *at(0, "%a, %d %b %Y %H:%M:%S GMT")[2:]], None),
        ([*at(8, "%Y-%m-%d %H:%M:%S")[:2], *at(0, "%Y-%m-%dT%H:%M:%SZ")[2:]], SHANGHAI),
    ],
)
def test_times_of_every_form_are_read(times: list[Any], layout: Any, tmp_path: Path) -> None:
    if layout == "half":  # the words for the half of the day, by the hour
        hours = [int(hour) for hour in at(8, "%H")]
        times = [
            time if h < 12 else time.replace("上午", "下午") for time, h in zip(times, hours, strict=True)
        ]
        layout = SHANGHAI
    check(read(tmp_path, table(times), layout))


def test_date_and_time_may_be_two_columns(tmp_path: Path) -> None:
    rows = [f"{a},{b},{c}" for a, b, c in zip(NAMES, at(8, "%Y-%m-%d"), at(8, "%H:%M:%S"), strict=True)]
    for header in ("user,date,time", "昵称,日期,时间"):
        check(read(tmp_path, "\n".join([header, *rows]), SHANGHAI))
    odd = "\n".join(["user,tag,uhr", *rows])
    with pytest.raises(LogError, match="which column is the time"):
        read(tmp_path, odd, SHANGHAI)
    check(read(tmp_path, odd, Layout(zone="Asia/Shanghai", columns={"time": "tag+uhr"})))
    with pytest.raises(LogError, match=r"time of day without a date; name both columns: --time DATE\+TIME"):
        read(tmp_path, odd, Layout(zone="UTC", columns={"time": "uhr"}))


def test_a_zone_that_may_be_that_of_china_is_not_guessed(tmp_path: Path) -> None:
    for pattern in ("%a %b %d %H:%M:%S CST %Y", "%Y-%m-%d %H:%M:%S CST"):
        with pytest.raises(LogError, match="is of no known form"):
            read(tmp_path, table(at(8, pattern)))


def test_a_date_that_may_have_the_month_first_is_asked_for(tmp_path: Path) -> None:
    data = table(["05/03/2021 10:00:00", "06/03/2021 10:00:00", "07/03/2021 10:00:00", "08/03/2021 11:00:00"])
    with pytest.raises(LogError, match=r"line 2: .*day or the month first; say which with --time-format"):
        read(tmp_path, data, SHANGHAI)
    form = Layout(zone="UTC", time_format="%d/%m/%Y %H:%M:%S")
    assert pd.Timestamp(read(tmp_path, data, form).time[0], unit="s").month == 3


@pytest.mark.parametrize("zero", ["0", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z"])
def test_what_stands_for_no_time_is_left_out(zero: str, tmp_path: Path) -> None:
    times = [zero, *(SECONDS[1:] if zero == "0" else at(0, "%Y-%m-%dT%H:%M:%SZ")[1:])]
    log = read(tmp_path, table(times))
    assert log.time.tolist() == SECONDS[1:]
    assert log.left_out == {"without": 1}


@pytest.mark.parametrize("year", ["2262-01-01T00:00:00Z", "9999-12-31T00:00:00Z", "1905-01-01T00:00:00Z"])
def test_times_have_bounds_in_every_form(year: str, tmp_path: Path) -> None:
    data = table([*at(0, "%Y-%m-%dT%H:%M:%SZ")[:3], year])
    with pytest.raises(
        LogError, match=r"line 5: ts .* is no time between 1970 and 2100; --skip-bad 1 leaves"
    ):
        read(tmp_path, data)
    log = read(tmp_path, data, Layout(skip_bad=1))
    assert log.time.tolist() == SECONDS[:3] and log.left_out == {"odd": 1}
    path = tmp_path / "log.parquet"
    stamps = np.array([*SECONDS[:3], 253_402_214_400], dtype="datetime64[s]").astype("datetime64[us]")
    pq.write_table(pa.table({"user": NAMES, "ts": pa.array(stamps, pa.timestamp("us", "UTC"))}), path)
    with pytest.raises(LogError, match=r"row 4: .* is no time between 1970 and 2100"):
        read_log(path)


def test_a_time_far_from_all_others_is_noted(tmp_path: Path) -> None:
    seconds = [START + 3600 * i for i in range(200)]
    data = table([1_000_000_000, *seconds], ["zoe", *["ann", "bo"] * 100])
    assert any("lies years from all others: line 2" in note for note in read(tmp_path, data).notes)


def test_times_that_a_spreadsheet_has_rounded_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="rounded the seconds away"):
        read(tmp_path, table(["1.67364E+09"] * 4))


@pytest.mark.parametrize(
    "names",
    [
        ["1.00000E+17"] * 4,
        ["1E+15", "2E+15", "1E+15", "3E+15"],
        ["123456789012345000", "223456789012345000"] * 2,
    ],
)
def test_names_that_a_spreadsheet_has_rounded_are_refused(names: list[str], tmp_path: Path) -> None:
    if names[0].isdigit():
        names = [*names[:3], "323456789012345000"]
    with pytest.raises(LogError, match="--keep rounded"):
        read(tmp_path, table(SECONDS, names))
    assert len(read(tmp_path, table(SECONDS, names), Layout(keep=frozenset({"rounded"}))).time) == 4


def test_long_numbers_as_floats_are_refused_and_short_ones_read(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    pd.DataFrame({"user": [1e17, 1e17 + 32, 1e17, 1e17 + 64], "ts": SECONDS}).to_parquet(path)
    with pytest.raises(LogError, match="--keep rounded"):
        read_log(path)
    pd.DataFrame({"user": [7.0, 8.0, 7.0, 9.0], "ts": SECONDS}).to_parquet(path)
    check(read_log(path))
    check(read(tmp_path, table(SECONDS, ["7.0", "8", "7", "9.0"])))


def test_one_name_in_two_forms_is_one_person(tmp_path: Path) -> None:
    log = read(tmp_path, table(SECONDS, ["Zo\u00eb", "bo", "Zoe\u0308", "\u200ecy"]))
    assert log.person.tolist() == [0, 1, 0, 2]
    assert any("invisible characters" in note for note in log.notes)


def test_gone_accounts_and_bots_are_left_out_unless_kept(tmp_path: Path) -> None:
    data = table(SECONDS, ["ann", "[deleted]", "AutoModerator", "nan"])
    log = read(tmp_path, data)
    assert log.time.tolist() == SECONDS[:1] and log.left_out == {"deleted": 2, "bots": 1}
    assert len(read(tmp_path, data, Layout(keep=frozenset({"deleted", "bots"}))).time) == 4
    with pytest.raises(LogError, match="did you mean bots"):
        read(tmp_path, data, Layout(keep=frozenset({"bot"})))


def test_rows_that_repeat_a_number_are_left_out(tmp_path: Path) -> None:
    rows = [f"{i},{name},{time}" for i, (name, time) in enumerate(zip(NAMES, SECONDS, strict=True))]
    data = "\n".join(["message_id,user,ts", *rows, *rows[:3]])
    log = read(tmp_path, data)
    check(log)
    assert log.left_out == {"repeats": 3}
    assert len(read(tmp_path, data, Layout(keep=frozenset({"repeats"}))).time) == 7
    other = "\n".join(["id,user,ts", *(f"1,{row[2:]}" for row in rows)])  # no number of events
    check(read(tmp_path, other))


def test_a_line_for_excel_and_a_delimiter_that_is_named(tmp_path: Path) -> None:
    rows = [f"{a};{b}" for a, b in zip(NAMES, SECONDS, strict=True)]
    check(read(tmp_path, "\n".join(["sep=;", "user;ts", *rows])))
    spaced = "\n".join(row.replace(";", "   ") for row in rows)
    with pytest.raises(LogError, match="--delimiter"):
        read(tmp_path, spaced)
    check(read(tmp_path, spaced, Layout(delimiter="space", names=("user", "ts"))))
    with pytest.raises(LogError, match="--columns names 3"):
        read(tmp_path, spaced, Layout(delimiter="space", names=("user", "ts", "text")))
    with pytest.raises(LogError, match="--columns names the columns"):
        read(tmp_path, "\n".join(rows))


def test_a_row_longer_than_a_block_and_an_odd_row_after_it(tmp_path: Path) -> None:
    lines = [f"{a},{b},x" for a, b in zip(NAMES, SECONDS, strict=True)]
    lines[1] = f"bo,{SECONDS[1]},{'y' * 3_000_000}"
    check(read(tmp_path, "\n".join(["user,ts,text", *lines])))
    for odd, words in (("bo,yesterday,x", "line 6: ts 'yesterday'"), ("bo,1,2,3", "line 6: 4 columns")):
        data = "\n".join(["user,ts,text", *lines, odd])
        with pytest.raises(LogError, match=words):
            read(tmp_path, data)
        log = read(tmp_path, data, Layout(skip_bad=1))
        check(log)
        assert log.left_out == {"odd": 1} and any(words in note for note in log.notes)


def test_a_quote_without_its_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match='line 3: a " without its closing'):
        read(tmp_path, f'user,ts,text\na,{START},x\nb,{START},"y\nc,{START},z\nd,{START},z\n')


def test_an_encoding_can_be_named(tmp_path: Path) -> None:
    data = table(SECONDS, ["Jos\u00e9", "bo", "Jos\u00e9", "cy"]).encode("cp1252")
    check(read(tmp_path, data, Layout(encoding="cp1252")))
    with pytest.raises(LogError, match="neither UTF-8 nor GB18030 text; --encoding names another"):
        read(tmp_path, data)
    with pytest.raises(LogError, match="no encoding is called 'cp125x'"):
        read(tmp_path, data, Layout(encoding="cp125x"))


#: Of each file of the cases with events: how many events are read (2,744 unless said), or what refuses it.
EVENTS = {
    "L05-pg-short-offset.csv": 2_744,
    "L06-zh-ampm.csv": 2_744,
    "L08-excel-scientific-ids.csv": "--keep rounded",
    "L08b-float-ids.parquet": "--keep rounded",
    "L09-duplicate-export.csv": 2_744,
    "L10-reddit-deleted.csv": 2_195,
    "L13-one-year-2262.csv": "between 1970 and 2100",
    "L13c-one-year-9999.parquet": "between 1970 and 2100",
    "L14-unix-zero.csv": 2_743,
    "L15-mixed-s-ms.csv": 2_744,
    "L16-mbox-dates.csv": 2_744,
    "L22-sep-line.csv": 2_744,
    "L33-date-and-time.csv": 2_744,
    "L40-200kB-field-bad-time.csv": "line 52: ts 'yesterday'",
    "L41-200kB-field-ragged.csv": "line 101: 4 columns",
    "L43-pywxdump.csv": 2_689,
}
IN_UTC = {"L33-date-and-time.csv"}  # the others without an offset are written in Shanghai


@pytest.mark.skipif(not CASES.is_dir(), reason="the files of ../shared/cases are not here")
@pytest.mark.parametrize("name", EVENTS)
def test_the_files_that_users_bring_have_their_right_value(name: str) -> None:
    wanted, layout = EVENTS[name], Layout(zone="UTC" if name in IN_UTC else "Asia/Shanghai")
    if isinstance(wanted, str):
        with pytest.raises(LogError) as caught:
            read_log(CASES / name, layout)
        assert wanted in str(caught.value)
        return
    log = read_log(CASES / name, layout)
    assert (len(log.time), log.person.max() + 1) == (wanted, 60)
    if wanted != 2_195:
        assert statistics(log.person, log.time)["D1"] == pytest.approx(0.21875)


def test_bots_may_be_marked_in_a_column(tmp_path: Path) -> None:
    rows = [f"{name},{time},{str(name == 'bo').lower()}" for name, time in zip(NAMES, SECONDS, strict=True)]
    log = read(tmp_path, "\n".join(["user,ts,is_bot", *rows]))
    assert log.person.tolist() == [0, 0, 1] and log.left_out == {"bots": 1}


def test_events_that_repeat_without_numbers_are_noted(tmp_path: Path) -> None:
    seconds = [START + 60 * i for i in range(40)]
    once = table(seconds, ["ann", "bo"] * 20)
    assert not any("overlap" in note for note in read(tmp_path, once).notes)
    twice = once + "".join(once.splitlines(keepends=True)[1:])
    assert any("40 events have person and time of another" in note for note in read(tmp_path, twice).notes)


@pytest.mark.parametrize("nothing", ["NULL", "nan", "0000-00-00 00:00:00", "-", ""])
def test_words_for_no_time_are_left_out(nothing: str, tmp_path: Path) -> None:
    log = read(tmp_path, table([nothing, *at(0, "%Y-%m-%dT%H:%M:%SZ")[1:]]))
    assert log.time.tolist() == SECONDS[1:] and log.left_out == {"without": 1}


@pytest.mark.parametrize(
    ("names", "words"), [(["ann"] * 30, "are of one person"), (range(30), "is of another person")]
)
def test_a_column_that_can_hardly_be_people_is_noted(names: Any, words: str, tmp_path: Path) -> None:
    log = read(tmp_path, table([START + 60 * i for i in range(30)], list(names)))
    assert any(words in note and "--person" in note for note in log.notes)


@pytest.mark.parametrize(
    ("zero", "units"), [(-11_644_473_600, 10_000_000), (-62_135_596_800, 10_000_000), (978_307_200, 1)]
)
def test_numbers_that_are_counted_from_another_day_are_refused(zero: int, units: int, tmp_path: Path) -> None:
    data = table([(second - zero) * units for second in SECONDS])  # Windows, .NET, Apple
    with pytest.raises(LogError, match="counted from another day"):
        read(tmp_path, data)


def test_early_unix_times_can_be_named(tmp_path: Path) -> None:
    early = [second - 1_000_000_000 for second in SECONDS]  # 1991
    assert read(tmp_path, table(early), Layout(time_format="unix")).time.tolist() == early


def test_numbers_of_people_go_before_their_nicknames(tmp_path: Path) -> None:
    rows = [f"小王,{name},{time}" for name, time in zip(NAMES, SECONDS, strict=True)]
    check(read(tmp_path, "\n".join(["昵称,QQ号,时间", *rows])))
