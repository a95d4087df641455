"""Look at all that is written of an asset: in the media file, and beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from metadata.asset import Asset, AssetError
from metadata.document import Document, read_document, refused
from metadata.exiftool import ExifTool, ExifToolDied, ExifToolTimeout
from metadata.fields import READ_TAGS, Properties, normal
from metadata.plain import plain
from metadata.reasons import Reason
from metadata.record import Said

# Reading stops before the picture only in a format whose metadata cannot come after it.
_QUICK = {"jpeg": ("-fast2",)}


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read at one moment: the media file's properties, and the sidecars, in order."""

    media: Properties
    documents: tuple[Document, ...]
    sides: tuple[Said, ...]


def look(exiftool: ExifTool, asset: Asset, sidecars: Sequence[Path]) -> Seen:
    """Read the media file of *asset* and each of *sidecars*, whether or not it is there yet.

    Raises AssetError: SIDECAR_INVALID, BUSY, CRASHED or TIMED_OUT for a file that ExifTool does
    not survive, or what keeps a file from being read.
    """
    documents = tuple(map(read_document, sidecars))
    known = [plain(document.data) if document.data else {} for document in documents]
    unknown = [
        d.data for d, found in zip(documents, known, strict=True) if found is None and d.data
    ]
    options = _QUICK.get(asset.format, ())
    try:
        media, *rest = exiftool.read([asset.path, *unknown], READ_TAGS, options)
    except OSError as error:
        raise refused(asset.path, error) from error
    except ExifToolTimeout as error:
        raise AssetError(asset.path, Reason.TIMED_OUT, str(error)) from error
    except ExifToolDied as error:
        raise AssetError(asset.path, Reason.CRASHED, str(error)) from error
    others = map(normal, rest)
    sides = (
        Said(document.path, next(others) if found is None else found)
        for document, found in zip(documents, known, strict=True)
    )
    return Seen(normal(media), documents, tuple(sides))
