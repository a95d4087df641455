"""The directories and the picture data of a TIFF (TIFF 6.0, its supplement 1, and BigTIFF).

Whoever writes into a TIFF moves everything in it, so values count, and not where they stand; what
no directory points to does not count, but for what follows all the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from metadata.blocks.directories import Directory, Entry, Layout
from metadata.blocks.maker import is_placed, maker_note
from metadata.blocks.resources import add_resources
from metadata.blocks.source import BlocksError, Digests, Source

_XMP, _IPTC, _PHOTOSHOP, _MAKER_NOTE = 700, 33723, 34377, 37500
_C2PA = 0xCD41
_MAKE = 271
_STRIPS, _TILES, _JPEG = (273, 279), (324, 325), (513, 514)
_DATA = {"strips": _STRIPS, "tiles": _TILES, "thumbnail": _JPEG}
_DATA_TAGS = {tag for tags in _DATA.values() for tag in tags}
_DIRECTORIES = {330: "SubIFD", 400: "Global", 34665: "Exif", 34853: "GPS", 40965: "Interop"}
# Lists of free space, and the tables of the old JPEG compression: nobody writes them any more,
# and what they point to has no length.
_UNKNOWN_OFFSETS = {288, 519, 520, 521}
# Scans of whole books have some hundreds of pages.
_MOST_DIRECTORIES = 10_000


@dataclass(frozen=True, slots=True)
class _Walk:
    """One TIFF on the way through its directories."""

    layout: Layout
    digests: Digests = field(default_factory=Digests)

    @property
    def source(self) -> Source:
        return self.layout.source


def tiff_others(source: Source) -> dict[str, str]:
    """Give the digests of values by tag, of strips, tiles and thumbnails, and of a trailer."""
    walk = _Walk(Layout.at(source, 0))
    make, end = b"", 0
    for name, directory in _directories(walk.layout):
        if directory.next:
            walk.digests.add("order", f"{name} goes on".encode())
        make = _make(walk.layout, directory) or make
        for entry in directory.entries:
            _add(walk, name, entry, make)
            end = max(end, entry.at + entry.size)
        end = max(end, *(_add_data(walk, name, directory, kind) for kind in _DATA))
        end = max(end, directory.end)
    _add_trailer(walk, end)
    return walk.digests.found()


def tiff_manifest(source: Source) -> bool:
    """Look for the tag that holds a C2PA manifest (C2PA specification, "Embedding")."""
    layout = Layout.at(source, 0)
    return any(directory.entry(_C2PA) for _, directory in _directories(layout))


def _directories(layout: Layout) -> Iterator[tuple[str, Directory]]:
    """Walk all directories, each once: pages in their order, then what they point to."""
    waiting, seen = [("IFD", layout.first)], set[int]()
    while waiting:
        name, offset = waiting.pop()
        if offset in seen or len(seen) > _MOST_DIRECTORIES:
            raise BlocksError("its directories go round in circles, or there are too many")
        seen.add(offset)
        directory = layout.directory(offset)
        yield name, directory
        if directory.next and name in ("IFD", "SubIFD"):
            waiting.append((name, directory.next))
        for entry in directory.entries:
            if kind := _DIRECTORIES.get(entry.tag):
                waiting += [(kind, at) for at in reversed(layout.integers(entry))]


def _make(layout: Layout, directory: Directory) -> bytes:
    entry = directory.entry(_MAKE)
    return layout.value(entry) if entry and entry.size < 1000 else b""


def _add(walk: _Walk, name: str, entry: Entry, make: bytes) -> None:
    """Take in one value; those that only say where something stands are taken in as that."""
    tag = entry.tag
    if tag in _UNKNOWN_OFFSETS:
        raise BlocksError(f"it has an outdated tag, {tag}")
    if tag in (_XMP, _IPTC):
        return
    if tag == _PHOTOSHOP:
        add_resources(walk.digests, walk.layout.value(entry))
        return
    walk.digests.add("order", f"{name} {tag}".encode())
    if tag in _DATA_TAGS or tag in _DIRECTORIES:
        return
    label = f"{name} tag {tag}"
    walk.digests.add(label, entry.type.to_bytes(2, "big"))
    if tag == _MAKER_NOTE and is_placed(walk.layout, entry, make):
        maker_note(walk.digests, walk.layout, entry)
        return
    walk.digests.add(label, entry.count.to_bytes(8, "big"))
    walk.digests.add_from(label, walk.source, entry.at, entry.size)


def _add_data(walk: _Walk, name: str, directory: Directory, kind: str) -> int:
    """Take in the pictures of a directory, and tell where they end."""
    starts, lengths = map(directory.entry, _DATA[kind])
    if starts is None and lengths is None:
        return 0
    if starts is None or lengths is None or starts.count != lengths.count:
        raise BlocksError(f"its {kind} have no lengths")
    end = 0
    pairs = zip(walk.layout.integers(starts), walk.layout.integers(lengths), strict=True)
    for at, length in pairs:
        walk.digests.add_from(f"{name} {kind}", walk.source, at, length)
        end = max(end, at + length)
    return end


def _add_trailer(walk: _Walk, end: int) -> None:
    """Take in what follows everything else, but for bytes that only fill up."""
    length = walk.source.size - end
    if any(piece.strip(b"\0") for piece in walk.source.pieces(end, length)):
        walk.digests.add_from("trailer", walk.source, end, length)
