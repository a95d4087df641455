"""The messages between the daemon and a worker: one length-prefixed msgpack frame each."""

import os
import struct
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import msgspec

from metadata.asset import Asset
from metadata.change import Change, Ours, Placed, Prepared, Rules
from metadata.description import Description, Record, Stamp

T = TypeVar("T")
_LENGTH = struct.Struct(">I")
LARGEST_FRAME = 256 * 2**20
SHEETS = "sheets-"
"""How the names of files begin in which pictures travel from worker to worker."""


class Setup(msgspec.Struct, frozen=True):
    """What a worker is told first: where it may write, and the bytes of memory it may ask for."""

    scratch: Path
    writable: tuple[Path, ...]
    exiftool: str
    memory: int = 4 * 2**30


class Measure(msgspec.Struct, frozen=True):
    """One measure that keeps a worker in bounds, and whether this machine could take it."""

    name: str
    holds: bool
    detail: str = ""


class Ready(msgspec.Struct, frozen=True):
    """The first thing a worker says."""

    measures: tuple[Measure, ...]


class Identify(msgspec.Struct, frozen=True, tag=True):
    """Find out what a file is; answered with an Asset."""

    path: Path
    max_pixels: int


class Sheets(msgspec.Struct, frozen=True):
    """Pictures on their way from one worker to another: RGB bytes one after the other in *path*.

    *sizes* has width and height of each in pixels, *times_s* the second of each one of a video.
    """

    path: Path
    sizes: tuple[tuple[int, int], ...]
    times_s: tuple[float, ...] = ()


class Observe(msgspec.Struct, frozen=True, tag=True):
    """Decode an asset and measure it; answered with Described, with sheets when *hand_over*."""

    asset: Asset
    stamp: Stamp
    max_pixels: int
    tentative: tuple[str, ...] = ()
    hand_over: bool = False


class ReadText(msgspec.Struct, frozen=True, tag=True):
    """Read the texts in *sheets* and remove these; answered with Described."""

    asset: Asset
    description: Description
    sheets: Sheets
    stamp: Stamp
    tentative: tuple[str, ...] = ()


class Say(msgspec.Struct, frozen=True, tag=True):
    """Put what was observed and read into words; answered with Described."""

    asset: Asset
    description: Description
    tasks: tuple[str, ...]
    languages: tuple[str, ...]
    stamp: Stamp
    tentative: tuple[str, ...] = ()


class Read(msgspec.Struct, frozen=True, tag=True):
    """Read everything known of an asset from its files; answered with a Record."""

    asset: Asset
    rules: Rules


class Prepare(msgspec.Struct, frozen=True, tag=True):
    """Merge a description with what is in the files; answered with Prepared.

    *base* is what the journal says captiond wrote, used where the file's own mirror is gone.
    """

    asset: Asset
    description: Description
    rules: Rules
    base: Ours


class Place(msgspec.Struct, frozen=True, tag=True):
    """Make one change; answered with Placed, or refused as busy when the target has changed."""

    change: Change


class Strip(msgspec.Struct, frozen=True, tag=True):
    """Take exactly our values out of *target*, all of them or only *fields*.

    Answered with Prepared: at most one change, and the record that will remain.
    """

    asset: Asset
    target: Path
    base: Ours
    fields: tuple[str, ...]
    rules: Rules


Request = Identify | Observe | ReadText | Say | Read | Prepare | Place | Strip


class Described(msgspec.Struct, frozen=True, tag=True):
    """A description so far, the seconds that each stage took, and what is yet to be read."""

    description: Description
    seconds: dict[str, float]
    sheets: Sheets | None = None


class Failure(msgspec.Struct, frozen=True, tag=True):
    """Why there is no answer: a reason by name for a file, none when the machine is at fault.

    *lasting* faults of the machine remain until somebody mends it: a part cannot be loaded.
    """

    reason: str | None
    detail: str
    lasting: bool = False


class Answer(msgspec.Struct, frozen=True):
    """What a worker sends back: a failure, or a value whose type follows from the request."""

    failure: Failure | None
    value: msgspec.Raw


ANSWERS: dict[type[msgspec.Struct], type] = {
    Identify: Asset,
    Observe: Described,
    ReadText: Described,
    Say: Described,
    Read: Record,
    Prepare: Prepared,
    Place: Placed,
    Strip: Prepared,
}


def pack(message: Any) -> bytes:
    """Turn a message into bytes."""
    return _encoder.encode(message)


def unpack(data: bytes | msgspec.Raw, shape: type[T]) -> T:
    """Turn bytes into a message; raises msgspec.ValidationError when they have another shape."""
    return msgspec.msgpack.decode(data, type=shape, dec_hook=_from_wire)


def framed(data: bytes) -> bytes:
    """Put the length before *data*."""
    return _LENGTH.pack(len(data)) + data


def cut(received: bytearray) -> bytes | None:
    """Take one frame off the front of *received*, None while it is incomplete.

    Raises ValueError for a length that no frame of ours has.
    """
    if len(received) < _LENGTH.size:
        return None
    end = _LENGTH.size + _length(received[: _LENGTH.size])
    if len(received) < end:
        return None
    frame = bytes(received[_LENGTH.size : end])
    del received[:end]
    return frame


def send(stream: BinaryIO, data: bytes) -> None:
    """Write one frame and flush."""
    stream.write(framed(data))
    stream.flush()


def receive(stream: BinaryIO) -> bytes | None:
    """Read one frame; None at the end of the stream, also in mid-frame."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    length = _length(head)
    data = stream.read(length)
    return data if len(data) == length else None


def _length(head: bytes | bytearray) -> int:
    length: int = _LENGTH.unpack(head)[0]
    if length > LARGEST_FRAME:
        raise ValueError(f"a frame of {length} bytes is more than {LARGEST_FRAME}")
    return length


def _to_wire(value: Any) -> Any:
    if isinstance(value, Path):
        return os.fsencode(value)
    raise TypeError(f"{type(value).__name__} cannot be sent")


def _from_wire(shape: type, value: Any) -> Any:
    if issubclass(shape, Path):
        return Path(os.fsdecode(value))
    raise TypeError(f"{shape.__name__} cannot be received")


_encoder = msgspec.msgpack.Encoder(enc_hook=_to_wire)
