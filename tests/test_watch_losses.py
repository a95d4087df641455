"""Seeing files where events are lost, denied or silent: overflow, limits, roots that change."""

import os
import shutil
import threading
from pathlib import Path

import pytest

import daemon.watch.inotify
import daemon.watch.root
from daemon.watch import PathStirred, Rhythm, Stirred, WatchedFolder, WatchState
from tests.hearing import EVENTS_ONLY, QUICK, Inbox, health, media, nested, watching
from tests.powers import READ_ANYTHING, without

QUICK_POLL = Rhythm(poll=0.1, thrift=5)


@pytest.fixture
def hot(tmp_path: Path) -> Path:
    path = tmp_path / "hot"
    path.mkdir()
    return path


def test_W6_after_an_overflow_everything_is_listed(tmp_path: Path, hot: Path) -> None:
    """The reader is held up until the kernel's queue is full for real."""

    class Slow(Inbox):
        hold = threading.Event()

        def put(self, message: Stirred) -> None:
            if isinstance(message, PathStirred):
                self.hold.wait(60)
            super().put(message)

    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    inbox = Slow()
    for name in ("leaves", "stays"):
        (hot / name).mkdir()
    with watching(hot, inbox=inbox) as (watch, _):
        (hot / "first.jpg").write_bytes(b"x")
        for number in range(limit // 2 + 2000):
            os.close(os.open(hot / f"{number}.jpg", os.O_CREAT | os.O_WRONLY))
        (hot / "sub").mkdir()
        (hot / "sub" / "unseen.jpg").write_bytes(b"x")
        (hot / "stays").rename(hot / "renamed")
        (hot / "leaves").rename(tmp_path / "outside")
        wanted = media(hot)
        inbox.hold.set()
        assert inbox.until(lambda: wanted <= inbox.files(), 10)
        assert health(watch).overflows >= 1
        assert inbox.until(lambda: health(watch).watches == 3)
        (tmp_path / "outside" / "wrong.jpg").write_bytes(b"x")
        for name in ("sub", "renamed"):
            (hot / name / "after.jpg").write_bytes(b"x")
        assert inbox.until(lambda: media(hot) <= inbox.files())
        assert inbox.files() == media(hot)
        assert watch.alive()


def test_W7_too_few_watches_mean_degraded_and_polled(
    hot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nested(hot, folders=30)
    real = daemon.watch.inotify._Reader.add_callback
    granted = [10]

    def scarce(self: daemon.watch.inotify._Reader, *args: object) -> object:
        if granted[0] == 0:
            raise OSError(28, "inotify watch limit reached")
        granted[0] -= 1
        return real(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(daemon.watch.inotify._Reader, "add_callback", scarce)
    with watching(hot, rhythm=QUICK_POLL) as (watch, inbox):
        assert inbox.until(lambda: inbox.states()[-1:] == [WatchState.DEGRADED])
        assert health(watch).watches == 10
        assert "max_user_watches" in health(watch).detail
        (hot / "a4" / "b4" / "c0" / "late.jpg").write_bytes(b"x")
        assert inbox.until(lambda: inbox.has(hot / "a4" / "b4" / "c0" / "late.jpg"))
        granted[0] = 10_000
        assert inbox.until(lambda: inbox.states()[-1] == WatchState.EVENTS)
        assert health(watch).watches == health(watch).folders


def test_W8_no_events_at_all_mean_degraded_and_polled(
    hot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(self: object) -> None:
        raise OSError(24, "inotify instance limit reached")

    monkeypatch.setattr(daemon.watch.inotify._Reader, "__init__", lambda *_: none_left(None))
    with watching(hot, rhythm=QUICK_POLL) as (watch, inbox):
        assert inbox.until(lambda: inbox.states() == [WatchState.DEGRADED])
        assert "max_user_instances" in health(watch).detail
        (hot / "a.jpg").write_bytes(b"x")
        assert inbox.until(lambda: inbox.has(hot / "a.jpg"))


def test_W10_what_no_event_told_is_found_by_the_next_rescan(
    hot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon.watch.inotify.Tree, "on_event", lambda tree, event: None)
    with watching(hot, rhythm=Rhythm(rescan=0.1)) as (watch, inbox):
        nested(hot / "new", folders=20)
        assert inbox.until(lambda: media(hot) <= inbox.files())
        assert health(watch).state == WatchState.EVENTS


def test_W10_a_folder_can_be_polled_only(hot: Path) -> None:
    folder = WatchedFolder(hot, poll="always")
    with watching(folder, rhythm=QUICK_POLL) as (watch, inbox):
        assert inbox.until(lambda: inbox.states() == [WatchState.POLLING])
        nested(hot / "new", folders=20)
        assert inbox.until(lambda: media(hot) <= inbox.files())
        assert not any(isinstance(m, PathStirred) for m in inbox.messages)
        assert health(watch).watches == 0


def test_W10_the_kind_of_file_system_decides(hot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon.watch.root, "is_shared", lambda place: True)
    with watching(hot) as (watch, inbox):
        assert inbox.until(lambda: inbox.states() == [WatchState.POLLING])
        assert health(watch).polled
    with watching(WatchedFolder(hot, poll="never")) as (watch, inbox):
        assert inbox.until(lambda: inbox.states() == [WatchState.EVENTS])


def test_W11_a_root_that_is_deleted_and_made_again(hot: Path) -> None:
    (hot / "sub").mkdir()
    with watching(hot, rhythm=Rhythm(check=0.1, recheck=0.1)) as (watch, inbox):
        shutil.rmtree(hot)
        assert inbox.until(lambda: inbox.states()[-1] == WatchState.OFFLINE)
        assert "mount it" in health(watch).detail
        (hot / "sub").mkdir(parents=True)
        (hot / "sub" / "a.jpg").write_bytes(b"x")
        assert inbox.until(lambda: inbox.has(hot / "sub" / "a.jpg"))
        assert inbox.until(lambda: inbox.states()[-1] == WatchState.EVENTS)
        (hot / "sub" / "b.jpg").write_bytes(b"x")
        assert inbox.until(lambda: inbox.has(hot / "sub" / "b.jpg"))


def test_W11_a_root_that_is_renamed_away_and_replaced(tmp_path: Path, hot: Path) -> None:
    """Found by the event of the root's own move, long before the next check is due."""
    with watching(hot, rhythm=Rhythm(check=600, recheck=0.1)) as (_, inbox):
        hot.rename(tmp_path / "old")
        hot.mkdir()
        assert inbox.until(lambda: len(inbox.ends()) >= 2)
        (tmp_path / "old" / "wrong.jpg").write_bytes(b"x")
        (hot / "right.jpg").write_bytes(b"x")
        assert inbox.until(lambda: inbox.has(hot / "right.jpg"))
        assert inbox.files() == {str(hot / "right.jpg")}


def test_W11_a_root_that_is_not_there_yet(tmp_path: Path) -> None:
    hot = tmp_path / "later"
    with watching(hot, rhythm=Rhythm(recheck=0.1)) as (_, inbox):
        assert inbox.states() == [WatchState.OFFLINE]
        assert inbox.ends() == []
        hot.mkdir()
        (hot / "a.jpg").write_bytes(b"x")
        assert inbox.until(lambda: inbox.has(hot / "a.jpg"))


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "hot").write_bytes(b"x")
    with watching(tmp_path / "hot") as (watch, _):
        assert health(watch).state == WatchState.OFFLINE
        assert "Not a directory" in health(watch).detail


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_W14_a_reader_that_dies_is_replaced(hot: Path) -> None:
    class Faulty(Inbox):
        faults = 1

        def put(self, message: Stirred) -> None:
            if isinstance(message, PathStirred) and self.faults:
                self.faults -= 1
                raise ValueError("planted")
            super().put(message)

    inbox = Faulty()
    with watching(hot, inbox=inbox) as (watch, _):
        (hot / "a.jpg").write_bytes(b"x")
        assert inbox.until(lambda: inbox.has(hot / "a.jpg"))
        assert health(watch).restarts == 1
        assert watch.alive()
        inbox.messages.clear()
        (hot / "b.jpg").write_bytes(b"x")
        assert inbox.until(lambda: inbox.has(hot / "b.jpg"))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_W14_a_watch_that_has_lost_a_thread_says_so(hot: Path) -> None:
    class Broken(Inbox):
        def put(self, message: Stirred) -> None:
            super().put(message)
            if len(self.ends()) == 2:
                raise ValueError("planted")

    with watching(hot, inbox=Broken()) as (watch, inbox):
        assert watch.alive()
        watch.rescan()
        assert inbox.until(lambda: not watch.alive())


def test_W19_a_folder_without_permission_is_listed_and_tried_again(hot: Path) -> None:
    (hot / "shut").mkdir()
    (hot / "shut" / "a.jpg").write_bytes(b"x")
    (hot / "shut").chmod(0)
    with without(READ_ANYTHING), watching(hot, rhythm=EVENTS_ONLY) as (watch, inbox):
        assert health(watch).unreadable == (hot / "shut",)
        assert not inbox.ends()[-1].complete
        (hot / "shut").chmod(0o755)
        watch.rescan()
        assert inbox.until(lambda: inbox.has(hot / "shut" / "a.jpg"))
        assert inbox.until(lambda: health(watch).unreadable == ())
        (hot / "shut" / "b.jpg").write_bytes(b"x")
        assert inbox.until(lambda: inbox.has(hot / "shut" / "b.jpg"))


def test_W19_a_root_without_permission(hot: Path) -> None:
    hot.chmod(0)
    with without(READ_ANYTHING), watching(hot, rhythm=QUICK) as (watch, inbox):
        assert inbox.until(lambda: inbox.states() == [WatchState.UNREADABLE])
        assert "permission denied" in health(watch).detail
        hot.chmod(0o755)
        (hot / "a.jpg").write_bytes(b"x")
        assert inbox.until(lambda: inbox.has(hot / "a.jpg"))
        assert inbox.until(lambda: inbox.states()[-1] == WatchState.EVENTS)
