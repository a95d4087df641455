"""Listing a hot folder: all that counts, nothing else, and never out of it."""

import os
import time
from pathlib import Path

from daemon.watch.names import Names
from daemon.watch.scan import CHUNK, Found, look, scan
from metadata.asset import Stat
from tests.powers import READ_ANYTHING, without


def listed(root: Path, names: Names | None = None) -> tuple[list[Found], list[str], list[str]]:
    """List *root*; give the files, the folders entered and those refused, below the root."""
    entered: list[str] = []
    refused: list[str] = []
    chunks = scan(
        str(root),
        names or Names.below(root),
        lambda where, _: entered.append(os.path.relpath(where, root)),
        lambda where, _: refused.append(os.path.relpath(where, root)),
    )
    return [found for chunk in chunks for found in chunk], entered, refused


def below(root: Path, found: list[Found]) -> set[str]:
    return {str(f.path.relative_to(root)) for f in found}


def make(root: Path, *places: str) -> None:
    for place in places:
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def test_finds_what_counts_and_passes_over_the_rest(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "a.jpg.xmp", "2024/b.MP4", "2024/06/c.heic", "d.txt", ".e.jpg")
    make(tmp_path, "@eaDir/a.jpg/SYNOPHOTO_THUMB_XL.jpg", ".thumbnails/x.png", "raw/f.cr2")
    names = Names.below(tmp_path, ["raw"])
    found, entered, refused = listed(tmp_path, names)
    assert below(tmp_path, found) == {"a.jpg", "a.jpg.xmp", "2024/b.MP4", "2024/06/c.heic"}
    assert set(entered) == {".", "2024", "2024/06"}
    assert refused == []


def test_a_found_file_knows_its_path_and_stat(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg")
    ((found,), _, _) = listed(tmp_path)
    assert found.path == tmp_path / "a.jpg"
    assert found.stat == Stat.of((tmp_path / "a.jpg").stat()) == look(found.path)


def test_W18_links_pipes_and_folders_are_no_files(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    hot = tmp_path / "hot"
    make(outside, "x.jpg")
    make(hot, "a.jpg")
    (hot / "link.jpg").symlink_to(outside / "x.jpg")
    (hot / "absolute.jpg").symlink_to("/etc/passwd")
    (hot / "out").symlink_to(outside)
    (hot / "loop").symlink_to(hot)
    (hot / "folder.jpg").mkdir()
    os.mkfifo(hot / "pipe.jpg")
    found, entered, refused = listed(hot)
    assert below(hot, found) == {"a.jpg"}
    assert set(entered) == {".", "folder.jpg"}
    assert refused == []
    assert [look(hot / name) for name in ("link.jpg", "pipe.jpg", "folder.jpg", "gone")] == (
        [None] * 4
    )


def test_W18_a_folder_that_becomes_a_link_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    hot = tmp_path / "hot"
    make(outside, "x.jpg")
    make(hot, "sub/a.jpg")

    chunks = scan(str(hot), Names.below(hot), lambda where, _: None, lambda where, _: None)
    assert next(chunks) == []  # the root was read and sub was met in it, not opened yet
    (hot / "sub").rename(tmp_path / "away")
    (hot / "sub").symlink_to(outside)
    assert list(chunks) == []


def test_the_root_itself_may_be_a_link(tmp_path: Path) -> None:
    make(tmp_path, "real/a.jpg")
    (tmp_path / "hot").symlink_to(tmp_path / "real")
    found, _, _ = listed(tmp_path / "hot")
    assert below(tmp_path / "hot", found) == {"a.jpg"}


def test_H9_strange_names_arrive_as_they_are(tmp_path: Path) -> None:
    root = os.fsencode(tmp_path)
    strange = [b"\xff\xfe.jpg", b"new\nline.jpg", b"-rf.jpg", "\u202e.jpg".encode(), b"a" * 251]
    strange[-1] += b".jpg"
    for name in strange:
        with open(os.path.join(root, name), "wb") as file:  # noqa: PTH118, PTH123
            file.write(b"x")
    found, _, _ = listed(tmp_path)
    assert {os.fsencode(f.path.name) for f in found} == set(strange)


def test_a_folder_is_entered_before_it_is_read(tmp_path: Path) -> None:
    """So that what arrives after the watch was set is either read or told of."""
    make(tmp_path, "a.jpg")
    chunks = scan(
        str(tmp_path),
        Names.below(tmp_path),
        lambda where, _: make(tmp_path, "late.jpg"),
        lambda where, _: None,
    )
    assert below(tmp_path, [f for c in chunks for f in c]) == {"a.jpg", "late.jpg"}


def test_folders_and_files_may_vanish_meanwhile(tmp_path: Path) -> None:
    make(tmp_path, "sub/a.jpg", "b.jpg")

    def remove(where: str, _: os.stat_result) -> None:
        if where == str(tmp_path):
            return
        (tmp_path / "sub" / "a.jpg").unlink()
        (tmp_path / "sub").rmdir()

    refused: list[str] = []
    chunks = scan(
        str(tmp_path), Names.below(tmp_path), remove, lambda where, _: refused.append(where)
    )
    assert below(tmp_path, [f for c in chunks for f in c]) == {"b.jpg"}
    assert refused == []


def test_a_root_that_is_gone_holds_nothing(tmp_path: Path) -> None:
    assert listed(tmp_path / "gone") == ([], [], [])


def test_W19_unreadable_folders_are_named_and_the_rest_is_listed(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "shut/b.jpg", "blind/c.jpg", "open/d.jpg")
    (tmp_path / "shut").chmod(0)
    (tmp_path / "blind").chmod(0o444)
    with without(READ_ANYTHING):
        found, _, refused = listed(tmp_path)
    (tmp_path / "shut").chmod(0o755)
    (tmp_path / "blind").chmod(0o755)
    assert below(tmp_path, found) == {"a.jpg", "open/d.jpg"}
    assert set(refused) == {"blind", "shut"}


def test_large_folders_come_in_portions_and_fast(tmp_path: Path) -> None:
    for number in range(5000):
        (tmp_path / f"IMG_{number:05}.jpg").touch()
    names = Names.below(tmp_path)
    start = time.process_time()
    chunks = list(scan(str(tmp_path), names, lambda w, s: None, lambda w, e: None))
    took = time.process_time() - start
    assert sum(map(len, chunks)) == 5000
    assert max(map(len, chunks)) <= CHUNK
    # 100,000 files take half a second; this is twelve times that.
    assert took < 0.3


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    make(tmp_path, *(f"{n}/a.jpg" for n in range(20)))
    before = len(list(Path("/proc/self/fd").iterdir()))
    chunks = scan(str(tmp_path), Names.below(tmp_path), lambda w, s: None, lambda w, e: None)
    next(chunks)
    chunks.close()  # type: ignore[attr-defined]
    assert len(list(Path("/proc/self/fd").iterdir())) == before
