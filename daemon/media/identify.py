"""What a media file is: format, size, date, camera, place, and the hash of its content."""

from pathlib import Path

from daemon.media.content import content_hash
from daemon.media.faults import blamed
from daemon.media.opened import Opened, opened
from daemon.media.origin import origin
from daemon.media.pairs import companion
from daemon.media.payload import payload_of
from daemon.media.payload.spans import Payload
from daemon.media.raw import Preview, read_raw_header
from daemon.media.sniff import sniff
from daemon.media.still import Header, read_header
from daemon.media.video import FilmHeader, opened_film, read_film_header
from metadata.asset import Asset, AssetError, MediaKind
from metadata.formats import Format
from metadata.reasons import Reason


def identify(path: Path, max_pixels: int, preview: Preview) -> Asset:
    """Read what the file at *path* is without decoding more than a film's first picture.

    *preview* gives the embedded JPEG of a RAW file. Raises AssetError.
    """
    with opened(path) as file:
        with blamed(path):
            format = sniff(file)
        if format.kind is MediaKind.VIDEO:
            return _film(file, format, max_pixels)
        return _still(file, format, max_pixels, preview)


def _still(file: Opened, format: Format, max_pixels: int, preview: Preview) -> Asset:
    try:
        header = _still_header(file, format, max_pixels, preview)
    except (AssetError, MemoryError) as fault:
        if not isinstance(fault, AssetError) or fault.reason is Reason.DAMAGED:
            payload_of(file, format.name)  # says so when the file only ends too early
        raise
    payload = payload_of(file, format.name)
    return _asset(file, format, payload, header, None)


def _still_header(file: Opened, format: Format, max_pixels: int, preview: Preview) -> Header:
    with blamed(file.path):
        if format.raw:
            return read_raw_header(file, format.name, max_pixels, preview)
        return read_header(file.stream(), format.name, max_pixels)


def _film(file: Opened, format: Format, max_pixels: int) -> Asset:
    payload = payload_of(file, format.name)
    with opened_film(file, format.name, max_pixels) as film:
        header = read_film_header(film)
    return _asset(file, format, payload, header, header.duration_s)


def _asset(
    file: Opened,
    format: Format,
    payload: Payload,
    header: Header | FilmHeader,
    duration_s: float | None,
) -> Asset:
    told = header.told
    return Asset(
        path=file.path,
        kind=format.kind,
        format=format.name,
        content=content_hash(file, payload),
        stat=file.stat,
        width=header.width,
        height=header.height,
        duration_s=duration_s,
        taken_at=told.taken_at,
        camera=told.camera,
        latitude=told.latitude,
        longitude=told.longitude,
        frames=payload.frames,
        companion=companion(file.path, format),
        lens=told.lens,
        origin=_origin(file.path, format, header),
        author=told.author,
    )


def _origin(path: Path, format: Format, header: Header | FilmHeader) -> str | None:
    """Tell the origin of a still; RAW comes out of a camera and a film is neither."""
    if format.raw or format.kind is not MediaKind.IMAGE:
        return None
    return origin(path.name, header.told.traces, header.width, header.height)
