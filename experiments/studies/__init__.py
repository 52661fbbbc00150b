"""Studies of shequn itself: benchmarks, published models, realism, the headline experiment; not installed."""
