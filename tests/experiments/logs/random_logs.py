"""Logs of known events in random dress: delimiter, encoding, header, form of the times, order of the columns."""

import csv
import datetime
import email.utils
import gzip
import io
import zoneinfo
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
UTC = datetime.UTC
_EXCEL_ZERO = datetime.datetime(1899, 12, 30)  # Excel knows no zones

At = datetime.datetime


class Form(NamedTuple):
    """A form in which times are written."""

    write: Callable[[At, int], str]  # of an instant (UTC) and the number of its row
    is_local: bool = False


def _local(at: At) -> At:
    return at.astimezone(SHANGHAI)


def _half(at: At) -> str:
    return "上午" if _local(at).hour < 12 else "下午"


def _twelve(at: At) -> int:
    return (_local(at).hour - 1) % 12 + 1


def _excel(at: At) -> str:
    return repr((_local(at).replace(tzinfo=None) - _EXCEL_ZERO) / datetime.timedelta(days=1))


def _strftime(pattern: str) -> Callable[[At, int], str]:
    return lambda at, _row: _local(at).strftime(pattern)


def _mail(at: At, row: int) -> str:
    hours, name = ((0, ""), (-5, " (EST)"), (8, ""), (2, " (CEST)"))[row % 4]
    there = at.astimezone(datetime.timezone(datetime.timedelta(hours=hours)))
    written = email.utils.format_datetime(there) + name
    return written.partition(", ")[2] if row % 7 == 3 else written


FORMS = {
    "unix": Form(lambda at, _row: str(int(at.timestamp()))),
    "unix ms": Form(lambda at, _row: str(int(at.timestamp()) * 1000)),
    "unix us": Form(lambda at, _row: str(int(at.timestamp()) * 1_000_000)),
    "unix float": Form(lambda at, _row: f"{at.timestamp():.3f}"),
    "unix s and ms": Form(lambda at, row: str(int(at.timestamp()) * (1000 if row % 3 else 1))),
    "iso Z": Form(lambda at, _row: at.strftime("%Y-%m-%dT%H:%M:%SZ")),
    "iso ms Z": Form(lambda at, _row: at.strftime("%Y-%m-%dT%H:%M:%S.000Z")),
    "iso UTC": Form(lambda at, _row: at.strftime("%Y-%m-%d %H:%M:%S UTC")),
    "short offset": Form(lambda at, _row: _local(at).strftime("%Y-%m-%d %H:%M:%S.%f") + "+08"),
    "offset": Form(lambda at, _row: _local(at).strftime("%Y-%m-%d %H:%M:%S +0800")),
    "long offset": Form(lambda at, _row: _local(at).isoformat()),
    "offsets of all forms": Form(
        lambda at, row: (
            _local(at).strftime("%Y-%m-%d %H:%M:%S") + ("+08", "+0800", "+08:00", " GMT+8")[row % 4]
        )
    ),
    "plain": Form(_strftime("%Y-%m-%d %H:%M:%S"), is_local=True),
    "T": Form(_strftime("%Y-%m-%dT%H:%M:%S"), is_local=True),
    "slashes": Form(
        lambda at, _row: f"{_local(at):%Y}/{_local(at).month}/{_local(at).day} {_local(at):%H:%M:%S}", True
    ),
    "dots": Form(_strftime("%Y.%m.%d %H:%M:%S"), is_local=True),
    "Chinese": Form(_strftime("%Y年%m月%d日 %H:%M:%S"), is_local=True),
    "Chinese, all words": Form(_strftime("%Y年%m月%d日%H时%M分%S秒"), is_local=True),
    "Chinese halves": Form(
        lambda at, _row: f"{_local(at):%Y/%m/%d} {_half(at)}{_twelve(at)}:{_local(at):%M:%S}", True
    ),
    "halves": Form(_strftime("%Y-%m-%d %I:%M:%S %p"), is_local=True),
    "day first": Form(_strftime("%d/%m/%Y %H:%M:%S"), is_local=True),
    "month first": Form(_strftime("%m/%d/%Y %I:%M:%S %p"), is_local=True),
    "German": Form(_strftime("%d.%m.%Y %H:%M:%S"), is_local=True),
    "mail": Form(_mail),
    "asctime": Form(_strftime("%a %b %d %H:%M:%S %Y"), is_local=True),
    "month by name": Form(_strftime("%B %d, %Y %H:%M:%S"), is_local=True),
    "together": Form(_strftime("%Y%m%d%H%M%S"), is_local=True),
    "Excel's days": Form(lambda at, _row: _excel(at), is_local=True),
    "row by row": Form(
        lambda at, row: (at.strftime("%Y-%m-%dT%H:%M:%SZ"), _mail(at, row), str(int(at.timestamp())))[row % 3]
    ),
    "two columns": Form(_strftime("%Y-%m-%d|%H:%M:%S"), is_local=True),
}
_PEOPLE: tuple[Callable[[int], str], ...] = (
    str,
    lambda i: f"u{i:03d}",
    lambda i: f"成员{i}",
    lambda i: f"Lee, Ann {i}",
    lambda i: f"Zoë{i}",
    lambda i: str(100_000_000_000_000_007 + 131 * i),
    lambda i: f"p{i}@example.org",
)
_PERSON = ("user", "User ID", "author", "sender", "from", "nickname", "username", "昵称", "发送人", "member")
_TIME = ("ts", "time", "Timestamp", "created_at", "date", "发送时间", "时间", "sent_at")


