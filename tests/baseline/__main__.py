"""Pin the results of the eight small worlds again, and print what changed.

Run on purpose, after a change of results: ``python -m tests.baseline``. It refuses to pin other results under
a version that has been pinned already.
"""

import json
import sys
import tempfile
from pathlib import Path

from tests.baseline.pinning import PINNED, differences, measured_all, pinned


def main() -> int:
    """Compare, print, and write the pins."""
    with tempfile.TemporaryDirectory() as folder:
        now = measured_all(Path(folder))
    before = pinned() if PINNED.exists() else {"version": None, "worlds": {}}
    changed = False
    for name, world in now["worlds"].items():
        old = before["worlds"].get(name)
        lines = ["new"] if old is None else differences(old, world)
        changed |= old is not None and bool(lines)  # a new world changes no results
        print(f"{name}: {'unchanged' if not lines else ''}")
        for line in lines:
            print(f"    {line}")
    if changed and before["version"] == now["version"]:
        print(f"Results changed: raise the version ({now['version']}) first, and say so in CHANGELOG.md.")
        return 1
    PINNED.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
