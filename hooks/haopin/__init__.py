"""Haopin (好品): turns a county's quality records into a bilingual public site.

One direction, no way back: read → check → derive → render → write. See hooks/README.md.
"""

__version__ = "0.1.0"
