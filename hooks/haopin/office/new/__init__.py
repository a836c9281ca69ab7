"""A new record, by dialogue or from options."""
