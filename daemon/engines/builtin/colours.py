"""Name the colours of a picture with the words that people use for them.

The words come from the XKCD colour survey (CC0): the names given by thousands of people that hold
exactly one of thirteen plain terms, as a table of RGB value and term.
"""

from collections.abc import Iterator
from importlib import resources
from itertools import islice, takewhile

import numpy as np
from numpy.typing import NDArray

from daemon.engines.builtin.oklab import Lab, chroma, oklab
from daemon.media.frames import Picture
from metadata.description import Colour

TERMS = (
    "black", "white", "grey", "red", "orange", "yellow", "green",
    "blue", "purple", "pink", "brown", "teal", "beige",
)  # fmt: skip
NEUTRAL = TERMS[:3]
MAIN_SHARE = 0.08
_MOST_MAIN = 5
_MOST_ACCENTS = 2
_ACCENT_SHARE = 0.012
_ACCENT_CHROMA = 0.13

_BLACK, _WHITE, _GREY = 0, 1, 2
_COOL = (TERMS.index("teal"), TERMS.index("blue"))
_BITS = 5
_LEVELS = 1 << _BITS
# The eye forgives a difference in lightness more than one in hue; the reach of a survey answer
# is in Oklab units. Chosen by agreement with answers left out; figures in docs/builtin.md.
_AXES = np.array([0.5, 1, 1], np.float32)
_REACH = 0.04
# No survey answer of teal or blue lies more than 16 degrees of hue on the yellow side. Names of
# pale greens are so sparse in the survey that these two would reach over to them.
_COOL_TILT = 0.325
_CHUNK = 2048


class ColourNames:
    """The term for each of 32 x 32 x 32 colours, learned from the survey once (0.1 s)."""

    def __init__(self) -> None:
        points, terms = _survey()
        self._terms = np.concatenate(
            [_terms_of(part, points, terms) for part in np.split(_grid(), _LEVELS**3 // _CHUNK)]
        )

    def indices(self, rgb: Picture) -> NDArray[np.uint8]:
        """Give the place in TERMS for each pixel of *rgb*, ... x 3."""
        level = (rgb >> (8 - _BITS)).astype(np.int32)
        cell = (level[..., 0] << 2 * _BITS) | (level[..., 1] << _BITS) | level[..., 2]
        return np.asarray(self._terms[cell], np.uint8)

    def palette(self, rgb: Picture, lab: Lab) -> tuple[Colour, ...]:
        """List the colours of *rgb*, n x 3: main ones by share, then small vivid accents.

        An accent is what covers less than MAIN_SHARE; strongest first.
        """
        named = self.indices(rgb)
        found = (_colour(term, rgb, named == term) for term in _by_share(named))
        # There is one at least: of thirteen shares the largest is no less than a thirteenth.
        main = list(islice(takewhile(_is_main, found), _MOST_MAIN))
        said = {colour.name for colour in main}
        accents = [
            _colour(term, rgb, named == term)
            for term in _accents(named, chroma(lab))
            if TERMS[term] not in said
        ]
        return (*main, *accents[:_MOST_ACCENTS])


def prominence(colour: Colour) -> float:
    """Weigh how much a colour strikes the eye: the area it covers times its distance from grey."""
    rgb = np.frombuffer(bytes.fromhex(colour.hex[1:]), np.uint8)
    return colour.share * float(chroma(oklab(rgb)))


def _is_main(colour: Colour) -> bool:
    return colour.share >= MAIN_SHARE


def _survey() -> tuple[Lab, NDArray[np.intp]]:
    text = resources.files(__package__).joinpath("colour_names.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    rgb = np.array([list(bytes.fromhex(code)) for code, _ in rows], np.uint8)
    return oklab(rgb), np.array([TERMS.index(term) for _, term in rows])


def _grid() -> Lab:
    step = 256 // _LEVELS
    centres = (np.arange(_LEVELS) * step + step // 2).astype(np.uint8)
    return oklab(np.stack(np.meshgrid(centres, centres, centres, indexing="ij"), -1).reshape(-1, 3))


def _terms_of(lab: Lab, points: Lab, terms: NDArray[np.intp]) -> NDArray[np.uint8]:
    """Let the survey's answers vote, near ones with more weight, on each colour of *lab*."""
    there, here = points * _AXES, lab * _AXES
    far = (here**2).sum(1)[:, None] + (there**2).sum(1) - 2 * here @ there.T
    votes = np.exp(far / np.float32(-2 * _REACH**2)) @ _ballots(terms)
    return _neutrals(lab, votes)


def _ballots(terms: NDArray[np.intp]) -> NDArray[np.float32]:
    """Weigh each answer so that a term with many names (green) does not outvote one with few."""
    names = np.bincount(terms, minlength=len(TERMS))
    weight = np.maximum(names, 10) ** -0.5
    return np.asarray(np.eye(len(TERMS))[terms] * weight, np.float32)


def _neutrals(lab: Lab, votes: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Decide near the grey axis and in pale greens by rule: survey names are sparse there."""
    light, away = lab[:, 0], chroma(lab)
    votes[away > 0.05, _BLACK] = 0
    votes[away > 0.05, _GREY] = 0
    votes[away > 0.03, _WHITE] = 0
    for term in _COOL:
        votes[lab[:, 2] > _COOL_TILT * -lab[:, 1], term] = 0
    term = votes.argmax(axis=1)
    neutral = away < np.where(light > 0.5, 0.026, 0.02)
    term[neutral] = np.select([light < 0.29, light > 0.91], [_BLACK, _WHITE], _GREY)[neutral]
    term[light < 0.17] = _BLACK
    return np.asarray(term, np.uint8)


def _by_share(named: NDArray[np.uint8]) -> Iterator[int]:
    counts = np.bincount(named, minlength=len(TERMS))
    order = np.argsort(-counts, kind="stable")
    return (int(term) for term in order if counts[term])


def _accents(named: NDArray[np.uint8], away: NDArray[np.float32]) -> list[int]:
    """List the terms with enough vivid pixels, the strongest first."""
    vivid = away > _ACCENT_CHROMA
    counts = np.bincount(named[vivid], minlength=len(TERMS))
    strength = np.bincount(named[vivid], weights=away[vivid], minlength=len(TERMS))
    order = np.argsort(-strength, kind="stable")
    return [int(term) for term in order if counts[term] >= _ACCENT_SHARE * max(len(named), 1)]


def _colour(term: int, rgb: Picture, mask: NDArray[np.bool_]) -> Colour:
    red, green, blue = rgb[mask].mean(axis=0).round().astype(int).tolist()
    return Colour(TERMS[term], round(float(mask.mean()), 2), f"#{red:02x}{green:02x}{blue:02x}")
