"""Figures as drawings: where every bar, dot and word lies. Pure geometry in, shapes out; one template draws them all.

Lengths are in units of the drawing. A figure comes in two sizes, narrow for phones (shown at about one unit a pixel)
and wide for everything else, so that words are the size of text in both. What a drawing shows always stands in a table
as well; so a drawing may cut a long name short, and has no links in it.
"""
