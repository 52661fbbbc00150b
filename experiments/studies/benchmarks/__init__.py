"""What the speed script measures: one file for each of its parts."""
