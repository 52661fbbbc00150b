"""How far a long run is: rate and time left on stderr, quiet when that is no terminal."""

import sys
from types import TracebackType
from typing import Self


class Bar:
    """A progress bar over simulated days of all replicates.

    Parameters
    ----------
    runs, days : int
        Replicates, and days of each.
    """

    def __init__(self, runs: int, days: int) -> None:
        from tqdm import tqdm

        self._at: dict[int, int] = {}
        self._days = days
        self._bar = tqdm(
            total=runs * days, unit=" days", unit_scale=True, leave=False, file=sys.stderr, disable=None
        )

    def __call__(self, run: int, day: float) -> None:
        """Replicate ``run`` has come to ``day``."""
        if self._bar.disable:
            return
        before = self._at.get(run, 0)
        self._at[run] = max(int(day), before)
        self._bar.set_description_str(f"run {max(self._at)}", refresh=False)
        self._bar.update(self._at[run] - before)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()
