"""Look at all that is written of an asset: in the media file, and beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from metadata.asset import Asset, AssetError
from metadata.document import Document, read_document, refused, utf8
from metadata.embedded import may_be_embedded
from metadata.exiftool import ExifTool, ExifToolDied, ExifToolTimeout
from metadata.fields import FILE_TYPE, INSIDE_TAGS, PACKET, READ_TAGS, Properties, normal
from metadata.plain import plain
from metadata.poison import is_bottomless
from metadata.reasons import Reason
from metadata.sides import Said, xmp

# Reading stops before the picture only in a format whose metadata cannot come after it.
_QUICK = {"jpeg": ("-fast2",)}


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read at one moment: the media file's properties, and the sides that say something.

    Those are the sidecars, one for each of *documents* in their order, then the XMP inside, whose
    spelling is *packet*. *answered* says that *media* is all there is, where that was asked for.
    """

    media: Properties
    documents: tuple[Document, ...]
    sides: tuple[Said, ...]
    packet: str = ""
    answered: bool = True


def look(exiftool: ExifTool, asset: Asset, sidecars: Sequence[Path], inside: bool = False) -> Seen:
    """Read the media file of *asset* and each of *sidecars*, whether or not it is there yet.

    *inside* reads all of the media file that captiond may change, and its packet as it is. Raises
    AssetError: SIDECAR_INVALID, BUSY, CRASHED or TIMED_OUT for a file that ExifTool does not
    survive, or what keeps a file from being read.
    """
    documents = tuple(map(read_document, sidecars))
    known = [plain(document.data) if document.data else {} for document in documents]
    unknown = [
        utf8(d.data) for d, props in zip(documents, known, strict=True) if props is None and d.data
    ]
    media, *others = _read(exiftool, asset, unknown, inside)
    packet, answered = str(media.pop(PACKET, "")), bool(media.pop(FILE_TYPE, None))
    rest = iter(others)
    beside = [
        Said(document.path, next(rest) if properties is None else properties)
        for document, properties in zip(documents, known, strict=True)
    ]
    within = xmp(asset.path, media)
    told = (*beside, *([within] if inside or within.properties else []))
    return Seen(media, documents, told, packet, answered or not inside)


def read_inside(exiftool: ExifTool, path: Path, format: str) -> Properties:
    """Read all of a media file that captiond may change; raises as ``ExifTool.read`` does."""
    return normal(exiftool.read([path], READ_TAGS, options(format))[0])


def options(format: str) -> tuple[str, ...]:
    """Say how the metadata of a format is read.

    IPTC that names no character set is UTF-8 where it can be, or else Latin-1.
    """
    return ("-charset", "iptc=UTF8", *_QUICK.get(format, ()))


def _read(
    exiftool: ExifTool, asset: Asset, unknown: Sequence[bytes], inside: bool
) -> list[Properties]:
    """Read the media file, if anything may be in it, and then the *unknown* sidecars."""
    nothing: Properties = {FILE_TYPE: asset.format}
    try:
        media_files = [asset.path] if may_be_embedded(asset, inside) else []
        if media_files and is_bottomless(asset.path, asset.format):
            media_files, nothing = [], {}
        files: list[Path | bytes] = [*media_files, *unknown]
        tags = INSIDE_TAGS if inside else READ_TAGS
        found = exiftool.read(files, tags, options(asset.format)) if files else []
    except OSError as error:
        raise refused(asset.path, error) from error
    except ExifToolTimeout as error:
        raise AssetError(asset.path, Reason.TIMED_OUT, str(error)) from error
    except ExifToolDied as error:
        raise AssetError(asset.path, Reason.CRASHED, str(error)) from error
    for each in found[len(media_files) :]:
        each.pop(PACKET, None)
        each.pop(FILE_TYPE, None)
    return [*map(normal, found if media_files else [nothing, *found])]
