"""Designs of the playbook: all levers can be run, and a bad file gives one message."""

import shutil
from pathlib import Path

import pytest

from shequn.experiments.playbook.design import AS_IT_IS, AS_SHIPPED, raised
from shequn.experiments.playbook.reading import FOLDER, KINDS, read_playbook
from shequn.experiments.playbook.study import Size, Study
from shequn.sim.results.labels import DRIVERS
from shequn.sim.scenario.errors import ScenarioError

PLAYBOOK = read_playbook()


@pytest.fixture(scope="module")
def study() -> Study:
    return Study(PLAYBOOK, PLAYBOOK.kinds, Size(2, 1))


def test_each_of_the_five_kinds_has_eight_to_twelve_levers() -> None:
    assert tuple(kind.name for kind in PLAYBOOK.kinds) == KINDS
    assert all(8 <= len(kind.levers) <= 12 for kind in PLAYBOOK.kinds)


def test_every_lever_can_be_run_and_differs_from_all_others_of_its_kind(study: Study) -> None:
    for cell in study.shipped:
        assert len({scenario.dump() for scenario in cell.arms.values()}) == 1 + len(cell.kind.levers)


def test_every_driver_is_raised_in_a_mix_the_same_in_all_arms(study: Study) -> None:
    assert list(PLAYBOOK.settings.mixes) == list(DRIVERS)
    assert {cell.mix for cell in study.cells} == {AS_SHIPPED, *DRIVERS}
    by = PLAYBOOK.settings.raised_by
    shipped = {cell.kind.name: cell.arms[AS_IT_IS].population.drivers for cell in study.shipped}
    for cell in study.mixed:
        (drivers,) = {scenario.population.drivers for scenario in cell.arms.values()}
        weights = {name: getattr(drivers, name) for name in DRIVERS}
        before = {name: getattr(shipped[cell.kind.name], name) for name in DRIVERS}
        share = before[cell.mix] / sum(before.values())
        assert weights[cell.mix] == pytest.approx(share + by * (1.0 - share))
        assert sum(weights.values()) == pytest.approx(1.0)


def test_a_raised_weight_by_hand() -> None:
    assert raised({"honor": 1.0, "interest": 3.0, "benefit": 0.0}, "interest", 0.2) == pytest.approx(
        {"honor": 0.2, "interest": 0.8, "benefit": 0.0}
    )


def test_effects_are_counted_for_the_whole_playbook() -> None:
    assert PLAYBOOK.intervals == 4 * sum(len(kind.levers) for kind in PLAYBOOK.kinds) == 236


def _changed(tmp_path: Path, name: str, old: str, new: str) -> Path:
    """A copy of the designs in which a text is replaced."""
    folder = tmp_path / "playbook"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("settings.yaml", "raised_by: 0.3", "raised_by: 1.3", "raised_by is 1.3"),
        ("settings.yaml", "  honor:", "  honour:", "there is no driver honour; did you mean honor"),
        ("levers.yaml", "    source: {en: \"price per", "    sources: {en: \"price per",
            "levers.yaml:146:5: unknown key sources in levers.advertise; did you mean source?"),
        ("kinds/chat.yaml", "scenario: chat\n", "", "scenario is missing"),
        ("kinds/chat.yaml", "retention: newcomers", "retention: everybody", 'retention is "everybody"'),
        ("kinds/chat.yaml", "welcome: {}", "welcom: {}", "levers.yaml has no lever welcom; did you mean welcome"),
        ("kinds/list.yaml", "    title: {en: a weekly digest, zh: 每周一期精选}\n", "", "has some of title, what"),
        ("kinds/camp.yaml", "set: {spaces: {class: {fill: topic}}}", "set: {}", "levers.by-interest changes nothing"),
    ],
)  # fmt: skip
def test_a_bad_file_gives_one_message(tmp_path: Path, name: str, old: str, new: str, message: str) -> None:
    with pytest.raises(ScenarioError) as error:
        read_playbook(_changed(tmp_path, name, old, new))
    assert message in str(error.value)
    assert "Traceback" not in str(error.value)


def test_an_unknown_kind_is_named_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="there is no kind chats in the playbook; did you mean chat"):
        PLAYBOOK.chosen(("chats",))
    assert [kind.name for kind in PLAYBOOK.chosen(("Forum", "chat"))] == ["chat", "forum"]
