"""Bring the file of captions beside a video up to date: written, replaced, or taken out.

Only a file that captiond wrote, and nobody changed since, is ever touched.
"""

import os
import stat
from pathlib import Path

from metadata.asset import Asset, MediaKind, Stat
from metadata.beside import captions_of
from metadata.captions import captions, is_ours
from metadata.change import Change, Ours
from metadata.description import Description
from metadata.document import Document, refused
from metadata.stage import changed, private

_LARGEST = 16 * 2**20


def caption_file(scratch: Path, asset: Asset, said: Description) -> Change | None:
    """Prepare the change that brings what was heard into the file beside *asset*.

    None where nothing would be different, and where someone else's file stands in its place.
    Raises AssetError for what the system refuses.
    """
    if asset.kind is not MediaKind.VIDEO:
        return None
    there, data = _standing(captions_of(asset.path)), captions(said)
    if there is None or there.data == data:
        return None
    staged = None
    if data is not None:
        try:
            staged = private(scratch, data, there.path.suffix)
        except OSError as error:
            raise refused(there.path, error) from error
    return changed(there, staged, Ours(), data)


def without_captions(target: Path) -> Change | None:
    """Prepare to take out *target*, if it is a file of captiond's; raises AssetError."""
    there = _standing(target)
    return changed(there, None, Ours()) if there and there.data is not None else None


def _standing(path: Path) -> Document | None:
    """Read what stands at *path*, maybe nothing; None where it is not captiond's to change."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(path, flags), "rb") as stream:
            found = os.fstat(stream.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST:
                return None
            data = stream.read()
    except FileNotFoundError:
        return Document(path)
    except OSError:  # a link, a socket, a file of somebody who lets nobody read it
        return None
    return Document(path, data, Stat.of(found)) if is_ours(data) else None
