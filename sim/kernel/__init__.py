"""The compiled kernel: records of the state, events in order of time, and what each event does."""
