"""Scenario discovery: where among the parameter sets of a finished sweep an outcome is found."""
