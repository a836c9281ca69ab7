"""The office's desk: commands that write data files for a clerk, tell what is missing, and exchange spreadsheets."""
