"""Cottica's community as a custom model of sweeps: parameters in, published outputs out."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from shequn.experiments.logs.participation import gini
from shequn.experiments.studies.cottica.community import run
from shequn.experiments.studies.cottica.parameters import Parameters
from shequn.experiments.studies.cottica.state import Community, empty_community

#: The outputs, by the names of the published table.
RESPONSES = ("dropouts", "total_comments", "mgmt_effort", "total_ms", "gini_ms", "gini_comments")


class Cottica(NamedTuple):
    """A parameter set, ready to run: a `shequn.experiments.sweeps.custom_model.CustomModel`."""

    setting: Parameters

    def parameters(self) -> Mapping[str, Any]:
        """Everything that a run depends on except its seed."""
        return self.setting.model_dump()

    def run(self, seed: int) -> Mapping[str, float]:
        """Perform one run and return its responses."""
        return outputs(self.community(seed))

    def community(self, seed: int) -> Community:
        """The community at the end of a run."""
        community = empty_community(self.setting)
        run(community, seed)
        return community


def outputs(community: Community) -> dict[str, float]:
    """The published outputs of a finished run.

    Dropouts have a strength of 0, as in the program, and count in both Gini coefficients.
    """
    totals, members = community.totals[0], community.members
    strength = np.where(members["active"], members["strength"], 0.0)
    return {
        "dropouts": float(totals["n_dropouts"]),
        "total_comments": float(totals["n_comments"]),
        "mgmt_effort": float(totals["management_effort"]),
        "total_ms": float(totals["membership_strength"]),
        "gini_ms": gini(strength) if strength.any() else float("nan"),
        "gini_comments": gini(members["n_comments"]) if members["n_comments"].any() else float("nan"),
    }
