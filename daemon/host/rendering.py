"""Texts of several assets on their way through a translation model: each once, all together."""

from collections.abc import Callable
from functools import partial

from daemon.engines import EngineError
from daemon.engines.hosted import Beat, Renders, Worded, Wording
from daemon.host.buckets import Waiting
from daemon.host.showing import distinct, rendered, weight_of
from daemon.host.wall import Fault, attempt
from daemon.wire import Render, Rendered

RENDERING_S = 600.0
MOST_TEXTS = 256
"""So many at once are enough for any device; a model sorts and divides them as it can."""


class Rendering:
    """One loaded translation model, for as long as it is used; *places* says how much fits."""

    most = MOST_TEXTS

    def __init__(
        self,
        renders: Renders,
        places: Callable[[], int],
        beat: Beat,
        clock: Callable[[], float],
    ) -> None:
        self._renders = renders
        self._places = places
        self._beat = beat
        self._clock = clock

    def size(self, items: tuple[Waiting, ...]) -> int:
        """Count the texts of *items* that are said at once."""
        return min(len(distinct(_asked(items))), self._places())

    def do(self, items: tuple[Waiting, ...]) -> list[Rendered] | Fault:
        """Say what *items* ask for."""
        return attempt(partial(self._rendered, _asked(items)))

    def _rendered(self, batch: list[Render]) -> list[Rendered]:
        begun = self._clock()
        every, places = distinct(batch), self._places()
        said: dict[Wording, Worded] = {}
        for start in range(0, len(every), places):
            said |= self._said(every[start : start + places])
        took, whole = self._clock() - begun, sum(map(weight_of, batch))
        share = [{"translate": took * weight_of(asked) / whole} for asked in batch]
        return [rendered(asked, said, s) for asked, s in zip(batch, share, strict=True)]

    def _said(self, wordings: list[Wording]) -> dict[Wording, Worded]:
        self._beat(f"translating {len(wordings)} texts", RENDERING_S)
        said = self._renders.render(wordings, self._beat)
        if len(said) != len(wordings):
            raise EngineError(f"the model gave {len(said)} translations of {len(wordings)} texts")
        return dict(zip(wordings, said, strict=True))


def _asked(items: tuple[Waiting, ...]) -> list[Render]:
    return [item.request for item in items if isinstance(item.request, Render)]
