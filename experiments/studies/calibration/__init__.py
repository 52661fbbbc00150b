"""Studies of calibration: recovery of known parameters, forecasts against baselines."""
