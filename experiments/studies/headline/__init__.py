"""The headline experiment: size × gate × openness, and what they do to cooling and growth.

``python -m shequn.experiments.studies.headline`` makes all runs that are not there yet (killed, the same command goes
on), then answers, figures and the tables of docs/headline.md. What is asked, and how it is estimated, is
in ``social.yaml``.
"""
