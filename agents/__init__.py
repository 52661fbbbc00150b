"""The people: what a member is, perceives and decides. Pure rules: numbers in, number out."""
