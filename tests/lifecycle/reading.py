"""What is on disk, read by other programs than captiond: values, pixels, streams, identities."""

import hashlib
import json
import os
import subprocess
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
from PIL import Image

SHOWN = ("jpg", "tif", "png", "psd")
STREAMED = ("mp4", "mov")
_IDENTITY = ("st_dev", "st_ino", "st_mtime_ns", "st_ctime_ns", "st_size")
# Where things lie in a file, and what ExifTool tells of the file and of itself, is nobody's value.
_PLACES = ("ExifTool", "File", "System", "Composite", "SourceFile")
_MOVED = {
    "StripOffsets", "ThumbnailOffset", "PreviewImageStart", "MediaDataOffset", "XMPToolkit",
    "ExifByteOrder", "MPImageStart", "JpgFromRawStart",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """One file at one moment.

    *values* are by ExifTool's names, *picture* is a digest of decoded pixels or of the streams,
    *blocks* are digests of what parts of the file nobody has to touch; both are empty where whole
    files are to stay as they are. *kept* is what belongs to the file: mode, owner, attributes.
    """

    sha256: str
    identity: tuple[int, ...]
    kept: tuple[object, ...]
    mtime_ns: int
    values: Mapping[str, Any]
    picture: str
    blocks: tuple[str, ...]


Shelf = Mapping[Path, Seen]


def look(root: Path, private: Path) -> Shelf:
    """Look at every file below *root*; *private* is a folder that is not there yet."""
    paths = list(files(root))
    values = _values(paths, private)
    return {path: _seen(path, values[path]) for path in paths}


def identities(root: Path) -> dict[Path, tuple[int, ...]]:
    """Tell which files there are, in a way that any writing changes."""
    return {path: _identity(path) for path in files(root)}


def files(root: Path) -> Iterator[Path]:
    """List the files in the folders of *root*, hidden ones of other programs left out."""
    for folder in sorted(root.iterdir()):
        yield from sorted(each for each in folder.iterdir() if _counts(each.name))


def _counts(name: str) -> bool:
    return not name.startswith(".") or name.startswith(".captiond")


def _seen(path: Path, values: Mapping[str, Any]) -> Seen:
    content, stat = path.read_bytes(), path.lstat()
    attributes = [(name, os.getxattr(path, name)) for name in sorted(os.listxattr(path))]
    return Seen(
        hashlib.sha256(content).hexdigest(),
        _identity(path),
        (stat.st_mode, stat.st_uid, stat.st_gid, stat.st_nlink, attributes),
        stat.st_mtime_ns,
        values,
        _picture(path),
        tuple(_blocks(path, content)),
    )


def _identity(path: Path) -> tuple[int, ...]:
    stat = path.lstat()
    return tuple(getattr(stat, name) for name in _IDENTITY)


def _values(paths: Iterable[Path], private: Path) -> dict[Path, Mapping[str, Any]]:
    """Have one ExifTool read all files, under names that it cannot misunderstand."""
    private.mkdir()
    links = {private / f"{n}{path.suffix}": path for n, path in enumerate(paths)}
    for link, path in links.items():
        link.symlink_to(path)
    arguments = private / "arguments"
    arguments.write_text("".join(f"{link}\n" for link in links))
    command = ["exiftool", "-config", "", "-q", "-q", "-m", "-j", "-n", "-G1", "-struct", "-b"]
    told = subprocess.run([*command, "-@", arguments], capture_output=True, check=False).stdout
    found = json.loads(told, parse_int=str, parse_float=str)
    return {links[Path(each["SourceFile"])]: _told(each) for each in found}


def _told(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in found.items()
        if name.partition(":")[0] not in _PLACES and name.partition(":")[2] not in _MOVED
        if not (name.startswith("IPTC2:") and _is_repeated(name, found))
    }


def _is_repeated(name: str, found: Mapping[str, Any]) -> bool:
    """Tell whether a second IPTC block, as exiv2 puts it into a TIFF, says what the first does."""
    said = (found[name], found.get(name.replace("IPTC2:", "IPTC:")))
    one, other = (each if isinstance(each, list) else [each] for each in said)
    return one == other


def _picture(path: Path) -> str:
    suffix, digest = path.suffix[1:].lower(), hashlib.sha256()
    if suffix in SHOWN:
        with Image.open(path) as image:
            for number in range(getattr(image, "n_frames", 1)):
                image.seek(number)
                digest.update(f"{image.mode}{image.size}".encode() + image.tobytes())
    elif suffix in STREAMED:
        with av.open(str(path)) as film:
            for packet in film.demux():
                digest.update(f"{packet.stream_index} {packet.pts} {packet.dts}".encode())
                digest.update(bytes(packet))
    else:
        return ""
    return digest.hexdigest()


def _blocks(path: Path, content: bytes) -> Iterator[str]:
    match path.suffix:
        case ".jpg":
            yield from _jpeg_segments(content)
        case ".png":
            yield from _png_chunks(content)
        case ".tif":
            yield from _tiff_tags(path)


def _jpeg_segments(content: bytes) -> Iterator[str]:
    """Walk the segments before the picture: all but XMP and Photoshop's, which holds IPTC."""
    at = 2
    while content[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        xmp = content[at + 4 : end].startswith(b"http://ns.adobe.com/xap/1.0/\0")
        if content[at + 1] != 0xED and not xmp:
            yield f"{content[at + 1]:x} {hashlib.sha256(content[at:end]).hexdigest()}"
        at = end
    yield f"scan {hashlib.sha256(content[at:]).hexdigest()}"


def _png_chunks(content: bytes) -> Iterator[str]:
    at = 8
    while at < len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        if not content[at + 8 : end].startswith(b"XML:com.adobe.xmp\0"):
            yield f"{content[at + 4 : at + 8]!r} {hashlib.sha256(content[at:end]).hexdigest()}"
        at = end


# XMP, IPTC and Photoshop's blocks; the places of the pictures and of other directories
_TIFF_OURS = {700, 33723, 34377, 273, 324, 330, 34665, 34853, 40965}


def _tiff_tags(path: Path) -> Iterator[str]:
    with warnings.catch_warnings(), Image.open(path) as image:
        warnings.simplefilter("ignore")  # ExifTool calls the bytes of IPTC longs, as Adobe does
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            tags = image.tag_v2  # type: ignore[attr-defined]
            yield f"{sorted((k, v) for k, v in tags.items() if k not in _TIFF_OURS)}"
            exif = image.getexif()
            for pointer in (34665, 34853):
                found = exif.get_ifd(pointer).items()
                yield f"{sorted((tag, value) for tag, value in found if not _is_moved(tag, value))}"


def _is_moved(tag: int, value: object) -> bool:
    """Tell whether these are notes with places of the whole file: moved, they have others.

    What they say is among the values.
    """
    return tag == 37500 and not bytes(value).startswith(b"Nikon")  # type: ignore[call-overload]
