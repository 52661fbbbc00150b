"""Who brings others: few or many, and do the good bring the good?"""

import numpy as np

from shequn.experiments.logs.log import Log
from shequn.experiments.logs.participation import top_share

#: Lobsters 2012–2024: of 2,577 people there, as the statistics here find it.
PUBLISHED = {"brought_another": 0.23, "top10_inviters": 0.41, "quality_correlation": 0.10}
_FEWEST_PAIRS = 10


def invitation_facts(log: Log) -> dict[str, float]:
    """How invitations are spread, and how like their inviters those invited are.

    Returns
    -------
    dict
        ``brought_another``: share of those listed who brought another one listed;
        ``top10_inviters``: share of all invited whom the top 10 % of all inviters brought;
        ``quality_correlation``: Pearson's correlation of inviter's and invitee's mean rating, both with
        at least five rated posts (at least 10 pairs). Empty where inviters are not known.
    """
    known = log.invitations
    if known is None:
        return {}
    n = len(known.inviter)
    invited = np.flatnonzero(known.inviter >= 0)
    inviter = known.inviter[invited]
    inside = inviter < n
    found = {
        "brought_another": len(np.unique(inviter[inside])) / n,
        "top10_inviters": top_share(np.unique(inviter, return_counts=True)[1], 0.1)
        if len(inviter)
        else np.nan,
        "quality_correlation": float("nan"),
    }
    theirs, own = known.quality[inviter], known.quality[invited]
    rated = ~np.isnan(theirs) & ~np.isnan(own)
    if rated.sum() >= _FEWEST_PAIRS and np.ptp(theirs[rated]) > 0 and np.ptp(own[rated]) > 0:
        found["quality_correlation"] = float(np.corrcoef(theirs[rated], own[rated])[0, 1])
    return {name: float(value) for name, value in found.items()}
