"""A code gives back the settings it was made from; any other text is rejected."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequn.app.classroom.bases import BASES
from shequn.app.classroom.knobs import KNOB, PER_SIDE, SHARED
from shequn.app.classroom.settings import Settings
from shequn.app.classroom.sharing import CodeError, code_of, settings_of


def positions(keys: tuple[str, ...]) -> st.SearchStrategy[dict[str, int]]:
    return st.fixed_dictionaries({key: st.integers(0, KNOB[key].n_positions - 1) for key in keys})


@st.composite
def any_settings(draw: st.DrawFn) -> Settings:
    a = draw(positions(PER_SIDE))
    b = a if draw(st.booleans()) else draw(positions(PER_SIDE))
    names = st.sampled_from(list(BASES))
    base = draw(names)
    bases = {"A": base, "B": base if draw(st.booleans()) else draw(names)}
    return Settings(bases, draw(positions(SHARED)), {"A": a, "B": b})


@given(any_settings())
def test_a_code_gives_back_its_setting(settings: Settings) -> None:
    code = code_of(settings)
    assert len(code) < 70
    assert settings_of(code) == settings
    assert settings_of(f" {code.lower()} ".replace("0", "o").replace("1", "l")) == settings


@given(any_settings(), st.data())
def test_a_wrong_letter_is_detected(settings: Settings, data: st.DataObject) -> None:
    code = code_of(settings)
    places = [k for k, letter in enumerate(code) if letter != "-"]
    place = data.draw(st.sampled_from(places))
    letter = data.draw(st.sampled_from([c for c in "23456789ABCDEFGH" if c != code[place]]))
    with pytest.raises(CodeError):
        settings_of(code[:place] + letter + code[place + 1 :])


@pytest.mark.parametrize(
    "text", ["", "-", "<script>", "../../etc/passwd", "__import__('os')", "社群", "A" * 73, "U" * 20, "\x00"]
)
def test_a_text_that_is_not_a_code_is_rejected(text: str) -> None:
    with pytest.raises(CodeError, match="letters"):
        settings_of(text)


@given(st.text(max_size=80))
def test_any_text_is_a_code_or_an_error(text: str) -> None:
    try:
        settings_of(text)
    except CodeError as error:
        assert error.kind in ("letters", "check", "version")
