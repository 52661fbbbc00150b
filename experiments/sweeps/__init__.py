"""Many runs: where they are made, how each is kept at once, and the tables they become."""
