"""`captiond tags`: list the library's keywords, rename and merge those of captiond's."""

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from daemon.control import ask
from metadata.fields import KEYWORDS, SUBJECT, words
from metadata.index import Index
from metadata.plain import plain
from tests.running import Captiond, Daemon

COLOURS = {"a.jpg": "red", "b.jpg": "red", "c.jpg": "blue"}


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """Have three pictures described, one of them with keywords of a human's."""
    captiond = Captiond(tmp_path_factory.mktemp("tags"))
    for number, (name, colour) in enumerate(COLOURS.items()):
        Image.new("RGB", (64 + number, 64), colour).save(captiond.inbox / name)
    edit(captiond.inbox / "c.jpg", "-XMP-dc:Subject=Red", "-XMP-dc:Subject=Oma")
    with captiond.daemon() as running:
        running.settles(3)
        asked(running, "redo", stale=True)
        yield running


def edit(path: Path, *arguments: str) -> None:
    subprocess.run(["exiftool", "-q", "-overwrite_original", *arguments, path], check=True)


def asked(daemon: Daemon, do: str, **request: Any) -> tuple[int, str, dict[str, Any]]:
    """Give the exit code, what was said, and the files by name."""
    answers = list(ask(daemon.captiond.root / "state", {"do": do, **request}))
    files = [answer["file"] for answer in answers if "file" in answer]
    says = " ".join(answer["says"] for answer in answers if "says" in answer)
    return answers[-1]["exit"], says, {Path(file["path"]).name: file for file in files}


def renamed(daemon: Daemon, *olds: str, into: str) -> tuple[int, str, dict[str, Any]]:
    return asked(daemon, "rename", words=list(olds), into=into)


def written(captiond: Captiond, name: str) -> list[str]:
    """Give the plain keywords in a sidecar, which must stand in the other fields as well."""
    found = plain((captiond.inbox / f"{name}.xmp").read_bytes()) or {}
    for field, separator in KEYWORDS.items():
        last = {word.split(separator or "\n")[-1] for word in words(found, field)}
        assert last == set(words(found, SUBJECT))
    return words(found, SUBJECT)


def tags(captiond: Captiond, name: str) -> dict[str, str]:
    with Index.open(captiond.root / "state/index.db") as index:
        record = index.get(captiond.inbox / name)
    assert record
    return {tag.name: tag.source for tag in record.description.tags}


def bytes_of(captiond: Captiond) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in captiond.inbox.glob("*.xmp")}


def test_the_list_tells_whose_words_they_are(daemon: Daemon) -> None:
    told = daemon.captiond("tags", "list", "--json", "om", "RED").stdout.splitlines()
    lines = {line["word"]: line for line in map(json.loads, told)}
    # all are spelled as the human spells it
    assert lines["Red"] == {"word": "Red", "files": 3, "ours": 2, "human": 1, "above": []}
    assert lines["Oma"]["human"] == 1 and not {"red", "blue"} & set(lines)
    counts = [line["files"] for line in lines.values()]
    assert counts == sorted(counts, reverse=True)
    table = daemon.captiond("tags", "list").stdout
    assert "captiond's" in table and "Oma" in table and "blue" in table


def test_a_rename_and_back(daemon: Daemon) -> None:
    captiond = daemon.captiond
    before = bytes_of(captiond)
    code, says, files = renamed(daemon, "RED", into="crimson")
    assert code == 0 and set(files) == {"a.jpg", "b.jpg"}
    assert "2 to write again" in says and "1 file keeps the word" in says
    assert {"name": "crimson", "source": "builtin"}.items() <= files["a.jpg"]["tags"][0].items()
    assert "crimson" in written(captiond, "a.jpg") and "Red" not in written(captiond, "a.jpg")
    assert "Red" in written(captiond, "c.jpg")
    assert bytes_of(captiond)["c.jpg.xmp"] == before["c.jpg.xmp"]
    # described again it is still called so; it is not stale, and is had back from the files
    again = asked(daemon, "redo", paths=[str(captiond.inbox / "a.jpg")])[2]
    assert "crimson" in {tag["name"] for tag in again["a.jpg"]["tags"]}
    assert asked(daemon, "redo", stale=True)[1] == "0 to describe again"
    known = tags(captiond, "b.jpg")
    asked(daemon, "reindex")
    assert tags(captiond, "b.jpg") == known and "crimson" in known
    _, says, files = renamed(daemon, "crimson", into="Red")
    assert "taken back" in says and set(files) == {"a.jpg", "b.jpg"}
    assert bytes_of(captiond)["b.jpg.xmp"] == before["b.jpg.xmp"]
    state = sqlite3.connect(captiond.root / "state/state.db")
    assert state.execute("SELECT count(*) FROM renames").fetchone() == (0,)
    state.close()
    # what the user spells goes before what is usual
    assert renamed(daemon, "Red", into="red")[0] == 0 and "red" in written(captiond, "a.jpg")
    assert renamed(daemon, "red", into="Red")[0] == 0
    assert bytes_of(captiond)["b.jpg.xmp"] == before["b.jpg.xmp"]


