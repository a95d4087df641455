"""The content hash stays when metadata change and changes when the picture does."""

import subprocess
from pathlib import Path

import pytest

from daemon.media.content import content_hash
from daemon.media.identify import identify
from daemon.media.opened import opened
from daemon.media.payload.spans import Payload, joined
from tests import drawn

XMP = ["-XMP-dc:Description=a caption", "-XMP-dc:Subject=red", "-XMP-dc:Subject=blue"]
EXIF = ["-EXIF:ImageDescription=said", "-EXIF:Artist=Anna", "-EXIF:Copyright=2024"]
IPTC = ["-IPTC:Keywords=red", "-IPTC:Caption-Abstract=a caption"]


def content(path: Path) -> str:
    return identify(path, 100_000_000, preview).content


def preview(path: Path) -> bytes | None:
    called = subprocess.run(["exiftool", "-b", "-PreviewImage", path], capture_output=True)
    return called.stdout or None


def edit(path: Path, *values: str) -> None:
    subprocess.run(
        ["exiftool", "-q", "-q", "-m", "-overwrite_original", *values, path], check=True, timeout=30
    )


def film(path: Path, colour: drawn.Colour = drawn.RED) -> Path:
    return drawn.clip(path, seconds=1, sound=True, colours=(colour,))


EDITED = {
    "a.jpg": (drawn.jpeg, [*XMP, *EXIF, *IPTC, "-Comment=hello"]),
    "a.png": (drawn.png, [*XMP, *EXIF, "-PNG:Title=hello"]),
    "a.webp": (drawn.webp, [*XMP, *EXIF]),
    "a.tif": (drawn.tiff, [*XMP, *EXIF, *IPTC]),
    "a.mp4": (film, [*XMP, "-Keys:Title=hello", "-ItemList:Comment=hello"]),
    "a.mov": (film, [*XMP, "-Keys:Title=hello", "-CreateDate=2024:01:01 00:00:00"]),
    "a.heic": (drawn.heic, [*XMP, *EXIF]),
    "a.avif": (drawn.avif, [*XMP, *EXIF]),
    "a.gif": (drawn.gif, [*XMP, "-Comment=hello"]),
    "a.psd": (drawn.psd, [*XMP, *EXIF, *IPTC]),
    "a.dng": (drawn.raw, [*XMP, *EXIF]),
}


@pytest.mark.parametrize("name", EDITED)
def test_W15_metadata_edits_leave_the_content_alone(tmp_path: Path, name: str) -> None:
    draw, values = EDITED[name]
    path = draw(tmp_path / name)
    before, bytes_before = content(path), path.read_bytes()
    edit(path, *values)
    assert path.read_bytes() != bytes_before
    assert content(path) == before
    edit(path, *(value.replace("a caption", "c" * 5000) for value in values))
    assert content(path) == before


@pytest.mark.parametrize("name", [*EDITED, "a.bmp", "a.mkv", "a.avi"])
def test_another_picture_is_another_content(tmp_path: Path, name: str) -> None:
    draw = EDITED[name][0] if name in EDITED else (drawn.bmp if name == "a.bmp" else film)
    red = content(draw(tmp_path / name, colour=(200, 30, 30)))
    blue = content(draw(tmp_path / name, colour=(30, 60, 200)))
    assert red != blue
    assert red.startswith("sha256:") and len(red) == len("sha256:") + 64


def test_the_same_film_in_two_files_is_one_content(tmp_path: Path) -> None:
    assert content(film(tmp_path / "a.mp4")) == content(film(tmp_path / "b.mov"))


def test_the_same_strips_in_another_shape_are_another_picture(tmp_path: Path) -> None:
    wide = drawn.tiff(tmp_path / "a.tif", size=(64, 32), colour=(0, 0, 0))
    high = drawn.tiff(tmp_path / "b.tif", size=(32, 64), colour=(0, 0, 0))
    assert content(wide) != content(high)


def test_every_frame_of_an_animation_counts(tmp_path: Path) -> None:
    for draw in (drawn.gif, drawn.webp):
        assert content(draw(tmp_path / "a", frames=3)) != content(draw(tmp_path / "b", frames=4))


def test_an_odd_block_that_decoders_forgive_counts_the_whole_file(tmp_path: Path) -> None:
    path = drawn.gif(tmp_path / "a.gif")
    before = content(path)
    path.write_bytes(path.read_bytes()[:-1] + b"\0\0\x3b")
    assert content(path) != before


def test_a_trailer_behind_the_picture_does_not_count(tmp_path: Path) -> None:
    path = drawn.jpeg(tmp_path / "a.jpg")
    before = content(path)
    path.write_bytes(path.read_bytes() + b"\0\0\0\x20ftypmp42 a motion photo's film")
    assert content(path) == before


def test_a_progressive_jpeg_counts_to_its_last_scan(tmp_path: Path) -> None:
    hashes = set()
    for colour in ((200, 30, 30), (200, 30, 31)):
        drawn.picture((64, 48), colour).save(tmp_path / "a.jpg", progressive=True, quality=95)
        hashes.add(content(tmp_path / "a.jpg"))
    assert len(hashes) == 2


def test_films_are_one_whether_the_index_comes_first_or_last(tmp_path: Path) -> None:
    import av

    film(tmp_path / "last.mp4")
    with (
        av.open(str(tmp_path / "last.mp4")) as old,
        av.open(str(tmp_path / "first.mp4"), "w", options={"movflags": "faststart"}) as new,
    ):
        copies = {stream.index: new.add_stream_from_template(stream) for stream in old.streams}
        for packet in old.demux():
            if packet.dts is not None:
                packet.stream = copies[packet.stream.index]
                new.mux(packet)
    assert content(tmp_path / "first.mp4") == content(tmp_path / "last.mp4")


def test_large_media_are_hashed_by_size_table_and_spread_blocks(tmp_path: Path) -> None:
    path = tmp_path / "a"
    size = 20_000_000
    path.write_bytes(bytes(size))

    def hashed(payload: Payload) -> str:
        with opened(path) as file:
            return content_hash(file, payload, whole_up_to=1_000_000)

    def changed_at(at: int) -> str:
        with path.open("r+b") as stream:
            stream.seek(at)
            stream.write(b"x")
        try:
            return hashed(Payload(((0, size),)))
        finally:
            with path.open("r+b") as stream:
                stream.seek(at)
                stream.write(b"\0")

    before = hashed(Payload(((0, size),)))
    assert hashed(Payload(((0, size),), b"other samples")) != before
    assert hashed(Payload(((0, size - 1),))) != before
    assert changed_at(0) != before
    assert changed_at(size - 1) != before
    assert changed_at(100_000) == before  # between two blocks


def test_neighbouring_spans_melt() -> None:
    assert joined([(0, 4), (4, 2), (8, 0), (9, 1)]) == ((0, 6), (9, 1))
