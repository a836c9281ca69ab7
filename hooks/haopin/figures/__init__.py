"""Figures as drawings: where every bar, dot and word lies. Pure geometry in, shapes out; one template draws them all.

Lengths are in units of the drawing. A figure comes in two sizes, narrow for phones (shown at about one unit a pixel)
and wide for everything else, so that words are the size of text in both. What a drawing shows always stands in a table
as well; so a drawing may cut a long name short, and has no links in it.
"""

from haopin.figures.actuals import Actual, actuals
from haopin.figures.counts import MOST_BARS, Count, counts
from haopin.figures.deadlines import Deadline, deadlines
from haopin.figures.drawing import NARROW, WIDE, Drawing
from haopin.figures.matrix import MOST_BODIES, MOST_TASKS, matrix
from haopin.figures.periods import Period, periods
from haopin.figures.shares import Share, shares
from haopin.figures.targets import Goal, goals
from haopin.figures.year import Event, year

__all__ = [
    "MOST_BARS",
    "MOST_BODIES",
    "MOST_TASKS",
    "NARROW",
    "WIDE",
    "Actual",
    "Count",
    "Deadline",
    "Drawing",
    "Event",
    "Goal",
    "Period",
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
