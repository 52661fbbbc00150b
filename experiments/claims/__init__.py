"""What the articles claim, put to the test: designs, runs, verdicts."""
