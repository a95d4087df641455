"""Values as JSON text and integers that SQLite can hold; not where they are stored."""

import os
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote_from_bytes, unquote_to_bytes

import msgspec

from metadata.asset import Stat

T = TypeVar("T")
# Everything printable in ASCII but the escape sign stays as it is, so that a path can be read.
_PLAIN = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "%")


def to_json(value: Any) -> str:
    """Spell a value of ours as JSON; bytes of a path that are not plain ASCII appear as %XX."""
    return _encoder.encode(value).decode()


def from_json(text: str, shape: type[T]) -> T:
    """Read back what to_json wrote; raises msgspec.MsgspecError when it has another shape."""
    return msgspec.json.decode(text, type=shape, dec_hook=_from_json)


def stat_row(stat: Stat) -> tuple[int, int, int, int, int]:
    """Give dev, ino, size, mtime_ns, ctime_ns; SQLite has no unsigned 64-bit numbers."""
    return (_signed(stat.dev), _signed(stat.ino), stat.size, stat.mtime_ns, stat.ctime_ns)


def stat_of(row: tuple[int, int, int, int, int]) -> Stat:
    """Read back what stat_row gave."""
    dev, ino, size, mtime_ns, ctime_ns = row
    return Stat(dev % 2**64, ino % 2**64, size, mtime_ns, ctime_ns)


def _signed(number: int) -> int:
    return number - 2**64 if number >= 2**63 else number


def _to_json(value: Any) -> Any:
    if isinstance(value, Path):
        return quote_from_bytes(bytes(value), safe=_PLAIN)
    raise TypeError(f"{type(value).__name__} cannot be stored")


def _from_json(shape: type, value: Any) -> Any:
    if issubclass(shape, Path):
        return Path(os.fsdecode(unquote_to_bytes(value)))
    raise TypeError(f"{shape.__name__} cannot be read back")


_encoder = msgspec.json.Encoder(enc_hook=_to_json)
