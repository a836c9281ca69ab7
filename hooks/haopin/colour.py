"""Colour computations: contrast and mixing."""

from collections.abc import Iterable, Mapping

#: Background of cards, where most text is, by scheme.
GROUNDS: Mapping[str, str] = {"light": "#ffffff", "dark": "#1b2120"}


def ink(colour: str) -> str:
    """Return black or white, whichever contrasts more with ``colour``."""
    return max(("#ffffff", "#000000"), key=lambda candidate: contrast(candidate, colour))


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    dark, light = sorted((relative_luminance(first), relative_luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def relative_luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb``, 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def mixed(ground: str, colour: str, share: float) -> str:
    """Mix ``share`` (0 to 1) of ``colour`` into ``ground``. Computed here because older phones cannot mix in CSS."""
    pairs = zip(_channels(ground), _channels(colour), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def strengthened(colour: str, grounds: Iterable[str], least: float) -> str:
    """Mix as little black or white as possible into ``colour`` to reach the contrast ``least`` on all ``grounds``.

    Returns black or white if even that is not enough.
    """
    grounds = tuple(grounds)
    towards = ink(grounds[0])
    for hundredth in range(0, 100, 2):
        found = mixed(colour, towards, hundredth / 100)
        if all(contrast(found, ground) >= least for ground in grounds):
            return found
    return towards


def _channels(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
