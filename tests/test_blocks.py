"""What in a media file is neither XMP nor IPTC: equal before and after, and never else."""

import os
import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from metadata.blocks import BlocksError, manifest, others
from metadata.blocks.boxes import boxes
from metadata.blocks.source import Source
from metadata.exiftool import ExifTool
from tests.containers import FORMATS, make_all, noise, psd, resource, written

# ExifTool writes none of these, and reads them only.
UNWRITABLE = ("pieces.mp4",)
LONG = "-XMP-dc:Description=" + "long " * 900
FLIPS = 40


@pytest.fixture(scope="module")
def exiftool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExifTool]:
    with ExifTool("exiftool", tmp_path_factory.mktemp("scratch")) as started:
        yield started


@pytest.fixture(scope="module")
def made(exiftool: ExifTool, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("containers")
    return {path.name: path for path in make_all(exiftool, folder)}


def blocks(path: Path) -> dict[str, str]:
    return dict(others(path, FORMATS[path.suffix]))


NAMES = [
    "plain.jpg", "mpf.jpg", "plain.png", "lzw.tif", "pages.tif", "strips.tif", "canon.tif",
    "sony.tif", "panasonic.tif", "mm.tif", "a.psd", "a.mp4", "fast.mp4", "a.mov", "fast.mov",
    "open.mp4",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_two_files_that_differ_in_xmp_and_iptc_only_are_equal(
    exiftool: ExifTool, made: dict[str, Path], name: str
) -> None:
    path, before = made[name], blocks(made[name])
    assert len(before) > 3
    once = written(exiftool, path, LONG, "-XMP-dc:Subject=three", "-IPTC:Keywords+=four")
    assert once.read_bytes() != path.read_bytes() and blocks(once) == before
    again = written(exiftool, once, "-XMP-dc:Description=short", "-IPTC:Keywords=", "-IPTC:City=")
    assert blocks(again) == before
    assert blocks(written(exiftool, again, "-XMP:all=", "-IPTC:all=")) == before
    assert not manifest(path, FORMATS[path.suffix])


@pytest.mark.parametrize("name", [*NAMES, *UNWRITABLE])
def test_a_byte_that_is_neither_xmp_nor_iptc_counts(
    made: dict[str, Path], name: str, tmp_path: Path
) -> None:
    source, chance = made[name].read_bytes(), random.Random(name)
    before, copy = blocks(made[name]), tmp_path / name
    for _ in range(FLIPS):
        at = chance.randrange(len(source))
        flipped = bytearray(source)
        flipped[at] ^= 1 << chance.randrange(8)
        copy.write_bytes(flipped)
        if not _may_differ(source, at):
            assert _differs(copy, before), f"byte {at} of {len(source)}"


def _differs(path: Path, before: dict[str, str]) -> bool:
    try:
        return blocks(path) != before
    except BlocksError:
        return True


def _may_differ(source: bytes, at: int) -> bool:
    """Tell whether a byte stands in XMP or IPTC, or fills up among zeros."""
    ranges = []
    if b"<?xpacket begin" in source:
        # with the chunk, box or segment around it
        ranges.append((source.index(b"<?xpacket begin") - 60, source.index(b"<?xpacket end") + 60))
    for mark in (b"8BIM\x04\x04", b"8BIM\x04\x25", b"zTXtRaw profile", b"\x1c\x02", b"one"):
        if mark in source:
            ranges.append((source.index(mark) - 16, source.index(mark) + 160))
    padding = not any(source[at : at + 2]) or not any(source[max(0, at - 1) : at + 1])
    return padding or any(start <= at < stop for start, stop in ranges)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("plain.jpg", "-EXIF:Artist=someone"),
        ("plain.jpg", "-Comment=other"),
        ("plain.jpg", "-ICC_Profile:all="),
        ("plain.jpg", "-ThumbnailImage="),
        ("plain.jpg", "-Photoshop:CopyrightFlag="),
        ("plain.png", "-PNG:Comment=other"),
        ("plain.png", "-EXIF:Artist=someone"),
        ("lzw.tif", "-EXIF:Artist=someone"),
        ("lzw.tif", "-GPSLatitude=2"),
        ("canon.tif", "-MakerNotes:all="),
        ("a.psd", "-Photoshop:XResolution=71"),
        ("a.mp4", "-ItemList:Title=other"),
        ("fast.mov", "-UserData:Title=other"),
    ],
)
def test_any_other_metadata_counts(
    exiftool: ExifTool, made: dict[str, Path], name: str, change: str
) -> None:
    assert blocks(written(exiftool, made[name], change)) != blocks(made[name])


