"""Whether a saved state can be true: ranges of fields, chains of records, recounts, and the events to come.

Compiled code checks no index and no number. Whoever can write a file can also write its digest, so a state is
checked once as a whole when it is read, and trusted from then on.
"""
