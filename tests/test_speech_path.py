"""Films in which somebody speaks, through the whole way: heard, written down, summed up, found.

Speech is the synthesizer's, whose own timeline is the truth; a Whisper of the tests hears it
(tests/scripted_whisper.py), in a real engine process, and a scripted server describes.
"""

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scripted_server import ANSWERS, MODEL, Asked, Said, ScriptedServer, completed

from bench.labelled.dialogue import Dialogue, Turn, dialogue
from metadata.exiftool import CONFIG
from tests import drawn, scripted_whisper, sounding
from tests.checkpoints import checkpoint
from tests.running import Captiond

NEAR_S = 0.3
RATE = 48_000
SAID = (
    "The lighthouse at the end of the pier was built of granite.",
    "Every evening somebody climbed two hundred steps to light the lamp.",
    "Fishing boats came home by it.",
    "In winter the waves reached as high as the lowest window.",
    "My grandmother kept a garden behind the house.",
    "She grew potatoes and onions between walls of loose stones.",
    "Nothing taller than a cabbage survived the wind out there.",
    "On Sundays we walked to the village for bread.",
    "It took an hour in fair weather and two in a storm.",
    "The baker gave us children a warm roll each.",
    "Nobody had a telephone except the doctor.",
    "Letters arrived twice a week with the mail boat.",
    "I still have the brass key of the old front door.",
    "Today a machine switches the lamp on and off.",
    "The garden has gone wild but the walls are standing.",
    "Visitors can climb the stairs from May until September.",
    "There is a small museum with drawings of shipwrecks.",
    "Most people come for the view and for the seals.",
    "You should bring a coat whatever the forecast says.",
    "That is all I wanted to tell you about the place.",
)
BOLD = "A grey surface flickers. Upbeat music plays and a narrator explains the harbour."
SEEN = "A grey surface flickers."
SPOKEN = re.compile(r'^Words that are spoken in it: "(.*)"$', re.MULTILINE)
SOUND = re.compile(r"^Sound: (.*)$", re.MULTILINE)
TASKS = ("caption", "alt", "tags", "sentiment", "summary")
SETTINGS = """
transcript_vtt = true
[engine]
use = "openai"
speech_model = "whisper"
[[engine.endpoints]]
url = "{url}"
model = "{model}"
"""


def bold(asked: Asked) -> Said:
    """Claim to have heard things, and report what is known to have been said."""
    spoken = SPOKEN.search(asked.text)
    said = f'A speaker says: "{spoken[1]}"' if spoken else "A narrator explains it."
    answer = {**ANSWERS, "caption": BOLD, "summary": f"{SEEN} {said}"}
    return completed(json.dumps({task: answer[task] for task in asked.tasks or TASKS}))


def talk() -> Dialogue:
    """Have all read, with pauses by which a Whisper knows where a sentence ends."""
    return dialogue([Turn(text) for text in SAID], [0.8, *(0.7 for _ in SAID)], RATE)


def hearing(root: Path, url: str, tasks: tuple[str, ...], known: Dialogue) -> Captiond:
    """Set captiond up beside a Whisper that knows the sentences of *known*."""
    if not (root / "whisper").exists():
        checkpoint(root / "whisper", kind="whisper")
        scripted_whisper.instead(root / "path")
        parts = [known.wave[round(a * RATE) : round(b * RATE) : 3] for a, b in known.spoken]
        scripted_whisper.teach(root / "state/models", dict(zip(SAID, parts, strict=True)))
    told = SETTINGS.format(url=url, model=MODEL)
    return Captiond(root, told, tasks=tasks, languages=(), path=(root / "path",))


def chord(seconds: float) -> np.ndarray:
    at = np.arange(int(seconds * RATE)) / RATE
    return 0.2 * sum(np.sin(2 * np.pi * f * k * at) / k for f in (220, 277) for k in (1, 2, 3))


@dataclass
class Heard:
    """What there was after each step, kept for the tests to look at."""

    talk: Dialogue
    files: dict[str, dict[str, Any]]
    sidecars: dict[str, dict[str, Any]]
    vtt: str
    beside: set[str]
    asked: dict[str, Asked]
    stretches: list[list[float]]
    found: dict[str, list[str]]
    shown: dict[str, Any]
    again: tuple[int, int] = (0, 0)
    undone: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Heard]:
    """Have a talk, music, and a film without sound described; then once more; then undone."""
    root = tmp_path_factory.mktemp("heard")
    said = talk()
    with ScriptedServer(bold) as server:
        captiond = hearing(root, server.url, (*TASKS, "speech"), said)
        length_s = len(said.wave) / RATE
        sounding.podcast(captiond.inbox / "talk.mkv", {0.0: said.wave}, RATE, length_s)
        sounding.podcast(captiond.inbox / "music.mp4", {0.0: chord(7)}, RATE, 7)
        drawn.clip(captiond.inbox / "silent.mp4", seconds=2)
        captiond("run", "--once")
        told = looked(captiond, server, said)
        before = len(server.chats), len(told.stretches)
        captiond("run", "--once")
        after = len(server.chats), len(scripted_whisper.heard(root / "state/models"))
        told.again = after[0] - before[0], after[1] - before[1]
        captiond("undo", *captiond.inbox.glob("*.m*[4v]"))
        told.undone = {path.name for path in captiond.inbox.iterdir()}
        yield told


