"""Read what stands in a file and what would stand there instead, and tell the difference."""

from pathlib import Path

from metadata.asset import AssetError
from metadata.beside import CAPTIONS_SUFFIX
from metadata.difference import Difference, difference
from metadata.document import refused
from metadata.exiftool import ExifTool, ExifToolDied
from metadata.fields import READ_TAGS, Properties, normal
from metadata.formats import is_sidecar
from metadata.plain import plain
from metadata.reasons import Reason


def compared(exiftool: ExifTool, target: Path, staged: Path | None) -> Difference:
    """List the values that go from *target* and come into it when it is replaced by *staged*.

    None stands for no file. *target* is a sidecar, a file of captions or a media file, of which
    only what captiond knows is read. Raises AssetError where one of them cannot be read.
    """
    try:
        before, after = _read(exiftool, target, [target, staged])
    except FileNotFoundError as error:
        raise AssetError(target, Reason.BUSY, "it has gone meanwhile") from error
    except OSError as error:
        raise refused(target, error) from error
    except ExifToolDied as error:
        raise AssetError(target, Reason.CRASHED, str(error)) from error
    return difference(before, after)


def _read(exiftool: ExifTool, target: Path, files: list[Path | None]) -> list[Properties]:
    if target.suffix == CAPTIONS_SUFFIX:
        return [_cues(file.read_bytes()) if file else {} for file in files]
    if is_sidecar(target):
        return [_sidecar(exiftool, file.read_bytes()) if file else {} for file in files]
    return [normal(each) for each in exiftool.read([file for file in files if file], READ_TAGS)]


def _sidecar(exiftool: ExifTool, data: bytes) -> Properties:
    if not data:
        return {}
    return plain(data) or normal(exiftool.read([data], ("-XMP:all",))[0])


def _cues(data: bytes) -> Properties:
    lines = data.decode("utf-8", "replace").splitlines()
    return {"WebVTT": [line for line in lines if line.strip()]}
