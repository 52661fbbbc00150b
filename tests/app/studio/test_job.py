"""Runs of the studio are those of the command line, and end with a report or with a reason."""

import json
import queue
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from shequn.app.studio.job import Job
from tests.app.studio.conftest import CLUB, ROOT


def start(root: Path, **order: Any) -> tuple[Job, "queue.Queue[dict[str, Any]]"]:
    news: queue.Queue[dict[str, Any]] = queue.Queue()
    common = {
        "do": "run",
        "text": CLUB,
        "file": "club.yaml",
        "arms": [""],
        "pairs": 2,
        "assumed": 0,
        "language": "en",
    }
    return Job(root, {**common, **order}, news.put), news


def last(news: "queue.Queue[dict[str, Any]]") -> dict[str, Any]:
    while True:
        message = news.get(timeout=240)
        if message.keys() & {"report", "error", "stopped"}:
            return message


def shequn(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "shequn.app.cli", *arguments],
        cwd=root, env=None, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    (tmp_path / "club.yaml").write_text(CLUB, encoding="utf-8")
    return tmp_path


def test_a_run_is_that_of_the_command_line(root: Path) -> None:
    _job, news = start(root)
    report = Path(last(news)["report"])
    assert report.read_text(encoding="utf-8").count("<h1") == 1
    assert "already exists" in shequn(root, "run", "club.yaml")
    folder = report.with_name(report.name.removesuffix("-report.html"))
    shequn(root, "report", str(folder), "--out", "again.html")
    assert (root / "again.html").read_text(encoding="utf-8") == report.read_text(encoding="utf-8")


def test_a_comparison_is_that_of_the_command_line(root: Path) -> None:
    _job, news = start(root, do="compare", arms=["", "free"], pairs=3)
    report = Path(last(news)["report"])
    assert "already exists" in shequn(root, "compare", "club.yaml", "--runs", "3")
    assert report.is_relative_to(root / "results" / "compare")


def test_the_assumed_numbers_are_those_of_the_command_line(root: Path) -> None:
    _job, news = start(root, do="compare", arms=["", "free"], assumed=1)
    assert "report" in last(news)
    assert "already exists" in shequn(root, "compare", "club.yaml", "--runs", "2", "--assumed", "1")


def test_a_scenario_with_mistakes_gives_the_reason(root: Path) -> None:
    _job, news = start(root, text=CLUB.replace("19.9", "-1"))
    assert "gates.fee.amount is -1" in last(news)["error"]
    assert not list((root / "results").rglob("*.html"))


def test_a_stopped_job_says_so_and_leaves_no_process(root: Path) -> None:
    job, news = start(root, text=CLUB.replace("days: 10", "days: 30000"))
    time.sleep(1.0)
    job.stop()
    assert last(news) == {"stopped": True}
    assert job._process.wait(timeout=30) is not None
    assert news.empty()


def test_a_job_ends_with_the_studio(root: Path) -> None:
    order = {"do": "run", "text": CLUB.replace("days: 10", "days: 30000"), "file": "club.yaml"}
    order |= {"arms": [""], "pairs": 2, "assumed": 0, "language": "en"}
    code = (
        "import os, sys, time; from pathlib import Path; from shequn.app.studio.job import Job;"
        f"job = Job(Path({str(root)!r}), {order!r}, lambda news: None); print(job._process.pid, flush=True);"
        "time.sleep(1); os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    status = Path(f"/proc/{int(done.stdout)}/stat")
    if not Path("/proc/self").exists():
        pytest.skip("needs /proc")
    for _ in range(100):
        if not status.exists() or status.read_text().split()[2] == "Z":
            return
        time.sleep(0.2)
    raise AssertionError(json.dumps({"still running": done.stdout}))
