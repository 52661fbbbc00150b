"""Cottica's community of 2017."""
