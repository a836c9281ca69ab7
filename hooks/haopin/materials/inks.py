"""Process colours for print: the shares of cyan, magenta, yellow and black that look like an RGB colour."""

from functools import cache  # nothing of records is kept
from itertools import product

from haopin.colour import relative_luminance

# The polynomial by which pdf.js (Mozilla, Apache 2.0: core/colorspace.js) shows process colours, fitted to the inks of
# US Web Coated (SWOP): for red, green and blue, the factors of each product of two inks, and of each ink.
_PAIRS = ("cc", "cm", "cy", "ck", "c", "mm", "my", "mk", "m", "yy", "yk", "y", "kk", "k")
# fmt: off
_FACTORS = (
    (-4.3873, 54.4862, 18.8229, 212.2566, -285.2331, 1.7150, -5.6097, -17.8739, -5.4970, -2.5217, -21.2489, 17.5119,
     -21.8612, -189.4818),
    (8.8410, 60.1180, 6.8714, 31.1591, -79.2971, -15.3104, 17.5753, 131.3525, -190.9453, 4.4443, 9.8633, -24.8674,
     -20.7373, -187.8045),
    (0.8843, 8.0787, 30.8998, -0.2388, -14.1836, 10.4959, 63.0238, 50.6070, -112.2388, 0.0330, 115.6038, -193.5821,
     -22.3382, -180.1261),
)
# fmt: on
_Inks = tuple[float, float, float, float]


def shown(inks: _Inks) -> tuple[float, ...]:
    """Return red, green and blue (0 to 255) of ``inks``: cyan, magenta, yellow and black (0 to 1)."""
    of = dict(zip("cmyk", inks, strict=True))
    terms = [of[pair[0]] * (of[pair[1]] if len(pair) == 2 else 1) for pair in _PAIRS]
    return tuple(255 + sum(f * term for f, term in zip(row, terms, strict=True)) for row in _FACTORS)


@cache
def inks(colour: str) -> tuple[int, int, int, int]:
    """Return the shares of ink, in per cent, that look like ``#rrggbb``; black alone for what is nearly black."""
    if relative_luminance(colour) < 0.006:
        return 0, 0, 0, 100
    goal = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    # Half of the grey part is printed in black: less ink, and shades that stay neutral.
    black = (255 - max(goal)) / 255 * 0.5

    def error(found: _Inks) -> float:
        return sum((a - b) ** 2 for a, b in zip(shown(found), goal, strict=True))

    best: _Inks = (*((max(goal) - part) / 255 for part in goal), black)  # type: ignore[assignment]
    step = 0.16
    while step > 0.002:
        near = [
            (*(min(1.0, max(0.0, v + step * d)) for v, d in zip(best, by, strict=False)), black)
            for by in product((-1, 0, 1), repeat=3)
        ]
        found = min(near, key=error)  # type: ignore[arg-type]
        if error(found) < error(best):  # type: ignore[arg-type]
            best = found  # type: ignore[assignment]
        else:
            step /= 2
    c, m, y, k = (round(100 * v) for v in best)
    return c, m, y, k
