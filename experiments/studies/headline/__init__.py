"""The headline experiment: the effect of size, gate and openness on cooling and growth.

``python -m shequn.experiments.studies.headline`` performs all missing runs (after a kill, the same command continues),
then writes the answers, the figures and the tables of docs/en/explanation/headline.md. The questions and their
estimators are in ``social.yaml``.
"""
