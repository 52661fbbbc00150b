"""The mutants that ``mutation/survivors.md`` explains are mutants of lines that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_every_explained_line_is_in_its_file() -> None:
    explained = (ROOT / "tests/mutation/survivors.md").read_text(encoding="utf-8")
    entries = re.findall(r"^- `([^`]+\.py)`: `(.+?)` → ", explained, re.MULTILINE)
    assert len(entries) > 50
    gone = [
        f"{path}: {line}" for path, line in entries if line not in (ROOT / path).read_text(encoding="utf-8")
    ]
    assert not gone
