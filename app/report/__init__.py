"""The report: one HTML file from a finished folder of results, which it only reads."""
