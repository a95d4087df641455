"""Text in pictures: what is written there, as far as it can be read without a doubt.

Only this room knows OpenCV and onnxruntime. It is loaded by workers that do nothing else, because
the networks take several hundred megabytes while they work.
"""

from collections.abc import Sequence

import cv2

from daemon.engines import Legible, Work
from daemon.engines.builtin.reading.letters import Speller
from daemon.engines.builtin.reading.models import FINDER, SPELLER, Network, model_name
from daemon.engines.builtin.reading.page import PageReader
from daemon.engines.builtin.reading.pages import legible
from daemon.engines.builtin.reading.places import Finder

SCRIPTS = ("Latn", "Hani", "Hira", "Kana")
"""The writing systems that the networks were taught (ISO 15924)."""
MOST = 4000.0
"""How much is read of one asset, the longest lines first: so many times the height of the letters.

That is a densely printed page, or 300 lines of 40 letters, and takes 16 to 30 seconds of one core.
"""


class Reader:
    """An engine that reads; same input, same output. Raises EngineMissing without its models."""

    name = "builtin"

    def __init__(self) -> None:
        cv2.setNumThreads(1)
        self.model = model_name()
        self._page = PageReader(Finder(Network(FINDER)), Speller(Network(SPELLER)))

    def read(self, batch: Sequence[Work]) -> list[Legible]:
        """Read the sheets of each item."""
        return [self._legible(work) for work in batch]

    def _legible(self, work: Work) -> Legible:
        sheets = work.frames.sheets
        most = MOST / max(len(sheets), 1)
        pages = [self._page.read(sheet, most) for sheet in sheets]
        return legible(pages, work.frames.sheet_times_s)
