"""A short code that shares a setting: the positions of all knobs as one number, in letters and digits.

The number is in mixed radix: each position is a digit whose base is the number of positions of its knob. B's
knobs are included only where they differ from A's. A checksum protects against typing errors. Whatever is typed,
reading a code can only give positions that exist; the text itself goes nowhere else.
"""

import zlib

from shequn.app.classroom.settings import BASES, KNOB, PER_SIDE, SHARED, Settings

VERSION = 1
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32, without look-alikes
_LOOK_ALIKES = str.maketrans("OIL", "011")
_CHECKSUM_PRIME = 32_749  # the largest prime below 2^15
_MAX_LETTERS = 64
_MAX_BASES = 32  # room for more bases, so that adding one does not change existing codes


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
        About 25 to 45 letters of Crockford's base 32, and hyphens.
    """
    a, b = settings.sides["A"], settings.sides["B"]
    digits = [(VERSION - 1, 8), (BASES.index(settings.base), _MAX_BASES)]
    digits += [(settings.shared[key], len(KNOB[key].values)) for key in SHARED]
    digits += [(a[key], len(KNOB[key].values)) for key in PER_SIDE]
    for key in PER_SIDE:
        digits.append((int(a[key] != b[key]), 2))
        if a[key] != b[key]:
            digits.append((b[key], len(KNOB[key].values)))
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
    shared = {key: digit(len(KNOB[key].values)) for key in SHARED}
    a = {key: digit(len(KNOB[key].values)) for key in PER_SIDE}
    b = {key: digit(len(KNOB[key].values)) if digit(2) else a[key] for key in PER_SIDE}
    if remainder[0] or base >= len(BASES):
        raise CodeError("version")
    return Settings(BASES[base], shared, {"A": a, "B": b})


def _checksum(number: int) -> int:
    return zlib.crc32(number.to_bytes((number.bit_length() + 7) // 8 or 1, "big")) % _CHECKSUM_PRIME
