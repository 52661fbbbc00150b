"""Tests speak English, whatever the locale of the machine they run on."""

import os

os.environ["SHEQUN_LANG"] = "en"
