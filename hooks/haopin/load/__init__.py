"""Reading: files of the data folder → typed records, or problems with their places."""
