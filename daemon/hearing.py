"""What is said in a video, step by step: passage by passage it is listened to and written down."""

import logging
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from daemon.engines import EngineMissing
from daemon.engines.profiles import Installed
from daemon.wire import Described, Listen, Listened, Request, Sound, Transcribe, Transcribed
from metadata.asset import Asset, AssetError, MediaKind, shown
from metadata.description import Description, Provenance, Spoken, Stamp
from metadata.reasons import Reason

log = logging.getLogger(__name__)

ENGINE = "transformers"
TASK = "speech"
Steps = Generator[Request, Any, Described]


def may_speak(asset: Asset, said: Description) -> bool:
    """Tell whether speech is to be looked for: a film with sound, and no subtitles of its own."""
    silent = said.video is not None and not said.video.sound
    return asset.kind is MediaKind.VIDEO and not silent and not said.transcript


def heard(
    asset: Asset,
    said: Description,
    model: Installed,
    stamp: Stamp,
    is_ours: Callable[[Path], bool],
) -> Steps:
    """Add what *model* hears in *asset*; where that is impossible the rest is said without it.

    *is_ours* tells whether a file that a worker hands over may be removed.
    """
    lines: list[Spoken] = []
    seconds: dict[str, float] = {}
    try:
        yield from _passages(asset, lines, seconds, is_ours)
    except (EngineMissing, AssetError) as error:
        log.warning("%s: speech in it is not looked for: %s", shown(asset.path), error)
        return Described(said, seconds)
    made = Provenance(ENGINE, model.label, None, stamp.at, stamp.run)
    transcript = tuple(_in_order(lines))
    provenance = {**said.provenance, TASK: made}
    return Described(replace(said, transcript=transcript, provenance=provenance), seconds)


def _passages(
    asset: Asset,
    lines: list[Spoken],
    seconds: dict[str, float],
    is_ours: Callable[[Path], bool],
) -> Generator[Request, Any, None]:
    language: str | None = None
    from_s: float | None = 0.0
    while from_s is not None:
        listened: Listened = yield Listen(asset, from_s)
        _add(seconds, listened.seconds)
        if listened.sound:
            written = yield from _written_down(asset, listened.sound, language, is_ours)
            _add(seconds, written.seconds)
            lines += written.lines
            language = language or written.language
        if listened.until_s is not None and listened.until_s <= from_s:
            raise AssetError(asset.path, Reason.CRASHED, "its sound track has no end")
        from_s = listened.until_s


def _written_down(
    asset: Asset, sound: Sound, language: str | None, is_ours: Callable[[Path], bool]
) -> Generator[Request, Any, Transcribed]:
    # A decoder may be hijacked: it must not choose what the daemon removes.
    if not is_ours(sound.path):
        raise AssetError(asset.path, Reason.CRASHED, f"its worker handed over {shown(sound.path)}")
    try:
        written: Transcribed = yield Transcribe(asset, sound, language)
    finally:
        sound.path.unlink(missing_ok=True)
    return written


def _in_order(lines: list[Spoken]) -> Iterator[Spoken]:
    """Leave out what would begin before what was said before it: passages may overlap a little."""
    end_s = 0.0
    for line in lines:
        if line.end_s > end_s:
            yield replace(line, start_s=max(line.start_s, end_s))
            end_s = line.end_s


def _add(seconds: dict[str, float], more: dict[str, float]) -> None:
    for stage, took in more.items():
        seconds[stage] = seconds.get(stage, 0.0) + took
