"""The desk: the office's editor in the browser, served to this machine only."""
