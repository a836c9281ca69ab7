"""Rendering: pages as finished HTML, in one language, from templates without logic of their own."""
