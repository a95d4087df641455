"""ExifTool killed, wedged and dying of a file as it reads, writes and embeds: nothing is lost."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from metadata.exiftool import ExifTool, ExifToolDied, ExifToolRefused, ExifToolTimeout
from tests.drawn import jpeg
from tests.failing import MORTAL, WEDGED, deadly, fake, stopped
from tests.sidecars import foreign

Work = Callable[[ExifTool, Path], object]


def _read(exiftool: ExifTool, path: Path) -> object:
    return exiftool.read([path], ("-File:ImageWidth",))


def _write(exiftool: ExifTool, path: Path) -> object:
    return exiftool.write({"XMP-dc:Subject": ["a"]}, [], foreign("b"))


def _embed(exiftool: ExifTool, path: Path) -> object:
    made = exiftool.embed(path, {"XMP-dc:Subject": ["a"]}, [])
    return made.read_bytes(), made.unlink()


WORK = pytest.mark.parametrize("work", [_read, _write, _embed], ids=["read", "write", "embed"])


@pytest.fixture
def exiftool(tmp_path: Path) -> Iterator[ExifTool]:
    (tmp_path / "scratch").mkdir()
    with ExifTool("exiftool", tmp_path / "scratch", patience_s=20) as tool:
        tool.version()
        yield tool


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return jpeg(tmp_path / "a.jpg", (8, 8))


@WORK
def test_D3_killed_in_the_middle_it_is_asked_again(
    work: Work, exiftool: ExifTool, photo: Path
) -> None:
    before, well = photo.read_bytes(), work(exiftool, photo)
    with stopped(exiftool, lambda: work(exiftool, photo)) as answer:
        os.kill(exiftool._process.pid, signal.SIGKILL)
        assert answer.result(20) == well
    assert photo.read_bytes() == before


@WORK
def test_H3_killed_twice_in_the_middle_it_is_told_and_the_next_works(
    work: Work, exiftool: ExifTool, photo: Path, tmp_path: Path
) -> None:
    before, well = photo.read_bytes(), work(exiftool, photo)
    real, exiftool._executable = exiftool._executable, fake(tmp_path / "mortal", MORTAL)
    with stopped(exiftool, lambda: work(exiftool, photo)) as answer:
        os.kill(exiftool._process.pid, signal.SIGKILL)
        with pytest.raises(ExifToolDied):
            answer.result(20)
    exiftool._executable = real
    assert work(exiftool, photo) == well
    assert photo.read_bytes() == before


@WORK
def test_a_wedged_one_is_killed_at_its_deadline_and_the_next_works(
    work: Work, exiftool: ExifTool, photo: Path
) -> None:
    well, first = work(exiftool, photo), exiftool._process.pid
    exiftool._patience_s = 0.2
    with stopped(exiftool, lambda: work(exiftool, photo)) as answer, pytest.raises(ExifToolTimeout):
        answer.result(20)
    exiftool._patience_s = 20
    assert work(exiftool, photo) == well
    assert exiftool._process.pid != first


@pytest.mark.parametrize("work", [_read, _embed], ids=["read", "embed"])
def test_a_deadline_grows_with_the_file(work: Work, tmp_path: Path) -> None:
    film = tmp_path / "a.mov"
    film.touch()
    os.truncate(film, 12_000_000)
    with ExifTool(fake(tmp_path / "wedged", WEDGED), tmp_path, patience_s=0.1) as tool:
        start = time.monotonic()
        with pytest.raises(ExifToolTimeout):
            work(tool, film)
        assert 0.7 <= time.monotonic() - start < 5


def test_H3_a_tiff_of_which_it_dies_is_told_and_left_as_it_is(
    exiftool: ExifTool, tmp_path: Path
) -> None:
    """ExifTool 12.57 ends when it writes this one; a later one may say why it would not."""
    path = deadly(tmp_path / "a.tif")
    before = path.read_bytes()
    assert exiftool.read([path], ("-File:FileType",)) == [{"File:FileType": "TIFF"}]
    with pytest.raises((ExifToolDied, ExifToolRefused)):
        exiftool.embed(path, {"XMP-dc:Subject": ["a"]}, [])
    assert path.read_bytes() == before and not list(exiftool.scratch.rglob("out*"))
    assert exiftool.read([path], ("-File:FileType",)) == [{"File:FileType": "TIFF"}]
