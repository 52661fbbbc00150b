"""Many runs: replicates, designs, sweeps, comparison, search, calibration, logs; and studies of shequn itself."""

if not __name__.startswith("shequn."):
    raise ImportError(
        f"import shequn.{__name__}: a second copy under the name {__name__} would not be the same"
    )
