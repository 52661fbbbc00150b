"""Changes of a scenario as mappings, as design files say them."""

from collections.abc import Iterator, Mapping
from typing import Any

from shequn.sim.scenario.merging import Override, value_override

Overrides = dict[str, Any]


def changes(*layers: Mapping[str, Any]) -> Iterator[Override]:
    """The overrides of several mappings, one after another."""
    for layer in layers:
        for key, value in layer.items():
            yield value_override("", key, value)
