"""What an example is: a file that is drawn on demand, and what is true of it beyond doubt.

A truth is keyed by the claim it judges. Claims with a colon are a fact's name and value as
``daemon.engines.builtin.claims.claim_of`` spells them, and are True or False. The others hold what
there is to find; empty (``()``, ``None``) means that there is nothing, so that whatever is claimed
is wrong. A claim without a truth is doubtful there: it is not judged.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Painted:
    """Which colour words a picture has, by share (0 to 1).

    *surely* counts the pixels for which people have this word and no other, *possibly* those for
    which some would use it. Truth of the claim ``colour``.
    """

    surely: Mapping[str, float]
    possibly: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Printed:
    """What a code holds, and its type as zxing names it. Truth of the claim ``code``."""

    value: str
    type: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A line that stands in a clip on every picture from *from_s* until before *to_s*."""

    text: str
    from_s: float
    to_s: float


Truth: TypeAlias = bool | str | float | Painted | tuple[str | float | Printed | Shown, ...] | None
"""By claim:

- ``name:value`` (``blurry:true``, ``speech:true``, ``season:summer``, ``text_tone:positive``,
  ``motion:still``, ``silent:true``, ``screenshot:true``): bool
- ``colour``: Painted; ``code``: tuple of Printed
- ``text``: tuple of the lines that stand there, verbatim, in a clip of Shown;
  ``text_language``: the one language of all lines, None where none may be named;
  ``unread_text``: bool
- ``place``, ``country``, ``lens``: str or None; ``subtitles``: the languages of the tracks as the
  fact names them, or None; ``transcript``: tuple of Shown, the subtitle lines
- ``cuts``: tuple of seconds, a cut being the time of the first picture of the new shot;
  ``shots``: how many there are
- ``transparent``: share; ``pages``: number; None where there are none
- ``near_duplicate``: the name of the picture it is a variant of (same name, same picture)
"""


@dataclass(frozen=True, slots=True)
class Example:
    """One file: *make* draws it into a folder and gives its path; same name, same bytes.

    *kind* groups examples that are drawn alike, such as ``colours`` or ``speech``. *fps* is that
    of a clip: a cut is right within one picture.
    """

    name: str
    kind: str
    make: Callable[[Path], Path]
    truths: Mapping[str, Truth]
    fps: float | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A text, one line of a picture after the other, that is printed on a page to be read.

    *lang* is its BCP 47 language, None where no language may be named; *tone* is ``positive``,
    ``negative``, ``neutral``, or None where that is not known.
    """

    name: str
    text: str
    lang: str | None = None
    tone: str | None = None
