"""Small real media files, drawn on the spot; every test that needs a file takes it from here.

Dates are ISO 8601 (``2024-07-03T18:20:11`` with or without an offset); a date in EXIF's own
spelling is written as it is, so that impossible ones can be tried. Places are degrees.
"""

import io
import struct
import zlib
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image, TiffImagePlugin

from tests.drawn_heif import coded_still, heif

Colour = tuple[int, int, int]
Size = tuple[int, int]

RED: Colour = (200, 30, 30)
SHOT_COLOURS: tuple[Colour, ...] = (
    (200, 30, 30), (30, 60, 200), (40, 170, 60), (235, 200, 40),
    (240, 240, 240), (120, 40, 140), (20, 20, 20), (230, 120, 30),
)  # fmt: skip
CODECS = {
    ".mp4": "libx264", ".m4v": "libx264", ".mov": "libx264", ".mkv": "libx264",
    ".webm": "libvpx", ".avi": "mpeg4", ".3gp": "mpeg4", ".ts": "mpeg2video",
    ".mts": "libx264", ".mpg": "mpeg2video", ".wmv": "wmv2", ".flv": "flv", ".mxf": "mpeg2video",
    ".ogv": "libvpx",
}  # fmt: skip
SOUND_CODECS = {
    ".webm": "libopus", ".ogv": "libopus", ".avi": "mp2", ".mpg": "mp2", ".wmv": "wmav2",
}  # fmt: skip
CONTAINERS = {".m4v": "mp4", ".mts": "mpegts", ".ts": "mpegts", ".wmv": "asf", ".mkv": "matroska",
              ".ogv": "ogg"}  # fmt: skip


