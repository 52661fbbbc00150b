"""Sweeps: many runs in parallel, each stored as soon as it finishes, and the tables of their responses."""
