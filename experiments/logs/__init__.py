"""Measures of any activity log: a real community's export or a run's journal, by the same definitions."""
