"""The version of shequn: the one place where it is written."""

__version__ = "0.8.0"
