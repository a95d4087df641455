"""Values written into one large film: ``scripts/large-film GB`` prints time, memory and streams."""

import hashlib
import resource
import sys
import tempfile
import time
from pathlib import Path

import av

from metadata import sidecar
from metadata.change import Rules, Write
from metadata.exiftool import ExifTool
from metadata.presets import PRESETS
from tests.drawn import wide_film
from tests.insides import Case


def main() -> None:
    """Write into a MOV of so many GB, which takes twice that room; what differs ends it."""
    with tempfile.TemporaryDirectory(prefix="captiond-large-") as folder:
        root = Path(folder)
        (root / "scratch").mkdir()
        path = wide_film(root / "a.mov", int(float(sys.argv[1]) * 2**30))
        streams = _streams(path)
        with ExifTool("exiftool", root / "scratch") as exiftool:
            case = Case(exiftool, path, "mov")
            case.rules = Rules(Write.EMBED, PRESETS["premiere"].embeds)
            begun = time.perf_counter()
            prepared = case.prepare()
            seconds, theirs = time.perf_counter() - begun, _peak(exiftool)
            begun = time.perf_counter()
            for change in prepared.changes:
                sidecar.place(change)
            placing = time.perf_counter() - begun
            assert not prepared.notes and case.words() == ["red", "summer"]
            assert _streams(path) == streams
        print(
            f"{path.name} of {sys.argv[1]} GB: prepared in {seconds:.0f} s, placed in "
            f"{placing:.0f} s; at most {theirs} MB in ExifTool and "
            f"{_own_peak()} MB in Python; streams equal"
        )


def _own_peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _peak(exiftool: ExifTool) -> int:
    told = Path(f"/proc/{exiftool._process.pid}/status").read_text()
    return int(told.partition("VmHWM:")[2].split()[0]) // 1024


def _streams(path: Path) -> str:
    with av.open(str(path)) as film:
        packets = b"".join(bytes(packet) for packet in film.demux() if packet.size)
    return hashlib.sha256(packets).hexdigest()


if __name__ == "__main__":
    main()
