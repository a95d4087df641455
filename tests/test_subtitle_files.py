"""Subtitle files beside a video are read as its own, whatever their names, encodings and damage."""

import logging
import os
import time
from pathlib import Path

import pytest

from daemon.hearing import may_speak
from daemon.media import subtitle_files
from daemon.media.cues import read_cues
from daemon.media.decode import open_frames
from daemon.media.frames import Wanted
from daemon.media.identify import identify
from daemon.media.subtitle_files import subtitles_beside
from daemon.media.subtitles import are_words
from metadata.captions import captions
from metadata.description import Description, Provenance, Spoken
from tests import drawn, sounding
from tests.running import Captiond

SRT = "1\n00:00:00,500 --> 00:00:01,500\nHello, <i>you</i>\nthere\n\n2\n0:0:2,0 --> 0:0:3,0\nBye\n"
LIMIT = 100_000_000
HEARD = Description(
    transcript=(Spoken(0.0, 1.0, "en", "Heard."),),
    provenance={"speech": Provenance("transformers", "tiny@1", None, "", "")},
)


def read(media: Path) -> tuple[Spoken, ...]:
    return subtitles_beside(media, ())


def lines(text: str, suffix: str = ".srt") -> list[tuple[float, float, str]]:
    return [(one.start_s, one.end_s, one.text) for one in read_cues(text, suffix, None)]


@pytest.mark.parametrize(
    ("name", "lang"),
    [
        ("a.srt", None), ("a.mp4.srt", None), ("a.SRT", None), ("a.en.srt", "en"),
        ("a.eng.srt", "en"), ("a.pt-BR.srt", "pt-BR"), ("a.mp4.fr.srt", "fr"),
        ("a.forced.srt", None),
        ("a.en.sdh.srt", "en"), ("a.hi.srt", "hi"), ("a.en.hi.srt", "en"), ("a.en.HI.srt", "en"),
    ],
)  # fmt: skip
def test_names_that_belong_to_a_video(tmp_path: Path, name: str, lang: str | None) -> None:
    (tmp_path / name).write_text(SRT)
    found = read(tmp_path / "a.mp4")
    assert [one.text for one in found] == ["Hello, you there", "Bye"]
    assert {one.lang for one in found} == {lang}


@pytest.mark.parametrize(
    "name", ["b.srt", "ab.srt", "a-1.srt", "a.1.srt", "a.final.srt", "a.srt.bak", "a.txt", "srt"]
)
def test_names_of_others(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(SRT)
    assert read(tmp_path / "a.mp4") == ()


def test_a_file_belongs_to_the_video_with_the_whole_stem(tmp_path: Path) -> None:
    for name in ("a.mp4", "a.en.mp4", "a.en.srt"):
        (tmp_path / name).write_text(SRT)
    assert read(tmp_path / "a.mp4") == ()
    assert len(read(tmp_path / "a.en.mp4")) == 2


def test_several_files_are_read_one_after_the_other_and_the_same_once(tmp_path: Path) -> None:
    for name in ("a.de.srt", "a.fr.srt"):
        (tmp_path / name).write_text(SRT.replace("Bye", name))
    (tmp_path / "a.mp4.srt").write_text(SRT.replace("Bye", "a.fr.srt"))
    assert [one.lang for one in read(tmp_path / "a.mp4")] == ["de", "de", "fr", "fr"]
    inside = (Spoken(0, 1, "en", "x"), *read_cues(SRT.replace("Bye", "a.de.srt"), ".srt", "de"))
    assert {one.lang for one in subtitles_beside(tmp_path / "a.mp4", inside)} == {"fr"}


@pytest.mark.parametrize(
    ("name", "encoding", "said"),
    [
        ("a.srt", "utf-8", "Schöne Grüße ñ"),
        ("a.srt", "utf-8-sig", "Schöne Grüße ñ"),
        ("a.srt", "utf-16", "Привет всем"),
        ("a.srt", "utf-16-le", "Schöne Grüße"),
        ("a.srt", "utf-16-be", "Schöne Grüße"),
        ("a.srt", "latin-1", "Schöne Grüße, señor"),
        ("a.ru.srt", "cp1251", "Привет всем"),
        ("a.rus.srt", "cp1251", "Привет всем"),
        ("a.zh-Hans.srt", "gb18030", "大家早上好"),
        ("a.ru.srt", "utf-8", "Привет всем"),
    ],
)
def test_encodings(tmp_path: Path, name: str, encoding: str, said: str) -> None:
    (tmp_path / name).write_bytes(SRT.replace("Bye", said * 3).encode(encoding))
    assert read(tmp_path / "a.mp4")[1].text == said * 3


def test_a_text_that_would_be_read_wrong_is_left_out_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = SRT.replace("Bye", "Привет всем, как дела").replace("you", "друзья")
    (tmp_path / "a.srt").write_bytes(text.encode("cp1251"))
    with caplog.at_level(logging.WARNING):
        assert read(tmp_path / "a.mp4") == ()
    assert "a.srt" in caplog.text and "save them as UTF-8" in caplog.text


@pytest.mark.parametrize("kind", ["large", "pipe", "folder", "unreadable"])
def test_what_is_no_subtitle_file_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    path = tmp_path / "a.srt"
    match kind:
        case "large":
            monkeypatch.setattr(subtitle_files, "LARGEST", 10)
            path.write_text(SRT)
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "unreadable":
            path.symlink_to(tmp_path / "none")
    assert read(tmp_path / "a.mp4") == ()


def test_no_more_than_a_sidecar_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subtitle_files, "_MOST_TEXT", 250)
    for name in ("a.de.srt", "a.fr.srt"):
        (tmp_path / name).write_text(SRT.replace("Bye", name))
    assert {one.lang for one in read(tmp_path / "a.mp4")} == {"de"}


