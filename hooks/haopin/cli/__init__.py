"""Commands: each parses its options and prints; the work is done elsewhere."""
