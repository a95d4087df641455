"""Readers of tools that do not run here, built from what their documentation and source say.

They read files with ExifTool, as these tools themselves do; `docs/dam-tools.md` names the sources.
"""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from metadata.formats import is_sidecar, named_format
from tests.conformance.shown import Listed, Shown

Tags = Mapping[str, Any]
_LI = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}li"
_DC = "{http://purl.org/dc/elements/1.1/}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CAPTIONS = ("Description", "ImageDescription", "Caption", "Caption-Abstract")
_EMBEDDED = {".jpg", ".tif", ".png", ".psd", ".dng", ".mp4", ".mov"}


def immich(folder: Path) -> Listed:
    """Read as Immich does: each tag of the sidecar hides the file's of that name."""
    read = _tags(folder, "-struct", "-use", "MWG")
    return {
        path.name: _as_immich({**read[path.name], **_of_sidecar(read, path)})
        for path in _media(folder)
    }


def photoprism(folder: Path) -> Listed:
    """Read as PhotoPrism does since 2026: what a sidecar says comes before what the file does."""
    read = _tags(folder, "-n")
    return {path.name: _as_photoprism(read[path.name], _beside(path)) for path in _media(folder)}


def adobe(folder: Path) -> Listed:
    """Read as Lightroom Classic and Bridge do: ``IMG.xmp`` for RAW files, else the file alone."""
    read = _tags(folder, "-struct", "-G1")
    raw = (path for path in _media(folder) if (known := named_format(path)) and known.raw)
    places = {path.name: path.with_suffix(".xmp").name for path in raw}
    places |= {path.name: path.name for path in _media(folder) if path.suffix in _EMBEDDED}
    return {name: _as_adobe(read.get(place, {})) for name, place in places.items()}


def _as_immich(tags: Tags) -> Shown:
    """Take all tags from the first list that is there."""
    listed = _texts(tags.get("TagsList"))
    if not listed:
        paths = _texts(tags.get("HierarchicalSubject"))
        listed = ["/".join(step.replace("/", "|") for step in path.split("|")) for path in paths]
    caption = str(tags.get("ImageDescription") or tags.get("Description") or "").strip()
    return Shown.of(listed or _texts(tags.get("Keywords")), caption or None, "/")


def _as_photoprism(tags: Tags, sidecar: Path | None) -> Shown:
    caption = next((str(tags[name]) for name in _CAPTIONS if tags.get(name)), None)
    words = _texts(tags.get("Subject")) or _texts(tags.get("HierarchicalSubject"))
    if sidecar:
        tree = ElementTree.parse(sidecar)
        texts = {li.get(_LANG): li.text for li in tree.iterfind(f".//{_DC}description//{_LI}")}
        words = [li.text or "" for li in tree.iterfind(f".//{_DC}subject//{_LI}")] or words
        caption = next(filter(None, [texts.get("x-default"), *texts.values()]), caption)
    return Shown(frozenset((word,) for word in words), caption)


def _as_adobe(tags: Tags) -> Shown:
    words = frozenset((word,) for word in _texts(tags.get("XMP-dc:Subject")))
    return Shown(words, tags.get("XMP-dc:Description"))


def _tags(folder: Path, *options: str) -> Mapping[str, Tags]:
    """Have ExifTool read all of a folder, in one process that knows nothing of captiond."""
    plain = ["exiftool", "-config", "", "-json", "-m", "-q", "-charset", "filename=utf8"]
    told = subprocess.run([*plain, *options, folder], check=True, capture_output=True).stdout
    read = json.loads(told, parse_float=str, parse_int=str)
    return {Path(tags["SourceFile"]).name: tags for tags in read}


def _texts(value: Any) -> list[str]:
    """Make texts of a list in JSON: one word alone is no list there, and ``true`` a truth."""
    found = value if isinstance(value, list) else [] if value is None else [value]
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in found]


def _media(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if not is_sidecar(path))


def _beside(path: Path) -> Path | None:
    """Find the sidecar: ``IMG.jpg.xmp``, else ``IMG.xmp``."""
    names = (path.with_name(path.name + ".xmp"), path.with_suffix(".xmp"))
    return next(filter(Path.exists, names), None)


def _of_sidecar(read: Mapping[str, Tags], path: Path) -> Tags:
    sidecar = _beside(path)
    return read.get(sidecar.name, {}) if sidecar else {}
