"""Read what stands in a file and what would stand there instead, and tell the difference."""

import os
from pathlib import Path

from metadata.asset import Asset, AssetError
from metadata.beside import CAPTIONS_SUFFIX
from metadata.difference import Difference, difference
from metadata.document import refused
from metadata.exiftool import ExifTool, ExifToolDied
from metadata.fields import Properties, normal
from metadata.look import read_inside
from metadata.plain import plain
from metadata.reasons import Reason


def compared(
    exiftool: ExifTool, asset: Asset | None, target: Path, staged: Path | None
) -> Difference:
    """List the values that go from *target* and come into it when it is replaced by *staged*.

    *target* is a sidecar, a file of captions or the media file of *asset*, of which only what
    captiond may change is read; no *staged* is no file. Raises AssetError where one of them cannot
    be read.
    """
    try:
        before, after = (_read(exiftool, asset, target, file) for file in (target, staged))
    except OSError as error:
        raise refused(target, error) from error
    except ExifToolDied as error:
        raise AssetError(target, Reason.CRASHED, str(error)) from error
    return difference(before, after)


def _read(exiftool: ExifTool, asset: Asset | None, target: Path, file: Path | None) -> Properties:
    """Read *file* as what stands, or would stand, at *target*."""
    if file is None or not os.path.lexists(file):
        return {}
    if target.suffix == CAPTIONS_SUFFIX:
        return _cues(file.read_bytes())
    if asset and target == asset.path:
        return read_inside(exiftool, file, asset.format)
    return _sidecar(exiftool, file.read_bytes())


def _sidecar(exiftool: ExifTool, data: bytes) -> Properties:
    if not data:
        return {}
    return plain(data) or normal(exiftool.read([data], ("-XMP:all",))[0])


def _cues(data: bytes) -> Properties:
    lines = data.decode("utf-8", "replace").splitlines()
    return {"WebVTT": [line for line in lines if line.strip()]}