def picture(size: Size = (640, 480), colour: Colour = RED) -> Image.Image:
    """Draw a plain picture of one colour with a darker quarter at the top left."""
    image = Image.new("RGB", size, colour)
    dark = tuple(c // 2 for c in colour)
    image.paste(dark, (0, 0, size[0] // 2, size[1] // 2))
    return image


def exif(
    taken: str | None = None,
    gps: tuple[float, float] | None = None,
    camera: tuple[str, str] | None = None,
    orientation: int = 1,
) -> Image.Exif:
    """Make EXIF with a capture date, a place, maker and model, and an orientation."""
    made = Image.Exif()
    made[0x0112] = orientation
    if camera:
        made[0x010F], made[0x0110] = camera
    if taken:
        _nest(made, 0x8769, _dates(taken))
    if gps:
        _nest(made, 0x8825, _place(*gps))
    return made


def jpeg(
    path: Path,
    size: Size = (640, 480),
    colour: Colour = RED,
    taken: str | None = None,
    gps: tuple[float, float] | None = None,
    camera: tuple[str, str] | None = None,
    orientation: int = 1,
    image: Image.Image | None = None,
    quality: int = 85,
) -> Path:
    """Draw a JPEG; *image* replaces the plain picture."""
    image = image or picture(size, colour)
    image.save(path, "JPEG", quality=quality, exif=exif(taken, gps, camera, orientation))
    return path


def png(
    path: Path,
    size: Size = (640, 480),
    colour: Colour = RED,
    transparent: float = 0.0,
    image: Image.Image | None = None,
    taken: str | None = None,
) -> Path:
    """Draw a PNG whose lower *transparent* share of rows is see-through."""
    image = image or picture(size, colour)
    if transparent:
        image = image.convert("RGBA")
        top = round(size[1] * (1 - transparent))
        image.paste((0, 0, 0, 0), (0, top, *size))
    image.save(path, "PNG", **({"exif": exif(taken)} if taken else {}))
    return path


def webp(
    path: Path,
    size: Size = (640, 480),
    colour: Colour = RED,
    lossless: bool = False,
    frames: int = 1,
    taken: str | None = None,
) -> Path:
    """Draw a WebP, animated when *frames* is more than one."""
    first, *rest = _animation(size, colour, frames)
    told = {"exif": exif(taken)} if taken else {}
    first.save(path, "WEBP", lossless=lossless, save_all=frames > 1, append_images=rest, **told)
    return path


def gif(path: Path, size: Size = (64, 48), colour: Colour = RED, frames: int = 1) -> Path:
    """Draw a GIF of *frames* pictures that all differ."""
    first, *rest = _animation(size, colour, frames)
    first.save(path, "GIF", save_all=frames > 1, append_images=rest, duration=40, loop=0)
    return path


def tiff(
    path: Path,
    size: Size = (320, 240),
    colour: Colour = RED,
    pages: int = 1,
    compression: str | None = None,
    **said: object,
) -> Path:
    """Draw a TIFF of *pages* pages; *said* are EXIF values as for :func:`exif`."""
    first, *rest = _animation(size, colour, pages)
    told = {"exif": exif(**said)} if said else {}  # type: ignore[arg-type]
    first.save(
        path, "TIFF", save_all=pages > 1, append_images=rest, compression=compression, **told
    )
    return path


def bmp(path: Path, size: Size = (64, 48), colour: Colour = RED) -> Path:
    """Draw a BMP."""
    picture(size, colour).save(path, "BMP")
    return path


def avif(path: Path, size: Size = (320, 240), colour: Colour = RED, **said: object) -> Path:
    """Draw an AVIF; *said* are EXIF values as for :func:`exif`."""
    picture(size, colour).save(path, "AVIF", speed=10, exif=exif(**said))  # type: ignore[arg-type]
    return path


def psd(path: Path, size: Size = (64, 48), colour: Colour = RED) -> Path:
    """Draw a flat RGB Photoshop file: the header, three empty sections, plain planes."""
    width, height = size
    header = struct.pack(">4sH6xHIIHH", b"8BPS", 1, 3, height, width, 8, 3)
    planes = np.asarray(picture(size, colour)).transpose(2, 0, 1).tobytes()
    path.write_bytes(header + struct.pack(">IIIH", 0, 0, 0, 0) + planes)
    return path


def heic(
    path: Path,
    size: Size = (320, 240),
    colour: Colour = RED,
    taken: str | None = None,
    quarter_turns: int = 0,
) -> Path:
    """Draw a HEIC: one HEVC picture as the primary item, EXIF as another.

    *quarter_turns* turns the picture counter-clockwise, as the ``irot`` property does.
    """
    config, coded = coded_still(picture(size, colour))
    told = exif(taken).tobytes() if taken else b""
    path.write_bytes(heif(config, coded, size, told and b"\0\0\0\0" + told[6:], quarter_turns))
    return path


def raw(
    path: Path,
    size: Size = (320, 240),
    colour: Colour = RED,
    camera: tuple[str, str] = ("Canon", "Canon EOS 5D"),
    taken: str = "2024-07-03T18:20:11",
    orientation: int = 1,
) -> Path:
    """Draw a DNG as far as tools that read its tags and its embedded JPEG can tell.

    There is no sensor picture in it: it is a stand-in for RAW files, not a real one.
    """
    preview = io.BytesIO()
    picture(size, colour).save(preview, "JPEG")
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[0x00FE], tags[0x0100], tags[0x0101] = 1, *size
    tags[0x0103], tags[0x0106], tags[0x0112] = 7, 6, orientation
    tags[0x010F], tags[0x0110] = camera
    tags[0x0115] = 3
    tags[0xC612] = bytes((1, 4, 0, 0))
    tags.tagtype[0xC612] = 1
    tags[0x0132] = tags[0x9003] = _exif_date(taken)
    tags[0x0111], tags[0x0117] = 0, len(preview.getvalue())  # counted from the end of the tags
    header = struct.pack("<2sHI", b"II", 42, 8)
    path.write_bytes(header + tags.tobytes(8) + preview.getvalue())
    return path


def clip(
    path: Path,
    seconds: float = 4,
    cuts: Sequence[float] = (),
    fps: int = 12,
    size: Size = (160, 90),
    sound: bool = False,
    codec: str | None = None,
    keyframes_s: float = 2.0,
    taken: str | None = None,
    turned: int = 0,
    colours: Sequence[Colour] = SHOT_COLOURS,
) -> Path:
    """Draw a clip with a cut at each second of *cuts*; a bar moves through every shot.

    The container follows the suffix; *turned* is a display rotation in degrees (mp4, mov).
    """
    suffix = path.suffix.lower()
    with av.open(str(path), "w", format=CONTAINERS.get(suffix)) as out:
        if taken:
            out.metadata["creation_time"] = taken
        stream = _video_stream(out, codec or CODECS[suffix], fps, size, round(fps * keyframes_s))
        track = _sound_stream(out, suffix) if sound else None
        for number in range(round(seconds * fps)):
            frame = av.VideoFrame.from_ndarray(_moment(number / fps, cuts, size, colours), "rgb24")
            frame.pts = number
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
        if track:
            _hum(out, track, seconds)
    if turned:
        _turn(path, turned)
    return path


def wide_film(path: Path, padding: int, **drawn: object) -> Path:
    """Draw a clip whose media data take *padding* bytes more: a 64-bit box, and no room on disk.

    What says where the pictures are comes behind that, as cameras write it.
    """
    clip(path, **{"seconds": 0.5, "size": (32, 32), **drawn})  # type: ignore[arg-type]
    data = path.read_bytes()
    begin = data.index(b"mdat") - 4
    assert data[begin - 8 : begin] in (b"\0\0\0\x08free", b"\0\0\0\x08wide")
    length = int.from_bytes(data[begin : begin + 4], "big")
    with path.open("wb") as film:
        film.write(data[: begin - 8])
        film.write(struct.pack(">I4sQ", 1, b"mdat", 8 + length + padding))
        film.write(data[begin + 8 : begin + length])
        film.seek(padding, 1)
        film.write(data[begin + length :])
    return path


def sound_only(path: Path) -> Path:
    """Draw an mp4 that holds a hum and no picture."""
    with av.open(str(path), "w") as out:
        _hum(out, _sound_stream(out, path.suffix), 1)
    return path


def truncated(source: Path, target: Path, share: float) -> Path:
    """Copy the first *share* (0 to 1) of *source*'s bytes."""
    content = source.read_bytes()
    target.write_bytes(content[: int(len(content) * share)])
    return target


def png_header(path: Path, size: Size = (60_000, 60_000)) -> Path:
    """Write a PNG that claims *size* and holds next to nothing."""
    ihdr = struct.pack(">II5B", *size, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", ihdr) + _chunk(b"IDAT", b"x\x9c\x03\0\0\0\0\1")
        + _chunk(b"IEND", b"")
    )  # fmt: skip
    return path


def _nest(made: Image.Exif, tag: int, values: dict[int, object]) -> None:
    made.get_ifd(tag).update(values)
    made[tag] = made.get_ifd(tag)  # TIFF looks here, the others there


def _dates(taken: str) -> dict[int, object]:
    dates: dict[int, object] = {0x9003: _exif_date(taken)}
    if taken[4:5] == "-" and datetime.fromisoformat(taken).tzinfo:
        dates[0x9011] = datetime.fromisoformat(taken).isoformat()[-6:]
    return dates


def _exif_date(taken: str) -> str:
    if taken[4:5] != "-":
        return taken
    return datetime.fromisoformat(taken).strftime("%Y:%m:%d %H:%M:%S")


def _place(latitude: float, longitude: float) -> dict[int, object]:
    return {
        1: "N" if latitude >= 0 else "S", 2: _degrees(latitude),
        3: "E" if longitude >= 0 else "W", 4: _degrees(longitude),
    }  # fmt: skip


def _degrees(angle: float) -> tuple[TiffImagePlugin.IFDRational, ...]:
    whole = round(abs(angle) * 360_000)
    degrees, rest = divmod(whole, 360_000)
    minutes, hundredths = divmod(rest, 6_000)
    rational = TiffImagePlugin.IFDRational
    return rational(degrees), rational(minutes), rational(hundredths, 100)


def _animation(size: Size, colour: Colour, frames: int) -> list[Image.Image]:
    drawn = [picture(size, colour)]
    for number in range(1, frames):
        frame = drawn[0].copy()
        frame.putpixel((number % size[0], number // size[0] % size[1]), (255, 255, 255))
        drawn.append(frame)
    return drawn


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _video_stream(out, codec: str, fps: int, size: Size, keyframes: int):
    stream = out.add_stream(codec, rate=fps)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    stream.codec_context.gop_size = max(1, keyframes)
    stream.codec_context.thread_count = 1
    stream.codec_context.time_base = Fraction(1, fps)
    if codec == "libx264":
        stream.codec_context.options = {"preset": "ultrafast"}
    return stream


def _sound_stream(out, suffix: str):
    codec = {
        ".webm": "libopus",
        ".ogv": "libopus",
        ".avi": "mp2",
        ".mpg": "mp2",
        ".wmv": "wmav2",
        ".flv": "aac",
    }
    track = out.add_stream(codec.get(suffix, "aac"), rate=48_000, layout="mono")
    track.bit_rate = 64_000
    return track


def _moment(at_s: float, cuts: Sequence[float], size: Size, colours: Sequence[Colour]):
    width, height = size
    shot = sum(at_s >= cut - 1e-6 for cut in cuts)
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[:] = colours[shot % len(colours)]
    bar = int(at_s * width / 8) % max(1, width - width // 8)
    pixels[height // 3 : height // 2, bar : bar + width // 8] //= 2
    return pixels


def _hum(out, track, seconds: float) -> None:
    times = np.arange(int(48_000 * seconds)) / 48_000
    wave = (np.sin(times * 440 * 2 * np.pi) * 8_000).astype(np.int16)
    for start in range(0, len(wave) - 1023, 1024):
        frame = av.AudioFrame.from_ndarray(wave[None, start : start + 1024], "s16", "mono")
        frame.sample_rate, frame.pts = 48_000, start
        out.mux(track.encode(frame))
    out.mux(track.encode())


def _turn(path: Path, degrees: int) -> None:
    """Write the display matrix of *degrees* (clockwise) into the first track header."""
    one = 0x10000
    matrix = {90: (0, one, -one, 0), 180: (-one, 0, 0, -one), 270: (0, -one, one, 0)}[degrees]
    content = bytearray(path.read_bytes())
    start = content.index(b"tkhd") + 4 + 40
    a, b, c, d = matrix
    content[start : start + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 0x40000000)
    path.write_bytes(content)
