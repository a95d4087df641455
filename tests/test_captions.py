"""What was heard stands beside the video as WebVTT: written once, never over another's, undone."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from daemon.config import Config, Folder, load
from daemon.engines.choice import Choice, description_key
from daemon.framing import unpack
from daemon.intake import Intake
from daemon.jobs import Job, Wish
from daemon.journey import Journey, Journeys
from daemon.stores import Stores
from daemon.undo import Undo, Undoing
from daemon.watch.names import Names, counts
from daemon.watch.scan import scan
from daemon.watch.stirred import Scanned, Vanished
from daemon.wire import ANSWERS, Identify, Setup
from daemon.worker.__main__ import Desk
from daemon.worker.bench import Bench
from daemon.worker.handlers import TABLE
from metadata.asset import AssetError
from metadata.captions import captions, is_ours
from metadata.change import Write
from metadata.description import Description, Provenance, Spoken, Stamp
from metadata.reasons import Reason, State
from metadata.stats import Stats
from tests import drawn

BUILTIN = Provenance("builtin", "builtin@0", None, "2026-01-01T00:00:00Z", "run-1")
WHISPER = replace(BUILTIN, engine="transformers", model="tiny@1")
SAID = Description(
    caption={"en": "A film."},
    transcript=(Spoken(1.25, 3.5, "en", "Bread & <butter>"), Spoken(3661.0, 3662.0, "en", "Bye.")),
    provenance={"caption": BUILTIN, "speech": WHISPER},
)
CHOICE = Choice("builtin", "builtin@0", ("es",), (), "asked for")
LIMIT = 100_000_000


def text(said: Description = SAID) -> str:
    data = captions(said)
    assert data is not None
    return data.decode()


def with_lines(*lines: Spoken) -> Description:
    return replace(SAID, transcript=lines)


def test_what_is_written() -> None:
    note, first, second = text().rsplit("\n\n", 2)
    assert note.startswith("WEBVTT\n\nNOTE\nWritten by captiond from speech that tiny@1 heard.\n")
    assert first == "00:00:01.250 --> 00:00:03.500\nBread &amp; &lt;butter&gt;"
    assert second == "01:01:01.000 --> 01:01:02.000\nBye.\n"


@pytest.mark.parametrize(
    ("line", "cue"),
    [
        (Spoken(-1.0, 1.0, None, "a"), "00:00:00.000 --> 00:00:01.000\na\n"),
        (Spoken(2.0, 2.0, None, "a"), "00:00:02.000 --> 00:00:02.100\na\n"),
        (Spoken(2.0, 1.0, None, "a"), "00:00:02.000 --> 00:00:02.100\na\n"),
        (Spoken(0.0, 59.9996, None, "a"), "00:00:00.000 --> 00:01:00.000\na\n"),
        (Spoken(0.0, 1.0, None, "a --> b"), "00:00:00.000 --> 00:00:01.000\na --&gt; b\n"),
        (Spoken(0.0, 1.0, None, "a\n\n  b\x00\r"), "00:00:00.000 --> 00:00:01.000\na b\n"),
        (Spoken(0.0, 1.0, None, "नमस्ते"), "00:00:00.000 --> 00:00:01.000\nनमस्ते\n"),
    ],
)
def test_no_line_breaks_the_file(line: Spoken, cue: str) -> None:
    assert text(with_lines(line)).endswith("\n\n" + cue)


def test_a_models_name_breaks_nothing() -> None:
    made = replace(WHISPER, model="a\n\n00:00 --> 00:01\nb")
    data = captions(replace(SAID, provenance={"speech": made}))
    assert data is not None and is_ours(data) and data.count(b"-->") == 2


@pytest.mark.parametrize(
    "said",
    [
        replace(SAID, provenance={"caption": BUILTIN, "transcript": BUILTIN}),
        replace(SAID, provenance={"speech": WHISPER, "transcript": BUILTIN}),
        replace(SAID, provenance={}),
        with_lines(),
        with_lines(Spoken(0, 1, None, " \n")),
    ],
    ids=["subtitles", "both", "nobody's", "nothing-said", "blank"],
)
def test_only_what_captiond_heard_is_written(said: Description) -> None:
    assert captions(said) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"Bye", b"Bya"),
        lambda data: data + b"\n00:01:02.000 --> 00:01:03.000\nMore\n",
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data[: len(data) // 2],
        lambda data: b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n",
        lambda data: b"",
        lambda data: b"\xef\xbb\xbf" + data,
    ],
)
def test_what_anybody_changed_is_theirs(change: Callable[[bytes], bytes]) -> None:
    data = text().encode()
    assert is_ours(data) and not is_ours(change(data))


class Room:
    """One film in a hot folder, the stores, and a worker that answers in this process."""

    def __init__(self, root: Path, stores: Stores, bench: Bench) -> None:
        self.stores, self.run = stores, "run-1"
        self.film = drawn.clip(root / "in" / "a.mp4", seconds=1)
        self.vtt = self.film.with_name("a.mp4.vtt")
        self.config = Config(
            state_dir=root, transcript_vtt=True, folders=(Folder(path=root / "in"),)
        )
        self._desk = Desk(TABLE, bench)

    def journeys(self) -> Journeys:
        return Journeys(self.config, CHOICE, self.stores, lambda: Stamp(self.run, "2026-01-01"))

    def describe(self, said: Description = SAID) -> None:
        """Write *said*, as if it had been found out before."""

        def known(answer: Any) -> None:
            key = description_key(answer, CHOICE, self.config.tasks)
            self.stores.descriptions.put(key, said, Stats())

        job = Job(self.film, State.RUNNING, Wish.DESCRIBE, True, 1, None, "", 0.0)
        self.drive(self.journeys().describe(job), known)

    def undo(self, **asked: Any) -> list[str]:
        told: list[str] = []
        request = {"run": None, "model": None, "field": None, "dry_run": False, **asked}
        undo = Undo.of(request, (self.film,))
        undoing = Undoing(
            undo, self.config, self.stores, self.journeys(), lambda line: told.append(line["says"])
        )
        assert undoing.paths() == [self.film]
        self.drive(undoing.journey(self.film))
        return told

    def drive(self, way: Journey, first: Callable[[Any], None] = lambda answer: None) -> None:
        value: Any = None
        with self.stores.turn(), suppress(StopIteration):
            while True:
                request = way.send(value)
                answer = self._desk.answer(request)
                if answer.failure:
                    reason = Reason[answer.failure.reason or ""]
                    raise AssetError(self.film, reason, answer.failure.detail)
                value = unpack(answer.value, ANSWERS[type(request)])
                if isinstance(request, Identify):
                    first(value)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    for name in ("in", "scratch"):
        (tmp_path / name).mkdir()
    setup = Setup(tmp_path / "scratch", (tmp_path / "in",), "exiftool")
    tasks = Config().tasks
    with Bench(setup) as bench, Stores.open(tmp_path, CHOICE, tasks) as stores:
        with stores.turn():
            for run in ("run-1", "run-2"):
                stores.journal.started(run, "2026-01-01", "builtin", "builtin@0")
        yield Room(tmp_path, stores, bench)


def beside(room: Room) -> set[str]:
    return {path.name for path in room.film.parent.iterdir()}


def test_written_replaced_left_alone_and_taken_back(room: Room, tmp_path: Path) -> None:
    room.describe()
    assert room.vtt.read_bytes() == captions(SAID)
    before = room.vtt.stat()
    room.describe()
    assert room.vtt.stat() == before

    other = with_lines(Spoken(0.0, 1.0, "en", "Something else."))
    room.run = "run-2"
    room.describe(other)
    assert room.vtt.read_bytes() == captions(other)
    assert any(line.startswith(f"would change {room.vtt}") for line in room.undo(dry_run=True))
    room.undo(run="run-2")
    assert room.vtt.read_bytes() == captions(SAID)
    room.undo()
    assert beside(room) == {"a.mp4"} and not list((tmp_path / "scratch").glob("*.vtt"))


def test_what_a_human_corrected_stays_and_is_not_taken_back(room: Room) -> None:
    room.describe()
    theirs = room.vtt.read_bytes().replace(b"Bye", b"Good-bye")
    room.vtt.write_bytes(theirs)
    room.describe(with_lines(Spoken(0.0, 1.0, "en", "Something else.")))
    assert room.vtt.read_bytes() == theirs
    room.undo()
    assert beside(room) == {"a.mp4", "a.mp4.vtt"} and room.vtt.read_bytes() == theirs


def test_nothing_is_ever_written_over_what_is_there(room: Room, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.vtt"
    room.vtt.symlink_to(elsewhere)
    room.describe()
    assert room.vtt.is_symlink() and not elsewhere.exists()
    room.vtt.unlink()
    room.vtt.mkdir()
    room.describe(replace(SAID, caption={"en": "Another."}))
    assert room.vtt.is_dir()


def test_what_is_not_said_any_more_goes(room: Room) -> None:
    room.describe()
    subtitled = replace(SAID, provenance={"caption": BUILTIN, "transcript": BUILTIN})
    room.describe(subtitled)
    assert not room.vtt.exists()


def test_where_it_was_not_asked_for_there_is_none(room: Room) -> None:
    room.config = replace(room.config, transcript_vtt=False)
    room.describe()
    assert beside(room) == {"a.mp4", "a.mp4.xmp"}


def test_where_nothing_may_be_written_nothing_is(room: Room, tmp_path: Path) -> None:
    folder = Folder(path=tmp_path / "in", write=Write.NONE)
    room.config = replace(room.config, folders=(folder,))
    room.describe()
    assert beside(room) == {"a.mp4"}


@pytest.mark.parametrize(("field", "goes"), [("caption", False), ("speech", True)])
def test_one_field_is_taken_back(room: Room, field: str, goes: bool) -> None:
    room.describe()
    room.undo(field=field)
    assert room.vtt.exists() is not goes


def test_a_lost_journal_takes_back_ours_and_leaves_others(room: Room) -> None:
    room.describe()
    with room.stores.turn():
        for target in (room.vtt, room.film.with_name("a.mp4.xmp")):
            room.stores.journal.forget(target)
    room.undo()
    assert beside(room) == {"a.mp4"}


def test_a_film_that_was_moved_gets_its_own_or_keeps_it(room: Room) -> None:
    room.describe()
    for name in ("a.mp4", "a.mp4.xmp", "a.mp4.vtt"):
        (room.film.parent / name).rename(room.film.parent / name.replace("a.mp4", "b.mp4"))
    room.film = room.film.with_name("b.mp4")
    room.vtt = room.vtt.with_name("b.mp4.vtt")
    before = room.vtt.stat()
    room.describe()
    assert room.vtt.stat().st_mtime_ns == before.st_mtime_ns
    room.undo()
    assert beside(room) == {"b.mp4"}


def test_our_own_file_makes_no_work_nor_does_its_end(room: Room) -> None:
    room.describe()
    intake = Intake(room.config, room.stores, SimpleNamespace(look_again=lambda path: False))
    folder = room.film.parent
    for _ in range(2):
        found = [f for c in scan(str(folder), Names.below(folder), ignored, ignored) for f in c]
        assert {one.path.name for one in found} == {"a.mp4", "a.mp4.xmp"}
        device = frozenset({folder.stat().st_dev})
        with room.stores.turn():
            room.stores.queue.declare(room.film, None, 0.0)
            intake.take(Scanned(folder, tuple(found), False, True, True, device))
            intake.take(Vanished(room.vtt, False))
            job = room.stores.queue.get(room.film)
        assert job and job.state is State.DONE and intake.settling == 0
        room.vtt.unlink(missing_ok=True)


def ignored(*_: object) -> None:
    pass


@pytest.mark.parametrize("name", ["a.mp4.vtt", "a.vtt", "a.srt", "a.en.srt", "a.ass"])
def test_such_files_stir_nothing(name: str) -> None:
    assert not counts(name)


def test_the_configuration_has_effect(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("transcript_vtt = true\n")
    config = load(tmp_path / "c.toml", {})
    assert config.rules_for(tmp_path / "a.mp4").transcript_vtt
    assert not Config().rules_for(tmp_path / "a.mp4").transcript_vtt
    assert msgspec.to_builtins(config.rules_for(tmp_path))["transcript_vtt"] is True
