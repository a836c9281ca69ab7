"""Public state of the data on a date: published records, catalogue, progress, calendar, pages."""
