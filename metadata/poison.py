"""XMP inside media files that ExifTool must not even read: it would not come back for hours."""

import re
from pathlib import Path

from metadata.blocks.packets import packets

# ExifTool 12.57 takes two seconds for this many, and for more the square of it.
DEEPEST_READ = 1000
# What ExifTool takes for a tag, which is more than XML does.
_TAG = re.compile(rb"<(/?)[-\w:.\x80-\xff](?:[^<>]*[^<>/])?(/?)>")


def is_bottomless(path: Path, format: str) -> bool:
    """Tell whether XMP inside is nested too deep for ExifTool to come back; raises OSError."""
    return any(map(_is_bottomless, packets(path, format)))


def _is_bottomless(packet: bytes) -> bool:
    """Follow what looks like tags: a packet that is no well-formed XML may be deep as well."""
    if packet.count(b"<") <= DEEPEST_READ:
        return False
    depth = 0
    for tag in _TAG.finditer(packet.replace(b"\0", b"")):
        depth += -1 if tag[1] else 0 if tag[2] else 1
        if depth > DEEPEST_READ:
            return True
    return False