def looked(captiond: Captiond, server: ScriptedServer, said: Dialogue) -> Heard:
    files = {Path(f["path"]).name: f for f in captiond.lines("search", "--limit", "10")}
    read = subprocess.run(
        ["exiftool", "-config", CONFIG, "-j", "-struct", "-G1", "-XMP:all", "-ext", "xmp",
         captiond.inbox], check=True, capture_output=True,
    )  # fmt: skip
    sidecars = {Path(each["SourceFile"]).stem: each for each in json.loads(read.stdout)}
    asked = {SOUND.findall(each.text)[0]: each for each in server.chats if each.pictures}
    return Heard(
        said,
        files,
        sidecars,
        (captiond.inbox / "talk.mkv.vtt").read_text(),
        {path.name for path in captiond.inbox.iterdir()},
        asked,
        scripted_whisper.heard(captiond.root / "state/models"),
        {word: names(captiond.lines("search", word)) for word in ("lighthouse", "narrator")},
        captiond.json("show", captiond.inbox / "talk.mkv"),
    )


def names(found: list[dict[str, Any]]) -> list[str]:
    return [Path(each["path"]).name for each in found]


def test_what_is_said_is_written_down_where_the_synthesizer_said_it(heard: Heard) -> None:
    lines = heard.files["talk.mkv"]["transcript"]
    assert [line["text"] for line in lines] == list(SAID)
    for line, (begin_s, end_s) in zip(lines, heard.talk.spoken, strict=True):
        assert line["start_s"] == pytest.approx(begin_s, abs=NEAR_S)
        assert line["end_s"] == pytest.approx(end_s, abs=NEAR_S)
    assert heard.shown["transcript"] == lines
    assert {line["lang"] for line in lines} == {"en"}


def test_a_long_talk_goes_to_the_model_in_stretches_all_at_once(heard: Heard) -> None:
    (stretches,) = heard.stretches
    assert len(stretches) >= 3 and all(15 < length <= 30 for length in stretches[:-1])


def test_the_transcript_is_in_the_sidecar_and_beside_the_film(heard: Heard) -> None:
    sidecar = heard.sidecars["talk.mkv"]
    further = map(json.loads, sidecar["XMP-captiond:MoreTranscript"])
    lines = [line["Text"] for line in sidecar["XMP-captiond:Transcript"]]
    assert [*lines, *(line["text"] for line in further)] == list(SAID)
    assert sidecar["XMP-iptcExt:Transcript-en"].splitlines() == list(SAID)
    first = heard.files["talk.mkv"]["transcript"][0]
    assert float(sidecar["XMP-captiond:Transcript"][0]["Start"]) == first["start_s"]
    cues = heard.vtt.split("\n\n")[2:]
    assert [cue.splitlines()[1] for cue in cues] == list(SAID)
    assert cues[0].startswith(f"00:00:00.{round(first['start_s'] * 1000)} --> 00:00:03.")


def test_words_that_were_spoken_are_found(heard: Heard) -> None:
    assert heard.found["lighthouse"] == ["talk.mkv"]
    assert heard.found["narrator"] == []


def test_the_summary_is_made_of_what_is_said_as_a_quotation(heard: Heard) -> None:
    (asked,) = [each for each in heard.asked.values() if SPOKEN.search(each.text)]
    assert SPOKEN.findall(asked.text) == [" ".join(SAID)]
    assert (
        asked.text.index("<<<")
        < asked.text.index("Words that are spoken")
        < asked.text.index(">>>")
    )
    assert "summary" in asked.tasks and len(heard.asked) == 3
    assert heard.files["talk.mkv"]["summary"]["en"].startswith(f'{SEEN} A speaker says: "{SAID[0]}')
    assert heard.sidecars["talk.mkv"]["XMP-captiond:Summary-en"].endswith(f'{SAID[-1]}"')


def test_nothing_is_claimed_of_sounds_that_nobody_heard(heard: Heard) -> None:
    for name in ("talk.mkv", "music.mp4", "silent.mp4"):
        assert heard.files[name]["caption"]["en"] == SEEN
    for name in ("music.mp4", "silent.mp4"):
        assert heard.files[name]["summary"]["en"] == SEEN
        assert heard.files[name]["transcript"] == []
        assert not [key for key in heard.sidecars[name] if "Transcript" in key]
    assert any(sound.startswith("nobody speaks") for sound in heard.asked)
    assert "there is none" in heard.asked


