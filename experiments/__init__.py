"""Experiments: what the model does, measured by scripts that print tables."""
