"""Calibration: the parameters of a scenario that reproduce a log, and which of them the log does not identify."""
