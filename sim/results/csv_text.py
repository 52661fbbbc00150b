"""Text in CSV files that people open in a spreadsheet: the encoding it expects, and no formulas.

A spreadsheet runs a cell that begins like a formula, and people's names, titles and factors come from files of
others. Such a text gets an apostrophe in front, which makes it text there (OWASP, "CSV injection").
"""

from typing import Any

ENCODING = "utf-8-sig"  # with a byte order mark: Excel takes UTF-8 without one for the local encoding
MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # full-width ones count too


def plain(text: Any) -> Any:
    """A cell that is no formula: a text that begins like one gets an apostrophe; anything else is unchanged.

    >>> plain("=1+1"), plain("Ann"), plain(-1.5)
    ("'=1+1", 'Ann', -1.5)
    """
    if isinstance(text, str) and text.lstrip(" ").startswith(_FORMULA):
        return f"'{text}"
    return text


def plain_frame(frame: Any) -> Any:
    """A copy of a frame whose headers and texts are no formulas."""
    copy = frame.rename(columns=plain)
    for position, dtype in enumerate(copy.dtypes):
        if dtype.kind in "OTU" or str(dtype) in ("category", "str", "string"):
            copy.isetitem(position, copy.iloc[:, position].astype(object).map(plain, na_action="ignore"))
    return copy
