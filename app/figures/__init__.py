"""The results of many runs in pictures: one module for each kind of result."""
