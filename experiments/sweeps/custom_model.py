"""Bring your own rules: what a model needs for sweeps to run it in a scenario's place.

``experiments/cottica`` is the worked example.
"""

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from shequn.agents.compiled import folder_digest
from shequn.experiments.designs.responses import Response


class CustomModel(Protocol):
    """One parameter set of a model, ready to run. Workers get it pickled."""

    def parameters(self) -> Mapping[str, Any]:
        """All that a run depends on but its seed and the sources, as JSON takes it."""
        ...

    def run(self, seed: int) -> Mapping[str, float]:
        """Make one run: its responses, by name."""
        ...


def model_parameters(model: CustomModel) -> str:
    """Digest of all that a run of a model depends on but its seed.

    The sources beside the model's own are part of it: edited rules are never mixed with older runs.
    """
    file = sys.modules[type(model).__module__].__file__
    sources = folder_digest(Path(file).resolve().parent) if file is not None else ""
    text = json.dumps(dict(model.parameters()), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{type(model).__qualname__}\n{text}\n{sources}".encode()).hexdigest()


def model_values(model: CustomModel, seed: int, responses: Sequence[Response]) -> list[float]:
    """The responses of one run, in order.

    Raises
    ------
    KeyError
        The model gives no such response.
    """
    found = model.run(seed)
    return [float(found[str(response)]) for response in responses]
