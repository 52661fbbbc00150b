"""A run or a comparison in a process of its own: its progress, its report, and how it is stopped."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import shequn

#: Called with each message of the process, from another thread; the last one has `report`, `error` (empty
#: if the process died) or `stopped`.
Listener = Callable[[dict[str, Any]], None]

_LAST = ("report", "error", "stopped")


class Job:
    """A process that does one job of the studio; see `worker`.

    Parameters
    ----------
    root : Path
        Folder in which it works.
    order : dict
        What to do: ``do`` (run or compare), ``text``, ``file``, ``arms``, ``pairs``, ``language``.
    listener : callable
    """

    def __init__(self, root: Path, order: dict[str, Any], listener: Listener) -> None:
        package = str(Path(shequn.__file__).parents[1])
        path = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            # -P: no module is imported from the folder of the user
            [sys.executable, "-P", "-m", "shequn.app.studio.worker"],
            cwd=root,
            env={**os.environ, "PYTHONPATH": path, "SHEQUN_LANG": order["language"], "PYTHONUTF8": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._listener, self._is_stopped = listener, False
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
        except OSError:
            pass  # it has died already; the thread says so
        threading.Thread(target=self._listen, name="studio job", daemon=True).start()

    def _listen(self) -> None:
        process = self._process
        assert process.stdout is not None and process.stdin is not None
        is_over = False
        with process.stdout:
            for line in process.stdout:
                message = json.loads(line)
                is_over = any(key in message for key in _LAST)
                if not (self._is_stopped and is_over):
                    self._listener(message)
        process.stdin.close()
        process.wait()
        if self._is_stopped or not is_over:
            self._listener({"stopped": True} if self._is_stopped else {"error": ""})

    def stop(self) -> None:
        """Interrupt it; finished runs are kept, and the same job continues after them."""
        if self._process.poll() is None:
            self._is_stopped = True
            self._process.terminate()
