"""The segments of a JPEG (ITU-T T.81, annex B), its pictures and whatever follows them."""

from collections.abc import Iterator
from dataclasses import dataclass

from metadata.blocks.directories import Entry, Layout
from metadata.blocks.resources import add_resources
from metadata.blocks.source import BlocksError, Digests, Source

_XMP = (b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0")
_PHOTOSHOP = b"Photoshop 3.0\0"
_MPF = b"MPF\0"
_APP1, _APP2, _APP11, _APP13 = 0xE1, 0xE2, 0xEB, 0xED
_SCAN, _END = 0xDA, 0xD9
_ALONE = (0x01, *range(0xD0, 0xD8))
# Cameras write some dozens; profiles and depth maps are split over some hundreds.
_MOST_SEGMENTS = 20_000
# CIPA DC-007: the list of pictures, 16 bytes for each, the offset of one at 8.
_MP_ENTRIES, _MP_ENTRY, _MP_OFFSET = 0xB002, 16, slice(8, 12)


@dataclass(frozen=True, slots=True)
class _Segment:
    """What follows a marker; *at* is where its content stands."""

    marker: int
    at: int
    content: bytes

    @property
    def name(self) -> str:
        kind = self.marker
        return f"APP{kind - 0xE0}" if 0xE0 <= kind <= 0xEF else f"marker {kind:#04x}"

    @property
    def is_xmp(self) -> bool:
        return self.marker == _APP1 and self.content.startswith(_XMP)

    @property
    def is_photoshop(self) -> bool:
        return self.marker == _APP13 and self.content.startswith(_PHOTOSHOP)

    @property
    def is_mpf(self) -> bool:
        return self.marker == _APP2 and self.content.startswith(_MPF)


def jpeg_others(source: Source) -> dict[str, str]:
    """Give the digests of segments, of resources in APP13, and of everything from the first scan.

    The list of a multi-picture file counts by where its pictures stand in what follows.
    """
    digests, resources = Digests(), b""
    segments, scan = _segments(source)
    for segment in segments:
        if segment.is_photoshop:
            resources += segment.content[len(_PHOTOSHOP) :]
        elif not segment.is_xmp:
            content = _of_pictures(source, segment, scan) if segment.is_mpf else segment.content
            digests.add(segment.name, content)
            digests.add("order", bytes([segment.marker]))
    add_resources(digests, resources)
    digests.add_from("picture and trailer", source, scan, source.size - scan)
    return digests.found()


def jpeg_manifest(source: Source) -> bool:
    """Look for JUMBF in APP11 (ISO/IEC 19566-5 annex D; C2PA specification, "Embedding")."""
    segments, _ = _segments(source)
    return any(
        segment.marker == _APP11 and segment.content[:2] == b"JP" and b"jumb" in segment.content
        for segment in segments
    )


def _segments(source: Source) -> tuple[list[_Segment], int]:
    """List the segments before the first scan, and tell where that begins."""
    if source.read(0, 2) != b"\xff\xd8":
        raise BlocksError("it is no JPEG")
    found: list[_Segment] = []
    held = 0
    for segment in _walk(source):
        if segment.marker in (_SCAN, _END):
            return found, segment.at
        found.append(segment)
        held += len(segment.content)
        if len(found) > _MOST_SEGMENTS or held > 2**28:
            break
    raise BlocksError("it has more segments than any JPEG")


def _walk(source: Source) -> Iterator[_Segment]:
    at = 2
    while True:
        lead, marker = source.read(at, 2)
        if lead != 0xFF or marker == 0x00:
            raise BlocksError(f"there is no marker at {at}")
        if marker == 0xFF:  # a filler
            at += 1
            continue
        at += 2
        if marker in (_SCAN, _END):
            yield _Segment(marker, at - 2, b"")
            return
        length = 2 if marker in _ALONE else source.number(at, 2)
        content = b"" if marker in _ALONE else source.read(at + 2, length - 2)
        yield _Segment(marker, at + 2, content)
        at += 0 if marker in _ALONE else length


def _of_pictures(source: Source, segment: _Segment, scan: int) -> bytes:
    """Spell a multi-picture segment with offsets that count from the first scan."""
    base = segment.at + len(_MPF)
    layout = Layout.at(source, base)
    entry = layout.directory(layout.first).entry(_MP_ENTRIES)
    if entry is None:
        return segment.content
    content = bytearray(segment.content)
    start, stop = entry.at - segment.at, entry.at - segment.at + entry.size
    if not 0 <= start <= stop <= len(content):
        raise BlocksError("its list of pictures lies elsewhere")
    content[start:stop] = _relative(layout, entry, base - scan)
    return bytes(content)


def _relative(layout: Layout, entry: Entry, distance: int) -> bytes:
    data, spelled = layout.value(entry), b""
    for at in range(0, len(data), _MP_ENTRY):
        each = data[at : at + _MP_ENTRY]
        offset = layout.integer(each[_MP_OFFSET])
        # 0 stands for the file itself
        moved = offset + distance if offset else 0
        spelled += each[:8] + (moved % 2**32).to_bytes(4, "big") + each[12:]
    return spelled
