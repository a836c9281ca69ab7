"""Pre-release checks of a finished site, based on its files alone.

They do not rely on the build: html5lib parses the pages as a browser does and reports every HTML error.
"""