def test_a_film_whose_offsets_stay_while_its_data_moves_is_another(
    made: dict[str, Path], tmp_path: Path
) -> None:
    """As a program does that makes room and forgets the table of chunks."""
    fast = made["fast.mp4"].read_bytes()
    at = fast.index(b"moov") - 4
    moved = tmp_path / "moved.mp4"
    moved.write_bytes(fast[:at] + struct.pack(">I4s", 16, b"free") + bytes(8) + fast[at:])
    assert blocks(moved) != blocks(made["fast.mp4"])


def test_fragments_that_move_are_others(made: dict[str, Path], tmp_path: Path) -> None:
    pieces = made["pieces.mp4"].read_bytes()
    at = pieces.index(b"moov") - 4
    moved = tmp_path / "moved.mp4"
    moved.write_bytes(pieces[:at] + struct.pack(">I4s", 8, b"free") + pieces[at:])
    assert blocks(moved) != blocks(made["pieces.mp4"])


def test_a_number_of_pictures_elsewhere_counts(made: dict[str, Path], tmp_path: Path) -> None:
    """A list of pictures is the same only where it points to the same ones."""
    data, path = made["mpf.jpg"].read_bytes(), tmp_path / "a.jpg"
    scan = data.index(b"\xff\xda")
    path.write_bytes(data[:2] + b"\xff\xfe\0\x06four" + data[2:])
    before = blocks(made["mpf.jpg"])
    assert {n for n, sha in blocks(path).items() if before.get(n) != sha} == {
        "marker 0xfe",
        "order",
    }
    path.write_bytes(data[:scan] + b"\xff\xfe\0\x06four" + data[scan:])
    assert blocks(path)["APP2"] != before["APP2"]


def test_big_tiff_is_read(tmp_path: Path) -> None:
    noise().save(tmp_path / "big.tif", big_tiff=True)
    noise().save(tmp_path / "other.tif", big_tiff=True)
    big, other = blocks(tmp_path / "big.tif"), blocks(tmp_path / "other.tif")
    assert {n for n in big if big[n] != other[n]} == {"IFD strips"}


