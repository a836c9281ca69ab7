"""Checks of the data and of the written pages: from what was read to problems with their places."""
