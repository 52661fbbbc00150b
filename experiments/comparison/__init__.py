"""Comparison of scenarios by paired runs: replicates of all arms have the same people and the same seeds."""
