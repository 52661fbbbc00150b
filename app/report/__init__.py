"""The report: one HTML file made from a finished folder of results, which is only read."""
