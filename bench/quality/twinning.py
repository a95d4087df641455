"""Judge near-duplicates: every two pictures whose hashes are close are claimed to be one."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from bench.quality.judging import Verdict, yes_or_no

CLOSE = 8
"""Bits of 64 that may differ between a picture and its variant."""


def pairs(hashed: Sequence[tuple[str, str]]) -> Iterator[Verdict]:
    """Judge all pairs of (name of the scene, hash in 16 hexadecimal digits)."""
    for (scene, one), (other, two) in combinations(hashed, 2):
        apart = (int(one, 16) ^ int(two, 16)).bit_count()
        yield yes_or_no("near_duplicate", scene == other, apart <= CLOSE)
