"""One media file of each format that captiond writes into, and what others do with it."""

import subprocess
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Self

import pytest

from metadata import sidecar
from metadata.asset import Asset, MediaKind, Stat
from metadata.change import Change, Ours, Prepared, Rules, SidecarName, Write
from metadata.description import Description, Record
from metadata.exiftool import ExifTool
from metadata.fields import READ_TAGS, Properties, words
from metadata.look import options
from metadata.presets import FILMS, STILLS
from tests.drawn import clip, jpeg, png, psd, tiff
from tests.sidecars import SMALL

EMBED = Rules(write=Write.EMBED, embeds=(*STILLS, *FILMS), sidecar_name=SidecarName.REPLACE)
SUFFIXES = {"jpeg": ".jpg", "tiff": ".tif", "png": ".png", "psd": ".psd", "mp4": ".mp4",
            "mov": ".mov"}  # fmt: skip


def media(folder: Path, format: str) -> Path:
    """Make a small file of *format*."""
    path = folder / f"a{SUFFIXES[format]}"
    if format in FILMS:
        return clip(path, seconds=0.5, size=(32, 32))
    makers = {"jpeg": jpeg, "tiff": tiff, "png": png, "psd": psd}
    return makers[format](path, size=(16, 16))


class Stranger:
    """Another program: an ExifTool that knows nothing of captiond's namespace, and stays open."""

    def __init__(self) -> None:
        command = ["exiftool", "-config", "", "-stay_open", "True", "-@", "-", "-common_args"]
        self._process = subprocess.Popen(
            [*command, "-m", "-overwrite_original"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.kill()
        self._process.communicate()

    def edit(self, path: Path, *arguments: str) -> None:
        """Change the file at *path*; what is said to it fails the test."""
        assert self._process.stdin and self._process.stdout
        lines = [*arguments, str(path), "-execute", ""]
        self._process.stdin.write("\n".join(lines).encode())
        self._process.stdin.flush()
        said = list(iter(self._process.stdout.readline, b"{ready}\n"))
        assert said[-1].strip() == b"1 image files updated", said


@pytest.fixture(scope="module")
def stranger() -> Iterator[Stranger]:
    with Stranger() as program:
        yield program


class Case:
    """A media file in a folder, written and taken back under *rules*."""

    def __init__(
        self,
        exiftool: ExifTool,
        path: Path,
        format: str = "jpeg",
        stranger: Stranger | None = None,
    ) -> None:
        self.exiftool = exiftool
        self._stranger = stranger
        self.rules = EMBED
        self.base = self.within = Ours()
        self.content = "sha256:abc"
        self.path = path
        self.format = format

    @property
    def asset(self) -> Asset:
        kind = MediaKind.VIDEO if self.format in FILMS else MediaKind.IMAGE
        stat = Stat.of(self.path.lstat())
        return Asset(path=self.path, kind=kind, format=self.format, content=self.content,
                     stat=stat, width=16, height=16)  # fmt: skip

    def prepare(self, said: Description = SMALL) -> Prepared:
        known = (self.base, self.within)
        return sidecar.prepare(self.exiftool, self.asset, said, self.rules, *known)

    def write(self, said: Description = SMALL) -> Prepared:
        """Write *said*; what is read then is what was promised."""
        return self._done(self.prepare(said))

    def strip(self, *fields: str) -> Prepared:
        return self._done(
            sidecar.strip(self.exiftool, self.asset, self.path, self.base, fields, self.rules)
        )

    def read(self) -> Record:
        return sidecar.read(self.exiftool, self.asset, self.rules)

    def edit(self, *arguments: str) -> None:
        """Change the file as another program does."""
        with nullcontext(self._stranger) if self._stranger else Stranger() as program:
            program.edit(self.path, *arguments)

    def tags(self) -> Properties:
        """Read the file afresh, in ExifTool's own spelling."""
        return self.exiftool.read([self.path], READ_TAGS, options(self.format))[0]

    def words(self, name: str = "XMP-dc:Subject") -> list[str]:
        return words(self.tags(), name)

    def _done(self, prepared: Prepared) -> Prepared:
        for change in prepared.changes:
            place(change)
        told, promised = self.read(), prepared.record
        assert told.description == promised.description and told.written == promised.written
        return prepared


def place(change: Change) -> None:
    """Stand in for placing: the new bytes under the name of the old."""
    sidecar.place(change)
