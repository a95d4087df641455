"""Batches made ready for a model on the processor: what prompts share once, the rest by row."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from daemon.engines.hosted import Shown
from daemon.engines.transformers_engine.decoding import Row
from daemon.engines.transformers_engine.families import Family
from daemon.engines.transformers_engine.prefix import Shared, Tokens, cut, grown
from daemon.engines.transformers_engine.showing import Showing
from metadata.asset import MediaKind

Kind = tuple[MediaKind, bool]
"""What is shown: still or film, and whether there are pictures of it at all."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A batch as tensors on the processor.

    With *rests* the *inputs* are what the prompts of each asset have in common, and *rests* the
    tokens that follow for each of *rows*; without them *inputs* have a whole prompt for each row.
    """

    batch: tuple[Shown, ...]
    rows: tuple[Row, ...]
    inputs: dict[str, Any]
    rests: tuple[Tokens, ...] | None = None

    @property
    def words_alone(self) -> bool:
        """Tell whether no picture is shown."""
        return not any(shown.pictures for shown in self.batch)

    @property
    def again(self) -> bool:
        """Tell whether other answers are wanted than the first ones."""
        return any(shown.again for shown in self.batch)

    @property
    def read(self) -> list[int]:
        """Count the tokens that are read for each asset; what is shared counts once."""
        counts = [0] * len(self.batch)
        if not self.rows:
            return counts
        for asset, mask in zip(self.assets, self.inputs["attention_mask"], strict=True):
            counts[asset] += int(mask.sum())
        for row, rest in zip(self.rows, self.rests or (), strict=self.rests is not None):
            counts[row.asset] += len(rest)
        return counts

    @property
    def assets(self) -> list[int]:
        """Give the number of the asset of each row of *inputs*."""
        if self.rests is None:
            return [row.asset for row in self.rows]
        return sorted({row.asset for row in self.rows})


class Preparing:
    """Makes batches ready by *showing*; several threads may ask it."""

    def __init__(
        self, showing: Showing, family: Family, places: frozenset[int], seeded: bool
    ) -> None:
        """Take the tokens that stand for pictures; *seeded* answers need a seed of each asset."""
        self._showing = showing
        self._family = family
        self._places = places
        self._seeded = seeded
        self._proved: dict[Kind, bool] = {}
        self._lock = threading.Lock()

    def prepare(self, batch: Sequence[Shown]) -> Asked:
        """Encode all that can be asked about *batch*; raises ValueError for its pictures."""
        rows = tuple(self._rows(batch))
        if not rows:
            return Asked(tuple(batch), (), {})
        prompts = [
            self._showing.prompt(batch[row.asset], batch[row.asset].questions[row.question].whole)
            for row in rows
        ]
        with self._lock:
            return self._together(batch, rows, prompts) or self._apart(batch, rows, prompts)

    def _rows(self, batch: Sequence[Shown]) -> Iterator[Row]:
        for asset, shown in enumerate(batch):
            seed = _seed(shown) if self._seeded else 0
            for number, question in enumerate(shown.questions):
                if self._family.takes(question.task, bool(shown.pictures)):
                    yield Row(asset, number, question.max_tokens, seed + number)

    def _apart(
        self, batch: Sequence[Shown], rows: tuple[Row, ...], prompts: Sequence[str]
    ) -> Asked:
        shown = [(batch[row.asset], prompt) for row, prompt in zip(rows, prompts, strict=True)]
        return Asked(tuple(batch), rows, self._showing.tensors(shown))

    def _together(
        self, batch: Sequence[Shown], rows: tuple[Row, ...], prompts: Sequence[str]
    ) -> Asked | None:
        """Encode pictures once; None where there is one question each, or nothing is shared."""
        mine: dict[int, list[str]] = {}
        for row, prompt in zip(rows, prompts, strict=True):
            mine.setdefault(row.asset, []).append(prompt)
        kind = _kind(batch[rows[0].asset])
        if not self._family.shares or len(mine) == len(rows) or not self._proved.get(kind, True):
            return None
        inputs = self._showing.tensors([(batch[asset], said[0]) for asset, said in mine.items()])
        whole = self._whole(inputs, list(mine.values()))
        if whole is None or not self._proves(batch[rows[0].asset], mine[rows[0].asset], whole[0]):
            return None
        shared = cut(whole, self._places)
        return None if shared is None else self._sliced(batch, rows, inputs, shared)

    def _whole(
        self, inputs: dict[str, Any], prompts: Sequence[Sequence[str]]
    ) -> list[list[Tokens]] | None:
        """Encode every prompt of each asset, with the places of the picture as in its first."""
        whole = []
        for ids, mask, said in zip(
            inputs["input_ids"], inputs["attention_mask"], prompts, strict=True
        ):
            full = tuple(ids[mask == 1].tolist())
            short = self._showing.tokens(said[0])
            grew = [grown(short, full, self._showing.tokens(prompt)) for prompt in said[1:]]
            if None in grew:
                return None
            whole.append([full, *(tokens for tokens in grew if tokens is not None)])
        return whole

    def _proves(self, shown: Shown, prompts: Sequence[str], whole: Sequence[Tokens]) -> bool:
        """Compare once for each kind of asset with what the processor itself makes of a prompt."""
        kind = _kind(shown)
        if kind not in self._proved and len(prompts) > 1:
            theirs = self._showing.tensors([(shown, prompts[-1])])["input_ids"][0].tolist()
            self._proved[kind] = tuple(theirs) == whole[-1]
        return self._proved.get(kind, True)

    def _sliced(
        self, batch: Sequence[Shown], rows: tuple[Row, ...], inputs: dict[str, Any], shared: Shared
    ) -> Asked:
        begun = {
            name: value[:, : -shared.dropped] if name in self._family.sliced else value
            for name, value in inputs.items()
        }
        rests = tuple(rest for mine in shared.rests for rest in mine)
        return Asked(tuple(batch), rows, begun, rests)


def _kind(shown: Shown) -> Kind:
    return shown.kind, bool(shown.pictures)


def _seed(shown: Shown) -> int:
    """Make a number of what is shown, so that it is answered alike in whatever batch."""
    digest = blake2b(bytes([shown.again]), digest_size=6)
    for picture in shown.pictures:
        digest.update(picture.tobytes())
    for question in shown.questions if not shown.pictures else ():
        digest.update(question.whole.encode())
    return int.from_bytes(digest.digest())