def test_what_follows_a_tiff_counts(made: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(made["lzw.tif"].read_bytes() + b"trailer")
    assert blocks(path).keys() - blocks(made["lzw.tif"]).keys() == {"trailer"}


def with_chunk(png: bytes, chunk: bytes) -> bytes:
    """Put a chunk, its kind and content, behind the first of a PNG."""
    around = struct.pack(">I", len(chunk) - 4), struct.pack(">I", zlib.crc32(chunk))
    return png[:33] + around[0] + chunk + around[1] + png[33:]


SEGMENT = b"JP\0\x01\0\0\0\x01\0\0\0\x20jumb\0\0\0\x18jumdc2pa"


def test_manifests_are_found(made: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "file"
    jpeg, png = made["plain.jpg"].read_bytes(), made["plain.png"].read_bytes()
    path.write_bytes(
        jpeg[:2] + b"\xff\xeb" + struct.pack(">H", len(SEGMENT) + 2) + SEGMENT + jpeg[2:]
    )
    assert manifest(path, "jpeg")
    path.write_bytes(with_chunk(png, b"caBX" + SEGMENT))
    assert manifest(path, "png")
    noise().save(path, "TIFF", tiffinfo={0xCD41: b"jumb"})
    assert manifest(path, "tiff")
    uuid = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
    for box in (b"uuid" + uuid, b"jumb" + bytes(16)):
        path.write_bytes(made["a.mp4"].read_bytes() + struct.pack(">I", 24) + box)
        assert manifest(path, "mp4")


def test_a_link_to_a_manifest_elsewhere_is_none(exiftool: ExifTool, made: dict[str, Path]) -> None:
    linked = written(
        exiftool, made["plain.jpg"], "-XMP-dcterms:Provenance=https://example.org/a.c2pa"
    )
    assert not manifest(linked, "jpeg")


@pytest.mark.parametrize("suffix", FORMATS)
def test_hostile_files_are_refused(made: dict[str, Path], suffix: str, tmp_path: Path) -> None:
    path, chance = tmp_path / f"a{suffix}", random.Random(suffix)
    sample = next(p for p in made.values() if p.suffix == suffix).read_bytes()
    cut = [sample[: chance.randrange(len(sample))] for _ in range(20)]
    for data in (b"", b"\0", bytes(100), chance.randbytes(5000), *cut):
        path.write_bytes(data)
        _differs(path, {})
        try:
            manifest(path, FORMATS[suffix])
        except BlocksError:
            continue
    with pytest.raises(BlocksError):
        path.write_bytes(b"not at all" * 10)
        blocks(path)


def test_directories_in_a_circle_are_refused(tmp_path: Path) -> None:
    entry = struct.pack("<HHII", 330, 4, 1, 8)
    (tmp_path / "a.tif").write_bytes(b"II*\0\x08\0\0\0\x01\0" + entry + bytes(4))
    with pytest.raises(BlocksError, match="circles"):
        blocks(tmp_path / "a.tif")


def test_lengths_beyond_the_end_are_refused_and_not_allocated(tmp_path: Path) -> None:
    entry = struct.pack("<HHII", 256, 7, 0xFFFFFFF0, 8)
    (tmp_path / "a.tif").write_bytes(b"II*\0\x08\0\0\0\x01\0" + entry + bytes(4))
    (tmp_path / "a.psd").write_bytes(psd()[:30] + b"\xff\xff\xff\xf0" + bytes(100))
    (tmp_path / "a.mp4").write_bytes(struct.pack(">I4sQ", 1, b"ftyp", 2**63) + bytes(100))
    for name in ("a.tif", "a.psd", "a.mp4"):
        with pytest.raises(BlocksError):
            blocks(tmp_path / name)


def test_a_compressed_text_that_swells_is_refused(tmp_path: Path) -> None:
    Image.new("L", (1, 1)).save(tmp_path / "a.png")
    png = (tmp_path / "a.png").read_bytes()
    packed = zlib.compress(b"\niptc\n 9\n" + b"0" * (2**26 + 2**20), 9)
    chunk = b"zTXtRaw profile type iptc\0\0" + packed
    crc = struct.pack(">I", zlib.crc32(chunk))
    (tmp_path / "a.png").write_bytes(
        png[:33] + struct.pack(">I", len(chunk) - 4) + chunk + crc + png[33:]
    )
    with pytest.raises(BlocksError, match="too long"):
        blocks(tmp_path / "a.png")


def test_a_pipe_or_a_link_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jpg")
    (tmp_path / "b.jpg").symlink_to("elsewhere")
    with pytest.raises(BlocksError):
        blocks(tmp_path / "a.jpg")
    with pytest.raises(OSError):
        blocks(tmp_path / "b.jpg")
    with pytest.raises(BlocksError, match="webp"):
        others(tmp_path / "a.jpg", "webp")


def test_other_resources_beside_iptc_in_a_png_count(tmp_path: Path) -> None:
    found = []
    for other in (b"one", b"two"):
        path = tmp_path / f"{other.decode()}.png"
        Image.new("L", (1, 1)).save(path)
        profile = resource(0x0404, other) + resource(0x03ED, other)
        text = b"\nIPTC profile\n %d\n" % len(profile) + profile.hex().encode() + b"\n"
        chunk = b"tEXtRaw profile type iptc\0" + text
        path.write_bytes(with_chunk(path.read_bytes(), chunk))
        found.append(blocks(path))
    assert {n for n in found[0] if found[0][n] != found[1][n]} == {"resource 0x03ed"}


def test_a_film_is_read_in_pieces(made: dict[str, Path], tmp_path: Path) -> None:
    """Of which hardly any is on the disk."""
    path, data = tmp_path / "a.mp4", made["a.mp4"].read_bytes()
    with Source.open(made["a.mp4"]) as source:
        first = [box.kind for box in boxes(source, 0, source.size)]
    path.write_bytes(data + struct.pack(">I4sQ", 1, b"mdat", 2**26))
    os.truncate(path, len(data) + 2**26)
    assert first[0] == b"ftyp" and blocks(path)["media data"] != blocks(made["a.mp4"])["media data"]
