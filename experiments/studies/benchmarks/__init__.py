"""The parts of the speed script, one file each."""
