"""Subtitle files beside a video: which are its own, in which language and encoding they are.

A file that captiond itself wrote from what it heard is none of them.
"""

import codecs
import logging
import os
import stat
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from daemon.media.cues import SUFFIXES, read_cues
from daemon.media.languages import language_tag
from daemon.media.subtitles import are_words
from metadata.asset import shown
from metadata.captions import is_ours
from metadata.description import Spoken
from metadata.formats import named_format

log = logging.getLogger(__name__)

LARGEST = 5 * 2**20
_MOST_FILES = 20
_MOST_TEXT, _EACH = 10**6, 100
"""Characters of all files together, and what a line costs beside its own: they go into XMP."""
_KINDS = frozenset({"forced", "sdh", "cc", "default", "full"})
"""What stands in names beside the language: for whom the subtitles are."""
_IMPAIRED = "hi"
"""The same for those hard of hearing, where another language stands there; else it is Hindi."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_OLD = {
    **dict.fromkeys(("ru", "uk", "bg", "sr", "mk", "be"), "cp1251"),
    **dict.fromkeys(("pl", "cs", "hu", "sk", "hr", "ro", "sl", "bs"), "cp1250"),
    **{"el": "cp1253", "tr": "cp1254", "he": "cp1255", "ar": "cp1256", "fa": "cp1256"},
    **{"th": "cp874", "ja": "cp932", "zh": "gb18030", "ko": "cp949", "vi": "cp1258"},
}
"""The encodings of Windows in which subtitles in these languages were written before UTF-8."""
_WESTERN = "cp1252"
_FOREIGN = 0.3
"""Where more of the letters than this are beyond ASCII, a text is not in a western language."""


def subtitles_beside(media: Path, inside: Sequence[Spoken]) -> tuple[Spoken, ...]:
    """Read the subtitle files of *media*, in order of their names; those *inside* only once.

    What cannot be read is left out, and said in the log.
    """
    read: list[Spoken] = []
    known = {_said(inside, lang) for lang in {line.lang for line in inside}}
    for path, lang in islice(_of(media), _MOST_FILES):
        lines = _lines(path, lang)
        if not lines or _said(lines, lang) in known:
            continue
        if _length([*read, *lines]) > _MOST_TEXT:
            log.warning("%s: these subtitles are not read: they are too long", shown(path))
            continue
        known.add(_said(lines, lang))
        read += lines
    return tuple(read)


def _said(lines: Sequence[Spoken], lang: str | None) -> tuple[str, ...]:
    return tuple(line.text for line in lines if line.lang == lang)


def _length(lines: Sequence[Spoken]) -> int:
    return sum(len(line.text) + _EACH for line in lines)


def _of(media: Path) -> Iterator[tuple[Path, str | None]]:
    """Find the subtitle files of *media* and their languages; ``IMG.srt`` is that of every IMG."""
    try:
        names = sorted(os.listdir(media.parent))  # noqa: PTH208 (names are enough)
    except OSError:
        return
    films = {Path(name).stem for name in names if named_format(Path(name))} - {media.stem}
    for name in names:
        stem, dot, suffix = name.rpartition(".")
        told = _told(stem, media) if (dot + suffix).lower() in SUFFIXES else None
        if told is not None and stem not in films:
            yield media.with_name(name), told or None


def _told(stem: str, media: Path) -> str | None:
    """Tell the language that a name states, "" for none; None if it is not one of *media*."""
    for start in (media.name, media.stem):
        if stem == start:
            return ""
        if stem.startswith(start + "."):
            return _language(stem[len(start) + 1 :].split("."))
    return None


def _language(parts: Sequence[str]) -> str | None:
    left = [part for part in parts if part.lower() not in _KINDS]
    if len(left) > 1:
        left = [part for part in left if part.lower() != _IMPAIRED]
    if not left:
        return ""
    return language_tag(left[0]) if len(left) == 1 else None


def _lines(path: Path, lang: str | None) -> tuple[Spoken, ...]:
    try:
        data = _data(path)
        text = "" if is_ours(data) else _text(data, lang)
    except (OSError, ValueError) as error:
        log.warning("%s: these subtitles are not read: %s", shown(path), error)
        return ()
    lines = read_cues(text, path.suffix.lower(), lang)
    return lines if are_words(lines) else ()


def _data(path: Path) -> bytes:
    """Read a file; raises OSError, and ValueError for what is no subtitle file."""
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise ValueError("it is no regular file")
        if found.st_size > LARGEST:
            raise ValueError(f"it is larger than {LARGEST} bytes")
        return file.read(LARGEST)


def _text(data: bytes, lang: str | None) -> str:
    """Decode by the mark at the beginning, as UTF-8, or as was usual; raises ValueError."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if b"\0" in data[:1000]:
        return data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _in_old_encoding(data, lang)


def _in_old_encoding(data: bytes, lang: str | None) -> str:
    encoding = _OLD.get((lang or "").partition("-")[0], _WESTERN)
    text = data.decode(encoding, "replace")
    letters = [letter for letter in text if letter.isalpha()]
    beyond = sum(not letter.isascii() for letter in letters)
    if encoding == _WESTERN and beyond > _FOREIGN * len(letters):
        raise ValueError("their encoding is not known; save them as UTF-8, then `captiond redo`")
    return text
