"""Logs of every format and encoding give the same numbers; names do not come in."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shequn.experiments.logs.log import NOBODY, LogError
from shequn.experiments.logs.reading import Layout, read_log

ROWS = [("小王", 1_600_000_000), ("Ann", 1_600_000_060), ("小王", 1_600_090_000), ("Bo, Jr.", 1_600_090_500)]
PERSON, TIME = [0, 1, 0, 2], [1_600_000_000, 1_600_000_060, 1_600_090_000, 1_600_090_500]


def text(time: str = "{}", delimiter: str = ",") -> str:
    """The rows as a table of text."""
    lines = [f'"{name}"{delimiter}{time.format(at)}' for name, at in ROWS]
    return "\n".join([f"user{delimiter}ts", *lines]) + "\n"


def local(at: int, zone: str, form: str) -> str:
    return pd.Timestamp(at, unit="s", tz="UTC").tz_convert(zone).strftime(form)


def written(tmp_path: Path, data: bytes | str, name: str = "log.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def check(path: Path, layout: Layout | None = None) -> list[str]:
    log = read_log(path, layout)
    assert log.person.tolist() == PERSON
    assert log.time.tolist() == TIME
    return log.notes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    notes = check(written(tmp_path, text().encode(encoding)))
    assert any("GB18030" in note for note in notes) == (encoding == "gb18030")


@pytest.mark.parametrize(
    ("name", "delimiter"), [("log.csv", ","), ("log.csv", ";"), ("log.tsv", "\t"), ("log.txt", "|")]
)
def test_delimiters(name: str, delimiter: str, tmp_path: Path) -> None:
    check(written(tmp_path, text(delimiter=delimiter), name))


def test_gzip_crlf_blank_lines_and_line_breaks_in_quotes(tmp_path: Path) -> None:
    check(written(tmp_path, gzip.compress(text().encode()), "log.csv.gz"))
    check(written(tmp_path, text().replace("\n", "\r\n")))
    check(written(tmp_path, "\n" + text().replace("\n", "\n\n")))
    told = text().replace("user,ts", "user,said,ts").replace('",', '","hi\nthere",')
    check(written(tmp_path, told))


@pytest.mark.parametrize("unit", ["", "000", "000000", "000000000", ".0"])
def test_unix_times_of_any_unit(unit: str, tmp_path: Path) -> None:
    check(written(tmp_path, text("{}" + unit)))


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S",
        "%Y/%m/%d %H:%M:%S",
        "%Y年%m月%d日 %H:%M:%S",
        "%Y.%m.%d %H:%M:%S",
    ],
)
def test_local_times_are_of_the_zone_that_is_named(form: str, tmp_path: Path) -> None:
    lines = [f'"{name}",{local(at, "Asia/Shanghai", form)}' for name, at in ROWS]
    path = written(tmp_path, "\n".join(["用户,时间", *lines]))
    for zone in ("Asia/Shanghai", "+08:00", "UTC+8"):
        check(path, Layout(zone=zone))


@pytest.mark.parametrize("form", ["%Y-%m-%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S%z", "%a, %d %b %Y %H:%M:%S %z"])
def test_times_with_an_offset_need_no_zone(form: str, tmp_path: Path) -> None:
    zones = ("Asia/Shanghai", "America/New_York", "UTC", "Europe/Paris")
    lines = [f'"{name}","{local(at, zone, form)}"' for (name, at), zone in zip(ROWS, zones, strict=True)]
    check(written(tmp_path, "\n".join(["author,created_at", *lines])))


def test_a_named_form(tmp_path: Path) -> None:
    lines = [f'"{name}",{local(at, "UTC", "%d/%m/%Y %H-%M-%S")}' for name, at in ROWS]
    path = written(tmp_path, "\n".join(["user,ts", *lines]))
    check(path, Layout(zone="UTC", time_format="%d/%m/%Y %H-%M-%S"))


def test_an_hour_that_comes_twice_is_the_first_and_one_left_out_is_the_next(tmp_path: Path) -> None:
    path = written(tmp_path, "user,ts\na,2021-03-28 02:30:00\nb,2021-10-31 02:30:00\n")
    found = read_log(path, Layout(zone="Europe/Berlin")).time
    wanted = [pd.Timestamp(at, tz="UTC").timestamp() for at in ("2021-03-28 01:00", "2021-10-31 00:30")]
    assert found.tolist() == wanted


def test_parquet_with_types_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    frame = pd.DataFrame(ROWS, columns=["user", "ts"])
    frame.to_parquet(path)
    check(path)
    stamps = pd.to_datetime(frame.ts, unit="s", utc=True)
    frame.assign(ts=stamps.dt.tz_convert("Asia/Tokyo")).to_parquet(path)
    check(path)
    frame.assign(ts=stamps.dt.tz_convert("Asia/Tokyo").dt.tz_localize(None)).to_parquet(path)
    check(path, Layout(zone="Asia/Tokyo"))
    frame.assign(user=frame.user.astype("category"), ts=frame.ts * 1000.0).to_parquet(path)
    check(path)


def test_excel(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    frame = pd.DataFrame(ROWS, columns=["昵称", "时间"])
    frame["时间"] = pd.to_datetime(frame["时间"], unit="s")
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        frame.to_excel(book, sheet_name="消息", index=False, startrow=2)
        pd.DataFrame({"x": [1]}).to_excel(book, sheet_name="other", index=False)
    notes = check(path, Layout(zone="UTC"))
    assert any("'消息'" in note and "'other'" in note for note in notes)
    check(path, Layout(zone="UTC", sheet="消息"))


def test_columns_by_name_kinds_people_left_out_and_missing_values(tmp_path: Path) -> None:
    table = (
        "who,at,what\nann,1600000000,msg\nbot,1600000001,msg\n,1600000002,msg\nann,,msg\nbo,1600000003,join\n"
    )
    path = written(tmp_path, table)
    bots = written(tmp_path, "who\nbot\nnobody\n", "bots.txt")
    columns = {"person": "who", "time": "at", "kind": "what"}
    log = read_log(path, Layout(columns=columns, count=("msg",), leave_out=bots))
    assert log.person.tolist() == [0]
    assert any("2 rows without" in note for note in log.notes)
    assert any("1 people left out; 1 more" in note for note in log.notes)


def test_rows_are_put_in_order_and_people_numbered_as_they_appear(tmp_path: Path) -> None:
    log = read_log(written(tmp_path, "user,ts\nz,1600000300\na,1600000100\nz,1600000200\n"))
    assert log.time.tolist() == [1_600_000_100, 1_600_000_200, 1_600_000_300]
    assert log.person.tolist() == [0, 1, 1]


def test_names_do_not_come_into_the_log(tmp_path: Path) -> None:
    log = read_log(written(tmp_path, text()))
    assert "小王" not in repr(log) and "Ann" not in repr(log)


def test_who_answers_whom(tmp_path: Path) -> None:
    table = "id,user,ts,parent\n9,a,1600000000,\n8,b,1600000100,9\n7,a,1600000200,8\n6,c,1600000300,404\n"
    log = read_log(written(tmp_path, table))
    assert log.answers is not None and log.answered is not None
    assert log.answers.tolist() == [NOBODY, 0, 1, NOBODY]
    assert log.answered.tolist() == [NOBODY, 0, 1, NOBODY]


def test_who_brought_whom(tmp_path: Path) -> None:
    events = ["user,ts,score"] + [
        f"{name},{1_600_000_000 + i},{i % 3}" for i, name in enumerate("abcabcabcabcabc")
    ]
    inviters = written(tmp_path, "user,invited_by\na,founder\nb,a\nc,a\nd,c\ne,\n", "users.csv")
    log = read_log(
        written(tmp_path, "\n".join(events)), Layout(columns={"quality": "score"}, inviters=inviters)
    )
    assert log.invitations is not None
    assert log.invitations.inviter.tolist() == [5, 0, 0, 2, NOBODY]
    assert log.invitations.inviter_of_writer.tolist() == [NOBODY, 0, 0]
    np.testing.assert_array_equal(log.invitations.quality, [0, 1, 2, np.nan, np.nan, np.nan])


def test_an_event_that_answers_itself_or_a_later_one_is_no_answer(tmp_path: Path) -> None:
    rows = [
        "id,user,ts,re",
        "1,a,1600000000,2",
        "2,b,1600200000,1",
        "3,c,1600200090,3",
        "4,a,1600200100,5",
        "5,b,1600200200,",
    ]
    log = read_log(written(tmp_path, "\n".join(rows)), Layout(columns={"reply_to": "re"}))
    assert log.answers is not None and log.answers.tolist() == [NOBODY, 0, NOBODY, 4, NOBODY]
    assert log.answered is not None and log.answered.tolist() == [NOBODY, 0, NOBODY, 1, NOBODY]
    assert any(note.startswith("2 events answer themselves or later ones") for note in log.notes)


def test_nobody_is_invited_by_themselves_or_by_two(tmp_path: Path) -> None:
    inviters = written(tmp_path, "user,invited_by\na,a\nb,a\nb,c\nc,a\nc,a\n", "users.csv")
    rows = ["user,ts", "a,1600000000", "b,1600000060", "c,1600000090"]
    log = read_log(written(tmp_path, "\n".join(rows)), Layout(inviters=inviters))
    assert log.invitations is not None
    assert log.invitations.inviter_of_writer.tolist() == [NOBODY, 0, 0]
    assert "users.csv: 1 person is said to have invited themselves: that counts as unknown" in log.notes
    assert "users.csv: 1 person has several inviters: the first counts" in log.notes


def test_a_rating_may_be_missing_and_a_bad_one_left_out(tmp_path: Path) -> None:
    rows = ["user,ts,q", "a,1600000000,1.5", "b,1600000060,", "c,1600000090,good", "d,1600000091,NaN"]
    path = written(tmp_path, "\n".join(rows))
    log = read_log(path, Layout(columns={"quality": "q"}, skip_bad=1))
    assert log.rating is not None and log.person.tolist() == [0, 1, 2]
    np.testing.assert_array_equal(log.rating, [1.5, np.nan, np.nan])
    assert log.left_out == {"odd": 1}


def test_leaving_rows_out_is_offered_where_some_are_left(tmp_path: Path) -> None:
    path = written(tmp_path, "user,ts\na,1600000000\nb,1600000060\n")
    with pytest.raises(LogError, match=r"of the form %d/%m \(and 1 more\)$"):
        read_log(path, Layout(time_format="%d/%m"))


@pytest.mark.parametrize(("days", "is_noted"), [(300, False), (900, True)])
def test_years_in_which_nobody_wrote_are_noted(days: int, is_noted: bool, tmp_path: Path) -> None:
    times = [1_600_000_000 + 3600 * k + 86_400 * days * (k >= 15) for k in range(30)]
    rows = [f"{'ab'[k % 2]},{at}" for k, at in enumerate(times)]
    notes = read_log(written(tmp_path, "\n".join(["user,ts", *rows]))).notes
    said = "nobody wrote for 900 days, from 2020-09-14 to 2023-03-03: is the file complete?"
    assert (said in notes) == is_noted
