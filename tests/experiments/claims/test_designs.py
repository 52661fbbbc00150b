"""Designs of the claims: all 35 can be read and run, and a bad one gives one message."""

from pathlib import Path

import pytest

from shequn.experiments.claims.design import SETTINGS, Range
from shequn.experiments.claims.reading import DESIGNS, read_claims
from shequn.experiments.claims.study import Size, Study
from shequn.experiments.claims.worlds import scenarios
from shequn.sim.scenario.errors import ScenarioError

CLAIMS = read_claims()
TRIED = [claim for claim in CLAIMS.claims if claim.is_tried]


def test_all_claims_of_the_field_notes_have_a_design() -> None:
    assert [claim.id for claim in CLAIMS.claims] == [f"C{number}" for number in range(1, 36)]


def test_a_claim_is_tried_in_four_settings_or_says_why_not() -> None:
    for claim in CLAIMS.claims:
        assert set(claim.settings) == (set(SETTINGS) if claim.is_tried else set()), claim.id
        assert claim.is_tried or bool(claim.built_in) != bool(claim.untried), claim.id


@pytest.mark.parametrize("claim", TRIED, ids=lambda claim: claim.name)
def test_every_arm_can_be_run_and_differs_from_the_others(claim) -> None:  # type: ignore[no-untyped-def]
    for name, setting in claim.settings.items():
        if not setting.needs_data:
            arms = scenarios(CLAIMS, claim, name, None)
            assert len({scenario.dump() for scenario in arms.values()}) == len(arms), name


def test_a_study_knows_the_response_of_every_setting() -> None:
    study = Study(CLAIMS, CLAIMS.chosen(("c05", "c11")), None, Size(2, 3, 1))
    assert [str(cell.response) for cell in study.cells] == ["active_week@125"] * 4 + ["tasks.homework"] * 4
    assert study.plan().points == 16
    assert study.moved_plan().points == 48


def test_intervals_are_corrected_for_all_claims_whatever_is_chosen() -> None:
    assert CLAIMS.intervals == sum(len(claim.pairs_of_arms) * len(claim.settings) for claim in CLAIMS.claims)
    assert CLAIMS.intervals == 160


def _change(tmp_path: Path, old: str, new: str) -> Path:
    """A folder with one claim, in which a text is replaced."""
    folder = tmp_path / "designs"
    folder.mkdir()
    (tmp_path / "settings.yaml").write_bytes((DESIGNS.parent / "settings.yaml").read_bytes())
    text = (DESIGNS / "c05.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "c05.yaml").write_text(text.replace(old, new), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("side: not_more", "side: fewer", 'side is "fewer"'),
        ("whose: articles", "who: articles", "unknown key who"),
        ("smallest: {share: 0.05}", "smallest: {share: 2}", "smallest.share is 2"),
        ("smallest: {share: 0.05}", "smallest: {share: 0.05, value: 1}", "takes either value or share"),
        ("  log: {}\n", "", "lacks settings.log"),
        ("response: active_week@125\n", "", "lacks response"),
        ("  no-event: {}\n  event:", "  event:", "lacks between"),
        ("id: C5", "id: C6", "c05.yaml is the file of C6"),
        ("variants: {no-event: no-event}", "variants: {nothing: no-event}", "names arms that it has not: nothing"),
    ],
)  # fmt: skip
def test_a_bad_design_gives_a_message(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ScenarioError) as error:
        read_claims(_change(tmp_path, old, new))
    assert message in str(error.value)
    assert "c05.yaml" in str(error.value)


def test_an_unknown_claim_is_named_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="there is no claim c5; did you mean"):
        CLAIMS.chosen(("c5",))


def test_a_claim_says_where_its_effect_lies() -> None:
    by_name = {claim.name: claim for claim in CLAIMS.claims}
    infinity = float("inf")
    assert by_name["c03"].claimed(0.5) == Range(0.02, infinity)
    assert by_name["c22"].claimed(30.0) == Range(-infinity, -15.0)
    assert by_name["c05"].claimed(100.0) == Range(-infinity, 5.0)
    assert by_name["c07"].claimed(0.0) == Range(24.0, 30.0)
    assert by_name["c18"].claimed(0.0) == Range(6.0, infinity)
