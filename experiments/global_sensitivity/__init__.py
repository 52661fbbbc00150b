"""Global sensitivity: the effect of each factor of a design on a response, over its whole range."""
