"""The studio: a page in the browser to write a scenario, check it, run it and read its report."""
