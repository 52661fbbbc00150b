"""People of a log: the one place that decides which names are one person, and which are nobody."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shequn.experiments.logs.log import LogError
from shequn.experiments.logs.tables import Table
from shequn.sim.graphs.names import composed, rounded
from shequn.sim.language import _, plural

_EXACT = 2**53  # a float cannot hold every whole number from here on

#: Names (without case) that stand for accounts that are gone, and for no name.
DELETED = frozenset(
    {"[deleted]", "[removed]", "[deleted user]", "[deleted account]", "deleted user", "deleted account",
     "deleted-user", "deleted_user", "<deleted>", "已注销", "[已注销]", "账号已注销", "帐号已注销", "用户已注销",
     "该账号已注销", "该用户已注销", "已注销用户"}
)  # fmt: skip
NO_NAME = frozenset({"null", "nan", "none", "n/a", "na", "#n/a", "\\n", "<na>", "undefined"})
#: Names (without case) of programs that write by themselves.
BOTS = frozenset({"automoderator", "slackbot", "uslackbot", "discobot", "notification bot", "welcome bot"})
_BOT = "[bot]"  # ends the name of GitHub's


def plain_names(table: Table, column: str, values: Any, keep: frozenset[str]) -> Any:
    """Names of people or of events as text: one text for each, missing where empty.

    Spaces around and invisible marks are taken off; letters with accents have one form (NFC).

    Parameters
    ----------
    table : Table
        For messages; gets notes.
    column : str
    values : pyarrow array
    keep : frozenset of str
        With "rounded", numbers that were rounded are taken as they are.

    Raises
    ------
    LogError
        Long numbers were rounded by a spreadsheet or stored as floats, so that several people have one.
    """
    if pa.types.is_floating(values.type):
        values = _whole(table, column, values, keep)
    if not pa.types.is_string(values.type):
        values = values.cast(pa.string())
    coded = values.dictionary_encode()
    plain = pc.utf8_trim_whitespace(coded.dictionary)
    names = composed(plain)
    merged = len(plain.unique()) - len(names.unique())
    if merged:
        words = plural(
            "{n:,} name differs from another only in invisible characters and is the same person",
            "{n:,} names differ from others only in invisible characters and are the same people",
            merged,
        )
        table.notes.append(words.format(n=merged))
    names = _as_numbers(names)
    lost = rounded(names) if "rounded" not in keep else None
    if lost is not None:
        raise _rounded(table, column, lost)
    names = pc.if_else(pc.equal(names, ""), pa.scalar(None, pa.string()), names)
    return names.take(coded.indices)


def _whole(table: Table, column: str, values: Any, keep: frozenset[str]) -> Any:
    """Whole numbers of a column of floats (they have gaps), if they are."""
    numbers = values.to_numpy(zero_copy_only=False)
    known = numbers[~np.isnan(numbers)]
    if len(known) == 0 or (known != np.floor(known)).any() or not np.isfinite(known).all():
        return values
    if np.abs(known).max() >= _EXACT:
        if "rounded" not in keep:
            raise _rounded(table, column, f"{known[np.argmax(np.abs(known))]:.6g}")
        return values
    return values.cast(pa.int64())


def _as_numbers(names: Any) -> Any:
    """Names without the ``.0`` that whole numbers get in a column with gaps."""
    filled = names.filter(pc.not_equal(names, ""))
    if len(filled) and pc.all(pc.match_substring_regex(filled, r"^\d+(\.0)?$")).as_py():
        return pc.replace_substring_regex(names, r"\.0$", "")
    return names


def _rounded(table: Table, column: str, value: str) -> LogError:
    return LogError(
        _(
            "{path}: {column} holds numbers such as {value}, which were rounded by a spreadsheet or stored as "
            "floats: different people may now share one. Export the column as text, or take it as it is "
            "with --keep rounded"
        ).format(path=table.path, column=column, value=value)
    )


def gone(names: Any) -> Any:
    """Which names (pyarrow) stand for accounts that are gone, or for no name."""
    return pc.is_in(pc.utf8_lower(names), value_set=pa.array(sorted(DELETED | NO_NAME)))


def bots(names: Any) -> Any:
    """Which names (pyarrow) are those of programs."""
    lower = pc.utf8_lower(names)
    return pc.or_(pc.is_in(lower, value_set=pa.array(sorted(BOTS))), pc.ends_with(lower, _BOT))
