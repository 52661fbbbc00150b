"""A result folder is complete or not there."""

import errno
import multiprocessing
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.sim.results.folder import (
    InUseError,
    folder_name,
    is_disk_full,
    run_key,
    unfinished_folder,
    writing,
    writing_part,
)


def test_a_folder_gets_its_name_when_it_is_finished(tmp_path: Path) -> None:
    final = tmp_path / "open-group" / "abc"
    with writing(final) as folder:
        (folder / "days").write_text("1")
        assert not final.exists()
    assert [path.name for path in final.iterdir()] == ["days"]
    assert [path.name for path in final.parent.iterdir()] == ["abc"]


FAILURES = [KeyboardInterrupt(), ValueError(), SystemExit(1), OSError(errno.ENOSPC, "full")]


@pytest.mark.parametrize("error", FAILURES)
def test_a_failure_leaves_nothing(tmp_path: Path, error: BaseException) -> None:
    final = tmp_path / "open-group" / "abc"
    with pytest.raises(type(error)), writing(final) as folder:
        (folder / "days").write_text("1")
        raise error
    assert list(tmp_path.iterdir()) == []


def test_finished_replicates_are_kept_for_the_next_attempt(tmp_path: Path) -> None:
    final = tmp_path / "open-group" / "abc"
    with pytest.raises(KeyboardInterrupt), writing(final) as folder:
        with writing_part(folder, 0) as part:
            (part / "days").write_text("1")
        with writing_part(folder, 1) as part:
            (part / "days").write_text("half")
            raise KeyboardInterrupt
    assert not final.exists()
    with writing(final) as folder:
        assert (folder / "parts" / "run-00000" / "days").read_text() == "1"
        assert not (folder / "parts" / "run-00001").exists()


def test_a_full_disk_keeps_what_is_finished_and_gives_the_rest_back(tmp_path: Path) -> None:
    final = tmp_path / "s" / "abc"
    with pytest.raises(OSError, match="full"), writing(final) as folder:
        with writing_part(folder, 0) as part:
            (part / "days").write_text("1")
        with writing_part(folder, 1) as part:
            (part / "days").write_text("half")
            raise OSError(errno.ENOSPC, "full")
    assert [path.name for path in (unfinished_folder(final) / "parts").iterdir()] == ["run-00000"]


def test_a_link_in_the_place_of_an_unfinished_folder_is_never_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    (precious / "parts" / "run-00000.partial").mkdir(parents=True)
    (precious / "tables").mkdir()
    final = tmp_path / "results" / "abc"
    final.parent.mkdir()
    before = sorted(precious.rglob("*"))
    for link in (unfinished_folder(final), unfinished_folder(final) / "parts"):
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(precious, target_is_directory=True)
        with pytest.raises(InUseError, match="is a link, which shequn never makes"), writing(final):
            raise AssertionError("not reached")
        assert sorted(precious.rglob("*")) == before
        link.unlink()


def _hold(final: Path, ready: Any) -> None:
    with writing(final) as folder:
        (folder / "days").write_text("half")
        ready.set()
        time.sleep(60)


def test_a_killed_process_leaves_no_lock_and_no_result(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    final = tmp_path / "open-group" / "abc"
    process = context.Process(target=_hold, args=(final, ready))
    process.start()
    assert ready.wait(30)
    with pytest.raises(InUseError), writing(final):
        pass
    assert unfinished_folder(final).exists()
    process.kill()
    process.join()
    assert not final.exists()
    with writing(final) as folder:
        (folder / "days").write_text("1")
    assert (final / "days").read_text() == "1"


def test_an_older_result_of_that_name_is_replaced(tmp_path: Path) -> None:
    final = tmp_path / "abc"
    for text in ("old", "new"):
        with writing(final) as folder:
            (folder / text).write_text(text)
    assert [path.name for path in final.iterdir()] == ["new"]
    assert [path.name for path in tmp_path.iterdir()] == ["abc"]


def test_a_key_depends_on_every_part_and_on_where_they_are_cut() -> None:
    keys = {run_key("ab", "c"), run_key("a", "bc"), run_key("abc"), run_key("ab", "d")}
    assert len(keys) == 4
    assert all(len(key) == 12 for key in keys)


@given(st.text())
def test_folder_names_suit_every_file_system(title: str) -> None:
    name = folder_name(title)
    assert name
    assert not set(name) & set('<>:"/\\|?*\n\0 ')
    assert name.strip(".") == name
    assert name.lower() not in ("con", "nul", "aux", "prn", "com1", "lpt9")


def test_a_full_disk_is_told_from_other_errors() -> None:
    assert is_disk_full(OSError(errno.ENOSPC, "x"))
    assert is_disk_full(OSError("Error writing bytes to file. Detail: [errno 28] No space left on device"))
    assert not is_disk_full(OSError(errno.EACCES, "x"))
    assert not is_disk_full(ValueError("No space left"))
