"""Text in columns: Chinese characters take two."""

import textwrap

from hypothesis import given
from hypothesis import strategies as st

from shequn.sim.text_width import centred, columns, fold, left, right

TEXT = "离开的人太少，看不出是否“较好的人”先离开（0.50 = 与别人一样）。Open group 也一样。"


def test_a_chinese_character_takes_two_columns() -> None:
    assert columns("ab社群") == 6
    assert columns("e\u0301") == 1


def test_padding_counts_columns() -> None:
    assert [columns(pad("社群", 9)) for pad in (left, right, centred)] == [9, 9, 9]


def test_english_folds_as_textwrap_does() -> None:
    text = "Nobody left, and the ever-present few stayed on. " * 3
    assert fold(text, 30, "a ", "b ") == textwrap.wrap(
        text, 30, initial_indent="a ", subsequent_indent="b ", break_on_hyphens=False
    )


@given(st.integers(12, 60))
def test_no_line_is_too_wide_nor_begins_with_a_closing_mark(width: int) -> None:
    lines = fold(TEXT * 2, width, "> ", "  ")
    assert all(columns(line) <= width for line in lines)
    assert not any(line.strip()[0] in "，。）”" for line in lines)
    assert "".join(line[2:].strip() for line in lines).replace(" ", "") == (TEXT * 2).replace(" ", "")
