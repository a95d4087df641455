"""The picture data of a Photoshop file: layers and planes, without the resources with metadata.

Source: Adobe Photoshop File Formats Specification (2019).
"""

from daemon.media.opened import Opened
from daemon.media.payload.spans import Payload
from metadata.reasons import Reason

_HEADER = 26


def psd_payload(file: Opened) -> Payload:
    """Take the header, the colour mode, the layers and the flat picture."""
    resources = _after(file, _HEADER)
    layers = _after(file, resources)
    if _after(file, layers) >= file.size:
        raise file.fault(Reason.TRUNCATED, "the flat picture of the document is missing")
    return Payload(((0, resources), (layers, file.size - layers)))


def _after(file: Opened, section: int) -> int:
    """Give the place behind the section of which the length stands at *section*."""
    return section + 4 + int.from_bytes(file.read(section, 4), "big")