class RandomLog(NamedTuple):
    """A log's file, what is to be passed to the reader, and what is to be found."""

    path: Path
    form: str
    zone: str | None
    people: list[int]  # of each event, in order of time
    seconds: list[int]


def random_log(seed: int, folder: Path) -> RandomLog:
    """Write a log of random events in random dress."""
    rng = np.random.default_rng(seed)
    n_people, n = int(rng.integers(3, 30)), int(rng.integers(40, 200))
    start = int(rng.integers(1_500_000_000, 1_650_000_000))
    seconds = np.unique(start + rng.integers(0, int(rng.integers(60, 500)) * 86_400, n))
    people = rng.integers(0, n_people, len(seconds))
    form_name = str(rng.choice(list(FORMS)))
    form, name = FORMS[form_name], _PEOPLE[rng.integers(len(_PEOPLE))]
    instants = [datetime.datetime.fromtimestamp(int(at), UTC) for at in seconds]
    columns = _columns(rng, form, [name(int(i)) for i in people], instants)
    order = rng.permutation(len(columns))
    rows = np.arange(len(seconds)) if rng.random() < 0.7 else rng.permutation(len(seconds))
    table = [[columns[i][0] for i in order], *([columns[i][1][row] for i in order] for row in rows)]
    path = _written(rng, table, folder / f"log-{seed}")
    return RandomLog(
        path, form_name, "Asia/Shanghai" if form.is_local else None, people.tolist(), seconds.tolist()
    )


def _columns(
    rng: np.random.Generator, form: Form, names: list[str], instants: list[At]
) -> list[tuple[str, Any]]:
    times = [form.write(at, row) for row, at in enumerate(instants)]
    columns: list[tuple[str, Any]] = [(str(rng.choice(_PERSON)), names)]
    if "|" in times[0]:
        columns += [
            ("date", [time.split("|")[0] for time in times]),
            ("time", [time.split("|")[1] for time in times]),
        ]
    else:
        columns.append((str(rng.choice(_TIME)), times))
    texts = ['hi, "you"', "line\nbreak", "你好；再见", "", "a;b|c", "x"]
    if rng.random() < 0.6:
        columns.append(
            (str(rng.choice(["text", "content", "内容"])), [texts[i] for i in rng.integers(0, 6, len(names))])
        )
    if rng.random() < 0.4:
        columns.append(("message_id", [str(9_000 + 7 * i) for i in range(len(names))]))
    if rng.random() < 0.3:
        columns.append(("length", [str(i) for i in rng.integers(0, 500, len(names))]))
    return columns


def _written(rng: np.random.Generator, table: list[list[str]], stem: Path) -> Path:
    delimiter = str(rng.choice([",", ";", "\t", "|"]))
    out = io.StringIO()
    if delimiter != "|" and rng.random() < 0.1:
        out.write(f"sep={delimiter}\n")
    quoting = csv.QUOTE_ALL if rng.random() < 0.3 else csv.QUOTE_MINIMAL
    csv.writer(
        out, delimiter=delimiter, lineterminator=str(rng.choice(["\n", "\r\n"])), quoting=quoting
    ).writerows(table)
    data = out.getvalue().encode(str(rng.choice(["utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16"])))
    ending = ".tsv" if delimiter == "\t" else str(rng.choice([".csv", ".txt"]))
    if rng.random() < 0.2:
        data, ending = gzip.compress(data), ending + ".gz"
    path = stem.with_name(stem.name + ending)
    path.write_bytes(data)
    return path
