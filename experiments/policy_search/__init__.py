"""Policy search: the best parameter sets of a design, under constraints, by Optuna."""
