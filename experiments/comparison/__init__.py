"""Comparison of scenarios run by run: the same people have the same luck in every arm."""
