"""Have a sidecar's new bytes written into a private file, and check them."""

import hashlib
import secrets
import zlib
from collections.abc import Mapping
from pathlib import Path

from metadata.asset import AssetError
from metadata.change import Change, Ours
from metadata.document import Document, refused, utf8
from metadata.exiftool import ExifTool, ExifToolDied, ExifToolRefused
from metadata.fields import OURS, TOOLKIT, Properties, Value, normal
from metadata.merge import Wanted
from metadata.packet import NAMESPACES, packet
from metadata.plain import plain
from metadata.proof import proves
from metadata.reasons import Reason
from metadata.resources import restored

# ExifTool writes nowhere but into the scratch folder.
NO_ROOM = ("No space left", "Error writing")


def applied(current: Properties, merge: Wanted) -> Properties:
    """Say how *current* reads once a merge is written."""
    after = {name: value for name, value in current.items() if name not in merge.properties}
    return after | {name: value for name, value in merge.properties.items() if value is not None}


def staged(
    exiftool: ExifTool, document: Document, current: Properties, merge: Wanted
) -> tuple[Change | None, Properties]:
    """Prepare the change that *merge* makes to a sidecar, and say how it will read.

    There is none where nothing would be different, and the change is to remove a sidecar that
    would hold nothing. A sidecar of captiond's alone is spelled here; any other ExifTool changes,
    which keeps what it does not know. Raises AssetError SIDECAR_INVALID when ExifTool would not
    write the file, or would not leave everything else in it as it is.
    """
    after = applied(current, merge)
    if after == current:
        return None, current
    if not _contents(after):
        return changed(document, None, merge.ours), {}
    try:
        data, back = _spelled(document, after) or _by_exiftool(exiftool, document, current, merge)
        if _contents(back) != _contents(after):
            raise _unfit(document.path, _differences(after, back))
        made = private(exiftool.scratch, data)
    except OSError as error:
        raise refused(document.path, error) from error
    except ExifToolDied as error:
        raise _unfit(document.path, str(error)) from error
    return changed(document, made, merge.ours, data), back


def _spelled(document: Document, after: Properties) -> tuple[bytes, Properties] | None:
    """Spell a document in which nobody but captiond has a word; None leaves it to ExifTool."""
    if document.data is not None and plain(document.data) is None:
        return None
    contents = _contents(after)
    if not all(name.partition(":")[0] in NAMESPACES for name in contents):
        return None
    data = packet(contents)
    back = plain(data)
    return (data, back) if back is not None and _contents(back) == contents else None


def _by_exiftool(
    exiftool: ExifTool, document: Document, current: Properties, merge: Wanted
) -> tuple[bytes, Properties]:
    """Have ExifTool write, and read back; what the documents show themselves it is not asked."""
    data = restored(_written(exiftool, document, current, merge))
    before, after = utf8(document.data or b""), applied(current, merge)
    if proves([before] if before else [], [data], after):
        return data, after
    return data, plain(data) or normal(exiftool.read([data], ("-XMP:all",))[0])


def _written(exiftool: ExifTool, document: Document, current: Properties, merge: Wanted) -> bytes:
    values, cleared = settings(current, merge)
    try:
        return exiftool.write(values, cleared, utf8(document.data or b""))
    except ExifToolRefused as error:
        if any(words in str(error) for words in NO_ROOM):
            raise AssetError(document.path, Reason.DISK_FULL, str(error)) from error
        raise _unfit(document.path, str(error)) from error


def settings(current: Properties, merge: Wanted) -> tuple[Mapping[str, Value], list[str]]:
    """Say which values ExifTool is to set, and what it is to clear before; ours goes together."""
    changed = {n: v for n, v in merge.properties.items() if current.get(n) != v}
    cleared = [name for name in changed if changed[name] is None and not name.startswith(OURS)]
    if any(name.startswith(OURS) for name in changed):
        cleared.append(f"{OURS}all")
        changed |= {n: v for n, v in merge.properties.items() if n.startswith(OURS)}
    return {n: v for n, v in changed.items() if v is not None}, cleared


def private(scratch: Path, data: bytes, suffix: str = ".xmp") -> Path:
    """Keep the new bytes in a file of our own until they are placed; raises OSError."""
    path = scratch / f"staged-{secrets.token_hex(8)}{suffix}"
    try:
        path.write_bytes(data)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return path


def changed(
    document: Document, staged: Path | None, ours: Ours, data: bytes | None = None
) -> Change:
    """Give the change of *document* into *data*, which lies in *staged*; None removes it."""
    return Change(
        target=document.path,
        expected=document.stat,
        staged=staged,
        before=None if document.data is None else zlib.compress(document.data),
        before_sha256=_sha256(document.data),
        after_sha256=_sha256(data),
        ours=ours,
    )


def _sha256(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()


def _contents(properties: Properties) -> Properties:
    """Leave out what says nothing: who wrote it, and empty lists, which ExifTool does not keep."""
    return {name: value for name, value in properties.items() if value and name != TOOLKIT}


def _differences(after: Properties, back: Properties) -> str:
    names = differing(_contents(after), _contents(back))
    return f"ExifTool would not keep {', '.join(names)}"


def differing(wanted: Mapping[str, object], found: Mapping[str, object]) -> list[str]:
    """Name what differs between two mappings."""
    return sorted(n for n in {**wanted, **found} if wanted.get(n) != found.get(n))


def _unfit(path: Path, detail: str) -> AssetError:
    return AssetError(path, Reason.SIDECAR_INVALID, detail)
