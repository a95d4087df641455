"""The sections of a PSD or PSB (Adobe Photoshop File Formats Specification, "File Structure")."""

from metadata.blocks.resources import add_resources
from metadata.blocks.source import BlocksError, Digests, Source

_HEADER = 26


def psd_others(source: Source) -> dict[str, str]:
    """Give the digests of header, colours, resources one by one, and of layers and picture."""
    if source.read(0, 4) != b"8BPS":
        raise BlocksError("it is no PSD")
    digests = Digests()
    digests.add_from("header", source, 0, _HEADER)
    colours = source.number(_HEADER, 4)
    digests.add_from("colours", source, _HEADER + 4, colours)
    at = _HEADER + 4 + colours
    length = source.number(at, 4)
    add_resources(digests, source.read(at + 4, length))
    after = at + 4 + length
    digests.add_from("layers and picture", source, after, source.size - after)
    return digests.found()
