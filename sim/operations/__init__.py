"""Operations: what the operator does, and when. One file per kind; ``kinds.py`` lists them."""
