"""What would stand in each file if captiond had never come; known without asking captiond.

A *view* is what people wrote before, with what they have changed since.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.lifecycle.hands import (
    ADDED,
    CAPTION,
    IPTC_WORDS,
    LISTS,
    RETOLD,
    SUBJECT,
    TAKEN_OUT,
    Done,
    words,
)
from tests.lifecycle.library import Case
from tests.lifecycle.reading import Shelf

Values = Mapping[str, Any]
View = Mapping[Path, Values]

WRITER, SECOND = "XMP-photoshop:CaptionWriter", "XMP-tiff:ImageDescription"
IPTC_CAPTION = "IPTC:Caption-Abstract"
# How a block of IPTC is coded is no value: what stands in it is.
CODED = ("IPTC:CodedCharacterSet", "Photoshop:IPTCDigest", "IPTC:EnvelopeRecordVersion")
_IN_LANGUAGES = {
    CAPTION, SECOND, "XMP-iptcCore:ExtDescrAccessibility", "XMP-iptcCore:AltTextAccessibility",
    "XMP-iptcExt:Transcript",
}  # fmt: skip
_CAPTIONS = (CAPTION, SECOND, IPTC_CAPTION, "XMP-exif:UserComment", "IFD0:ImageDescription")
_JUNK = "OLYMPUS DIGITAL CAMERA"


def beside(case: Case, folder: Path, shelf: Shelf) -> list[Path]:
    """List the file of a case and all that stands beside it and is named like it."""
    names = {case.name, *(case.beside_as(way) for way in ("append", "replace"))}
    return [path for path in shelf if path.parent == folder and path.name in names]


def before(case: Case, folder: Path, shelf: Shelf) -> View:
    """See what people had written when captiond came."""
    return {path: shelf[path].values for path in beside(case, folder, shelf)}


def edited(view: View, done: Done, after: Shelf) -> View:
    """See it with what a human did since: everything in that file, but for what is captiond's."""
    found = after[done.target].values
    old = {name: value for name, value in view.get(done.target, {}).items() if may_be_ours(name)}
    foreign = {name: value for name, value in found.items() if not may_be_ours(name)}
    return {**view, done.target: {**foreign, **old, **dict(_worked(old, done, found))}}


def _worked(old: Values, done: Done, found: Values) -> Iterator[tuple[str, Any]]:
    for name in done.edit.removes:
        if TAKEN_OUT in words(old, name):
            yield name, [word for word in words(old, name) if word != TAKEN_OUT]
    for name in (SUBJECT, IPTC_WORDS):
        if done.edit.adds and ADDED in words(found, name):
            yield name, [w for w in [*words(old, name), ADDED] if not _is_out(w, name, done)]
    if done.edit.retells:
        yield CAPTION, RETOLD


def _is_out(word: str, name: str, done: Done) -> bool:
    return word == TAKEN_OUT and name in done.edit.removes


def may_be_ours(name: str) -> bool:
    """Tell whether captiond may write a property."""
    group, _, rest = name.partition(":")
    named = (*LISTS, WRITER, IPTC_WORDS, IPTC_CAPTION, *CODED)
    base = f"{group}:{rest.partition('-')[0]}"
    return base in _IN_LANGUAGES or name in named or group == "XMP-captiond"


def human_words(view: View) -> set[str]:
    """List the words of people in all files: plain ones, and the last step of each hierarchy."""
    return {
        word.rpartition(separator)[2] if separator else word
        for values in view.values()
        for name, separator in {**LISTS, IPTC_WORDS: ""}.items()
        for word in words(values, name)
    }


def human_steps(view: View) -> set[str]:
    """List every word in the hierarchies of people, in all files."""
    return {
        step
        for values in view.values()
        for name, separator in LISTS.items()
        for word in words(values, name)
        for step in (word.split(separator) if separator else [word])
    }


def human_captions(view: View) -> set[str]:
    """List the captions of people in all files, in any property and language."""
    return {
        str(value).strip()
        for values in view.values()
        for name, value in values.items()
        if name.startswith(_CAPTIONS) and str(value).strip() and _JUNK not in str(value)
    }
