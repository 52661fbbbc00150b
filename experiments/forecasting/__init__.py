"""Forecasts of a log's coming weeks: the level from its own past, the band from its own past errors."""
