"""The real logs that studies measure, and how each is read. They are not part of the project: a folder is named."""

from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from shequn.experiments.logs.activity import Activity
from shequn.experiments.logs.log import Log
from shequn.experiments.logs.reading import Layout, read_log

_LOGS = Path(__file__).with_suffix(".yaml")
_FILES = ("leave_out", "inviters")


class RealLog(NamedTuple):
    """One of the logs.

    Attributes
    ----------
    name : str
    file : str
        Its file in the folder.
    given : dict
        Fields of `Layout`, with names of files in the folder.
    silence : int
        Days without an event after which somebody counts as having left.
    least_events : int
        Events of a member in a window that counts in the regression of leaving.
    """

    name: str
    file: str
    given: dict[str, Any]
    silence: int
    least_events: int

    def read(self, folder: Path) -> Log:
        """Read it.

        Raises
        ------
        LogError
            The file is not there, or is another.
        """
        given = {key: folder / value if key in _FILES else value for key, value in self.given.items()}
        return read_log(folder / self.file, Layout(zone="UTC", **given))

    def activity(self, folder: Path) -> Activity:
        """Read it, in order by person."""
        log = self.read(folder)
        return Activity.of(log.person, log.time, log.end)


def real_logs() -> dict[str, RealLog]:
    """All of them by name."""
    entries = YAML(typ="safe").load(_LOGS.read_text(encoding="utf-8"))
    return {
        name: RealLog(
            name,
            entry["file"],
            entry.get("read", {}),
            entry.get("silence", 180),
            entry.get("least_events", 3),
        )
        for name, entry in entries.items()
    }
