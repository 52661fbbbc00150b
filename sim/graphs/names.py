"""Names of people in files: one form for each, and names in which a program has lost digits."""

from typing import Any

_MARKS = "[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"  # invisible characters
_DIGITS = 15  # that a spreadsheet keeps of a number
_SCIENTIFIC = r"^[+-]?\d([.,]\d+)?[eE]\+\d+$"
_FEWEST = 3  # long numbers that show something


def composed(names: Any) -> Any:
    """Names (pyarrow) without spaces around and invisible marks; letters with accents in one form (NFC)."""
    import pyarrow.compute as pc

    names = pc.utf8_trim_whitespace(names)
    if pc.all(pc.string_is_ascii(names)).as_py():
        return names
    return pc.utf8_trim_whitespace(pc.utf8_normalize(pc.replace_substring_regex(names, _MARKS, ""), "NFC"))


def rounded(names: Any) -> str | None:
    """The first of some names (pyarrow, distinct) that is a long number without its last digits, if there is one.

    A spreadsheet keeps 15 digits: 123456789012345678 becomes 123456789012345000, or 1.23457E+17.
    """
    import pyarrow.compute as pc

    scientific = names.filter(pc.match_substring_regex(names, _SCIENTIFIC))
    if len(scientific):
        return str(scientific[0].as_py())
    long = names.filter(pc.match_substring_regex(names, rf"^\d{{{_DIGITS + 1},}}$"))
    if len(long) < _FEWEST or not pc.all(pc.match_substring_regex(long, rf"^\d{{{_DIGITS}}}0+$")).as_py():
        return None
    return str(long[0].as_py())
