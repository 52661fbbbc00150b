"""Writes a scenario as YAML: every key with its value, in a fixed order."""

import json
import math
import re
from typing import Any

from shequn.sim.scenario.reading import scalar_value

_UNQUOTED_TEXT = re.compile(r"[A-Za-z_\u4e00-\u9fff][\w\u4e00-\u9fff.\-]*( [\w\u4e00-\u9fff.\-]+)*")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MAX_COLUMNS = 88  # columns up to which a list or mapping stays on one line


def dump(values: dict[str, Any]) -> str:
    """YAML text of nested dicts, lists and scalars; infinity must already be a word such as ``never``."""
    return "".join(_lines(values, 0))


def _lines(values: dict[str, Any], indent: int) -> list[str]:
    pad = "  " * indent
    lines = []
    for key, value in values.items():
        name = pad + text_scalar(str(key)) + ":"
        inline = inline_yaml(value)
        if (
            not isinstance(value, dict | list | tuple)
            or not value
            or _fits_on_one_line(value, inline, len(name))
        ):
            lines.append(f"{name} {inline}\n")
        elif isinstance(value, dict):
            lines += [f"{name}\n", *_lines(value, indent + 1)]
        else:
            lines += [f"{name}\n", *(f"{pad}  - {inline_yaml(item)}\n" for item in value)]
    return lines


def _fits_on_one_line(value: Any, inline: str, n_used: int) -> bool:
    """Whether a mapping or list fits on one line: scalars only, and short enough."""
    parts = value.values() if isinstance(value, dict) else value
    leaves = not any(isinstance(part, dict | list | tuple) for part in parts)
    return leaves and n_used + 1 + len(inline) <= _MAX_COLUMNS


def inline_yaml(value: Any) -> str:
    """YAML of one value on one line."""
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{text_scalar(str(key))}: {inline_yaml(part)}" for key, part in value.items())
            + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(inline_yaml, value)) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    return text_scalar(str(value))


def _number(value: float) -> str:
    """The shortest text that reads as the same number; whole numbers without a decimal point."""
    if value == int(value) and abs(value) < 1e15:
        return "-0.0" if math.copysign(1.0, value) < 0 and value == 0 else str(int(value))
    return repr(value)


def text_scalar(value: str) -> str:
    """A text as YAML: plain if it cannot be misread, else in double quotes."""
    if _DATE.fullmatch(value):
        return value
    if _UNQUOTED_TEXT.fullmatch(value) and len(value) < 200 and scalar_value(value) == value:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() or c == " " else _escape(c) for c in quoted)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
