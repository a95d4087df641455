"""ExifTool as a child: hostile names and values, deaths, deadlines, odd answers."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from metadata.exiftool import (
    ExifTool,
    ExifToolDied,
    ExifToolMissing,
    ExifToolRefused,
    ExifToolTimeout,
)
from metadata.fields import normal
from tests.failing import WEDGED, fake
from tests.hostile import LONG, NAMES, VALUES, Ground

READ = ("-XMP:all", "-IPTC:Keywords", "-IFD0:ImageDescription")


@pytest.fixture
def exiftool(tmp_path: Path) -> Iterator[ExifTool]:
    (tmp_path / "scratch").mkdir()
    with ExifTool("exiftool", tmp_path / "scratch") as tool:
        yield tool


def photo(path: Path, **exif: str) -> Path:
    picture = Image.new("RGB", (8, 8), "red")
    tags = Image.Exif()
    if "caption" in exif:
        tags[0x010E] = exif["caption"]
    picture.save(path, "JPEG", exif=tags)
    return path


def test_H1_no_name_and_no_value_is_more_than_text(exiftool: ExifTool, tmp_path: Path) -> None:
    """All names times all values: each file read by name, and every value beside it exact."""
    ground = Ground(tmp_path)
    before = ground.lay()
    values = [*ground.rotated(0), LONG, "\n"]
    document = exiftool.write(
        {"XMP-dc:Subject": list(values), "XMP-dc:Description-x-default": values[0]}, [], b""
    )
    assert len(NAMES) >= 40 and len(VALUES) >= 40
    for name in NAMES:
        path = photo(ground.named(name), caption="of this file")
        media, sidecar = exiftool.read([path, document], READ)
        assert media["IFD0:ImageDescription"] == "of this file"
        assert sidecar["XMP-dc:Subject"] == values
        assert sidecar["XMP-dc:Description"] == values[0]
    ground.untouched(before)


def test_H1_every_value_comes_back_from_every_kind_of_property(exiftool: ExifTool) -> None:
    for value in (*VALUES, LONG, "\n"):
        document = exiftool.write(
            {
                "XMP-dc:Description-x-default": value,
                "XMP-captiond:Caption-zh-Hans": value,
                "XMP-captiond:Tag": [{"name": value, "label-pt-BR": value}],
            },
            [],
            b"",
        )
        found = normal(exiftool.read([document], READ)[0])
        assert found["XMP-dc:Description-x-default"] == value
        assert found["XMP-captiond:Caption-zh-Hans"] == value
        assert found["XMP-captiond:Tag"] == [{"name": value, "label-pt-BR": value}]


def test_a_missing_exiftool_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ExifToolMissing, match="apt-get install libimage-exiftool-perl"):
        ExifTool(str(tmp_path / "nowhere"), tmp_path)


def test_D3_killed_between_commands_it_starts_again(exiftool: ExifTool, tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg", caption="x")
    exiftool.version()
    os.kill(exiftool._process.pid, signal.SIGKILL)
    assert exiftool.read([path], READ) == [{"IFD0:ImageDescription": "x"}]


def test_H3_death_in_every_command_is_told_and_the_next_works(tmp_path: Path) -> None:
    mortal = fake(
        tmp_path / "mortal",
        "import os, sys, pathlib\n"
        f"real = pathlib.Path({str(tmp_path / 'well')!r}).exists()\n"
        "os.execvp('exiftool', ['exiftool', *sys.argv[1:]]) if real else sys.stdin.readline()\n",
    )
    path = photo(tmp_path / "a.jpg", caption="x")
    with ExifTool(mortal, tmp_path) as tool:
        with pytest.raises(ExifToolDied):
            tool.read([path], READ)
        (tmp_path / "well").touch()
        assert tool.read([path], READ) == [{"IFD0:ImageDescription": "x"}]


def test_a_wedged_exiftool_is_killed_at_its_deadline(tmp_path: Path) -> None:
    wedged = fake(tmp_path / "wedged", WEDGED)
    with ExifTool(wedged, tmp_path, patience_s=0.3) as tool:
        start = time.monotonic()
        with pytest.raises(ExifToolTimeout):
            tool.ask("-ver")
        assert time.monotonic() - start < 5
        assert not tool.running


def test_long_messages_do_not_block(tmp_path: Path) -> None:
    """Both pipes are drained: 200 kB of warnings come before the answer."""
    loud = fake(
        tmp_path / "loud",
        "import sys\nlines = []\n"
        "for line in sys.stdin:\n"
        "    lines.append(line.strip())\n"
        "    if line.startswith('-execute'):\n"
        "        post = lines[-2].replace('${status}', '0')\n"
        "        sys.stderr.write('\\udcff'.encode('utf-8', 'surrogateescape').decode('latin-1')"
        " * 200000 + post + '\\n')\n"
        "        sys.stderr.flush()\n"
        "        sys.stdout.write('hello\\n{ready' + line.strip()[8:] + '}\\n')\n"
        "        sys.stdout.flush()\n",
    )
    with ExifTool(loud, tmp_path, patience_s=10) as tool:
        reply = tool.ask("-ver")
    assert reply.stdout == b"hello\n" and len(reply.stderr) >= 200000 and reply.status == 0


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, sys\nfrom metadata.exiftool import ExifTool\n"
        f"tool = ExifTool('exiftool', pathlib.Path({str(tmp_path)!r}))\n"
        "tool.version(); print(tool._process.pid, flush=True); os.kill(os.getpid(), 9)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    pid = int(ran.stdout)
    for _ in range(100):
        if not _alive(pid):
            return
        time.sleep(0.05)
    pytest.fail("ExifTool outlived its parent")


def test_no_users_configuration_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".ExifTool_config").write_text(f"open(F, '>', '{tmp_path}/ran'); 1;\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("EXIFTOOL_HOME", str(tmp_path))
    with ExifTool("exiftool", tmp_path) as tool:
        assert tool.version()[0].isdigit()
    assert not (tmp_path / "ran").exists()


def test_it_starts_afresh_every_thousand_commands(
    exiftool: ExifTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metadata.exiftool.FILES_PER_PROCESS", 2)
    pids = set()
    for _ in range(5):
        exiftool.version()
        pids.add(exiftool._process.pid)
    assert len(pids) == 3


def test_a_scratch_folder_with_a_newline_in_its_name(tmp_path: Path) -> None:
    scratch = tmp_path / "s\n-execute\n'x"
    scratch.mkdir()
    path = photo(tmp_path / "a.jpg", caption="x")
    with ExifTool("exiftool", scratch) as tool:
        assert tool.read([path], READ) == [{"IFD0:ImageDescription": "x"}]
    assert list(scratch.iterdir()) == []


def test_text_that_is_no_utf8_is_read_as_latin(exiftool: ExifTool, tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg", caption="Malaga")
    path.write_bytes(path.read_bytes().replace(b"Malaga", b"M\xe1laga"))
    assert exiftool.read([path], READ) == [{"IFD0:ImageDescription": "Málaga"}]


def test_a_file_that_cannot_be_opened_is_an_os_error(exiftool: ExifTool, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        exiftool.read([tmp_path / "gone.jpg"], READ)


def test_a_broken_document_is_refused_with_exiftools_own_words(exiftool: ExifTool) -> None:
    with pytest.raises(ExifToolRefused, match="Error"):
        exiftool.write({"XMP-dc:Subject": ["a"]}, [], b"<x:xmpmeta><broken")


def test_an_embedded_picture_is_taken_out_whole(exiftool: ExifTool, tmp_path: Path) -> None:
    small, path = photo(tmp_path / "small.jpg"), photo(tmp_path / "a.jpg")
    add = ["exiftool", "-q", "-overwrite_original", f"-ThumbnailImage<={small}", str(path)]
    subprocess.run(add, check=True)
    assert exiftool.preview(path) == small.read_bytes()
    assert exiftool.preview(small) is None


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
    except FileNotFoundError:
        return False
    return state != "Z"
