"""Bringing the built site to where the public reads it, and looking whether it is well there."""
