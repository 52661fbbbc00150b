"""Custom models: the protocol by which sweeps run a model of your own in place of a scenario.

``experiments/studies/cottica`` is a complete example.
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
    """One parameter set of a model, ready to run. It is pickled for the workers."""

    def parameters(self) -> Mapping[str, Any]:
        """Everything that a run depends on except its seed and the sources, in types of JSON."""
        ...

    def run(self, seed: int) -> Mapping[str, float]:
        """Perform one run and return its responses by name."""
        ...


def model_digest(model: CustomModel) -> str:
    """Digest of everything that a run of a model depends on except its seed.

    It includes all sources in the folder of the model, so runs with edited rules are never mixed with older ones.
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
        The model has no such response.
    """
    values = model.run(seed)
    return [float(values[str(response)]) for response in responses]
