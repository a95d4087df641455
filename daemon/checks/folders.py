"""Check the hot folders: are they there, can they be read, written and watched, what goes where."""

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from daemon.checks import Check
from daemon.config import Config, Folder
from daemon.watch.filesystems import is_shared
from daemon.watch.names import counts_as_folder
from metadata.asset import shown
from metadata.change import SidecarName, Write

WATCH_LIMIT = Path("/proc/sys/fs/inotify/max_user_watches")
# Other programs of the same user draw on the same limit.
OURS_OF_IT = 0.8
NAMES = {
    SidecarName.APPEND: "IMG.jpg.xmp",
    SidecarName.REPLACE: "IMG.xmp",
    SidecarName.EXISTING: "whichever sidecar is there, else IMG.jpg.xmp",
}


def folders(config: Config) -> list[Check]:
    """Look at each hot folder."""
    if not config.folders:
        return [
            Check(
                "folders",
                None,
                "no hot folder is configured",
                "add [[folders]] with a path to the configuration, or name some to `captiond run`",
            )
        ]
    return [_folder(config, folder) for folder in config.folders]


def watches(config: Config, limit_file: Path = WATCH_LIMIT) -> Check:
    """Compare the folders to watch with the kernel's limit."""
    try:
        limit = int(limit_file.read_text())
    except (OSError, ValueError) as error:
        return Check("inotify", None, f"the watch limit is not known: {error}")
    found = (place for folder in config.folders for place in _tree(folder.path))
    needed = sum(1 for _ in islice(found, limit + 1))
    if needed <= limit * OURS_OF_IT:
        return Check("inotify", True, f"{needed} folders to watch, {limit} allowed")
    return Check(
        "inotify",
        None,
        f"{needed} folders or more to watch, {limit} allowed: the rest is found by rescans, later",
        f"sudo sysctl fs.inotify.max_user_watches={max(2 * needed, 524288)}; "
        "put it into /etc/sysctl.d/ to keep it",
    )


def _folder(config: Config, folder: Folder) -> Check:
    name = f"folder {shown(folder.path)}"
    trouble = _trouble(folder, writes=config.rules_for(folder.path / "x").write is not Write.NONE)
    if trouble:
        return Check(name, False, *trouble)
    return Check(name, True, f"{_plan(config, folder)}; {_seen_by(folder)}")


def _trouble(folder: Folder, writes: bool) -> tuple[str, str] | None:
    """Say what is wrong for who runs this, and what to do."""
    path = folder.path
    if not os.access(path, os.F_OK):
        return "it is not there", "make it, or mount its disk; nothing is deleted meanwhile"
    if not path.is_dir():
        return "it is not a folder", "name the folder that the file is in"
    if not os.access(path, os.R_OK | os.X_OK):
        return "you may not read it", f"setfacl -m u:$USER:rwx {shown(path)}"
    if writes and not os.access(path, os.W_OK):
        return (
            "you may not write it, so it would get no sidecars",
            f'setfacl -m u:$USER:rwx {shown(path)}, or set write = "none" for it',
        )
    return None


def _plan(config: Config, folder: Folder) -> str:
    """Say what will be written where, and which setting says so."""
    rules = config.rules_for(folder.path / "x")
    if rules.write is Write.NONE:
        return 'nothing is written, because write = "none"; the index alone knows'
    why = "sidecar_name is set" if folder.sidecar_name else f'dam = "{folder.dam}"'
    return f"sidecars {NAMES[rules.sidecar_name]} beside the files, because {why}"


def _seen_by(folder: Folder) -> str:
    if folder.poll == "always":
        return 'rescanned only, because poll = "always"'
    try:
        shared = is_shared(str(folder.path))
    except OSError as error:
        return f"its file system is not known: {error.strerror}"
    if shared and folder.poll == "auto":
        return "rescanned, because its file system tells of no changes made elsewhere"
    return "watched"


def _tree(top: Path) -> Iterator[str]:
    for where, inner, _ in os.walk(top):
        inner[:] = [name for name in inner if counts_as_folder(name)]
        yield where
