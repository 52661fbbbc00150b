"""Whatever is wrong with a log, one message says it, with its place; nothing else is raised."""

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shequn.experiments.logs.log import Log, LogError
from shequn.experiments.logs.reading import Layout, read_log

sys.path.insert(0, str(Path(__file__).parent))
from broken_logs import BROKEN_LOGS, BrokenLog


@pytest.mark.parametrize("broken", BROKEN_LOGS, ids=[broken.name for broken in BROKEN_LOGS])
def test_a_broken_log_gives_one_message(broken: BrokenLog, tmp_path: Path) -> None:
    path = tmp_path / broken.file
    path.write_bytes(broken.data if isinstance(broken.data, bytes) else broken.data.encode())
    (tmp_path / "others.txt").write_text("z\ny\n")
    (tmp_path / "inviters.csv").write_text("user,invited_by\na,b\n")
    (tmp_path / "strangers.csv").write_text("user,invited_by\nz,y\n")
    (tmp_path / "ages.csv").write_text("user,age\na,30\n")
    files = {
        name: tmp_path / broken.layout[name] for name in ("leave_out", "inviters") if name in broken.layout
    }
    with pytest.raises(LogError) as caught:
        read_log(path, Layout(**{**broken.layout, **files}))
    said = str(caught.value)
    assert "\n" not in said
    for word in broken.words:
        assert word in said


def test_there_are_many_and_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    assert len({broken.name for broken in BROKEN_LOGS}) == len(BROKEN_LOGS) >= 15
    (tmp_path / "chat.csv").write_text("user,ts\n")
    with pytest.raises(LogError, match=r"did you mean chat\.csv"):
        read_log(tmp_path / "chats.csv")
    (tmp_path / "chat.parquet").touch()
    with pytest.raises(LogError, match=r"no such file; did you mean chat\.parquet"):
        read_log(tmp_path / "chats.parquet")
    for name in ("no.xlsx", "no.parquet"):
        with pytest.raises(LogError, match="no such file"):
            read_log(tmp_path / name)
    with pytest.raises(LogError, match="folder"):
        read_log(tmp_path)


_CELL = st.sampled_from(
    ["a", "b", "", "1600000000", "1600000001.5", "-1", "1e99", "2021-03-05Z", '"', "x\ny", "，", "\0", "nan"]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.lists(_CELL, min_size=1, max_size=3), max_size=6), delimiter=st.sampled_from(",\t;"))
def test_any_table_gives_a_log_or_a_message(rows: list[list[str]], delimiter: str, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("\n".join(delimiter.join(row) for row in [["user", "ts"], *rows]), encoding="utf-8")
    try:
        log = read_log(path, Layout(zone="UTC"))
    except LogError:
        return
    assert isinstance(log, Log) and len(log.person) == len(log.time) > 0


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    data=st.binary(max_size=60), name=st.sampled_from(["log.csv", "log.csv.gz", "log.parquet", "log.xlsx"])
)
def test_any_bytes_give_a_log_or_a_message(data: bytes, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(LogError):
        read_log(path)