def test_what_captiond_heard_is_nobodys_subtitles_until_somebody_corrects_it(
    tmp_path: Path,
) -> None:
    ours = captions(HEARD)
    assert ours is not None
    (tmp_path / "a.mp4.vtt").write_bytes(ours)
    assert read(tmp_path / "a.mp4") == ()
    (tmp_path / "a.mp4.vtt").write_bytes(ours.replace(b"Heard", b"Hard"))
    assert [one.text for one in read(tmp_path / "a.mp4")] == ["Hard."]


def test_webvtt() -> None:
    text = (
        "WEBVTT - some\nKind: captions\n\nNOTE 00:00.000 --> 00:09.000\nnot said\n\n"
        "STYLE\n::cue { color: red }\n\nname\n00:01.000 --> 00:02.500 align:start line:0\n"
        "<v Roger>Bread &amp; <00:01.500><c.red>butter</c></v>&#10;&lt;b&gt;\n\n"
        "01:00:00.000 --> 01:00:01.000\nLater\n"
    )
    assert lines(text, ".vtt") == [(1.0, 2.5, "Bread & butter <b>"), (3600.0, 3601.0, "Later")]


def test_substation() -> None:
    text = (
        "[Script Info]\n\n[Events]\nFormat: Layer, Start, End, Style, Name, A, B, C, D, E\n"
        "Dialogue: 0,0:00:02.00,0:00:03.50,Default,,0,0,0,,{\\i1}Hello{\\i0}, you,\\Nthere\n"
        "Comment: 0,0:00:02.00,0:00:03.50,Default,,0,0,0,,not said\n"
        "Dialogue: 0,0:00:01.00,0:00:01.50,Default,,0,0,0,,{\\p1}m 0 0 l 9 9{\\p0}\n"
        "Dialogue: broken\n"
    )
    assert lines(text, ".ass") == [(2.0, 3.5, "Hello, you, there")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("no cues at all\n" * 100, []),
        ("00:00:05,000 --> 00:00:01,000\na\n", [(5.0, 5.0, "a")]),
        ("0:0:1,0 --> 0:0:2,0 X1:5\r\n\r\n0:0:1.5 --> 0:0:2.25\rb", [(1.5, 2.25, "b")]),
        ("0:0:3,0 --> 0:0:4,0\nb\n\n0:0:1,0 --> 0:0:2,0\na\n", [(1, 2, "a"), (3, 4, "b")]),
        ("00:00:01,000 --> 00:00:02,000\n\x00\x1b[2Ja\u2028b\n", [(1.0, 2.0, "[2Ja b")]),
        ("999:99:99,999 --> 0:0:0,0\nx", [(3602439.999, 3602439.999, "x")]),
        ("00:00:01,000 --> 00:00:02,000\n" + "x" * 5000, [(1.0, 2.0, "x" * 2000)]),
    ],
)  # fmt: skip
def test_damage(text: str, found: list[tuple[float, float, str]]) -> None:
    assert lines(text) == found


