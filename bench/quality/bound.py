"""How sure a share is: the exact one-sided bound of Clopper and Pearson (Biometrika 26, 1934).

Of *n* claims *k* were right. The lower 95 % bound is the precision p for which k or more right
ones out of n would turn up in only 5 of 100 sets: with a lower p what was seen is too good to be
chance. The upper bound is the mirror image. Both are found by halving, 60 times.
"""

from math import exp, lgamma, log, log1p

DOUBT = 0.05
_HALVINGS = 60


def lower(right: int, claimed: int) -> float:
    """Give the one-sided lower 95 % bound of *right* out of *claimed*; 0 without claims."""
    if right == 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _tail(right, claimed, middle) < DOUBT:
            low = middle
        else:
            high = middle
    return low


def upper(right: int, claimed: int) -> float:
    """Give the one-sided upper 95 % bound; 1 without claims."""
    return 1 - lower(claimed - right, claimed) if claimed else 1.0


def _tail(right: int, claimed: int, chance: float) -> float:
    """Add up the chances of *right* or more hits in *claimed* throws."""
    if chance <= 0 or chance >= 1:
        return float(chance >= 1)
    return sum(_exactly(hits, claimed, chance) for hits in range(right, claimed + 1))


def _exactly(hits: int, throws: int, chance: float) -> float:
    ways = lgamma(throws + 1) - lgamma(hits + 1) - lgamma(throws - hits + 1)
    return exp(ways + hits * log(chance) + (throws - hits) * log1p(-chance))
