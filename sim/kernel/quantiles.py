"""Quantiles of SciPy's that compiled code calls, too."""

from shequn.agents.compiled import extends_numba


def gamma_quantile(shape: float, probability: float) -> float:
    """Quantile of the gamma distribution with scale 1: `scipy.special.gammaincinv`, the same bits compiled or not.

    Parameters
    ----------
    shape : float
        Above 0.
    probability : float
        In (0, 1).
    """
    from scipy.special import gammaincinv

    return float(gammaincinv(shape, probability))


extends_numba("shequn.sim.kernel.quantiles_code")
