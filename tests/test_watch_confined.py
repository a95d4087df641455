"""Seeing files under the kernel's real limits and real mounts, in namespaces of their own.

Each scene is a program that runs as the root of a new user namespace, whose limits and mounts
concern nobody else.
"""

import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent

BEGIN = """
import sys, subprocess
from pathlib import Path
from daemon.watch import Rhythm, WatchState
from tests.hearing import health, media, nested, watching
hot = Path(sys.argv[1]); hot.mkdir()
quick = Rhythm(poll=0.1, check=0.1, recheck=0.1, thrift=5)
"""

W7_WATCH_LIMIT = """
Path("/proc/sys/user/max_inotify_watches").write_text("20")
nested(hot, folders=60)
with watching(hot, rhythm=quick) as (watch, inbox):
    assert inbox.until(lambda: inbox.states()[-1:] == [WatchState.DEGRADED])
    assert health(watch).watches == 20 < health(watch).folders, health(watch)
    nested(hot / "new", folders=60)
    assert inbox.until(lambda: media(hot) <= inbox.files())
    Path("/proc/sys/user/max_inotify_watches").write_text("1000")
    assert inbox.until(lambda: inbox.states()[-1] == WatchState.EVENTS)
    assert health(watch).watches == health(watch).folders
"""

W8_INSTANCE_LIMIT = """
Path("/proc/sys/user/max_inotify_instances").write_text("0")
with watching(hot, rhythm=quick) as (watch, inbox):
    assert inbox.until(lambda: inbox.states() == [WatchState.DEGRADED])
    nested(hot / "new", folders=20)
    assert inbox.until(lambda: media(hot) <= inbox.files())
"""

W11_W12_MOUNTS = """
def mount(): subprocess.run(["mount", "-t", "tmpfs", "none", hot], check=True)
def umount(): subprocess.run(["umount", "-l", hot], check=True)
mount()
(hot / "a.jpg").write_bytes(b"x")
with watching(hot, rhythm=quick) as (watch, inbox):
    assert inbox.ends()[-1].complete
    disk = inbox.ends()[-1].devices
    umount()
    assert inbox.until(lambda: inbox.states()[-1] == WatchState.OFFLINE), inbox.states()
    assert "mount it" in health(watch).detail
    mount()
    (hot / "b.jpg").write_bytes(b"x")
    assert inbox.until(lambda: inbox.has(hot / "b.jpg"))
    assert inbox.until(lambda: inbox.states()[-1] == WatchState.EVENTS)
    (hot / "c.jpg").write_bytes(b"x")
    assert inbox.until(lambda: inbox.has(hot / "c.jpg"))
    mount()
    (hot / "d.jpg").write_bytes(b"x")
    assert inbox.until(lambda: inbox.has(hot / "d.jpg"))
    for end in inbox.ends():
        assert not (end.complete and not end.files), end
"""

W12_MOUNT_INSIDE = """
inner = hot / "card"; inner.mkdir()
(hot / "a.jpg").write_bytes(b"x")
def scanned():
    count = len(inbox.ends()); watch.rescan()
    assert inbox.until(lambda: len(inbox.ends()) > count)
    return inbox.ends()[-1]
with watching(hot, rhythm=quick) as (watch, inbox):
    subprocess.run(["mount", "-t", "tmpfs", "none", inner], check=True)
    (inner / "b.jpg").write_bytes(b"x")
    both = scanned()
    assert inbox.has(inner / "b.jpg") and len(both.devices) == 2
    (inner / "c.jpg").write_bytes(b"x")
    assert inbox.until(lambda: inbox.has(inner / "c.jpg")), "the mounted folder is watched now"
    subprocess.run(["umount", "-l", inner], check=True)
    assert len(scanned().devices) == 1, "what was on the card is offline, not gone"
"""

SCENES = {
    "W7": W7_WATCH_LIMIT,
    "W8": W8_INSTANCE_LIMIT,
    "W11_W12": W11_W12_MOUNTS,
    "W12_inside": W12_MOUNT_INSIDE,
}


def confined(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", *command],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("scene", SCENES)
def test_W7_W8_W11_W12_under_real_limits_and_mounts(tmp_path: Path, scene: str) -> None:
    if confined("mount", "-t", "tmpfs", "none", str(tmp_path)).returncode:
        pytest.skip("this kernel gives no user namespaces, so neither limits nor mounts to try")
    program = BEGIN + SCENES[scene]
    done = confined(sys.executable, "-c", program, str(tmp_path / "hot"))
    assert done.returncode == 0, done.stderr
