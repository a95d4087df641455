"""Other programs write our sidecars anew: nothing of ours is lost, and what they wrote is kept."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from metadata.formats import is_sidecar
from tests.conformance import darktable, exiv2
from tests.conformance.conftest import needed
from tests.conformance.library import CASES, answer, described, engine
from tests.conformance.shown import Shown
from tests.running import REPOSITORY, Captiond
from tests.scripted_server import ScriptedServer

NAMES = ("plain.jpg", "noted.jpg", "beside.jpg", "lightroom.jpg", "iptc.jpg")
WAYS = ("append", "replace", "embed")
KEYWORDS = {"XMP-dc:Subject", "XMP-lr:HierarchicalSubject", "XMP-digiKam:TagsList"}
SIGNATURES = {"SourceFile", "XMP-x:XMPToolkit"}
OURS = REPOSITORY / "metadata/captiond.config"
Read = Mapping[str, Any]


@dataclass(frozen=True)
class Rewritten:
    """A library that darktable has written anew: what its files said before, and after."""

    captiond: Captiond
    before: Mapping[Path, Read]
    after: Mapping[Path, Read]
    known: Mapping[str, Any]


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> Rewritten:
    needed("darktable", darktable.NEEDS)
    root = tmp_path_factory.mktemp("rewritten")
    captiond = described(root, WAYS, [case for case in CASES if case.name in NAMES])
    before, known = read(captiond.inbox), shown(captiond)
    for way in WAYS:
        folder = captiond.inbox / way
        stamps = {path: path.stat().st_mtime_ns for path in folder.glob("*.xmp")}
        own = [folder / f"{name}.xmp" for name in NAMES]

        def written(own: list[Path] = own, stamps: Mapping[Path, int] = stamps) -> bool:
            return all(
                path.exists() and path.stat().st_mtime_ns != stamps.get(path) for path in own
            )

        darktable.Darktable(root / f"darktable-{way}").rewrites(folder, written)
    return Rewritten(captiond, before, read(captiond.inbox), known)


def test_darktable_loses_nothing_of_ours(rewritten: Rewritten) -> None:
    there = [path for path in rewritten.before if is_sidecar(path) or path.parent.name == "embed"]
    assert len(there) == 3 * len(NAMES) + 1  # one of the embedded has had a sidecar before
    for path in there:
        before, after = rewritten.before[path], rewritten.after[path]
        for name, value in before.items():
            if name in KEYWORDS:
                assert sorted(after[name]) == sorted(value), (path, name)
            elif name not in SIGNATURES:
                assert after[name] == value, (path, name)


def test_darktable_has_written(rewritten: Rewritten) -> None:
    for way in WAYS:
        for name in NAMES:
            assert (
                "XMP-darktable:Import_timestamp"
                in rewritten.after[rewritten.captiond.inbox / way / f"{name}.xmp"]
            )


def test_the_next_run_asks_nobody_and_changes_nothing(rewritten: Rewritten) -> None:
    with ScriptedServer(answer) as server:
        runs(rewritten.captiond, server)
        assert not server.chats
    assert read(rewritten.captiond.inbox) == rewritten.after
    assert spoken(shown(rewritten.captiond)) == spoken(rewritten.known)


def test_what_is_known_is_had_back_from_what_darktable_wrote(rewritten: Rewritten) -> None:
    rewritten.captiond("reindex")
    assert spoken(shown(rewritten.captiond)) == spoken(rewritten.known)


def test_describing_again_keeps_what_darktable_wrote_and_each_word_once(
    rewritten: Rewritten,
) -> None:
    described_again(rewritten.captiond)
    after = read(rewritten.captiond.inbox)
    for path in filter(is_sidecar, after):
        for name, value in rewritten.after[path].items():
            if "darktable" in name and value:  # ExifTool keeps no empty list
                assert after[path][name] == value, (path, name)
        for name in KEYWORDS:
            assert len(set(after[path][name])) == len(after[path][name]), (path, name)
    assert spoken(shown(rewritten.captiond)) == spoken(rewritten.known)


def test_words_taken_out_and_written_with_another_program_count(rewritten: Rewritten) -> None:
    captiond = rewritten.captiond
    sidecar = captiond.inbox / "append/plain.jpg.xmp"
    lists = [f"set {name} XmpBag {word}" for name in exiv2.LISTS for word in ("apple", "Baum")]
    gone = [f"del {name}" for name in exiv2.LISTS]
    exiv2.edits(sidecar, *gone, *lists, "set Xmp.dc.description lang=x-default Ein Baum")
    described_again(captiond)
    wanted = Shown(frozenset({("apple",), ("Baum",)}), "Ein Baum")
    assert exiv2.reads(sidecar) == dict.fromkeys(exiv2.LISTS, wanted)
    told = captiond.json("show", str(captiond.inbox / "append/plain.jpg"))
    assert {tag["name"]: tag["source"] for tag in told["tags"]} == {
        "apple": "openai",
        "Baum": "human",
    }


def described_again(captiond: Captiond) -> None:
    with ScriptedServer(answer) as server:
        address(captiond, server)
        captiond("redo", *map(str, pictures(captiond)), timeout=300)


def runs(captiond: Captiond, server: ScriptedServer) -> None:
    address(captiond, server)
    captiond("run", "--once", timeout=300)


def address(captiond: Captiond, server: ScriptedServer) -> None:
    """Name the server that is running now."""
    before, _, _ = captiond.config.read_text().partition("[engine]")
    captiond.config.write_text(before + engine(server.url))


def pictures(captiond: Captiond) -> Iterator[Path]:
    return (path for path in sorted(captiond.inbox.rglob("*.*")) if not is_sidecar(path))


def shown(captiond: Captiond) -> dict[str, Any]:
    return {str(path): captiond.json("show", str(path)) for path in pictures(captiond)}


def spoken(known: Mapping[str, Any]) -> dict[str, Any]:
    """Give what is said of files, words in any order: not when it was found out."""
    return {
        path: (said["caption"], said["alt"], sorted(map(str, said["tags"])), said["sentiment"])
        for path, said in known.items()
    }


def read(folder: Path) -> dict[Path, Read]:
    """Read all XMP of all files with our own namespace."""
    plain = ["exiftool", "-config", OURS, "-json", "-struct", "-G1", "-r", "-q", "-XMP:all"]
    told = subprocess.run([*plain, folder], check=True, capture_output=True).stdout
    return {Path(tags["SourceFile"]): tags for tags in json.loads(told)}
