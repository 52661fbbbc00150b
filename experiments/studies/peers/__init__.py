"""Peers of the speed script: models for comparison, written for other tools."""
