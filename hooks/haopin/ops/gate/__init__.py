"""Checks of a finished site before a release, made on its files alone.

Nothing here trusts the build: pages are read back by html5lib, which reads as browsers do and names every error.
"""
