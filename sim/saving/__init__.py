"""Saving a run, going on from what was saved, and branching from it under another policy."""
