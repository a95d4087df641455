"""What others change is read back: found as a human's, described by nobody, never rewritten.

exiv2 is the second program: it edits media files and sidecars while captiond runs, and while it
does not, and moves some of them at once.
"""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from scripted_server import ANSWERS, MODEL, ScriptedServer

from metadata.description import Tag
from metadata.search import IndexReader
from tests import drawn
from tests.running import Captiond, Daemon, until

PLACES = ("inside", "beside")
TIMES = ("running", "off")
OURS = ANSWERS["tags"]
GONE, HUMAN = OURS[1], "Oma"
CAPTION = "Oma in the garden"
FOLDERS = """dam = "lightroom"
[[folders]]
path = "beside"
settle_s = 0.3
"""


@dataclass
class Library:
    """Two folders, whose values go into the files or beside them, and what happened there."""

    captiond: Captiond
    server: ScriptedServer
    folders: dict[str, Path]
    asked: dict[str, int] = field(default_factory=dict)
    left: dict[Path, str] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)

    def path(self, place: str, time: str, what: str) -> Path:
        return self.folders[place] / f"{what}-{time}.jpg"

    def target(self, path: Path) -> Path:
        """Name the file that holds the values of *path*."""
        return path if path.parent == self.folders["inside"] else Path(f"{path}.xmp")

    def found(self) -> dict[str, Any]:
        """List every file that is found, by its path."""
        return {file["path"]: file for file in self.captiond.lines("search")}

    def told(self, place: str, time: str, what: str) -> Any:
        return self.files[str(self.path(place, time, what))]

    def edit(self, time: str) -> None:
        """Do what a person does: correct, correct and move at once, and paint over."""
        for place in PLACES:
            path = self.path(place, time, "edited")
            exiv2(self.target(path))
            self.left[path] = digest(self.target(path))
            path = self.path(place, time, "moved")
            exiv2(self.target(path))
            for file in {path, self.target(path)}:
                file.rename(file.with_name(file.name.replace("moved", "here")))
            path = self.path(place, time, "painted")
            exiv2(self.target(path))
            repaint(path)

    def settled(self, time: str) -> bool:
        """Tell whether all that was done is known."""
        changed = [self.path(place, time, w) for place in PLACES for w in ("edited", "here")]
        painted = [self.path(place, time, "painted") for place in PLACES]
        with IndexReader.open(self.captiond.root / "state/index.db") as index:
            words = [record and record.description.tags for record in map(index.get, changed)]
            widths = [record and record.asset.width for record in map(index.get, painted)]
        return widths == [96, 96] and all(Tag(HUMAN, "human") in (each or ()) for each in words)


def exiv2(path: Path) -> None:
    """Add a word, take one of ours out, and write another caption."""
    kept = [word for word in OURS if word != GONE]
    words = [f"-Mset Xmp.dc.subject XmpBag {word}" for word in (*kept, HUMAN)]
    caption = f"-Mset Xmp.dc.description lang=x-default {CAPTION}"
    subprocess.run(
        ["exiv2", "-q", "-Mdel Xmp.dc.subject", *words, caption, "modify", path], check=True
    )


def repaint(path: Path) -> None:
    """Change the pixels, and keep the metadata as good programs do."""
    colour = hashlib.sha256(os.fsencode(path)).digest()[0]
    new = drawn.jpeg(path.with_name("new.tmp"), size=(96, 64), colour=(colour, 250, 3))
    options = ["-config", "", "-q", "-overwrite_original", "-tagsfromfile", path, "-all:all"]
    subprocess.run(["exiftool", *options, new], check=True)
    new.rename(path)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def names(file: Any, source: str) -> list[str]:
    human = source == "human"
    return [tag["name"] for tag in file["tags"] if (tag["source"] == "human") is human]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    root = tmp_path_factory.mktemp("library")
    with ScriptedServer() as server:
        captiond = Captiond(root, folder=FOLDERS, tasks=("caption", "tags"), languages=())
        engine = f'[engine]\nuse = "openai"\n[[engine.endpoints]]\nurl = "{server.url}"\n'
        with captiond.config.open("a") as config:
            config.write(f'{engine}model = "{MODEL}"\n')
        (root / "beside").mkdir()
        told = Library(captiond, server, {"inside": captiond.inbox, "beside": root / "beside"})
        colours = iter(range(0, 240, 20))
        for place, time, what in product(PLACES, TIMES, ("edited", "moved", "painted")):
            path = told.path(place, time, what)
            drawn.jpeg(path, size=(64, 48), colour=(next(colours), 30, 200))
        with captiond.daemon() as daemon:
            daemon.settles(done=12)
            told.asked["begin"] = len(server.chats)
            told.edit("running")
            _wait(told, daemon, "running")
        for place, what in product(PLACES, ("here", "painted")):
            path = told.path(place, "running", what)
            told.left[path] = digest(told.target(path))
        told.asked["running"] = len(server.chats)
        told.edit("off")
        with captiond.daemon() as daemon:
            _wait(told, daemon, "off")
        told.asked["off"] = len(server.chats)
        told.files = told.found()
        yield told


