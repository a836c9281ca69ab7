"""Pictures and QR codes that the cache lacks, drawn on all processors before the pages need them."""

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess

import click

from haopin.cache import Cache, Recipe
from haopin.exports.photographs import photograph_recipes
from haopin.exports.pictures.images import recipe
from haopin.exports.source import ExportSource
from haopin.html.inline_svg import qr_recipe

#: A recipe with its cache.
Lacking = tuple[Cache, Recipe]
#: Milliseconds of processor time from which other processes are worth while, and from which progress is shown.
_WORTH, _LONG = 200, 1000


def recipes(source: ExportSource, addresses: Iterable[str], *, exports: bool) -> list[list[Lacking]]:
    """Return what a build draws and keeps, by kind: photographs, preview images, QR codes.

    Args:
        source: The records, with the caches.
        addresses: Absolute addresses of the pages.
        exports: Whether the site has exports; without them it has photographs only.
    """
    kept, photographs = source.cache, source.picture_cache
    found = [[(photographs, each) for each in photograph_recipes(source)] if photographs else []]
    if kept and exports:
        found.append([(kept, recipe(card)) for card in {c.path: c for c in source.pictures.cards.values()}.values()])
        found.append([(kept, qr_recipe(address)) for address in addresses])
    return found


def draw_ahead(kinds: Sequence[Sequence[Lacking]], processors: int | None = None) -> None:
    """Draw what the caches lack of ``kinds``, each processor a share, and show the progress on a terminal.

    The shares of other processors are drawn by forked processes. Where there is no fork, or another thread runs (live
    preview), threads draw them, which is faster for photographs only: the others hold Python's lock. No error is
    reported here: what cannot be drawn is drawn again where it is needed, and fails there.

    Args:
        kinds: Recipes of each kind, with their caches.
        processors: Number of processors; default: those that this process may use.
    """
    lacking = [[(kept, each) for kept, each in kind if kept.lacks(each.key)] for kind in kinds]
    count, cost = sum(map(len, lacking)), sum(each.cost for kind in lacking for _, each in kind)
    # The forked build of another language is one of the processes that share the processors.
    if cost < _WORTH or multiprocessing.parent_process() is not None:
        return
    label = "正在绘制图片和二维码 / drawing pictures and QR codes"
    with progress(count, label, shown=cost > _LONG and sys.stderr.isatty()) as advance:
        # The first of each kind loads libraries and fonts, which forked processes then share.
        firsts = [kind[0] for kind in lacking if kind]
        _draw(firsts, advance)
        if any(kept.lacks(each.key) for kept, each in firsts):
            # The cache cannot be written.
            return
        rest, number = [each for kind in lacking for each in kind[1:]], processors or processor_count()
        others = [_start(rest[first::number]) for first in range(1, number)]
        # The shares are alike, so the progress of all is a multiple of this one's.
        _draw(rest[::number], lambda done: advance(done * number))
        for other in others:
            other.join()


def _draw(share: Iterable[Lacking], advance: Callable[[int], None] = lambda _: None) -> None:
    """Draw ``share`` into the caches."""
    for kept, each in share:
        with suppress(Exception):
            each.made(kept)
        advance(1)


def _start(share: Sequence[Lacking]) -> BaseProcess | threading.Thread:
    """Start to draw ``share`` beside this thread."""
    forks = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
    # Both end with this process.
    start = multiprocessing.get_context("fork").Process if forks else threading.Thread
    other = start(target=_draw_beside, args=(share,), daemon=True)
    other.start()
    return other


def _draw_beside(share: Sequence[Lacking]) -> None:
    # Ctrl-C reaches every process; the first one reports it.
    with suppress(KeyboardInterrupt):
        _draw(share)


def processor_count() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def progress(count: int, label: str, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """Show a line with the progress of ``count`` drawings, if ``shown``; yield the function that advances it."""
    if not shown:
        yield lambda _: None
        return
    with click.progressbar(length=count, label=label, show_pos=True, show_eta=False, width=20, file=sys.stderr) as bar:
        yield bar.update
