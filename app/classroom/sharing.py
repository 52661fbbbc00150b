"""A short code that shares a setting: scenarios and positions of all knobs as one number, in letters and digits.

The number is in mixed radix: each position is a digit whose base is the number of positions of its knob. B's
scenario and knobs are included only where they differ from A's. A checksum protects against typing errors.
Whatever is typed, reading a code can only give positions that exist; the text itself goes nowhere else.
"""

import zlib

from shequn.app.classroom.bases import BASES
from shequn.app.classroom.knobs import KNOB, PER_SIDE, SHARED
from shequn.app.classroom.settings import SIDES, Settings

VERSION = 2
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32, without look-alikes
_LOOK_ALIKES = str.maketrans("OIL", "011")
_CHECKSUM_PRIME = 32_749  # the largest prime below 2^15
_MAX_LETTERS = 72
_MAX_BASES = 64  # room for more bases, so that adding one does not change existing codes


class CodeError(ValueError):
    """A code cannot be used; `kind` is the reason: ``letters``, ``check`` or ``version``."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def code_of(settings: Settings) -> str:
    """The code of these settings, in groups of five letters.

    Returns
    -------
    str
        About 25 to 50 letters of Crockford's base 32, and hyphens.
    """
    names, (a, b) = list(BASES), (settings.sides[side] for side in SIDES)
    base, other = (names.index(settings.bases[side]) for side in SIDES)
    digits = [(VERSION - 1, 8), (base, _MAX_BASES), (int(other != base), 2)]
    if other != base:
        digits.append((other, _MAX_BASES))
    digits += [(settings.shared[key], KNOB[key].n_positions) for key in SHARED]
    digits += [(a[key], KNOB[key].n_positions) for key in PER_SIDE]
    for key in PER_SIDE:
        digits.append((int(a[key] != b[key]), 2))
        if a[key] != b[key]:
            digits.append((b[key], KNOB[key].n_positions))
    number = 0
    for digit, size in reversed(digits):
        number = number * size + digit
    number = number * _CHECKSUM_PRIME + _checksum(number)
    letters = ""
    while number:
        number, last = divmod(number, len(_LETTERS))
        letters = _LETTERS[last] + letters
    return "-".join(letters[k : k + 5] for k in range(0, len(letters), 5))


def settings_of(code: str) -> Settings:
    """The settings that a code stands for.

    Raises
    ------
    CodeError
        It contains invalid letters or too many, a letter is wrong, or it comes from another version.
    """
    letters = "".join(code.upper().split()).replace("-", "").translate(_LOOK_ALIKES)
    if not 0 < len(letters) <= _MAX_LETTERS or not set(letters) <= set(_LETTERS):
        raise CodeError("letters")
    number = 0
    for letter in letters:
        number = number * len(_LETTERS) + _LETTERS.index(letter)
    number, checksum = divmod(number, _CHECKSUM_PRIME)
    if checksum != _checksum(number):
        raise CodeError("check")
    remainder = [number]

    def digit(size: int) -> int:
        remainder[0], value = divmod(remainder[0], size)
        return value

    if digit(8) != VERSION - 1:
        raise CodeError("version")
    base = digit(_MAX_BASES)
    other = digit(_MAX_BASES) if digit(2) else base
    shared = {key: digit(KNOB[key].n_positions) for key in SHARED}
    a = {key: digit(KNOB[key].n_positions) for key in PER_SIDE}
    b = {key: digit(KNOB[key].n_positions) if digit(2) else a[key] for key in PER_SIDE}
    names = list(BASES)
    if remainder[0] or max(base, other) >= len(names):
        raise CodeError("version")
    return Settings({"A": names[base], "B": names[other]}, shared, {"A": a, "B": b})


def _checksum(number: int) -> int:
    return zlib.crc32(number.to_bytes((number.bit_length() + 7) // 8 or 1, "big")) % _CHECKSUM_PRIME
