"""Calibration: the parameters of a scenario that make it like a log, with what the log leaves open."""
