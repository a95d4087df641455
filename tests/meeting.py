"""All hostile names and values, pair by pair: ``scripts/hostile`` prints what it saw."""

import tempfile
import time
from pathlib import Path

from metadata.exiftool import ExifTool
from tests.hostile import NAMES, VALUES, Ground, Meeting


def main() -> None:
    """Bring each pair together in a sidecar and in a picture; ends at the first difference."""
    for way in ("beside", "inside"):
        with tempfile.TemporaryDirectory(prefix="captiond-hostile-") as folder:
            pairs, seconds = _meet(Path(folder), way)
        print(
            f"{pairs} pairs {way} pictures: every value byte-exact, no command run, "
            f"no other file touched ({seconds:.0f} s)",
            flush=True,
        )


def _meet(root: Path, way: str) -> tuple[int, float]:
    ground, begun = Ground(root), time.perf_counter()
    before = ground.lay()
    scratch = root / "scratch"
    scratch.mkdir()
    with ExifTool("exiftool", scratch) as exiftool:
        meet = getattr(Meeting(exiftool, ground), way)
        for name in NAMES:
            for number in range(len(VALUES)):
                meet(name, ground.rotated(number)[:2])
                _clear(ground, name)
    ground.untouched(before)
    return len(NAMES) * len(VALUES), time.perf_counter() - begun


def _clear(ground: Ground, name: bytes) -> None:
    path = ground.named(name)
    for each in (path, path.with_name(f"{path.name}.xmp")):
        each.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
