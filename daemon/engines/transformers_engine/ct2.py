"""Translation by CTranslate2 with int8 weights, for machines without a GPU; converts them once.

Only this room knows CTranslate2 (extra ``ct2``). It reads the same checkpoint through the same
checks as torch does, and keeps the converted weights in a folder of captiond's own.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from math import isfinite
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from daemon.engines import EngineError, EngineMissing
from daemon.engines.checkpoint import inspect
from daemon.engines.hosted import Beat
from daemon.engines.profiles import Installed
from daemon.engines.transformers_engine import processing
from daemon.engines.transformers_engine.faults import torch_faults
from daemon.engines.transformers_engine.loading import Loaded
from daemon.engines.transformers_engine.speaking import Asked, Said, ended
from daemon.engines.transformers_engine.translating import Translator
from daemon.engines.transformers_engine.wordpieces import Wordpieces

INT8 = "int8"
ROWS = 32
CONVERTING_S = 900.0
"""How long to convert may take without a sign of life; 600 million weights took 19 s."""
BYTES_A_WEIGHT = 1.2
"""One for the weight itself; the rest for scales, biases and the vocabulary."""
MB = 10**6
_LOOK_S = 0.02
Loads = Callable[[Installed], Loaded]


def open_translator(
    installed: Installed, kept: Path, threads: int, loads: Loads, beat: Beat
) -> Translator:
    """Give the model, converted at first; *loads* reads its checkpoint onto the processor.

    Raises EngineMissing with what is wrong with it or not installed, EngineError where the folder
    *kept* has no room for the converted weights.
    """
    if find_spec("ctranslate2") is None:
        raise EngineMissing("ctranslate2 is not installed: pip install 'captiond[ct2]'")
    folder = kept / installed.label.replace("/", "--")
    words = processing.for_translation(inspect(installed))
    if not folder.is_dir():
        convert(installed, folder, loads, beat)
    try:
        model = _opened(folder, threads)
    except RuntimeError:  # by another version of CTranslate2, or not all of it is there
        convert(installed, folder, loads, beat)
        model = _opened(folder, threads)
    wordpieces = Wordpieces(words, installed.label)
    return Translator(Speaker(model, wordpieces, installed.label), wordpieces)


def convert(installed: Installed, folder: Path, loads: Loads, beat: Beat) -> None:
    """Make int8 weights in *folder*, which is there whole or not at all.

    Raises EngineError, with what to do, where they cannot be kept.
    """
    beat(f"converting {installed.label} for CTranslate2", CONVERTING_S)
    part = folder.with_name(f".{folder.name}.part")
    with _kept(folder.parent, installed.label):
        folder.parent.mkdir(parents=True, exist_ok=True)
        _remove(part)
        _check_room(installed, folder.parent)
        plain = replace(installed.model, dtype="float32", quantization="")
        try:
            _convert(loads(replace(installed, model=plain)), part)
            _remove(folder)
            part.rename(folder)
            _forget_others(folder)
        finally:
            _remove(part)


def _forget_others(folder: Path) -> None:
    """Remove what other versions of the same model were converted to: hundreds of megabytes."""
    name, _, _ = folder.name.rpartition("@")
    for other in folder.parent.iterdir():
        if name and other != folder and other.name.startswith(f"{name}@"):
            _remove(other)


class Speaker:
    """A model loaded by CTranslate2; implements Says."""

    def __init__(self, model: Any, wordpieces: Wordpieces, name: str) -> None:
        self._model = model
        self._wordpieces = wordpieces
        self._name = name

    def rows(self, longest: Asked) -> int:
        """Tell how many translations are made at once, which take some megabytes each at most."""
        return ROWS

    def say(self, batch: Sequence[Asked], beams: int, beat: Beat) -> list[tuple[Said, ...]]:
        """Give each sentence in each of its languages."""
        said = iter(self._results(batch, beams, beat))
        return [
            tuple(self._said(next(said), asked, code) for code in asked.languages)
            for asked in batch
        ]

    def _results(self, batch: Sequence[Asked], beams: int, beat: Beat) -> list[Any]:
        rows = [(asked.source, code) for asked in batch for code in asked.languages]
        with torch_faults("cpu", f"translating {len(batch)} sentences"):
            waiting = self._model.translate_batch(
                [self._wordpieces.pieces(source) for source, _ in rows],
                target_prefix=[self._wordpieces.pieces([code]) for _, code in rows],
                beam_size=beams,
                max_input_length=0,  # else what is longer is cut off without a word
                max_decoding_length=max(asked.limit for asked in batch) + 2,
                return_end_token=True,
                return_scores=True,
                asynchronous=True,
            )
            while not all(result.done() for result in waiting):
                beat(f"translating {len(batch)} sentences")
                time.sleep(_LOOK_S)
            return [result.result() for result in waiting]

    def _said(self, result: Any, asked: Asked, code: int) -> Said:
        first, *said = self._wordpieces.numbers(result.hypotheses[0])
        if first != code or not isfinite(result.scores[0]):
            raise EngineError(
                f"{self._name} did not begin as it was told, or computes numbers that are not "
                "finite, so its converted weights are broken; remove them, and they are made again"
            )
        return ended(said, self._wordpieces.end, asked.limit)


def _opened(folder: Path, threads: int) -> Any:
    import ctranslate2

    able = INT8 in ctranslate2.get_supported_compute_types("cpu")
    kind = INT8 if able else "default"
    return ctranslate2.Translator(
        str(folder), device="cpu", compute_type=kind, inter_threads=1, intra_threads=threads
    )


def _convert(loaded: Loaded, folder: Path) -> None:
    """Write the int8 weights of a model that was loaded, and so checked, already."""
    from ctranslate2.converters import TransformersConverter

    converter = TransformersConverter(str(loaded.installed.folder))
    converter.load_model = lambda *_, **__: loaded.model
    converter.load_tokenizer = lambda *_, **__: loaded.processor
    converter.convert(str(folder), quantization=INT8)
    for path in folder.iterdir():
        with path.open("rb") as written:
            os.fsync(written.fileno())


def _check_room(installed: Installed, folder: Path) -> None:
    needed = int(inspect(installed).count * BYTES_A_WEIGHT) + MB
    space = os.statvfs(folder)
    free = space.f_bavail * space.f_frsize
    if free < needed:
        raise EngineError(
            f"the int8 weights of {installed.label} need {needed / MB:.0f} MB in {folder}, which "
            f"has {free / MB:.0f} MB free; make room there"
        )


@contextmanager
def _kept(folder: Path, label: str) -> Iterator[None]:
    """Say where it was when files could not be written."""
    try:
        yield
    except OSError as error:
        raise EngineError(
            f"the int8 weights of {label} cannot be kept in {folder} ({error}); "
            "make room there, and let the user that captiond runs as write to it"
        ) from error


def _remove(folder: Path) -> None:
    """Remove a folder of converted weights, which has no folders in it."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
