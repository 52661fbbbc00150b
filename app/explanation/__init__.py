"""Scenarios explained in words."""
