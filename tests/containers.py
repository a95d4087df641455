"""Small files of every container that values are embedded in, with all that may stand in them."""

import struct
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageCms

from metadata.exiftool import ExifTool

FORMATS = {".jpg": "jpeg", ".png": "png", ".tif": "tiff", ".psd": "psd", ".mp4": "mp4"} | {
    ".mov": "mov"
}
Entry = tuple[int, int, int, bytes]
IPTC_BLOCK = b"\x1c\x02\x19\x00\x03one"
MAKER_NOTES = {
    "canon": (b"Canon\0", b""),
    "sony": (b"SONY\0\0", b"SONY DSC \0\0\0"),
    "panasonic": (b"Panasonic\0", b"Panasonic\0\0\0"),
}


def noise() -> Image.Image:
    return Image.effect_noise((64, 48), 50).convert("RGB")


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def make_all(exiftool: ExifTool, folder: Path) -> list[Path]:
    """Make one file of each kind."""
    noise().save(folder / "plain.jpg", icc_profile=profile(), progressive=True, comment=b"hi")
    noise().save(folder / "mpf.jpg", "MPO", save_all=True, append_images=[noise().rotate(90)])
    noise().save(folder / "plain.png", icc_profile=profile())
    noise().save(folder / "lzw.tif", compression="tiff_lzw")
    pages = [noise().rotate(90), noise().resize((30, 30))]
    noise().save(folder / "pages.tif", save_all=True, append_images=pages)
    noise().resize((300, 300)).save(
        folder / "strips.tif", compression="tiff_adobe_deflate", strip_size=4096
    )
    for name, (make, head) in MAKER_NOTES.items():
        (folder / f"{name}.tif").write_bytes(tiff_with_note("<", make, head))
    (folder / "mm.tif").write_bytes(tiff_with_note(">", *MAKER_NOTES["canon"]))
    (folder / "a.psd").write_bytes(psd())
    films(folder)
    tagged(exiftool, folder / "plain.jpg", folder / "plain.png", folder / "lzw.tif")
    return sorted(folder.iterdir())


def tagged(exiftool: ExifTool, *paths: Path) -> None:
    """Give pictures IPTC, XMP, Exif with a thumbnail where it can be, and GPS."""
    thumbnail = paths[0].with_name("thumbnail")
    noise().resize((16, 12)).save(thumbnail, "JPEG")
    tags = ("-IPTC:Keywords=one", "-XMP-dc:Subject=two", "-EXIF:Artist=me", "-GPSLatitude=1",
            "-IPTC:City=Delhi", f"-ThumbnailImage<={thumbnail}",
            "-Photoshop:CopyrightFlag=True")  # fmt: skip
    for path in paths:
        exiftool.ask("-overwrite_original", *tags, str(path))
    thumbnail.unlink()


def written(exiftool: ExifTool, path: Path, *values: str) -> Path:
    """Have ExifTool make a copy with other XMP, and IPTC where there is any."""
    out = path.with_name(f"written-{path.name}")
    out.unlink(missing_ok=True)
    reply = exiftool.ask("-wm", "wcg", *values, "-o", str(out), str(path))
    assert out.exists(), reply.stderr
    return out


def films(folder: Path) -> None:
    """Make films whose index stands behind, before, in pieces, and whose data has no end."""
    source = ("-f", "lavfi", "-i", "testsrc=s=64x48:d=0.4", "-f", "lavfi", "-i", "sine=d=0.4")
    ways = {"a.mp4": (), "fast.mp4": ("-movflags", "+faststart"), "a.mov": (),
            "fast.mov": ("-movflags", "+faststart"),
            "pieces.mp4": ("-movflags", "frag_keyframe+empty_moov")}  # fmt: skip
    mapped = ("-metadata", "title=x", "-map", "0", "-map", "1")
    outputs = [word for name, way in ways.items() for word in (*mapped, *way, str(folder / name))]
    subprocess.run(["ffmpeg", "-v", "error", *source, *outputs], check=True)
    fast = (folder / "fast.mp4").read_bytes()
    at = fast.rindex(b"mdat")
    (folder / "open.mp4").write_bytes(fast[: at - 4] + bytes(4) + fast[at:])


def resource(id: int, data: bytes, name: bytes = b"") -> bytes:
    pascal = bytes([len(name)]) + name
    head = b"8BIM" + struct.pack(">H", id) + pascal + bytes(len(pascal) % 2)
    return head + struct.pack(">I", len(data)) + data + bytes(len(data) % 2)


def psd(layers: bytes = bytes(4)) -> bytes:
    found = (
        resource(0x03ED, bytes(16)) + resource(0x040C, b"thumb!!", b"name")
        + resource(0x0404, IPTC_BLOCK) + resource(0x0425, bytes(16))
    )  # fmt: skip
    head = b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 8, 8, 8, 3) + bytes(4)
    return head + struct.pack(">I", len(found)) + found + layers + bytes(2) + bytes(range(192))


def tiff_with_note(order: str, make: bytes, head: bytes) -> bytes:
    """Spell a TIFF of 8 x 8 points, with Exif in which there is a camera's note."""
    short, long = _packing(f"{order}H"), _packing(f"{order}I")
    note_at, exif_at = 700, 680
    values = [(1, 3, 4, b"".join(map(short, (8, 2, 0, 3)))), (6, 2, 10, b"Camera EO\0"),
              (7, 2, 12, b"Firmware 1.\0"), (0x96, 2, 9, b"Serial12\0")]  # fmt: skip
    note = head + directory(order, values, note_at + len(head))
    exif = [(37500, 7, len(note), note)]
    main = [(256, 4, 1, long(8)), (257, 4, 1, long(8)), (258, 3, 3, short(8) * 3),
            (259, 3, 1, short(1)), (262, 3, 1, short(2)), (271, 2, len(make), make),
            (273, 4, 1, long(8)), (277, 3, 1, short(3)), (278, 4, 1, long(8)),
            (279, 4, 1, long(192)), (34665, 4, 1, long(exif_at))]  # fmt: skip
    mark = b"II*\0" if order == "<" else b"MM\0*"
    start = mark + long(200) + bytes(range(192)) + directory(order, main, 200)
    # the note follows the directory of Exif, whose 18 bytes end at an odd place of four
    return start.ljust(exif_at, b"\0") + directory(order, exif, exif_at, note_at)


def directory(order: str, entries: Sequence[Entry], at: int, values_at: int = 0) -> bytes:
    """Spell a directory that stands at *at*, with what is too long for it behind."""
    start = at + 2 + 12 * len(entries) + 4
    behind = bytes(max(0, values_at - start))
    spelled = struct.pack(f"{order}H", len(entries))
    for tag, type, count, value in entries:
        spelled += struct.pack(f"{order}HHI", tag, type, count)
        if len(value) <= 4:
            spelled += value.ljust(4, b"\0")
            continue
        spelled += struct.pack(f"{order}I", start + len(behind))
        behind += value + bytes(len(value) % 2)
    return spelled + bytes(4) + behind


def _packing(form: str) -> Callable[[int], bytes]:
    return lambda number: struct.pack(form, number)
