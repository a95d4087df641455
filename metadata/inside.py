"""Have values written into a copy of a media file, and check that nothing else in it changed."""

import secrets
import shutil
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from metadata.asset import Asset, AssetError, Stat
from metadata.blocks import BlocksError, others
from metadata.blocks.packets import packets
from metadata.change import Change
from metadata.digest import sha256_of
from metadata.document import fault, refused
from metadata.embedded import xmp_sizes
from metadata.exiftool import ExifTool, ExifToolDied, ExifToolRefused
from metadata.fields import IPTC_DIGEST, TOOLKIT, Properties, Value, words
from metadata.iptc import CHARSET, GROUP
from metadata.look import Seen, options, read_inside
from metadata.merge import Wanted
from metadata.proof import proves
from metadata.reasons import Reason
from metadata.resources import restored
from metadata.stage import NO_ROOM, applied, differing, settings

# What exiv2 reads of a JPEG's XMP ends with its first segment; some room is left to others.
LONGEST_VALUE, LARGEST_XMP = 48 * 2**10, 60 * 2**10
_CONVERT = ("-tagsfromfile", "@", "-iptc:all", "-iptc:codedcharacterset=utf8")
# ExifTool adds these to a block that lacks them.
_ADDED = {
    TOOLKIT,
    IPTC_DIGEST,
    f"{GROUP}ApplicationRecordVersion",
    f"{GROUP}EnvelopeRecordVersion",
}
_SECOND = "IPTC2:"
# Values that are there twice although there may be one are told apart as ``IPTC:Copy1:...``.
_EVERY_IPTC, _COPY = (f"-{GROUP}all", "-a", "-G1:4"), ":Copy"

_NO_XMP = (
    "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></x:xmpmeta>"
    "<?xpacket end='w'?>"
)


class Unfit(Exception):
    """The media file cannot hold our values; the text says why, after "because"."""


class TooLong(Unfit):
    """Without its longest texts the description might fit."""


@dataclass(frozen=True, slots=True)
class _Writing:
    """One media file, what was read of it, and what is to stand in it.

    *taking* says that values are only taken out: then it need not fit where it did not before.
    """

    asset: Asset
    media: Properties
    merge: Wanted
    taking: bool

    @property
    def path(self) -> Path:
        return self.asset.path


def embedded(
    exiftool: ExifTool,
    asset: Asset,
    stat: Stat,
    seen: Seen,
    merge: Wanted,
    taking: bool = False,
) -> tuple[Change | None, Properties]:
    """Prepare the change that *merge* makes to a media file, and say how that will read.

    It was *seen* when *stat* was taken; *taking* only takes values out. Raises Unfit where the
    values belong beside the file, AssetError: BUSY when it changed meanwhile, DISK_FULL or what
    else keeps it from being copied.
    """
    writing = _Writing(asset, seen.media, merge, taking)
    after = applied(seen.media, merge)
    if after == seen.media:
        return None, seen.media
    _check_seen(seen)
    if asset.format == "jpeg" and not taking:
        _check_room(writing)
    with _refusing(exiftool.scratch, asset.path):
        staged = _staged(exiftool, writing)
        try:
            back = _verified(exiftool, writing, staged, after)
            before = sha256_of(asset.path)
            if Stat.of(asset.path.lstat()) != stat:
                raise AssetError(asset.path, Reason.BUSY)
            change = Change(asset.path, stat, staged, None, before, sha256_of(staged), merge.ours,
                            embedded=True)  # fmt: skip
        except BaseException:
            staged.unlink(missing_ok=True)
            raise
    return change, back


def _check_seen(seen: Seen) -> None:
    """Refuse a file whose XMP is not all known, or could not be changed without harm."""
    if not seen.answered:
        raise Unfit("ExifTool cannot read it")
    packet = seen.packet.strip("\0\ufeff \t\r\n")
    if packet and (why := fault(packet.encode("utf-8", "replace"))):
        raise Unfit(f"its XMP could not be changed without harm: {why}")


def _check_room(writing: _Writing) -> None:
    """Refuse values for a JPEG that would not fit into what all programs read of its XMP."""
    if any(map(_is_long, writing.merge.properties.values())):
        raise TooLong("one of them is larger than 48 KB, and few programs read so much in a JPEG")
    if _xmp_sizes(writing.path)[1]:
        raise Unfit("its XMP is larger than a segment of a JPEG, and few programs read the rest")


@contextmanager
def _refusing(scratch: Path, path: Path) -> Iterator[None]:
    try:
        yield
    except ExifToolRefused as error:
        if _is_full(scratch, path, str(error)):
            raise AssetError(path, Reason.DISK_FULL, str(error)) from error
        says, *_ = str(error).splitlines() or [""]
        raise Unfit(f"ExifTool would not write it: {says}") from error
    except ExifToolDied as error:
        raise Unfit(str(error)) from error
    except BlocksError as error:
        raise Unfit(f"it cannot be compared block by block: {error}") from error
    except OSError as error:
        raise refused(path, error) from error


