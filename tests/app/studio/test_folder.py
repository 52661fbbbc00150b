"""Files are read and written in one folder only, and nothing is overwritten without asking."""

from pathlib import Path

import pytest

from shequn.app.studio.folder import ExistsError, Folder
from shequn.app.user_errors import UserError
from shequn.sim.scenario.errors import ScenarioError

TEXT = "format: 2\ntitle: x\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "outside.yaml").write_text(TEXT)
    root = tmp_path / "here"
    (root / "sub").mkdir(parents=True)
    return Folder(root)


@pytest.mark.parametrize(
    "name",
    [
        "../outside.yaml",
        "sub/../../outside.yaml",
        "/etc/x.yaml",
        "link.yaml",
        "away/x.yaml",
        "-x",
        "a:b",
        "a\0b",
        "..",
        "",
    ],
)
def test_nothing_outside_the_folder_is_read_or_written(folder: Folder, name: str) -> None:
    (folder.root / "link.yaml").symlink_to(folder.root.parent / "outside.yaml")
    (folder.root / "away").symlink_to(folder.root.parent)
    with pytest.raises((UserError, ScenarioError)):
        folder.read(name)
    with pytest.raises(UserError):
        folder.write(name, "y", "\n", "", replace=True)
    assert (folder.root.parent / "outside.yaml").read_text() == TEXT
    assert sorted(path.name for path in folder.root.parent.iterdir()) == ["here", "outside.yaml"]


def test_only_scenarios_are_listed(folder: Folder) -> None:
    for name in ("a.yaml", "sub/b.yml", "results/c.yaml", ".hidden.yaml"):
        (folder.root / name).parent.mkdir(exist_ok=True)
        (folder.root / name).write_text(TEXT)
    (folder.root / "design.yaml").write_text("format: 1\nfactors: {}\n")
    (folder.root / "other.yaml").write_text("a: 1\n")
    (folder.root / "link.yaml").symlink_to(folder.root.parent / "outside.yaml")
    assert folder.names() == ["a.yaml", "sub/b.yml"]


def test_a_new_file_is_written_and_its_own_text_replaces_it(folder: Folder) -> None:
    first = folder.write("club", TEXT, "\n", "", replace=False)
    assert first.name == "club.yaml"
    second = folder.write("club.yaml", TEXT + "days: 3\n", "\n", first.digest, replace=False)
    assert folder.read("club.yaml").digest == second.digest
    assert sorted(path.name for path in folder.root.iterdir()) == ["club.yaml", "sub"]


def test_another_file_is_not_overwritten_without_asking(folder: Folder) -> None:
    first = folder.write("club", TEXT, "\n", "", replace=False)
    with pytest.raises(ExistsError):
        folder.write("club", "y", "\n", "", replace=False)
    (folder.root / "club.yaml").write_text("changed by another program\n")
    with pytest.raises(ExistsError):
        folder.write("club", "y", "\n", first.digest, replace=False)
    assert (folder.root / "club.yaml").read_text() == "changed by another program\n"
    folder.write("club", "y\n", "\n", first.digest, replace=True)
    assert (folder.root / "club.yaml").read_text() == "y\n"


def test_the_ends_of_lines_stay_as_they_were(folder: Folder) -> None:
    (folder.root / "win.yaml").write_bytes(b"format: 2\r\ntitle: x\r\n")
    opened = folder.read("win.yaml")
    assert opened.text == TEXT
    folder.write("win.yaml", opened.text + "days: 3\n", opened.newline, opened.digest, replace=False)
    assert (folder.root / "win.yaml").read_bytes() == b"format: 2\r\ntitle: x\r\ndays: 3\r\n"


def test_the_name_of_a_shipped_scenario_is_refused(folder: Folder) -> None:
    with pytest.raises(UserError, match="shipped"):
        folder.write("reading-club", TEXT, "\n", "", replace=False)


def test_a_folder_that_is_missing_is_not_made(folder: Folder) -> None:
    with pytest.raises(UserError):
        folder.write("new/club", TEXT, "\n", "", replace=False)
    assert not (folder.root / "new").exists()
