"""Gates: what a candidate must pass to become a member. One file per kind; ``kinds.py`` lists them."""
