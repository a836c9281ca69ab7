"""The gate before a release: what must hold of a finished site, asked of its files alone.

Nothing here trusts the build: pages are read back by html5lib, which reads as browsers do and names every error.
"""
