"""The directories of TIFF, wherever they stand: in a file of their own, in Exif, in MPF.

Sources: TIFF 6.0 section 2; BigTIFF (libtiff), which has 64-bit offsets.
"""

from dataclasses import dataclass

from metadata.blocks.source import BlocksError, Source

# In bytes, by type: TIFF 6.0, the IFD type of supplement 1, and those of BigTIFF.
_SIZES = {
    1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4,
    16: 8, 17: 8, 18: 8,
}  # fmt: skip
_MOST_ENTRIES = 65_535
_CLASSIC, _BIG = 42, 43


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of *count* parts of *type*; *size* bytes at *at* in the file."""

    tag: int
    type: int
    count: int
    at: int
    size: int


@dataclass(frozen=True, slots=True)
class Directory:
    """The entries of one directory, where it ends, and where the next one is (0: nowhere)."""

    end: int
    entries: tuple[Entry, ...]
    next: int

    def entry(self, tag: int) -> Entry | None:
        """Give the entry of *tag*."""
        return next((entry for entry in self.entries if entry.tag == tag), None)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the numbers of one TIFF structure are written, and where its offsets count from."""

    source: Source
    base: int
    little: bool
    big: bool
    first: int

    @classmethod
    def at(cls, source: Source, base: int) -> "Layout":
        """Read the header at *base*; raises BlocksError for what is none."""
        head = source.read(base, 8)
        order = {b"II": "little", b"MM": "big"}.get(head[:2])
        if order is None:
            raise BlocksError("it has no TIFF header")
        layout = cls(source, base, order == "little", False, 0)
        version = layout.integer(head[2:4])
        if version == _BIG:
            if layout.integer(head[4:6]) != 8:
                raise BlocksError("its offsets have an unknown size")
            first = layout.integer(source.read(base + 8, 8))
            return cls(source, base, layout.little, True, first)
        if version != _CLASSIC:
            raise BlocksError(f"it is a TIFF of an unknown version, {version}")
        return cls(source, base, layout.little, False, layout.integer(head[4:8]))

    def integer(self, data: bytes) -> int:
        """Read one unsigned number."""
        return int.from_bytes(data, "little" if self.little else "big")

    def directory(self, offset: int) -> Directory:
        """Read the directory at *offset*."""
        width, room = (8, 20) if self.big else (2, 12)
        at = self.base + offset
        count = self.integer(self.source.read(at, width))
        if not 0 < count <= _MOST_ENTRIES:
            raise BlocksError(f"a directory of {count} entries at {at}")
        table = self.source.read(at + width, count * room)
        entries = tuple(
            self._entry(table[n * room : (n + 1) * room], at + width + n * room)
            for n in range(count)
        )
        end = at + width + count * room
        field = 8 if self.big else 4
        # the last of an Exif block may do without the field
        last = self.source.read(end, field) if end + field <= self.source.size else b""
        return Directory(end + len(last), entries, self.integer(last))

    def value(self, entry: Entry) -> bytes:
        """Give the bytes of a value."""
        return self.source.read(entry.at, entry.size)

    def integers(self, entry: Entry) -> list[int]:
        """Give the parts of a value that is a list of unsigned numbers."""
        if entry.type not in (1, 3, 4, 13, 16, 18):
            raise BlocksError(f"tag {entry.tag} should be a number")
        data, step = self.value(entry), _SIZES[entry.type]
        return [self.integer(data[n : n + step]) for n in range(0, len(data), step)]

    def _entry(self, field: bytes, at: int) -> Entry:
        width = 8 if self.big else 4
        tag, type = self.integer(field[:2]), self.integer(field[2:4])
        count = self.integer(field[4 : 4 + width])
        size = count * _SIZES.get(type, 1)
        if size <= width:
            return Entry(tag, type, count, at + 4 + width, size)
        return Entry(tag, type, count, self.base + self.integer(field[4 + width :]), size)