def _is_full(scratch: Path, path: Path, says: str) -> bool:
    """Tell whether ExifTool had no room for the copy: it says that it cannot write for less."""
    if not any(words in says for words in NO_ROOM):
        return False
    return shutil.disk_usage(scratch).free < 2 * path.stat().st_size


def _staged(exiftool: ExifTool, writing: _Writing) -> Path:
    """Have ExifTool write the copy, and keep it as a file of our own until it is placed."""
    values, cleared = settings(writing.media, writing.merge)
    ours = {name for name in (*values, *cleared) if name.startswith(GROUP)}
    digest = [f"-{IPTC_DIGEST}=new"] if ours and IPTC_DIGEST in writing.media else []
    convert = _CONVERT if CHARSET in values and _is_latin(exiftool, writing) else ()
    how = ("-charset", "iptc=UTF8", *digest)
    try:
        made = exiftool.embed(writing.path, values, cleared, how, convert)
    except ExifToolRefused:
        if writing.asset.format != "psd" or any(name.startswith("XMP-") for name in values):
            raise
        # ExifTool writes no Photoshop document that would be left without any resource.
        kept = [name for name in cleared if not name.startswith("XMP-")]
        made = exiftool.embed(writing.path, {**values, "XMP": _NO_XMP}, kept, how, convert)
    staged = exiftool.scratch / f"staged-{secrets.token_hex(8)}{made.suffix}"
    return made.rename(staged)


def _is_latin(exiftool: ExifTool, writing: _Writing) -> bool:
    """Tell whether an IPTC block that names no character set has to be converted to UTF-8.

    Raises Unfit for one that mixes the two, of which no program reads all, and for one of which
    a value would be lost.
    """
    latin = ("-charset", "iptc=Latin", *options(writing.asset.format)[2:])
    found = exiftool.read([writing.path], _EVERY_IPTC, latin)[0]
    pairs = [
        pair
        for name in writing.media
        if name.startswith(GROUP)
        for pair in zip(words(writing.media, name), words(found, name), strict=False)
    ]
    same = {either == latin for either, latin in pairs if not either.isascii()}
    if len(same) > 1:
        raise Unfit("its IPTC mixes two character sets")
    if True in same and any(_COPY in name for name in found):
        raise Unfit("its IPTC says one thing twice, and ExifTool would not convert both")
    return True in same


def _verified(exiftool: ExifTool, writing: _Writing, staged: Path, after: Properties) -> Properties:
    """Read the copy back: what was wanted stands there, and every other block is the same."""
    format = writing.asset.format
    if format == "jpeg" and not writing.taking:
        _check_size(staged)
    back = after if _is_proved(writing, staged, after) else read_inside(exiftool, staged, format)
    wanted, found = _told(after), _told(back)
    if _is_doubled(writing.media) and _is_doubled(back):
        wanted, found = _single(wanted), _single(found)
    if names := differing(wanted, found):
        raise Unfit(f"ExifTool would not keep {', '.join(names)}")
    if names := differing(others(writing.path, format), others(staged, format)):
        raise Unfit(f"ExifTool would change {', '.join(names)} in it")
    made = (packet.strip(b"\0") for packet in packets(staged, format))
    if any(restored(packet) != packet for packet in made):
        raise Unfit("ExifTool would write its qualified values in a way that few programs read")
    return back


def _is_proved(writing: _Writing, staged: Path, after: Properties) -> bool:
    """Tell whether the packets of both files show that it was written as wanted; IPTC they do not.

    To ask ExifTool would take as long as everything else together.
    """
    if any(name.startswith(GROUP) for name in (*writing.media, *after)):
        return False
    format = writing.asset.format
    # of several nothing is proved, so no more are held than show that there are
    before, made = (tuple(islice(packets(path, format), 2)) for path in (writing.path, staged))
    return proves(before, made, after)


def _check_size(staged: Path) -> None:
    first, extended = _xmp_sizes(staged)
    if extended or first > LARGEST_XMP:
        raise TooLong("its XMP would be larger than 60 KB, and few programs read so much in a JPEG")


def _xmp_sizes(path: Path) -> tuple[int, int]:
    try:
        return xmp_sizes(path)
    except struct.error as error:
        raise Unfit("its segments cannot be told apart") from error


def _told(properties: Properties) -> Properties:
    return {name: value for name, value in properties.items() if value and name not in _ADDED}


def _is_doubled(properties: Properties) -> bool:
    """Tell whether all that a second IPTC block says stands in the first as well.

    exiv2 writes one into a TIFF that has a block of Photoshop's; ExifTool changes both alike.
    """
    second = [name for name in properties if name.startswith(_SECOND)]
    said = [name for name in second if _in_first(name) not in _ADDED]
    return all(words(properties, name) == words(properties, _in_first(name)) for name in said)


def _in_first(name: str) -> str:
    return GROUP + name.removeprefix(_SECOND)


def _single(properties: Properties) -> Properties:
    return {name: value for name, value in properties.items() if not name.startswith(_SECOND)}


def _is_long(value: Value | None) -> bool:
    return len(str(value).encode("utf-8", "replace")) > LONGEST_VALUE
