"""Our way, by the code that an engine process runs: decoded as a media worker does, all at once."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.generating.measuring import Spent
from daemon.engines.hosted import Beat, Shown, Wording
from daemon.engines.transformers_engine.speaking import Asked, Said, Says
from daemon.media.decode import open_frames
from daemon.media.frames import Wanted
from daemon.media.identify import identify
from daemon.media.moments import moments
from daemon.media.opened import opened
from daemon.media.video import opened_film
from daemon.media.views import views
from daemon.wire import Question
from metadata.asset import Asset, MediaKind

MAX_PIXELS = 100_000_000
SIDE, FRAMES = 1024, 8
Tokens = tuple[int, ...]


def beat(doing: str, patience_s: float = 60.0) -> None:
    """Hear that the work goes on; nobody waits here."""


def identified(path: Path) -> Asset:
    """Look at a file as it comes in, which is no part of what is measured."""
    return identify(path, MAX_PIXELS, lambda _: None)


def shown(asset: Asset, questions: Sequence[Question]) -> Shown:
    """Decode what a model is shown of *asset*."""
    if asset.kind is MediaKind.VIDEO:
        with opened(asset.path) as file, opened_film(file, asset.format, MAX_PIXELS) as film:
            pictures, times = views(moments(film, asset.duration_s, FRAMES), SIDE)
        return Shown(asset.kind, pictures, times, tuple(questions))
    wanted = Wanted(side=SIDE, sheet_side=SIDE, view_side=SIDE)
    frames = open_frames(asset, wanted, MAX_PIXELS, lambda _: None)
    return Shown(asset.kind, frames.views, (), tuple(questions))


def describe(
    asker: Any, assets: Sequence[Asset], questions: Sequence[Question], spent: Spent
) -> list[list[Tokens]]:
    """Put *questions* about all *assets* to the model at once; tokens by asset and question."""
    batch = [shown(asset, questions) for asset in assets]
    if len({asker.bucket(one) for one in batch}) > 1:
        raise RuntimeError("these assets are of several kinds: captiond would ask them apart")
    prepared = asker.prepare(batch)
    begun = time.perf_counter()
    answers = iter(asker.answers(prepared, beat))
    spent.answering = time.perf_counter() - begun
    return [[next(answers).tokens for _ in questions] for _ in assets]


def translate(
    translator: Any, texts: Sequence[str], languages: Sequence[str]
) -> list[dict[str, str]]:
    """Give all *texts* in all *languages*."""
    wordings = [Wording(text, tuple(languages)) for text in texts]
    return [worded.said for worded in translator.render(wordings, beat)]


class Counted:
    """A model that says sentences, whose pieces are counted with the code and the end of each."""

    def __init__(self, says: Says) -> None:
        self._says = says
        self.pieces = 0

    def rows(self, longest: Asked) -> int:
        """Tell how many translations are made at once."""
        return self._says.rows(longest)

    def say(self, batch: Sequence[Asked], beams: int, beat: Beat) -> list[tuple[Said, ...]]:
        """Give each sentence in each of its languages."""
        made = self._says.say(batch, beams, beat)
        self.pieces += sum(len(said.pieces) + 2 for each in made for said in each)
        return made
