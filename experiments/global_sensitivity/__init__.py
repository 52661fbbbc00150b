"""Global sensitivity: which factors of a design a response hangs on, over their whole ranges."""