def test_whether_anybody_listened_is_told(heard: Heard) -> None:
    for name in ("talk.mkv", "music.mp4"):
        made = heard.files[name]["provenance"]["speech"]
        assert made["engine"] == "transformers" and made["model"].startswith("whisper@")
        assert "speech" not in heard.files[name]["not_run"]
    assert "speech" in heard.files["silent.mp4"]["not_run"]
    assert {"listen", "transcribe"} <= set(heard.files["talk.mkv"]["stats"]["seconds"])
    assert "transcribe" not in heard.files["music.mp4"]["stats"]["seconds"]


def test_a_second_run_asks_nobody_and_undo_takes_all_of_it_back(heard: Heard) -> None:
    films = {"talk.mkv", "music.mp4", "silent.mp4"}
    assert heard.beside == films | {f"{name}.xmp" for name in films} | {"talk.mkv.vtt"}
    assert heard.again == (0, 0)
    assert heard.undone == films


# -- before speech was asked for, and five hours of it ---------------------------------------------


@pytest.fixture(scope="module")
def spoken() -> Dialogue:
    return talk()


def test_films_described_before_speech_was_asked_for_are_found(
    tmp_path: Path, spoken: Dialogue
) -> None:
    with ScriptedServer(bold) as server:
        captiond = hearing(tmp_path, server.url, TASKS, spoken)
        wave = spoken.wave[: _end(spoken, 2)]
        path = captiond.inbox / "talk.mkv"
        sounding.podcast(path, {0.0: wave}, RATE, len(wave) / RATE)
        captiond("run", "--once")
        captiond = hearing(tmp_path, server.url, (*TASKS, "speech"), spoken)
        captiond("run", "--once")
        assert captiond.json("show", path)["transcript"] == [], "nothing is done unasked"
        captiond("redo", "--stale")
        captiond("run", "--once")
        assert [line["text"] for line in captiond.json("show", path)["transcript"]] == [*SAID[:2]]
        assert path.with_name("talk.mkv.vtt").exists()
        assert len(server.chats) == 2


HOURS_S = 5 * 3600.0
LOW = 8_000


def _end(spoken: Dialogue, count: int) -> int:
    """Give the sample before which so many sentences are said."""
    return round((spoken.spoken[count - 1][1] + 0.5) * RATE)


class Watcher(threading.Thread):
    """Notes how large media workers grew."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._root = root
        self._over = threading.Event()
        self.memory = 0

    def run(self) -> None:
        while not self._over.wait(0.25):
            self.memory = max([self.memory, *_workers(self._root)])

    def stop(self) -> None:
        self._over.set()
        self.join()


def _workers(root: Path) -> Iterator[int]:
    """Give the largest size, in bytes, that each media worker of a captiond has had."""
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            place = status.parent
            is_ours = bytes(root) in (place / "environ").read_bytes()
            if is_ours and b"daemon.worker" in (place / "cmdline").read_bytes():
                told = dict(line.split(":\t", 1) for line in status.read_text().splitlines())
                yield int(told.get("VmHWM", "0").split()[0]) * 1024


def test_five_hours_are_heard_in_little_memory_and_to_the_end(
    tmp_path: Path, spoken: Dialogue
) -> None:
    # the second talk goes on over the end of an hour, where a passage ends
    talks = {60.0: 2, 3595.0: 8, HOURS_S - 30: 4}
    waves = {at: spoken.wave[: _end(spoken, count)][::6] for at, count in talks.items()}
    with ScriptedServer(bold) as server:
        captiond = hearing(tmp_path, server.url, ("caption", "speech"), spoken)
        path = captiond.inbox / "podcast.mkv"
        sounding.podcast(path, waves, LOW, HOURS_S, "wavpack", 60, (4800.0, HOURS_S - 600))
        watcher = Watcher(tmp_path)
        watcher.start()
        captiond("run", "--once", timeout=300)
        watcher.stop()
    lines = captiond.json("show", path)["transcript"]
    assert [line["text"] for line in lines] == [*SAID[:2], *SAID[:8], *SAID[:4]]
    true = [(at + a, at + b) for at, n in talks.items() for a, b in spoken.spoken[:n]]
    for line, (begin_s, end_s) in zip(lines, true, strict=True):
        assert line["start_s"] == pytest.approx(begin_s, abs=NEAR_S)
        assert line["end_s"] == pytest.approx(end_s, abs=NEAR_S)
    assert lines[-1]["start_s"] > 4 * 3600 + 59 * 60
    kept = tmp_path / "state/models"
    assert len(scripted_whisper.heard(kept)) == 4
    assert 0 < scripted_whisper.most_scratch(kept) < 20_000_000
    assert 0 < watcher.memory < 300_000_000