def _wait(told: Library, daemon: Daemon, time: str) -> None:
    until(lambda: told.settled(time), 30, lambda: f"{told.found()} {daemon.said()}")
    daemon.settles(done=12)


def test_nobody_is_asked_but_about_pixels_that_changed(library: Library) -> None:
    assert library.asked == {"begin": 12, "running": 14, "off": 16}


@pytest.mark.parametrize("what", ["edited", "here", "painted"])
@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("place", PLACES)
def test_a_humans_words_are_found_and_what_was_taken_out_stays_out(
    library: Library, place: str, time: str, what: str
) -> None:
    file = library.told(place, time, what)
    assert HUMAN in names(file, "human")
    assert names(file, "ours") == [word for word in OURS if word != GONE]
    assert GONE not in names(file, "human")
    assert file["caption"]["x-default"] == CAPTION
    assert file["caption"]["en"], "ours is still known"
    assert file["provenance"]["caption.x-default"]["engine"] == "human"


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("place", PLACES)
def test_what_others_wrote_is_not_written_over(library: Library, place: str, time: str) -> None:
    path = library.path(place, time, "edited")
    assert digest(library.target(path)) == library.left[path]


@pytest.mark.parametrize("what", ["here", "painted"])
@pytest.mark.parametrize("place", PLACES)
def test_what_came_under_another_name_or_with_other_pixels_is_written_once(
    library: Library, place: str, what: str
) -> None:
    path = library.path(place, "running", what)
    assert digest(library.target(path)) == library.left[path], "also after another start"


def test_search_finds_a_humans_words_and_none_that_were_taken_out(library: Library) -> None:
    def found(tag: str) -> set[str]:
        return {Path(file["path"]).name for file in library.captiond.lines("search", "--tag", tag)}

    assert len(found(HUMAN)) == 6 and found(GONE) == set()


def test_what_is_taken_back_while_captiond_runs_stirs_nothing(library: Library) -> None:
    captiond, asked = library.captiond, len(library.server.chats)
    paths = [library.path(place, "off", what) for place in PLACES for what in ("edited", "painted")]
    with captiond.daemon() as daemon:
        told = captiond("undo", *paths, "--dry-run").stdout
        assert told.count("would change") == 4 and f"  - XMP-dc:Subject: {OURS[0]}" in told
        assert f"XMP-dc:Subject: {HUMAN}" not in told and "XMP-dc:Description" not in told
        assert library.captiond("undo", *paths).stdout.count("taken out") == 4
        left = [digest(library.target(path)) for path in paths]
        # what came after has been seen when this one has been described
        drawn.jpeg(captiond.inbox / "last.jpg", size=(64, 48), colour=(255, 255, 0))
        daemon.settles(done=12 - len(paths) + 1)
    assert len(library.server.chats) == asked + 1
    assert [digest(library.target(path)) for path in paths] == left
    for path in map(library.target, paths):
        said = subprocess.run(
            ["exiftool", "-s3", "-XMP-dc:Subject", "-XMP-captiond:all", path],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert said.stdout == f"{HUMAN}\n"
    assert set(captiond.states()[path.name] for path in paths) == {"skipped"}
