"""Designs: YAML files that describe many runs, read as strictly as scenarios.

A design becomes a list of parameter sets (:mod:`shequn.experiments.designs.points`); the code that runs them
sees only that list.
"""
