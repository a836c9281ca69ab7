"""What the public may see on a day: published records, catalogue, progress, calendar, pages."""
