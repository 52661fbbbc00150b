"""Broken logs, each with the words that its one message must hold."""

from typing import Any, NamedTuple


class BrokenLog(NamedTuple):
    name: str
    data: bytes | str
    words: tuple[str, ...]
    file: str = "log.csv"
    layout: dict[str, Any] = {}  # noqa: RUF012 (a NamedTuple's default; never changed)


HEAD = "user,ts\n"
GOOD = HEAD + "a,1600000000\nb,1600000001\n"

BROKEN_LOGS = [
    BrokenLog("empty", "", ("empty",)),
    BrokenLog("blank", "\n \n", ("empty",)),
    BrokenLog("header only", HEAD, ("no rows", "header")),
    BrokenLog("one column", "user\na\nb\n", ("line 1", "one column")),
    BrokenLog("no header", "a,1600000000\nb,1600000001\n", ("person", "--person", "'1600000000'")),
    BrokenLog("no time column", "user,said\na,hi\n", ("time", "--time", "'said'")),
    BrokenLog("column twice", "user,ts,user\na,1600000000,b\n", ("two columns", "'user'")),
    BrokenLog(
        "column misspelt",
        GOOD,
        ("no column 'usr'", "did you mean user?"),
        layout={"columns": {"person": "usr"}},
    ),
    BrokenLog("short row", HEAD + "a,1600000000\nb\n", ("line 3", "1 columns", "2")),
    BrokenLog("long row", HEAD + "a,1600000000\nb,2,3\n", ("line 3", "3 columns", "'b,2,3'")),
    BrokenLog("odd row after a break in quotes", HEAD + '"a\nb",1600000000\nc\n', ("line 4", "1 columns")),
    BrokenLog(
        "word for a time", HEAD + "a,1600000000\nb,yesterday\nc,1600000001\n", ("line 3", "'yesterday'")
    ),
    BrokenLog("time beyond 2100", HEAD + "a,1600000000\nb,99600000001\nc,1600000001\n", ("line 3", "2100")),
    BrokenLog("days for times", HEAD + "a,0.5\nb,12.25\n", ("0.5", "Unix", "--time-format")),
    BrokenLog("no time zone", HEAD + "a,2021-03-05 14:00\n", ("no time zone", "--tz", "Asia/Shanghai")),
    BrokenLog(
        "some with a zone", HEAD + "a,2021-03-05 14:00Z\nb,2021-03-05 14:00\n", ("line 3", "no time zone")
    ),
    BrokenLog("unknown form", HEAD + "a,05/03/21 14h\n", ("'05/03/21 14h'", "--time-format")),
    BrokenLog("mixed forms", HEAD + "a,2021-03-05 14:00Z\nb,noon\n", ("line 3", "'noon'")),
    BrokenLog(
        "a 30th of February",
        HEAD + "a,2021-02-28 09:00Z\nb,2021-02-30 09:00Z\n",
        ("line 3", "'2021-02-30 09:00Z'"),
    ),
    BrokenLog(
        "unknown zone",
        HEAD + "a,2021-03-05\n",
        ("no such time zone", "Asia/Shanghai"),
        layout={"zone": "shanghai"},
    ),
    BrokenLog(
        "zone that is none at all",
        HEAD + "a,2021-03-05\n",
        ("--tz 'home': no such time zone; examples: Asia/Shanghai",),
        layout={"zone": "home"},
    ),
    BrokenLog("offset of 99 minutes", GOOD, ("'+08:99': no such time zone",), layout={"zone": "+08:99"}),
    BrokenLog("offset of 23 hours", GOOD, ("'+23:00': no such time zone",), layout={"zone": "+23:00"}),
    BrokenLog(
        "kind to keep that is none",
        GOOD,
        ("--keep all: allowed are deleted, bots, notices, repeats, rounded",),
        layout={"keep": frozenset(["all"])},
    ),
    BrokenLog("format that fits nothing", GOOD, ("line 2", "%H"), layout={"time_format": "%H"}),
    BrokenLog(
        "seconds taken as milliseconds",
        GOOD,
        ("1600000000, which by --time-format unix-ms are of 1970",),
        layout={"time_format": "unix-ms"},
    ),
    BrokenLog("format that is none", GOOD, ("--time-format",), layout={"time_format": "%Q"}),
    BrokenLog(
        "kind that is not there",
        "user,ts,type\na,1600000000,msg\n",
        ("'mgs'", "did you mean msg?"),
        layout={"count": ("mgs",)},
    ),
    BrokenLog(
        "kinds without a column of them",
        GOOD,
        ("which column is the kind", "--kind"),
        layout={"count": ("msg",)},
    ),
    BrokenLog(
        "answers without numbers",
        "user,ts,re\na,1600000000,\n",
        ("which column is the number of each event", "--id"),
        layout={"columns": {"reply_to": "re"}},
    ),
    BrokenLog("nothing left", HEAD + ",1600000000\na,\n", ("no rows are left", "2")),
    BrokenLog("no times at all", HEAD + "a,\nb,\n", ("'ts'", "no times")),
    BrokenLog("JSON", '[{"user": "a"}]', ("JSON", "CSV")),
    BrokenLog("web page", "<html></html>", ("web page", "CSV")),
    BrokenLog("binary", b"user,ts\0\1\2", ("binary",)),
    BrokenLog("Excel under another name", b"PK\x03\x04....", ("Excel", "not text")),
    BrokenLog("damaged gzip", b"\x1f\x8b\x08\0damaged", ("damaged gzip",), "log.csv.gz"),
    BrokenLog("damaged Excel", b"PK\x03\x04....", ("not a readable Excel",), "log.xlsx"),
    BrokenLog("damaged Parquet", b"PAR1....", ("not a readable Parquet",), "log.parquet"),
    BrokenLog("another format", GOOD, ("sqlite", "CSV"), "log.sqlite"),
    BrokenLog("a sheet of a CSV", GOOD, ("no sheets",), layout={"sheet": "a"}),
    BrokenLog("neither UTF-8 nor GB18030", b"user,ts\n\xff\xfe\xfd,1600000000\n", ("line 2", "UTF-8")),
    BrokenLog(
        "quality that is no number",
        "user,ts,q\na,1600000000,good\n",
        ("line 2: q 'good' is not a finite number",),
        layout={"columns": {"quality": "q"}, "inviters": "inviters.csv"},
    ),
    BrokenLog(
        "infinite quality",
        "user,ts,q\na,1600000000,\nb,1600000001,nan\nc,1600000002,inf\n",
        ("line 4: q 'inf' is not a finite number",),
        layout={"columns": {"quality": "q"}},
    ),
    BrokenLog(
        "people to leave out of another log",
        GOOD,
        ("nobody named there", "'z'"),
        layout={"leave_out": "others.txt"},
    ),
    BrokenLog(
        "no file of people", GOOD, ("nowhere.txt", "no such file"), layout={"leave_out": "nowhere.txt"}
    ),
    BrokenLog(
        "no inviters in the table", GOOD, ("others.txt", "one column"), layout={"inviters": "others.txt"}
    ),
    BrokenLog(
        "a table without inviters",
        GOOD,
        ("ages.csv: which column is the inviter? It must have a name such as inviter, invited_by", "'age'"),
        layout={"inviters": "ages.csv"},
    ),
    BrokenLog(
        "inviters of another log",
        GOOD,
        ("strangers.csv: nobody named there is in", "'z'"),
        layout={"inviters": "strangers.csv"},
    ),
]
