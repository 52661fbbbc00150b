"""Duties of the staff: a file for each kind."""
