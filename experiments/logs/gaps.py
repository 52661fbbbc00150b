"""The rhythm of activity: days between active days, bursts, sessions."""

import numpy as np

from shequn.experiments.logs.activity import Activity
from shequn.experiments.logs.participation import power_tail

SESSION_PAUSE = 1_800  # seconds without an event that end a session


def gaps(activity: Activity) -> dict[str, float]:
    """Gaps between active days, burstiness (Goh & Barabási 2008) and events per session."""
    days, waits, nan = activity.gaps, activity.waits, float("nan")
    some = len(days) > 0
    mean, spread = (float(waits.mean()), float(waits.std())) if len(waits) else (nan, nan)
    sessions = activity.n_people + np.count_nonzero(waits > SESSION_PAUSE)
    return {
        "gap_median_d": float(np.median(days)) if some else nan,
        "gap_mean_d": float(days.mean()) if some else nan,
        "gap_p90_d": float(np.quantile(days, 0.9)) if some else nan,
        "gap_share1": float(np.mean(days == 1)) if some else nan,
        "gap_tail_alpha": power_tail(days, 5),
        "events_per_session30": float(len(activity.person) / sessions),
        "burstiness": (spread - mean) / (spread + mean) if spread + mean > 0 else nan,
    }