def test_what_cannot_be_a_keyword_is_refused(daemon: Daemon) -> None:
    before = bytes_of(daemon.captiond)
    for new in ("a|b", "", "x" * 65, " red"):
        assert "can be no keyword" in renamed(daemon, "red", into=new)[1]
    assert "an empty word" in renamed(daemon, " ", into="x")[1]
    assert renamed(daemon, "nowhere", into="no")[:2] == (0, "0 to write again, with 'no'")
    assert "was renamed to 'no' before" in renamed(daemon, "red", into="nowhere")[1]
    assert renamed(daemon, "no", into="nowhere")[0] == 0
    assert bytes_of(daemon.captiond) == before
    assert "no keyword" in daemon.captiond("tags", "merge", "a", "b", "c;d", code=2).stderr


def test_a_file_that_cannot_be_written_is_told_and_done_later(daemon: Daemon) -> None:
    captiond = daemon.captiond
    sidecar = captiond.inbox / "b.jpg.xmp"
    kept = sidecar.read_bytes()
    sidecar.write_bytes(b"<broken")
    code, _, files = renamed(daemon, "red", into="scarlet")
    assert code == 1 and files["b.jpg"]["error"]["reason"] == "sidecar_invalid"
    assert "scarlet" in written(captiond, "a.jpg")
    sidecar.write_bytes(kept)
    asked(daemon, "retry", all=True)
    assert "scarlet" in written(captiond, "b.jpg")
    assert renamed(daemon, "scarlet", into="Red")[0] == 0


def test_a_new_file_follows_and_ours_can_be_taken_back(daemon: Daemon) -> None:
    captiond = daemon.captiond
    edit(captiond.inbox / "c.jpg.xmp", "-XMP-xmp:Rating=4")
    ours = [name for name, source in tags(captiond, "c.jpg").items() if source != "human"]
    assert renamed(daemon, *ours, into="Everything")[0] == 0
    assert set(tags(captiond, "c.jpg")) == {"Oma", "Red", "Everything"}
    Image.new("RGB", (80, 64), "blue").save(captiond.inbox / "d.jpg")
    daemon.settles(4)
    assert set(tags(captiond, "d.jpg")) == {"Everything"}
    asked(daemon, "undo", paths=[str(captiond.inbox)])
    assert [*captiond.inbox.glob("*.xmp")] == [captiond.inbox / "c.jpg.xmp"]
    left = subprocess.check_output(
        ["exiftool", "-s", "-s", "-XMP:all", captiond.inbox / "c.jpg.xmp"], text=True
    )
    assert [line.split(":")[0] for line in left.splitlines()] == ["XMPToolkit", "Rating"]


def test_another_list_and_a_merge_without_a_daemon(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("Colour\n\tCrimson\n\t\t{red}\n")
    plainly = Captiond(tmp_path)
    Image.new("RGB", (64, 64), "red").save(plainly.inbox / "a.jpg")
    plainly("process", plainly.inbox)
    before = bytes_of(plainly)
    listed = Captiond(tmp_path, 'vocabulary = "words.txt"')
    told = listed("redo", "--stale").stdout
    assert "0 to describe again" in told and "1 to write again" in told
    sidecar = (listed.inbox / "a.jpg.xmp").read_text()
    assert "Colour|Crimson" in sidecar and "Colour/Crimson" in sidecar
    Captiond(tmp_path)("redo", "--stale")
    assert bytes_of(plainly) == before
    done = plainly("tags", "merge", *tags(plainly, "a.jpg"), "Everything")
    assert "1 to write again" in done.stderr and "a.jpg: Everything" in done.stdout
    assert written(plainly, "a.jpg") == ["Everything"]
