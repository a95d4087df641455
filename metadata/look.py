"""Look at all that is written of an asset: in the media file, and beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from metadata.asset import Asset, AssetError
from metadata.document import Document, read_document, refused
from metadata.embedded import may_be_embedded
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
        d.data for d, props in zip(documents, known, strict=True) if props is None and d.data
    ]
    options = _QUICK.get(asset.format, ())
    try:
        media_files = [asset.path] if may_be_embedded(asset) else []
        files: list[Path | bytes] = [*media_files, *unknown]
        found = exiftool.read(files, READ_TAGS, options) if files else []
    except OSError as error:
        raise refused(asset.path, error) from error
    except ExifToolTimeout as error:
        raise AssetError(asset.path, Reason.TIMED_OUT, str(error)) from error
    except ExifToolDied as error:
        raise AssetError(asset.path, Reason.CRASHED, str(error)) from error
    media = found[0] if media_files else {}
    others = map(normal, found[len(media_files) :])
    sides = (
        Said(document.path, next(others) if properties is None else properties)
        for document, properties in zip(documents, known, strict=True)
    )
    return Seen(normal(media), documents, tuple(sides))
