"""Rendering: pages as finished HTML, in one language, from templates that only ask questions."""
