"""Messages as bytes: one length-prefixed msgpack frame each; knows none of them."""

import os
import struct
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import msgspec

T = TypeVar("T")
_LENGTH = struct.Struct(">I")
LARGEST_FRAME = 256 * 2**20


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
