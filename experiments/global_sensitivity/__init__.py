"""Global sensitivity: which factors of a design move a response, over their whole ranges."""
