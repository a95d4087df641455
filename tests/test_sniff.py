"""Formats are told by content; whatever else lies in a folder is called what it is."""

import os
import struct
from pathlib import Path

import pytest

from daemon.media.opened import opened
from daemon.media.sniff import sniff
from metadata.asset import AssetError
from metadata.reasons import Reason
from tests import drawn

DRAWN = {
    "jpeg": drawn.jpeg, "png": drawn.png, "webp": drawn.webp, "gif": drawn.gif,
    "tiff": drawn.tiff, "bmp": drawn.bmp, "avif": drawn.avif, "psd": drawn.psd,
    "heic": drawn.heic, "dng": drawn.raw,
}  # fmt: skip
FILMS = {
    ".mp4": "mp4", ".mov": "mov", ".3gp": "3gp", ".mkv": "mkv", ".webm": "webm", ".avi": "avi",
    ".ts": "mpegts", ".mts": "mpegts", ".mpg": "mpeg", ".wmv": "wmv", ".flv": "flv", ".ogv": "ogv",
}  # fmt: skip


def format_of(path: Path) -> str:
    with opened(path) as file:
        return sniff(file).name


def refusal(path: Path) -> AssetError:
    with pytest.raises(AssetError) as caught:
        format_of(path)
    return caught.value


@pytest.mark.parametrize("name", DRAWN)
def test_pictures_are_told_under_any_name(tmp_path: Path, name: str) -> None:
    assert format_of(DRAWN[name](tmp_path / "misnamed.mp4")) == name


@pytest.mark.parametrize("suffix", FILMS)
def test_films_are_told_under_any_name(tmp_path: Path, suffix: str) -> None:
    size = (176, 144) if suffix == ".3gp" else (64, 48)
    film = drawn.clip(tmp_path / f"film{suffix}", seconds=0.5, size=size)
    assert format_of(film.rename(tmp_path / "misnamed.jpg")) == FILMS[suffix]


def test_mxf_is_told(tmp_path: Path) -> None:
    film = drawn.clip(tmp_path / "film.mxf", seconds=0.2, fps=25, size=(720, 576))
    assert format_of(film) == "mxf"


def tiff_with(path: Path, entries: list[tuple[int, int, int, bytes]]) -> Path:
    """Write a TIFF of one directory; each value is (tag, type, count, bytes)."""
    body, values = b"", b""
    behind = 8 + 2 + 12 * len(entries) + 4
    for tag, kind, count, value in sorted(entries):
        if len(value) <= 4:
            inline = value.ljust(4, b"\0")
        else:
            inline = struct.pack("<I", behind + len(values))
            values += value
        body += struct.pack("<HHI", tag, kind, count) + inline
    head = struct.pack("<2sHIH", b"II", 42, 8, len(entries))
    path.write_bytes(head + body + bytes(4) + values)
    return path


def made_by(maker: bytes) -> tuple[int, int, int, bytes]:
    return 0x10F, 2, len(maker) + 1, maker + b"\0"


@pytest.mark.parametrize(
    ("maker", "name"),
    [(b"NIKON CORPORATION", "nef"), (b"SONY", "arw"), (b"PENTAX", "pef"), (b"SAMSUNG", "srw")],
)
def test_raw_of_a_maker_is_told_by_its_sensor_picture(
    tmp_path: Path, maker: bytes, name: str
) -> None:
    reduced, children = (0xFE, 4, 1, struct.pack("<I", 1)), (0x14A, 4, 1, struct.pack("<I", 0))
    assert format_of(tiff_with(tmp_path / "a", [made_by(maker), reduced, children])) == name


def test_a_tiff_saved_by_an_editor_is_no_raw_though_it_names_the_camera(tmp_path: Path) -> None:
    assert format_of(drawn.tiff(tmp_path / "a.nef", camera=("NIKON CORPORATION", "NIKON D90"))) == (
        "tiff"
    )


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"II*\0\x10\0\0\0CR\x02\0", "cr2"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "cr3"),
        (b"FUJIFILMCCD-RAW 0201FF383501X-T3", "raf"),
        (b"IIRO\x08\0\0\0", "orf"),
        (b"IIU\0\x18\0\0\0", "rw2"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "avif"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "heic"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "mov"),
        (b"OggS\0\2" + bytes(22) + b"\x80theora", "ogv"),
    ],
)
def test_marks_of_formats_without_a_drawn_sample(tmp_path: Path, head: bytes, name: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(head)
    assert format_of(path) == name


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "ffconcat"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "m3u8 playlist"),
        (b"\xef\xbb\xbf#EXTM3U\n", "m3u8 playlist"),
        (b"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 1 RTP/AVP 96\n", "SDP"),
        (b'<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011">', "DASH"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"<?xml version='1.0'?><x:xmpmeta/>", "XML"),
        (b"Dear all,\nthis is no picture.\n", "text file"),
        ("Grüße\n".encode("utf-16"), "text file"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\3\4" + bytes(40), "ZIP"),
        (b"Rar!\x1a\7\1\0", "RAR"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "sound"),
        (b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom", "sound"),
        (b"OggS\0\2" + bytes(22) + b"\1vorbis", "sound"),
        (b"\x01\x02\x03\x04\x05", "01 02 03 04 05"),
    ],
)
def test_H7_playlists_texts_and_archives_under_a_media_name_are_refused(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    fault = refusal(path)
    assert fault.reason is Reason.NOT_MEDIA
    assert said in fault.detail


def test_a_picture_format_that_is_not_read_is_called_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    fault = refusal(path)
    assert (fault.reason, fault.detail) == (Reason.UNSUPPORTED, "an SVG drawing")


def test_W2_a_file_of_zeros_is_an_unfinished_copy(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(bytes(100_000))
    assert refusal(path).reason is Reason.TRUNCATED


def test_W2_an_empty_file_is_incomplete(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.touch()
    assert refusal(path).reason is Reason.EMPTY


def test_a_missing_file_has_vanished(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone.jpg").reason is Reason.VANISHED


def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jpg")
    fault = refusal(tmp_path / "a.jpg")
    assert (fault.reason, fault.detail) == (Reason.NOT_MEDIA, "a named pipe")


@pytest.mark.parametrize(("path", "said"), [("/dev/zero", "a device"), ("/", "a folder")])
def test_devices_and_folders_are_refused(path: str, said: str) -> None:
    assert refusal(Path(path)).detail == said


def test_W19_a_refused_open_is_a_matter_of_permission(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drawn.jpeg(tmp_path / "a.jpg")

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert refusal(path).reason is Reason.NO_PERMISSION
