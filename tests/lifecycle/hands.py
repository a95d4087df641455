"""A human at work in a second program: exiv2, and ExifTool where exiv2 cannot write."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lifecycle.library import Case
from tests.lifecycle.reading import Seen

SUBJECT = "XMP-dc:Subject"
LISTS = {SUBJECT: "", "XMP-lr:HierarchicalSubject": "|", "XMP-digiKam:TagsList": "/"}
CAPTION = "XMP-dc:Description"
RATING = "XMP-xmp:Rating"
IPTC_WORDS = "IPTC:Keywords"
_EXIV2 = {
    SUBJECT: "Xmp.dc.subject",
    "XMP-lr:HierarchicalSubject": "Xmp.lr.hierarchicalSubject",
    "XMP-digiKam:TagsList": "Xmp.digiKam.TagsList",
}
_WRITTEN_BY_EXIV2 = ("jpg", "tif", "png", "psd", "webp", "xmp")
ADDED, RETOLD, STARS = "Von Hand", "As a person told it\nin two lines.", "5"
TAKEN_OUT = "boat"


@dataclass(frozen=True, slots=True)
class Edit:
    """What a human does: in the file *inside* or beside it; *lists* are those a word leaves."""

    inside: bool = False
    adds: bool = False
    removes: Sequence[str] = ()
    retells: bool = False
    silences: bool = False
    rates: bool = False


EDITS: Mapping[str, Edit] = {
    "nothing": Edit(),
    "adds a word": Edit(adds=True),
    "takes one word out": Edit(removes=(SUBJECT,)),
    "tells it in other words": Edit(retells=True),
    "does it all": Edit(adds=True, removes=tuple(LISTS), retells=True, rates=True),
    "takes the caption out": Edit(silences=True),
    "rates it": Edit(rates=True),
    "adds a word inside": Edit(inside=True, adds=True),
}


def edit_of(case: Case) -> str:
    """Choose what happens to a file; what no program can do to its format, nobody does."""
    names = list(EDITS)
    chosen = names[case.number * 3 % len(names)]
    may = case.format in (*_WRITTEN_BY_EXIV2, "mp4", "mov") and case.embedded != "a manifest"
    return "nothing" if EDITS[chosen].inside and not may else chosen


def target_of(case: Case) -> str:
    """Name the file that the human's program writes: where the tools of that preset look."""
    edit = EDITS[edit_of(case)]
    return case.name if edit.inside or case.embeds else case.sidecars[0]


@dataclass(frozen=True, slots=True)
class Done:
    """What a human did to a file that held *before*: which values are other ones now."""

    target: Path
    edit: Edit
    removed: bool
    silenced: bool

    @property
    def did(self) -> bool:
        """Tell whether the file was written at all."""
        edit = self.edit
        return edit.adds or self.removed or edit.retells or self.silenced or edit.rates


def work(path: Path, case: Case, seen: Seen, ours: Sequence[str]) -> Done:
    """Edit the file at *path* by hand; *ours* are captions that are no human's."""
    edit = EDITS[edit_of(case)]
    silenced = edit.silences and seen.values.get(CAPTION) in ours
    removed = any(TAKEN_OUT in words(seen.values, name) for name in edit.removes)
    # exiv2 brings back a caption in a sidecar from the EXIF that it makes of it
    if path.suffix[1:] in _WRITTEN_BY_EXIV2 and not (silenced and path.suffix == ".xmp"):
        _exiv2(path, _commands(edit, seen.values, silenced))
    else:
        _exiftool(path, _options(edit, silenced))
    return Done(path, edit, removed, silenced)


def words(values: Mapping[str, Any], name: str) -> list[str]:
    """List the words of a property that holds several or one."""
    value = values.get(name, [])
    return [_plain(each) for each in (value if isinstance(value, list) else [value])]


def _plain(value: object) -> str:
    # ExifTool writes a word that reads like a boolean as one
    return str(value).upper() if isinstance(value, bool) else str(value)


def _commands(edit: Edit, values: Mapping[str, Any], silenced: bool) -> list[str]:
    lines = [f"set Xmp.xmp.Rating {STARS}"] if edit.rates else []
    for name in edit.removes:
        left = [word for word in words(values, name) if word != TAKEN_OUT]
        lines += _relisted(_EXIV2[name], left) if left != words(values, name) else []
    if edit.adds:
        lines.append(f"set Xmp.dc.subject XmpBag {ADDED}")
        lines += [f"add Iptc.Application2.Keywords {ADDED}"] if IPTC_WORDS in values else []
    if edit.retells:
        lines.append(f"set Xmp.dc.description lang=x-default {RETOLD}")
    return [*lines, *(["del Xmp.dc.description"] if silenced else [])]


def _relisted(name: str, left: Sequence[str]) -> list[str]:
    kind = "XmpSeq" if "TagsList" in name else "XmpBag"
    return [f"del {name}", *(f"set {name} {kind} {word}" for word in left)]


def _options(edit: Edit, silenced: bool) -> list[str]:
    options = [f"-{RATING}={STARS}"] if edit.rates else []
    options += [f"-{name}-={TAKEN_OUT}" for name in edit.removes]
    options += [f"-{SUBJECT}+={ADDED}"] if edit.adds else []
    options += [f"-{CAPTION}-x-default={RETOLD}"] if edit.retells else []
    return [*options, *([f"-{CAPTION}="] if silenced else [])]


def _exiv2(path: Path, commands: Sequence[str]) -> None:
    if commands:
        told = [part for command in commands for part in ("-M", command)]
        subprocess.run(["exiv2", "-q", *told, path], check=True)


def _exiftool(path: Path, options: Sequence[str]) -> None:
    if options:
        command = ["exiftool", "-config", "", "-q", "-overwrite_original", *options]
        subprocess.run([*command, path], check=True)
