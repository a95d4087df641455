"""The sensor data of a Fujifilm RAF: the block its header points at."""

import struct

from daemon.media.opened import Opened
from daemon.media.payload.spans import Payload, whole
from metadata.reasons import Reason

_SENSOR_POINTER = 100


def raf_payload(file: Opened) -> Payload:
    """Take the sensor block; the JPEG before it holds the metadata."""
    pointer = file.read(_SENSOR_POINTER, 8)
    at, length = struct.unpack(">II", pointer) if len(pointer) == 8 else (0, 0)
    if not at or not length:
        return whole(file)
    if at + length > file.size:
        raise file.fault(Reason.TRUNCATED, "sensor data lies beyond its end")
    return Payload(((at, length),))
