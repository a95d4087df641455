"""Values written into films larger than memory should hold: 64-bit boxes, bounded, streams equal.

``scripts/large-film`` does the same with one of more than 2 or 4 GB.
"""

import tracemalloc
from pathlib import Path

import av
import pytest

from metadata.exiftool import ExifTool
from tests.drawn import wide_film
from tests.insides import Case
from tests.sidecars import exiftool

__all__ = ["exiftool"]

PADDING = 96 * 2**20
MOST_HELD = 16 * 2**20


@pytest.mark.parametrize("format", ["mp4", "mov"])
def test_a_film_is_written_in_pieces(exiftool: ExifTool, tmp_path: Path, format: str) -> None:
    path = wide_film(tmp_path / f"a.{format}", PADDING)
    case, before, packets = Case(exiftool, path, format), path.stat(), _packets(path)
    tracemalloc.start()
    prepared = case.write()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [change.target for change in prepared.changes] == [path] and not prepared.notes
    assert peak < MOST_HELD
    assert _most_held(exiftool) < 2 * PADDING
    assert case.words() == ["red", "summer"] and _packets(path) == packets
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert 0 < path.stat().st_size - before.st_size < 2**16
    assert case.prepare().changes == ()


def _packets(path: Path) -> list[tuple[int | None, bytes]]:
    with av.open(str(path)) as film:
        return [(packet.pts, bytes(packet)) for packet in film.demux() if packet.size]


def _most_held(exiftool: ExifTool) -> int:
    """Give the most bytes of memory that the process of ExifTool has had."""
    told = Path(f"/proc/{exiftool._process.pid}/status").read_text()
    return int(told.partition("VmHWM:")[2].split()[0]) * 1024
