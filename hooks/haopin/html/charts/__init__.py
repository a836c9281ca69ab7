"""Figures as drawings: where every bar, dot and word lies. Pure geometry in, shapes out; one template draws them all.

Lengths are in units of the drawing. A figure comes in two sizes, narrow for phones (shown at about one unit a pixel)
and wide for everything else, so that words are the size of text in both. What a drawing shows always stands in a table
as well; so a drawing may cut a long name short, and has no links in it.
"""

from haopin.html.charts.drawing import NARROW, WIDE, Drawing
from haopin.html.charts.matrix import MOST_BODIES, MOST_TASKS, matrix
from haopin.html.charts.progress import MOST_BARS, Actual, Count, Goal, Share, actuals, counts, goals, shares
from haopin.html.charts.timeline import ChartEvent, ChartPeriod, Deadline, deadlines, periods, year

__all__ = [
    "MOST_BARS",
    "MOST_BODIES",
    "MOST_TASKS",
    "NARROW",
    "WIDE",
    "Actual",
    "ChartEvent",
    "ChartPeriod",
    "Count",
    "Deadline",
    "Drawing",
    "Goal",
    "Share",
    "actuals",
    "counts",
    "deadlines",
    "goals",
    "matrix",
    "periods",
    "shares",
    "year",
]
