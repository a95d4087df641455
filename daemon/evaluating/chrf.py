"""chrF: how much two texts overlap, by the runs of characters in them; pure.

M. Popović, "chrF: character n-gram F-score for automatic MT evaluation", WMT 2015: precision and
recall of character n-grams, averaged over n, with recall weighted beta squared times. White space
does not count, case does.
"""

from collections import Counter
from collections.abc import Iterable

ORDER = 6
BETA = 2


def chrf(pairs: Iterable[tuple[str, str]]) -> float | None:
    """Score texts against what they should be, (text, reference), from 0 to 100.

    The n-grams of all pairs are counted together, so that long texts weigh more. None without a
    pair in which both have an n-gram.
    """
    counts = [[0, 0, 0] for _ in range(ORDER)]
    for text, reference in pairs:
        for order, count in enumerate(counts, 1):
            ours, theirs = _grams(text, order), _grams(reference, order)
            count[0] += (ours & theirs).total()
            count[1] += ours.total()
            count[2] += theirs.total()
    told = [(alike / ours, alike / theirs) for alike, ours, theirs in counts if ours and theirs]
    if not told:
        return None
    precision = sum(each for each, _ in told) / len(told)
    recall = sum(each for _, each in told) / len(told)
    if not precision + recall:
        return 0.0
    return 100 * (1 + BETA**2) * precision * recall / (BETA**2 * precision + recall)


def _grams(text: str, order: int) -> Counter[str]:
    plain = "".join(text.split())
    return Counter(plain[at : at + order] for at in range(len(plain) - order + 1))
