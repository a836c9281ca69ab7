"""Haopin (好品): turns a county's quality records into a bilingual public site.

One direction: load → check → site → html and exports → build. See docs/dev/architecture.md.
"""

__version__ = "0.2.0.dev0"
