"""Saving a run, continuing from a saved state, and branching from it under another policy."""
