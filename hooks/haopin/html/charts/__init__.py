"""Charts: positions of bars, dots and words. Pure functions from data to shapes, which one template draws.

Lengths are in units of the drawing. Each chart has two sizes, narrow for phones (about one unit a pixel) and wide for
other screens, so that its words have text size in both. A table beside each drawing has the same content; so a drawing
may shorten a long name. Only the marks of the course of a plan are links.
"""
