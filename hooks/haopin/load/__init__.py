"""Read the files of the data folder into typed records, or problems with their positions."""
