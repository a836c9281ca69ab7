"""Pages of the desk: a module per subject, each with its ``ROUTES``."""