@pytest.mark.parametrize("tag", ["{", "{\\", "{\\p1", "{" + "\\p1" * 5000, "{\\p1}", "<a", "&#"])
@pytest.mark.parametrize("suffix", [".srt", ".vtt", ".ass"])
def test_no_text_takes_for_ever(tag: str, suffix: str) -> None:
    said = (tag * 20_000)[:20_000]
    srt, ass = "0:0:1,0 --> 0:0:2,0\n", "Dialogue: 0,0:0:1.0,0:0:2.0,Default,,0,0,0,,"
    text = "\n\n".join([(ass if suffix == ".ass" else srt) + said] * 20)
    begun = time.process_time()
    read_cues(text, suffix, None)
    assert time.process_time() - begun < 2


def drone(seconds: float, text: str) -> tuple[Spoken, ...]:
    return tuple(Spoken(n * seconds, (n + 1) * seconds, None, text) for n in range(30))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (drone(0.033, "FrameCnt, iso latitude longitude, colour mode: default"), False),
        (drone(1.0, "F/2.8, SS 206.14, ISO 100, EV 0, GPS (-122.41, 37.77, 15), H 20.0m"), False),
        (drone(1.0, "It was in 1984, and we were 16."), True),
        (drone(0.3, "No."), True),
        (drone(1.0, "大家早上好"), True),
        (drone(1.0, "1984")[:5], True),
        ((), True),
    ],
)
def test_the_readings_of_a_drone_are_no_words(found: tuple[Spoken, ...], words: bool) -> None:
    assert are_words(found) is words


def test_a_drones_readings_do_not_keep_a_film_from_being_heard(tmp_path: Path) -> None:
    event = "{0}\n00:00:00,{1:03d} --> 00:00:00,{2:03d}\nFrameCnt: {0} iso\n"
    text = "\n".join(event.format(n + 1, n * 33, n * 33 + 33) for n in range(30))
    (tmp_path / "a.srt").write_text(text)
    assert read(tmp_path / "a.mp4") == ()


def test_files_come_after_the_tracks_inside(tmp_path: Path) -> None:
    path = sounding.subtitled(tmp_path / "a.mkv", ("subrip", "eng", ((0.5, 1.5, "Inside"),)))
    (tmp_path / "a.de.srt").write_text(SRT)
    asset = identify(path, LIMIT, lambda path: None)
    wanted = Wanted(count=1, shots=False)
    found = open_frames(asset, wanted, LIMIT, lambda path: None).subtitles
    assert [one.text for one in found] == ["Inside", "Hello, you there", "Bye"]


def test_a_file_beside_is_read_and_said_to_be_the_files(tmp_path: Path) -> None:
    captiond = Captiond(tmp_path, more="transcript_vtt = true")
    film = drawn.clip(captiond.inbox / "a.mp4", seconds=1)
    (captiond.inbox / "a.en.srt").write_text(SRT.replace("Bye", "Marmalade"))
    captiond("process", captiond.inbox)
    shown = captiond.json("show", film)
    assert [line["text"] for line in shown["transcript"]] == ["Hello, you there", "Marmalade"]
    assert shown["provenance"]["transcript"]["engine"] == "builtin"
    assert "speech" not in shown["provenance"]
    names = {path.name for path in captiond.inbox.iterdir()}
    assert names == {"a.mp4", "a.mp4.xmp", "a.en.srt"}
    said = Description(transcript=(Spoken(0, 1, "en", "x"),))
    asset = identify(film, LIMIT, lambda path: None)
    assert may_speak(asset, Description()) and not may_speak(asset, said)
