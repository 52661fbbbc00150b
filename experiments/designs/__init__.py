"""Designs: YAML files that say which runs are to be made, read as strictly as scenarios.

A design becomes a list of parameter sets (:mod:`shequn.experiments.designs.points`); whatever runs
them knows nothing but that list.
"""
