"""``python -m shequn`` is the command ``shequn``."""

from shequn.app.cli import main

main()
