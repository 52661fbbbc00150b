"""`describe`: a table in words, a page of figures, and every mistake a message."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from shequn.app.cli import cli

FOUND = {"description.txt", "figure.png", "statistics.csv"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder with two logs of some 500 days."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(3)
    for name in ("chat", "forum"):
        joined = rng.uniform(0, 400, 300)
        n = 1 + rng.geometric(0.1, 300)
        person = np.repeat(np.arange(300), n)
        day = joined[person] + rng.exponential(40, len(person)).round(2)
        frame = pd.DataFrame(
            {"user": person, "ts": 1_500_000_000 + (day * 86_400).astype(int), "type": "msg"}
        )
        frame.loc[::7, "type"] = "join"
        frame.to_csv(f"{name}.csv", index=False)
    return tmp_path


def shequn(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def names(top: Path) -> set[str]:
    return {path.name for path in top.iterdir()}


def test_two_logs_stand_side_by_side_with_the_real_range(folder: Path) -> None:
    done = shequn("describe", "chat.csv", "forum.csv", "--kind-of", "chat")
    assert done.exit_code == 0, done.output
    assert "chat: " in done.stdout and "300 people" in done.stdout
    header = next(line for line in done.stdout.splitlines() if line.lstrip().startswith("chat  "))
    assert header.split() == ["chat", "n", "forum", "n", "real:", "chats"]
    once = next(line for line in done.stdout.splitlines() if "seen on one day only" in line)
    assert once.rstrip().endswith("32.2 – 58.1 %")
    assert "all kinds of rows are counted" in done.stderr
    assert names(folder) == {"chat.csv", "forum.csv"}


def test_out_holds_table_figures_and_numbers_and_the_same_bytes_again(folder: Path) -> None:
    for out in ("a", "b"):
        done = shequn("describe", "chat.csv", "forum.csv", "--count", "msg", "--out", out, "--csv")
        assert done.exit_code == 0, done.output
        assert names(folder / out) == FOUND
    for name in FOUND:
        assert (folder / "a" / name).read_bytes() == (folder / "b" / name).read_bytes()
    assert (folder / "a" / "description.txt").read_text(encoding="utf-8").strip() == done.stdout.strip()
    numbers = pd.read_csv(folder / "a" / "statistics.csv").set_index("statistic")
    # the regression of leaving has no quality here, and shared luck no change of blocks
    assert len(numbers) == 44 + 4 * 2 + 1
    assert 0 < numbers.loc["one_day_share", "chat"] < 1
    assert numbers.loc["one_day_share", "real_max"] == 0.6295


def test_the_figure_has_six_panels_with_names_and_no_text_lies_on_other_text(folder: Path) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from shequn.app.figures.logs import draw
    from shequn.experiments.logs.description import Description
    from shequn.experiments.logs.reading import read_log

    figure = Figure(figsize=(10, 10.5))
    canvas = FigureCanvasAgg(figure)
    draw(figure, [Description(read_log(f"{name}.csv")) for name in ("chat", "forum")])
    canvas.draw()
    assert len(figure.axes) == 6
    for axes in figure.axes:
        assert axes.get_title(loc="left") and axes.get_ylabel() and len(axes.lines) >= 2
    page = [axes.get_tightbbox(canvas.get_renderer()) for axes in figure.axes]
    page += [legend.get_window_extent() for legend in figure.legends]
    assert not [(one, other) for one, other in combinations(page, 2) if one.overlaps(other)]
    assert all(box.x0 >= 0 and box.y0 >= 0 and box.x1 <= 1_000 and box.y1 <= 1_050 for box in page)
    for axes in figure.axes:
        for axis, view in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            shown = [tick.label1 for tick in axis.get_major_ticks() if view[0] <= tick.get_loc() <= view[1]]
            boxes = [label.get_window_extent() for label in shown if label.get_text()]
            assert not [(one, other) for one, other in combinations(boxes, 2) if one.overlaps(other)]


@pytest.mark.parametrize("rows", [["a,1600000000"], ["a,1600000000", "b,1700000000"]])
def test_a_log_of_next_to_nothing_can_be_described(rows: list[str], folder: Path) -> None:
    Path("one.csv").write_text("\n".join(["user,ts", *rows]))
    done = shequn("describe", "one.csv", "--out", "out")
    assert done.exit_code == 0, done.output
    assert re.match(rf"one: {len(rows)} (person|people), {len(rows)} messages?, 2020-09-13 to ", done.stdout)
    assert (f"one: {len(rows)} people wrote" in done.stdout) == (len(rows) > 1)
    assert ("one: 1 person wrote 1 message in 1 day." in done.stdout) == (len(rows) == 1)
    with Image.open(folder / "out" / "figure.png") as image:
        assert image.size[0] > 1_000


def test_options_are_given_once_for_all_or_once_for_each(folder: Path) -> None:
    pd.read_csv("chat.csv").rename(columns={"user": "who"}).to_csv("odd.csv", index=False)
    assert shequn("describe", "odd.csv", "forum.csv", "--person", "who", "--person", "-").exit_code == 0
    done = shequn(
        "describe",
        "odd.csv",
        "forum.csv",
        "--silence",
        "30",
        "--silence",
        "90",
        "--person",
        "who",
        "--person",
        "user",
    )
    assert "after 30 days" in done.stdout and "after 90 days" in done.stdout
    done = shequn("describe", "chat.csv", "chat.csv")
    assert "chat (2)" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "output"),
    [
        (["nowhere.csv"], "no such file"),
        (["chats.csv"], "did you mean chat.csv"),
        (["."], "no finished run"),
        (["chat.csv", "--person", "usr"], "did you mean user?"),
        (["chat.csv", "--count", "mgs"], "did you mean msg?"),
        (["chat.csv", "--tz", "Shanghai"], "Asia/Shanghai"),
        (["chat.csv", "--leave-out", ""], "--leave-out '': nothing is named"),
        (["chat.csv", "--columns", ",, "], "--columns ',, ': nothing is named"),
        (["chat.csv", "--silence", "0"], "whole number of days"),
        (["chat.csv", "--silence", "soon"], "whole number of days"),
        (["chat.csv", "--csv"], "--out"),
        (["chat.csv", "--out", "forum.csv"], "is a file"),
        (["chat.csv", "--kind-of", "club"], "'chat', 'forum'"),
        (["chat.csv", "--tz", "UTC", "--tz", "UTC"], "2 times for 1 logs"),
        (["chat.csv"] * 8, "at most 7"),
        ([], "Missing argument"),
    ],
)
def test_a_mistake_is_a_message_and_nothing_is_written(
    arguments: list[str], output: str, folder: Path
) -> None:
    before = names(folder)
    done = shequn("describe", *arguments)
    assert done.exit_code == 2
    assert output in done.stderr
    assert "Traceback" not in done.output
    assert names(folder) == before


def test_a_full_disk_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shequn.app.figures.logs.write_figure", full)
    done = shequn("describe", "chat.csv", "--out", "out")
    assert done.exit_code == 2 and "No space left" in done.stderr
    assert names(folder / "out") == set()


def test_the_first_line_says_what_was_understood(folder: Path) -> None:
    rows = [
        "ann,2023-01-14 05:14:32",
        "bo,2023-01-15 05:14:32",
        "[deleted],2023-01-15 06:00:00",
        ",2023-01-16 06:00:00",
    ]
    Path("a.csv").write_text("\n".join(["user,ts", *rows]))
    done = shequn("describe", "a.csv", "--tz", "Asia/Shanghai")
    assert done.stdout.startswith(
        "a: 2 people, 2 messages, 2023-01-13 to 2023-01-14, times Asia/Shanghai; 1 without a person or a "
        "time, 1 of a deleted account left out; left after"
    )


@pytest.mark.parametrize(
    ("days", "known"), [(21, ("D1", "W1")), (200, ("D1", "D7", "W6", "M2", "ever_after_30d"))]
)
def test_a_camp_and_a_young_group_get_retention(days: int, known: tuple[str, ...], folder: Path) -> None:
    rng = np.random.default_rng(1)
    joined = rng.integers(0, max(1, days // 2), 40)
    person = np.repeat(np.arange(40), 12)
    day = np.minimum(joined[person] + np.tile(np.arange(12), 40), days - 1)
    frame = pd.DataFrame({"user": person, "ts": 1_600_000_000 + day * 86_400})
    frame.to_csv("young.csv", index=False)
    done = shequn("describe", "young.csv", "--out", "out", "--csv")
    assert done.exit_code == 0, done.output
    numbers = pd.read_csv(folder / "out" / "statistics.csv").set_index("statistic")
    for name in known:
        assert 0 <= numbers.loc[name, "young"] <= 1 and numbers.loc[name, "young n"] > 0, name
    assert (
        numbers.loc["D1", "young"] == 1 and numbers.loc["D1", "young n"] == 40
    )  # all were there the next day
    assert "Of 40 newcomers 100.0 % came back the next day." in done.stdout
    assert "The log is shorter than a year" in done.stdout


def test_rows_that_cannot_be_read_are_left_out_where_that_is_allowed(folder: Path) -> None:
    Path("a.csv").write_text("user,ts\na,1600000000\nb,yesterday\nc\nd,1600000001\n")
    done = shequn("describe", "a.csv")
    assert done.exit_code == 2 and "--skip-bad 1" in done.stderr
    done = shequn("describe", "a.csv", "--skip-bad", "2")
    assert done.exit_code == 0, done.output
    assert "line 4: 1 columns" in done.stderr and "line 3: ts 'yesterday'" in done.stderr
    assert "2 that cannot be read left out" in done.stdout
    assert "whole number of rows" in shequn("describe", "a.csv", "--skip-bad", "-1").stderr
