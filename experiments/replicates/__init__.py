"""Replicates of one scenario, written to a folder of results."""
