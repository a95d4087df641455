"""What is said in a video, driven by hand: passages, what becomes of their files, what fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.engines import EngineError, EngineMissing
from daemon.engines.profiles import Installed, Model
from daemon.hearing import Steps, heard, may_speak
from daemon.wire import Described, Listen, Listened, Sound, Stretch, Transcribe, Transcribed
from metadata.asset import Asset, AssetError, MediaKind, Stat
from metadata.description import Description, Provenance, Spoken, Stamp, Video
from metadata.reasons import Reason

STAMP = Stamp("run", "2026-01-01T00:00:00+00:00")
WHISPER = Installed(Model(name="whisper"), Path("/m/whisper"), "whisper@1")
NOTHING = Description()


def film(folder: Path, kind: MediaKind = MediaKind.VIDEO) -> Asset:
    return Asset(
        path=folder / "a.mp4",
        kind=kind,
        format="mp4",
        content="sha256:0",
        stat=Stat(1, 2, 3, 4, 5),
        width=1,
        height=1,
    )


@pytest.fixture
def way(tmp_path: Path) -> Iterator[Steps]:
    def is_ours(path: Path) -> bool:
        return path.parent == tmp_path and path.name.startswith("sound-")

    yield heard(film(tmp_path), NOTHING, WHISPER, STAMP, is_ours)


def passage(folder: Path, start_s: float, until_s: float | None) -> Listened:
    path = folder / f"sound-{start_s}"
    path.write_bytes(b"\0\0" * 16)
    sound = Sound(path, (Stretch(start_s, 16),))
    return Listened(sound, until_s, ((start_s, start_s + 1),), {"listen": 0.5})


def ended(way: Steps, answer: object) -> Described:
    with pytest.raises(StopIteration) as end:
        way.send(answer)
    described: Described = end.value.value
    return described


def test_passages_are_heard_one_after_the_other_in_one_language(tmp_path: Path, way: Steps) -> None:
    asked = way.send(None)
    assert isinstance(asked, Listen) and asked.from_s == 0.0
    first = passage(tmp_path, 1.0, 600.0)
    transcribe = way.send(first)
    assert isinstance(transcribe, Transcribe)
    assert (transcribe.sound, transcribe.language) == (first.sound, None)
    hello = Spoken(1.0, 2.0, "de", "Hallo.")
    asked = way.send(Transcribed((hello,), "de", {"transcribe": 2.0}))
    assert isinstance(asked, Listen) and asked.from_s == 600.0
    assert first.sound and not first.sound.path.exists()
    transcribe = way.send(passage(tmp_path, 599.5, None))
    assert isinstance(transcribe, Transcribe) and transcribe.language == "de"
    once_more = (Spoken(1.5, 2.0, "de", "Hallo."), Spoken(1.9, 601.0, "de", "Welt."))
    described = ended(way, Transcribed(once_more, "de", {"transcribe": 1.0}))
    assert described.description.transcript == (hello, Spoken(2.0, 601.0, "de", "Welt."))
    made = described.description.provenance["speech"]
    assert (made.engine, made.model) == ("transformers", "whisper@1")
    assert described.seconds == {"listen": 1.0, "transcribe": 3.0}
    assert list(tmp_path.iterdir()) == []


def test_silence_costs_no_model_and_was_looked_for(way: Steps) -> None:
    way.send(None)
    described = ended(way, Listened(None, None, (), {"listen": 0.1}))
    assert described.description.transcript == ()
    assert "speech" in described.description.provenance


@pytest.mark.parametrize(
    "fault", [EngineMissing("no whisper"), AssetError(Path("a"), Reason.CRASHED)]
)
def test_what_cannot_be_heard_is_described_without(
    way: Steps, tmp_path: Path, fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    way.send(None)
    listened = passage(tmp_path, 0.0, None)
    way.send(listened)
    with pytest.raises(StopIteration) as end:
        way.throw(fault)
    assert end.value.value.description == NOTHING
    assert "speech in it is not looked for" in caplog.text
    assert list(tmp_path.iterdir()) == []


def test_where_the_machine_is_not_ready_the_file_waits(way: Steps, tmp_path: Path) -> None:
    way.send(None)
    way.send(passage(tmp_path, 0.0, None))
    with pytest.raises(EngineError, match="full"):
        way.throw(EngineError("full"))
    assert list(tmp_path.iterdir()) == []


def test_a_worker_does_not_choose_what_is_removed(way: Steps, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"precious")
    way.send(None)
    sound = Sound(precious, (Stretch(0.0, 4),))
    described = ended(way, Listened(sound, None, (), {}))
    assert "speech" not in described.description.provenance
    assert precious.read_bytes() == b"precious"


def test_a_sound_track_without_an_end_is_left(way: Steps, tmp_path: Path) -> None:
    way.send(None)
    way.send(Listened(None, 60.0, (), {}))
    described = ended(way, Listened(None, 60.0, (), {}))
    assert "speech" not in described.description.provenance


def test_only_films_with_sound_and_no_subtitles_may_speak(tmp_path: Path) -> None:
    line = Spoken(0.0, 1.0, None, "Hi.")
    assert may_speak(film(tmp_path), NOTHING)
    assert may_speak(film(tmp_path), Description(video=Video(25.0, True, 1)))
    assert not may_speak(film(tmp_path), Description(video=Video(25.0, False, 1)))
    assert not may_speak(film(tmp_path), Description(transcript=(line,)))
    assert not may_speak(film(tmp_path, MediaKind.IMAGE), NOTHING)


def test_subtitles_are_nobodys_speech_model(tmp_path: Path) -> None:
    made = Provenance("builtin", "builtin@0", None, "2026", "run")
    said = Description(transcript=(Spoken(0.0, 1.0, "en", "Hi."),), provenance={"transcript": made})
    assert not may_speak(film(tmp_path), said)
