"""Gates: what candidates must pass to become members. One file per kind; ``kinds.py`` lists them."""
