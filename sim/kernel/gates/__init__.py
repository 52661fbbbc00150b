"""Gates: what one has to pass to become a member. One file per kind; ``kinds.py`` lists them."""
