"""Maker notes whose offsets count from the TIFF header: whoever moves them has to rewrite them.

Others are the same, byte by byte, wherever they stand. Source: the maker notes page of Exiv2.
"""

from metadata.blocks.directories import Entry, Layout
from metadata.blocks.source import BlocksError, Digests

_HEADERS = (b"SONY DSC \0\0\0", b"SONY CAM \0\0\0", b"Panasonic\0\0\0")
_BARE = (b"Canon",)


def is_placed(layout: Layout, note: Entry, make: bytes) -> bool:
    """Tell whether a note of a camera of *make* is a directory with such offsets."""
    head = layout.source.read(note.at, min(note.size, 12))
    return make.startswith(_BARE) or head.startswith(_HEADERS)


def maker_note(digests: Digests, layout: Layout, note: Entry) -> None:
    """Take in a note value by value."""
    head = layout.source.read(note.at, min(note.size, 12))
    header = len(head) if head.startswith(_HEADERS) else 0
    # how long it is does not count: what lies between its values goes when it is rewritten
    digests.add("maker note", head[:header])
    directory = layout.directory(note.at + header - layout.base)
    for entry in directory.entries:
        if entry.at + entry.size > layout.source.size:
            raise BlocksError("a value of its maker note lies outside of it")
        kind = entry.tag.to_bytes(2, "big") + entry.type.to_bytes(2, "big")
        digests.add("maker note", kind + entry.count.to_bytes(8, "big"))
        digests.add_from("maker note", layout.source, entry.at, entry.size)
