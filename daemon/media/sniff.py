"""Which media format a file is, by its content and never by its name."""

from collections.abc import Callable, Iterable

from daemon.media.ifd import (
    CHILDREN,
    COMPRESSION,
    DNG_VERSION,
    MAKE,
    PHOTOMETRIC,
    SUBFILE,
    first_directory,
)
from daemon.media.opened import Opened
from daemon.media.strangers import stranger
from metadata.formats import FORMATS, Format

_HEAD = 64 * 1024

_STARTS = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"8BPS\0\1", "psd"),
    (b"FUJIFILMCCD-RAW", "raf"),
    (b"IIU\0", "rw2"),
    (b"IIRO", "orf"),
    (b"IIRS", "orf"),
    (b"MMOR", "orf"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0\x62\xce\x6c", "wmv"),
    (b"FLV\1", "flv"),
    (b"\0\0\1\xba", "mpeg"),
    (b"\0\0\1\xb3", "mpeg"),
    (b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02", "mxf"),
)
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_RAW_MAKERS = {"NIKON": "nef", "SONY": "arw", "PENTAX": "pef", "RICOH": "pef", "SAMSUNG": "srw"}
_RAW_COMPRESSIONS = {32767, 32770, 34713, 65535}
_RAW_PHOTOMETRICS = {32803, 34892}  # colour filter array, linear raw
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs"}
_HEIF_FAMILY = {b"mif1", b"msf1", b"mif2"}
_MP4_BRANDS = (
    b"iso", b"mp4", b"M4V", b"avc", b"MSNV", b"XAVC", b"f4v", b"F4V", b"mmp4", b"dash", b"dby",
    b"CAEP", b"ndx", b"piff", b"cmf", b"nvr", b"M4P", b"hvc", b"av0",
)  # fmt: skip
_QUICKTIME_BOXES = {b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}
_BMP_HEADERS = {12, 16, 40, 52, 56, 64, 108, 124}
_EBML = b"\x1a\x45\xdf\xa3"
_OGG_VIDEO = (b"\x80theora", b"OVP80", b"\x01video")


def sniff(file: Opened) -> Format:
    """Tell the format of *file*.

    Raises AssetError: NOT_MEDIA or UNSUPPORTED with what it is instead, TRUNCATED when it holds
    nothing but zeros so far.
    """
    head = file.read(0, _HEAD)
    name = next((found for look in _LOOKS if (found := look(head))), None)
    if name is None and head[:4] in _TIFF:
        name = _tiff_family(file, head)
    if name is None:
        raise file.fault(*stranger(head))
    return FORMATS[name]


def _by_start(head: bytes) -> str | None:
    return next((name for start, name in _STARTS if head.startswith(start)), None)


def _riff(head: bytes) -> str | None:
    if head[:4] != b"RIFF":
        return None
    return {b"WEBP": "webp", b"AVI ": "avi"}.get(head[8:12])


def _bmp(head: bytes) -> str | None:
    if head[:2] != b"BM" or int.from_bytes(head[14:18], "little") not in _BMP_HEADERS:
        return None
    return "bmp"


def _iso(head: bytes) -> str | None:
    if head[4:8] in _QUICKTIME_BOXES:
        return "mov"
    if head[4:8] != b"ftyp":
        return None
    size = min(int.from_bytes(head[:4], "big"), 256)
    major = head[8:12]
    brands = {major, *(head[at : at + 4] for at in range(16, size, 4))}
    return _still_brand(major, brands) or _film_brand(major, brands)


def _still_brand(major: bytes, brands: set[bytes]) -> str | None:
    if major == b"crx ":
        return "cr3"
    if major in (b"avif", b"avis") or (major in _HEIF_FAMILY and brands & {b"avif", b"avis"}):
        return "avif"
    return "heic" if major in _HEIF_BRANDS | _HEIF_FAMILY else None


def _film_brand(major: bytes, brands: Iterable[bytes]) -> str | None:
    if major == b"qt  ":
        return "mov"
    if major[:3] in (b"3gp", b"3g2", b"3ge", b"3gg", b"3gs"):
        return "3gp"
    if major[:3] in (b"M4A", b"M4B"):
        return None
    known = any(brand.startswith(_MP4_BRANDS) for brand in brands)
    return "mp4" if known else None


def _ebml(head: bytes) -> str | None:
    if not head.startswith(_EBML):
        return None
    return "webm" if b"webm" in head[:64] else "mkv"


def _mpegts(head: bytes) -> str | None:
    for start, packet in ((0, 188), (4, 192), (0, 204)):
        marks = head[start : start + 5 * packet : packet]
        if len(marks) >= 2 and set(marks) == {0x47}:
            return "mpegts"
    return None


def _ogg(head: bytes) -> str | None:
    return "ogv" if head[:4] == b"OggS" and any(mark in head for mark in _OGG_VIDEO) else None


_LOOKS: tuple[Callable[[bytes], str | None], ...] = (
    _by_start, _riff, _iso, _ebml, _bmp, _ogg, _mpegts,
)  # fmt: skip


def _tiff_family(file: Opened, head: bytes) -> str:
    """Tell RAW from plain TIFF: by marks of the maker and a sensor picture, never by maker alone.

    A TIFF that an editor saved still names the camera.
    """
    if head[8:10] == b"CR":
        return "cr2"
    first = first_directory(file)
    if DNG_VERSION in first.entries:
        return "dng"
    sensor = (
        (first.number(SUBFILE) & 1 and CHILDREN in first.entries)
        or first.number(COMPRESSION) in _RAW_COMPRESSIONS
        or first.number(PHOTOMETRIC) in _RAW_PHOTOMETRICS
    )
    maker = first.text(MAKE).upper()
    family = next((raw for name, raw in _RAW_MAKERS.items() if maker.startswith(name)), None)
    return family if sensor and family else "tiff"
