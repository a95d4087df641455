"""Subtitle tracks become plain timed lines, whatever tags, languages and damage they have."""

from pathlib import Path

import pytest

from daemon.engines.builtin import footage
from daemon.media import subtitles as subtitles_room
from daemon.media.decode import open_frames
from daemon.media.frames import Frames, Wanted
from daemon.media.identify import identify
from daemon.media.languages import language_tag
from daemon.media.opened import opened
from daemon.media.subtitles import plain, read_subtitles
from daemon.media.video import opened_film
from metadata.description import Spoken
from tests import drawn, sounding

LIMIT = 100_000_000
LINES = ((0.5, 1.5, "Hello, {\\i1}you{\\i0}\\Nthere"), (2.0, 3.0, "Bye"))


def read(path: Path) -> tuple[Spoken, ...]:
    asset = identify(path, LIMIT, lambda path: None)
    wanted = Wanted(count=1, shots=False)
    return open_frames(asset, wanted, LIMIT, lambda path: None).subtitles


@pytest.mark.parametrize(
    ("suffix", "codec"), [("mp4", "mov_text"), ("mkv", "subrip"), ("mkv", "ass"), ("mkv", "webvtt")]
)
def test_every_text_track_is_read(tmp_path: Path, suffix: str, codec: str) -> None:
    found = read(sounding.subtitled(tmp_path / f"a.{suffix}", (codec, "eng", LINES)))
    assert [(one.lang, one.text) for one in found] == [("en", "Hello, you there"), ("en", "Bye")]
    assert [one.start_s for one in found] == pytest.approx([0.5, 2.0], abs=0.05)
    assert [one.end_s for one in found] == pytest.approx([1.5, 3.0], abs=0.05)


def test_a_film_without_subtitles_has_none(tmp_path: Path) -> None:
    assert read(drawn.clip(tmp_path / "a.mp4", seconds=1)) == ()


def test_all_tracks_are_read_one_after_the_other(tmp_path: Path) -> None:
    path = sounding.subtitled(
        tmp_path / "a.mkv",
        ("subrip", "eng", LINES),
        ("subrip", "fre", ((0.4, 1.0, "Salut"),)),
        ("subrip", None, ((0.1, 1.0, "?!"),)),
    )
    found = read(path)
    assert [one.lang for one in found] == ["en", "en", "fr", None]
    (fact,) = footage.facts(Frames((), subtitles=found))
    assert (fact.name, fact.value, fact.basis) == ("subtitles", "en, fr, und", "metadata")


def test_drawn_subtitles_are_no_text(tmp_path: Path) -> None:
    path = sounding.subtitled(tmp_path / "a.mkv", ("subrip", "eng", LINES))
    content = path.read_bytes()
    assert content.count(b"S_TEXT/UTF8") == 1
    path.write_bytes(content.replace(b"S_TEXT/UTF8", b"S_HDMV/PGS\0"))
    assert read(path) == ()


def test_a_broken_line_costs_no_more_than_itself(tmp_path: Path) -> None:
    path = sounding.subtitled(tmp_path / "a.mkv", ("ass", "eng", LINES))
    content = path.read_bytes()
    path.write_bytes(content.replace(b"Bye", b"\xff\xfe\x00"))
    assert read(path)[0].text == "Hello, you there"


def test_no_more_lines_than_anybody_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subtitles_room, "MOST_LINES", 1)
    assert len(read(sounding.subtitled(tmp_path / "a.mp4", ("mov_text", "eng", LINES)))) == 1


def test_a_large_film_is_not_read_whole_for_its_subtitles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subtitles_room, "MOST_READ", 1000)
    assert read(sounding.subtitled(tmp_path / "a.mkv", ("subrip", "eng", LINES))) == ()
    path = sounding.subtitled(tmp_path / "a.mp4", ("mov_text", "eng", LINES))
    with opened(path) as file, opened_film(file, "mp4", LIMIT) as film:
        assert len(read_subtitles(film)) == 2


@pytest.mark.parametrize(
    ("text", "styled", "expected"),
    [
        ("{\\an8}Up {\\b1}here{\\b0}", False, "Up here"),
        ("one\\Ntwo\\nthree\\hfour", False, "one two three four"),
        ("<font color='red'>Red</font> <b>bold</b>", False, "Red bold"),
        ("I <3 you & 2 < 3", False, "I <3 you & 2 < 3"),
        ("{\\p1}m 0 0 l 10 10{\\p0}seen", True, "seen"),
        ("{\\p1}m 0 0 l 10 10", True, ""),
        ("{a note}Said", True, "Said"),
        ("{laughs} Said", False, "{laughs} Said"),
        ("a\x00b\x0bc\r\nd", False, "a b c d"),
        ("क्\u200dष", False, "क्\u200dष"),
    ],
)
def test_tags_are_taken_out(text: str, styled: bool, expected: str) -> None:
    assert plain(text, styled) == expected


@pytest.mark.parametrize(
    ("told", "tag"),
    [
        ("eng", "en"), ("fre", "fr"), ("fra", "fr"), ("GER", "de"), ("hin", "hi"), ("chi", "zh"),
        ("en", "en"), ("pt-br", "pt-BR"), ("zh-hant-tw", "zh-Hant-TW"), ("haw", "haw"),
        ("es_MX", "es-MX"), ("und", None), ("mul", None), ("", None), (None, None),
        ("English", None), ("x", None), ("e\x00", None),
    ],
)  # fmt: skip
def test_languages_are_spelled_as_bcp_47(told: str | None, tag: str | None) -> None:
    assert language_tag(told) == tag
