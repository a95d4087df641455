"""Seeing files with the real kernel: what comes in by which way, what goes, what it costs."""

import os
import shutil
import subprocess
import tarfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon.watch import Moved, PathStirred, Scanned, Vanished, Watch, WatchedFolder
from tests.hearing import Inbox, health, media, nested, watching


@pytest.fixture
def hot(tmp_path: Path) -> Path:
    path = tmp_path / "hot"
    path.mkdir()
    return path


# What comes in, and by which way.


def by_rename(source: Path, target: Path) -> None:
    nested(target, ".part")


def by_writing(source: Path, target: Path) -> None:
    nested(target)


def by_copy(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-r", source, target], check=True)


def by_tar(source: Path, target: Path) -> None:
    with tarfile.open(source.parent / "all.tar", "w") as tar:
        tar.add(source, target.name)
    subprocess.run(["tar", "xf", source.parent / "all.tar", "-C", target.parent], check=True)


def by_move(source: Path, target: Path) -> None:
    source.rename(target)


def by_links(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-rl", source, target], check=True)


@pytest.mark.parametrize("way", [by_writing, by_rename, by_copy, by_tar, by_move, by_links])
def test_W5_W9_new_trees_are_seen_whole(
    tmp_path: Path, hot: Path, way: Callable[[Path, Path], None]
) -> None:
    nested(tmp_path / "source")
    with watching(hot) as (watch, inbox):
        way(tmp_path / "source", hot / "new")
        wanted = media(hot)
        assert len(wanted) == 1000
        assert inbox.until(lambda: wanted <= inbox.files(), 5), len(wanted - inbox.files())
        assert inbox.files() == wanted
        assert health(watch).scans == 1
        (hot / "new" / "a1" / "b1" / "late.jpg").write_bytes(b"x")
        assert inbox.until(lambda: inbox.has(hot / "new" / "a1" / "b1" / "late.jpg"))


def test_W5_a_link_and_a_file_moved_in_are_seen(tmp_path: Path, hot: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    (tmp_path / "b.jpg").write_bytes(b"x")
    with watching(hot) as (_, inbox):
        (hot / "linked.jpg").hardlink_to(tmp_path / "a.jpg")
        (tmp_path / "b.jpg").rename(hot / "moved.jpg")
        assert inbox.until(lambda: inbox.has(hot / "linked.jpg", hot / "moved.jpg"))


def test_W4_only_the_final_name_is_told(hot: Path) -> None:
    with watching(hot) as (_, inbox):
        for temporary in (".a.jpg.Xq1", "a.jpg.part", "~$a.jpg", "a.temp.jpg"):
            (hot / temporary).write_bytes(b"x")
            (hot / temporary).rename(hot / "a.jpg")
        (hot / "@eaDir").mkdir()
        (hot / "@eaDir" / "SYNOPHOTO_THUMB_XL.jpg").write_bytes(b"x")
        (hot / "end.jpg.xmp").write_bytes(b"x")
        assert inbox.until(lambda: inbox.has(hot / "end.jpg.xmp"))
        assert inbox.files() == {str(hot / "a.jpg"), str(hot / "end.jpg.xmp")}


def test_left_out_folders_get_no_watch(hot: Path) -> None:
    for name in (".git/objects", "@eaDir/a.jpg", "raw/2024", "kept/deep"):
        (hot / name).mkdir(parents=True)
    with watching(WatchedFolder(hot, exclude=("raw",))) as (watch, _):
        assert (health(watch).watches, health(watch).folders) == (3, 3)


def test_W18_links_are_not_followed(tmp_path: Path, hot: Path) -> None:
    (tmp_path / "outside").mkdir()
    (hot / "before").symlink_to(tmp_path / "outside")
    with watching(hot) as (watch, inbox):
        (hot / "after").symlink_to(tmp_path / "outside")
        (hot / "loop").symlink_to(hot)
        (tmp_path / "outside" / "x.jpg").write_bytes(b"x")
        (hot / "a.jpg").write_bytes(b"x")
        assert inbox.until(lambda: inbox.has(hot / "a.jpg"))
        assert inbox.files() == {str(hot / "a.jpg")}
        assert health(watch).watches == 1


def test_a_hot_folder_may_be_a_link_and_may_lie_in_another(tmp_path: Path, hot: Path) -> None:
    (tmp_path / "link").symlink_to(hot)
    (hot / "inner").mkdir()
    (hot / "a.jpg").write_bytes(b"x")
    with watching(tmp_path / "link", tmp_path / "link" / "inner") as (_, inbox):
        (tmp_path / "link" / "inner" / "b.jpg").write_bytes(b"x")
        (hot / "c.jpg").write_bytes(b"x")
        expected = {tmp_path / "link" / name for name in ("a.jpg", "inner/b.jpg", "c.jpg")}
        assert inbox.until(lambda: inbox.has(*expected))
        by_inner = [m for m in inbox.messages if isinstance(m, PathStirred)]
        assert {m.path for m in by_inner} == expected - {tmp_path / "link" / "a.jpg"}


def test_H9_strange_names_are_told_as_they_are(hot: Path) -> None:
    name = os.fsdecode(b"\xff new\nline \xe2\x80\xae.jpg")
    with watching(hot) as (_, inbox):
        (hot / name).write_bytes(b"x")
        assert inbox.until(lambda: inbox.has(hot / name))


# What was there before, and what listings say.


def test_the_backlog_is_told_as_old_and_what_comes_later_as_fresh(hot: Path) -> None:
    nested(hot)
    with watching(hot) as (watch, inbox):
        assert inbox.files() == media(hot)
        assert not any(m.fresh for m in inbox.messages if isinstance(m, Scanned))
        (hot / "new.jpg").write_bytes(b"x")
        assert inbox.until(lambda: inbox.has(hot / "new.jpg"))
        assert all(m.fresh for m in inbox.messages if isinstance(m, PathStirred))
        watch.rescan(hot)
        assert inbox.until(lambda: health(watch).scans == 2)
        assert inbox.ends()[-1].fresh


def test_only_a_whole_listing_speaks_of_what_is_gone(hot: Path) -> None:
    with watching(hot) as (watch, inbox):
        assert not inbox.ends()[-1].complete, "an empty folder may be one that is not mounted"
        (hot / "a.jpg").write_bytes(b"x")
        watch.rescan()
        assert inbox.until(lambda: len(inbox.ends()) == 2)
        assert inbox.ends()[-1].complete
        assert inbox.ends()[-1].devices == {hot.stat().st_dev}


def test_listings_wait_for_room_and_events_do_not(hot: Path) -> None:
    (hot / "old.jpg").write_bytes(b"x")
    room = threading.Event()
    room.set()
    with watching(hot, room=room.is_set) as (watch, inbox):
        room.clear()
        watch.rescan()
        (hot / "new.jpg").write_bytes(b"x")
        assert inbox.until(lambda: inbox.has(hot / "new.jpg"))
        assert not inbox.until(lambda: len(inbox.ends()) > 1, 0.3)
        room.set()
        assert inbox.until(lambda: len(inbox.ends()) > 1)


# What moves and what goes.


def test_renames_and_deletions_are_hinted(tmp_path: Path, hot: Path) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (hot / name).write_bytes(b"x")
    with watching(hot) as (_, inbox):
        (hot / "a.jpg").rename(hot / "a2.jpg")
        (hot / "b.jpg").unlink()
        (hot / "c.jpg").rename(tmp_path / "c.jpg")
        hints = [
            Moved(hot / "a.jpg", hot / "a2.jpg", folder=False),
            Vanished(hot / "b.jpg", folder=False),
            Vanished(hot / "c.jpg", folder=False),
        ]
        assert inbox.until(lambda: all(hint in inbox.messages for hint in hints))
        assert inbox.has(hot / "a2.jpg")


def test_a_renamed_folder_reports_under_its_new_name(hot: Path) -> None:
    nested(hot / "old")
    with watching(hot) as (watch, inbox):
        watches = health(watch).watches
        (hot / "old").rename(hot / "new")
        assert inbox.until(lambda: media(hot) <= inbox.files())
        assert Moved(hot / "old", hot / "new", folder=True) in inbox.messages
        assert inbox.until(lambda: health(watch).watches == watches)
        (hot / "new" / "a1" / "b1" / "x.jpg").write_bytes(b"x")
        assert inbox.until(lambda: inbox.has(hot / "new" / "a1" / "b1" / "x.jpg"))
        assert str(hot / "old" / "a1" / "b1" / "x.jpg") not in inbox.files()


def test_a_folder_renamed_and_made_again_at_once(hot: Path) -> None:
    (hot / "in").mkdir()
    with watching(hot) as (_, inbox):
        for turn in range(20):
            (hot / "in" / f"{turn}.jpg").write_bytes(b"x")
            (hot / "in").rename(hot / f"done{turn}")
            (hot / "in").mkdir()
        (hot / "in" / "last.jpg").write_bytes(b"x")
        assert inbox.until(lambda: inbox.has(hot / "in" / "last.jpg"))
        finals = [hot / f"done{turn}" / f"{turn}.jpg" for turn in range(20)]
        assert inbox.until(lambda: inbox.has(*finals))


def test_W13_a_folder_that_was_moved_out_no_longer_reports(tmp_path: Path, hot: Path) -> None:
    (hot / "sub" / "deep").mkdir(parents=True)
    with watching(hot) as (watch, inbox):
        (hot / "sub").rename(tmp_path / "outside")
        assert inbox.until(lambda: Vanished(hot / "sub", folder=True) in inbox.messages)
        assert inbox.until(lambda: health(watch).watches == 1)
        (tmp_path / "outside" / "deep" / "a.jpg").write_bytes(b"x")
        (hot / "end.jpg").write_bytes(b"x")
        assert inbox.until(lambda: inbox.has(hot / "end.jpg"))
        assert inbox.files() == {str(hot / "end.jpg")}


def test_deleted_folders_give_their_watches_back(hot: Path) -> None:
    nested(hot / "gone")
    with watching(hot) as (watch, inbox):
        shutil.rmtree(hot / "gone")
        assert inbox.until(lambda: health(watch).watches == 1)
        inbox.messages.clear()
        nested(hot / "gone")
        assert inbox.until(lambda: media(hot) <= inbox.files())


# What it costs.


def test_P7_idle_costs_next_to_nothing(hot: Path) -> None:
    nested(hot)
    with Watch([WatchedFolder(hot)], Inbox().put) as watch:
        while not watch.listed():
            time.sleep(0.01)
        before = time.process_time()
        time.sleep(1.0)
        assert time.process_time() - before < 0.01


def test_it_ends_at_once_and_leaves_nothing(hot: Path) -> None:
    nested(hot)
    threads, descriptors = threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))
    with watching(hot):
        start = time.monotonic()
    assert time.monotonic() - start < 1.0
    assert threading.active_count() == threads
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors
