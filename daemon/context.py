"""What is known of an asset before a model is asked about it: true, and only ever quoted."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from daemon.quoting import harmless
from metadata.asset import Asset, MediaKind
from metadata.description import HUMAN, UNKNOWN_LANGUAGE, Description, Record

MOST_WORDS = 2000
"""Characters of text that was read and speech that was heard, together."""
_MOST_TEXT = 800
_MOST_CAPTION = 600
_MOST_SAID = 1200
"""What a model said before it is told only where no picture takes up its room."""
_LONGEST = 100
_LONGEST_KEYWORD = 64
_MOST_KEYWORDS = 600
_MOST_VALUES = 500
"""So many are looked at: a file can hold a million, and this runs where everything waits."""
_NAMED_BY_A_CAMERA = re.compile(r"DCIM|\d{3}[\w-]{5}")
"""Folders as the Design rule for Camera File system (JEITA CP-3461) has them tell nothing."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the file, its folder and its owner tell, and what was measured, read and heard.

    *keywords* and *caption* are a human's, *author* is who made it by its own metadata; *said* has
    text, transcript and facts, and after a first round what a model has said. *heard* tells that
    speech was looked for, so that its absence means silence. Without *owner* nothing that a human
    noted is told, neither words nor the name of the folder.
    """

    asset: Asset
    said: Description
    keywords: tuple[str, ...] = ()
    caption: str | None = None
    author: str | None = None
    heard: bool = False
    owner: bool = True


def recalled(record: Record, said: Description, owner: bool = True) -> Known:
    """Join what was observed (*said*) with what a human wrote and the files tell (*record*)."""
    human = record.description
    return Known(
        record.asset,
        said,
        tuple(tag.name for tag in human.tags if tag.source == HUMAN),
        human.caption.get(UNKNOWN_LANGUAGE),
        record.author or record.asset.author,
        bool(said.transcript) or "speech" in said.provenance,
        owner,
    )


def lines(known: Known) -> Iterator[str]:
    """List what is known, one line each: a name of ours, a colon, and quoted what others wrote."""
    yield from _shot(known)
    yield from _owner(known)
    yield from _words(known.said)
    if known.asset.kind is MediaKind.VIDEO:
        yield f"Sound: {_sound(known)}"
    yield from _line("Described before as", known.said.caption.get("en"), _MOST_SAID)


def _shot(known: Known) -> Iterator[str]:
    """Tell how it came about."""
    asset = known.asset
    if asset.kind is MediaKind.VIDEO and asset.duration_s:
        yield f"Length: {asset.duration_s:.0f} seconds"
    yield from _line("Taken", asset.taken_at and asset.taken_at[:16].replace("T", " "))
    for fact in known.said.look.facts:
        if fact.name == "place":
            yield from _line("Near", str(fact.value))
    yield from _line("Camera", asset.camera)
    yield from _line("Made by", known.author or asset.author)


def _owner(known: Known) -> Iterator[str]:
    """Tell what a human noted."""
    if not known.owner:
        return
    if words := _several(known.keywords, _MOST_KEYWORDS, _LONGEST_KEYWORD):
        yield f"Keywords of its owner: {words}"
    yield from _line("Caption of its owner", known.caption, _MOST_CAPTION)
    folder = known.asset.path.parent.name
    if not _NAMED_BY_A_CAMERA.fullmatch(folder):
        yield from _line("Folder", folder)


def _words(said: Description) -> Iterator[str]:
    """Tell what is written and spoken in it, as far as there is room."""
    most = _MOST_TEXT if said.transcript else MOST_WORDS
    text = _several((line.text for line in said.text), most, most)
    if text:
        yield f"Words that can be read in it: {text}"
    if said.transcript:
        spoken = " ".join(each.text for each in said.transcript)
        yield from _line("Words that are spoken in it", spoken, MOST_WORDS - len(text))


def _sound(known: Known) -> str:
    """Tell how much a model can know of the sound that it does not get."""
    video = known.said.video
    if known.said.transcript:
        return "nothing but these words is known of it, so say nothing of music, voices or noises"
    if video and not video.sound:
        return "there is none"
    if known.heard and not _speaks(known.said):
        return "nobody speaks; nothing more is known of it, so say nothing of music or noises"
    return "you are given none, so say nothing of it"


def _speaks(said: Description) -> bool:
    """Tell whether a voice was measured, although no words came of it."""
    return any(fact.name == "speech" and fact.value is True for fact in said.look.facts)


def _line(name: str, value: str | None, most: int = _LONGEST) -> Iterator[str]:
    """Quote *value*, where anything of it can be read."""
    if plain := harmless(value or "", most):
        yield f'{name}: "{plain}"'


def _several(values: Iterable[str], most: int, longest: int) -> str:
    """Quote *values*, each once, until *most* characters are full; at least one, if only a part."""
    told: dict[str, None] = {}
    room = most
    for value in islice(values, _MOST_VALUES):
        plain = harmless(value, longest)
        if not plain or plain in told:
            continue
        room -= len(plain) + len('"", ')
        if room < 0 and told:
            return f"{_quoted(told)} and more"
        told[plain] = None
    return _quoted(told)


def _quoted(values: Iterable[str]) -> str:
    return ", ".join(f'"{value}"' for value in values)
