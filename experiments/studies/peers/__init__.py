"""Peers that the speed script compares with: models of our own, written for other tools."""
