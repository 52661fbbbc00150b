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

        self._days = days
        self._bar = tqdm(
            total=runs * days, unit=" days", unit_scale=True, leave=False, file=sys.stderr, disable=None
        )

    def __call__(self, run: int, day: float) -> None:
        """Replicate ``run`` has come to ``day``."""
        if self._bar.disable:
            return
        self._bar.set_description_str(f"run {run}", refresh=False)
        self._bar.update(max(run * self._days + int(day) - self._bar.n, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()
