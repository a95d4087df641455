"""A HEIF file by hand, as no encoder of HEIC is among our packages: x265 codes, this wraps."""

import io
import struct

import av
from PIL import Image

Size = tuple[int, int]


def coded_still(image: Image.Image) -> tuple[bytes, bytes]:
    """Code *image* as one HEVC key picture: its ``hvcC`` box and its bytes."""
    room = io.BytesIO()
    with av.open(room, "w", format="mp4") as out:
        stream = out.add_stream("libx265", rate=1)
        stream.width, stream.height = image.size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.options = {
            "preset": "ultrafast",
            # without bframes=0 x265 leaves the time of a lone picture to chance, and muxing fails
            "x265-params": "log-level=none:pools=none:frame-threads=1:bframes=0",
        }  # fmt: skip
        stream.codec_context.codec_tag = "hvc1"
        out.mux(stream.encode(av.VideoFrame.from_image(image)))
        out.mux(stream.encode())
    content = room.getvalue()
    return _boxed(content, b"hvcC"), _boxed(content, b"mdat")[8:]


def _boxed(content: bytes, name: bytes) -> bytes:
    at = content.index(name) - 4
    return content[at : at + struct.unpack_from(">I", content, at)[0]]


def _box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), name) + body


def _full(name: bytes, *parts: bytes, version: int = 0) -> bytes:
    return _box(name, bytes((version, 0, 0, 0)), *parts)


def heif(config: bytes, coded: bytes, size: Size, told: bytes, quarter_turns: int) -> bytes:
    """Put a coded picture (item 1) and EXIF (item 2) into a HEIF file."""
    start = _box(b"ftyp", b"heic", bytes(4), b"mif1heic")
    items = [(1, b"hvc1", coded)] + ([(2, b"Exif", told)] if told else [])
    meta = _heif_meta(config, size, items, 0, quarter_turns)
    meta = _heif_meta(config, size, items, len(start) + len(meta) + 8, quarter_turns)
    return start + meta + _box(b"mdat", coded, told)


def _heif_meta(config: bytes, size: Size, items: list[tuple[int, bytes, bytes]], at: int,
               quarter_turns: int) -> bytes:  # fmt: skip
    entries, places = [], []
    for number, name, body in items:
        entries.append(_full(b"infe", struct.pack(">HH4sx", number, 0, name), version=2))
        places.append(struct.pack(">HHHII", number, 0, 1, at, len(body)))
        at += len(body)
    turn = [_box(b"irot", bytes((quarter_turns,)))] if quarter_turns else []
    properties = _box(b"ipco", config, _full(b"ispe", struct.pack(">II", *size)), *turn)
    used = bytes((0x81, 0x02, 0x83)[: 2 + len(turn)])
    return _full(
        b"meta",
        _full(b"hdlr", bytes(4), b"pict", bytes(13)),
        _full(b"pitm", struct.pack(">H", 1)),
        _full(b"iloc", struct.pack(">BBH", 0x44, 0, len(items)), *places),
        _full(b"iinf", struct.pack(">H", len(items)), *entries),
        *([_full(b"iref", _box(b"cdsc", struct.pack(">HHH", 2, 1, 1)))] if len(items) > 1 else []),
        _box(b"iprp", properties,
             _full(b"ipma", struct.pack(">IHB", 1, 1, len(used)), used)),
    )  # fmt: skip
