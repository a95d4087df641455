"""A running captiond at bad moments: others write too, folders close, sidecars are no good."""

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from metadata import sidecar
from metadata.asset import AssetError
from metadata.exiftool import ExifTool
from metadata.reasons import Reason
from tests import drawn
from tests.insides import Case
from tests.running import Captiond, Daemon, until
from tests.sidecars import SMALL, exiftool, foreign
from tests.spoiled import SPOILED, in_jpeg

__all__ = ["exiftool"]

INSIDE = '[[folders]]\npath = "inside"\nsettle_s = 0.3\ndam = "lightroom"'
BOUND = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]


class Bound(Captiond):
    """One that has no more rights than its user, also where that is root."""

    @property
    def command(self) -> list[str]:
        return [*(BOUND if os.geteuid() == 0 else []), *super().command]


@pytest.fixture
def captiond(tmp_path: Path) -> Captiond:
    (tmp_path / "inside").mkdir()
    return Bound(tmp_path, folder=INSIDE, tasks=("caption", "tags"), languages=())


def _words(sidecar: Path) -> list[str]:
    return [each.text or "" for each in _list(sidecar.read_bytes())]


def _list(document: bytes) -> list[ElementTree.Element]:
    rdf, dc = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}", "{http://purl.org/dc/elements/1.1/}"
    return list(ElementTree.fromstring(document).iterfind(f".//{dc}subject/{rdf}Bag/{rdf}li"))


def _job(captiond: Captiond, name: str) -> dict[str, object]:
    found = {Path(job["path"]).name: job for job in captiond.lines("jobs")}
    job: dict[str, object] = found[name]
    return job


def test_what_is_no_good_is_left_alone_and_told_once(captiond: Captiond) -> None:
    inside = captiond.root / "inside"
    alone, broken = captiond.inbox / "gone.jpg.xmp", captiond.inbox / "broken.jpg.xmp"
    for name in ("broken.jpg", "two.jpg"):
        drawn.jpeg(captiond.inbox / name)
    alone.write_bytes(foreign("Oma"))
    broken.write_bytes(SPOILED["cut short"])
    (captiond.inbox / "two.jpg.xmp").write_bytes(foreign("Oma"))
    (captiond.inbox / "two.xmp").write_bytes(foreign("Opa", caption=False))
    picture = in_jpeg(inside / "spoiled.jpg", SPOILED["cut short"])
    left = {path: path.read_bytes() for path in (alone, broken, picture)}
    with captiond.daemon() as daemon:
        daemon.settles(done=2)
        until(lambda: _job(captiond, "broken.jpg")["state"] == "failed", 20, daemon.said)
        job = _job(captiond, "broken.jpg")
        assert {path: path.read_bytes() for path in left} == left
        assert "gone.jpg" not in daemon.said()
        told = daemon.said()
        broken.write_bytes(foreign("Oma"))
        daemon.settles(done=3)
    assert "sidecar" in str(job["error"]) and "gone.jpg" not in captiond.states()
    assert told.count("broken.jpg") <= 2, told
    assert "spoiled.jpg" in told and "XMP" in told
    assert set(_words(captiond.inbox / "two.jpg.xmp")) >= {"Oma", "Opa"}
    assert set(_words(captiond.inbox / "two.xmp")) >= {"Oma", "Opa"}
    assert "Oma" in _words(broken) and len(_words(broken)) > 1


def test_P11_a_folder_that_turns_read_only_half_way_is_done_when_it_is_back(
    tmp_path: Path,
) -> None:
    captiond = Bound(tmp_path, folder='poll = "always"', tasks=("caption", "tags"), languages=())
    names = [f"{number:02}.jpg" for number in range(16)]
    for number, name in enumerate(names):
        drawn.jpeg(captiond.inbox / name, (64, 48), (number * 15, 60, 200))
    with captiond.daemon() as daemon:
        until(lambda: any(captiond.inbox.glob("*.xmp")), 20, daemon.said)
        captiond.inbox.chmod(0o555)
        until(lambda: not _left(daemon), 30, daemon.said)
        before = list(captiond.inbox.glob("*.xmp"))
        failed = [job for job in captiond.lines("jobs") if job["state"] == "failed"]
        captiond.inbox.chmod(0o755)
        daemon.settles(done=len(names))
    assert failed and all("permission" in job["error"]["message"] for job in failed)
    assert len(before) == len(names) - len(failed)
    # what was half made when the folder closed could not be removed then: the next start does it
    captiond("run", "--once")
    made = {path.name for path in captiond.inbox.iterdir()}
    assert made == {*names, *(f"{name}.xmp" for name in names)}


def _left(daemon: Daemon) -> int:
    queue = daemon.status()["queue"]
    return int(queue["pending"] + queue["running"] + queue["settling"])


@contextmanager
def _writing(add: Callable[[str], None]) -> Iterator[list[str]]:
    """Have another program add word after word, as quickly as it can, until this ends."""
    added, end = list[str](), threading.Event()

    def work() -> None:
        for number in count():
            if end.wait(0.03):
                return
            word = f"word {number}"
            add(word)
            added.append(word)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield added
    finally:
        end.set()
        thread.join()


def _with(document: bytes, word: str) -> bytes:
    added = f"<rdf:li>{word}</rdf:li>".encode()
    return re.sub(rb"(</rdf:Bag>\s*</dc:subject>)", added + rb"\1", document)


def _in_place(path: Path) -> Callable[[str], None]:
    """Write as darktable does: what stands there is cut to nothing, then written."""

    def add(word: str) -> None:
        path.write_bytes(_with(path.read_bytes(), word))

    return add


def _by_rename(path: Path) -> Callable[[str], None]:
    def add(word: str) -> None:
        new = path.with_name(f".{path.name}")
        new.write_bytes(_with(path.read_bytes(), word))
        new.rename(path)

    return add


def test_D8_sidecars_that_another_program_keeps_writing_lose_no_word(captiond: Captiond) -> None:
    cut, renamed = captiond.inbox / "a.jpg.xmp", captiond.inbox / "b.jpg.xmp"
    for number, beside in enumerate((cut, renamed)):
        beside.write_bytes(foreign("Oma"))
        drawn.jpeg(beside.with_suffix(""), (64, 48), (200, 90 * number, 60))
    with captiond.daemon() as daemon:
        with _writing(_in_place(cut)) as first, _writing(_by_rename(renamed)) as second:
            until(lambda: min(len(first), len(second)) > 40, 30, daemon.said)
        daemon.settles(done=2)
    assert {"Oma", *first} <= set(_words(cut)) and {"Oma", *second} <= set(_words(renamed))
    assert len(list(captiond.inbox.iterdir())) == 4


def test_D8_a_picture_that_another_program_keeps_writing_loses_no_word(
    exiftool: ExifTool, tmp_path: Path
) -> None:
    case, busy = Case(exiftool, drawn.jpeg(tmp_path / "a.jpg", (64, 48))), 0
    pixels = Image.open(case.path).tobytes()
    (tmp_path / "other").mkdir()
    with ExifTool("exiftool", tmp_path / "other") as other:

        def add(word: str) -> None:
            made = other.embed(case.path, {}, [], (f"-XMP-dc:Subject+={word}",))
            made.rename(case.path)

        with _writing(add) as added:
            until(lambda: added, 10)
            for number in range(20):
                try:
                    for change in case.prepare(
                        replace(SMALL, caption={"en": f"{number}."})
                    ).changes:
                        sidecar.place(change)
                except AssetError as error:
                    assert error.reason is Reason.BUSY
                    busy += 1
    case.write()
    assert {*added, "red", "summer"} <= set(case.words()) and len(added) > 10 and busy
    assert Image.open(case.path).tobytes() == pixels
    assert {path.name for path in tmp_path.iterdir()} == {"a.jpg", "other"}
