"""Publicity materials: the pieces that a county prints, shows and posts, drawn from its records."""
