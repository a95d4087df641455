"""Check the hot folders: are they there, can they be read, written and watched, what goes where."""

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from daemon.checks import Check
from daemon.checks.plan import plan
from daemon.checks.sample import Seen, sample
from daemon.config import Config, Folder
from daemon.watch.names import counts_as_folder
from metadata.asset import shown
from metadata.change import Rules, Write
from metadata.filesystems import exchanges, is_shared

WATCH_LIMIT = Path("/proc/sys/fs/inotify/max_user_watches")
# Other programs of the same user draw on the same limit.
OURS_OF_IT = 0.8
_REMEDIES = {
    "it belongs to another user": "let captiond run as the user to whom they belong",
    "it is read-only": "chmod u+w, if they are to hold their values themselves",
    "it is a symbolic link": "put the files themselves there, if they are to hold their values",
}
NO_EXCHANGE = (
    "its file system cannot exchange files: what another program writes in the instant before "
    "captiond's rename would be lost"
)


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
    return [check for folder in config.folders for check in _folder(config, folder)]


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


def _folder(config: Config, folder: Folder) -> Iterator[Check]:
    name = f"folder {shown(folder.path)}"
    rules = config.rules_for(folder.path / "x")
    trouble = _trouble(folder, writes=rules.write is not Write.NONE)
    if trouble:
        yield Check(name, False, *trouble)
        return
    yield Check(name, True, f"{plan(folder, rules)}; {_seen_by(folder)}")
    if rules.write is not Write.NONE:
        yield from _otherwise(name, config, folder, rules)


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


def _otherwise(name: str, config: Config, folder: Folder, rules: Rules) -> Iterator[Check]:
    """Tell of the files whose values go elsewhere, as far as a look at some names can tell."""
    apart = (each.path for each in config.folders if each.path != folder.path)
    seen = sample(folder, rules, apart)
    if seen.beside:
        says = f"{len(seen.beside)} sidecars with other names, such as {shown(seen.beside[0])}"
        yield Check(name, True, f"{says}, are there already: they are kept up to date as well")
    if seen.shared:
        says = f"{_of(seen.shared, seen)} differ from others in the ends of their names alone"
        do = "nothing has to be done; but a tool that knows only IMG.xmp finds nothing beside them"
        yield Check(name, None, f"{says}: their sidecars are called IMG.jpg.xmp", do)
    for why, paths in _by_reason(seen.closed):
        says = f"nothing goes into {_of(paths, seen)} because {why}: values go beside instead"
        yield Check(name, None, says, _REMEDIES.get(why, "give each of them one name only"))
    if not _exchanges(folder):
        yield Check(name, None, NO_EXCHANGE, "let no two programs write the same file at once")


def _by_reason(closed: Iterable[tuple[str, Path]]) -> Iterator[tuple[str, tuple[Path, ...]]]:
    found: dict[str, list[Path]] = {}
    for why, path in closed:
        found.setdefault(why, []).append(path)
    return ((why, tuple(paths)) for why, paths in found.items())


def _of(paths: Sequence[Path], seen: Seen) -> str:
    """Count files, and name one of them."""
    return f"{len(paths)} of {seen.of} files looked at, such as {shown(paths[0])},"


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


def _exchanges(folder: Folder) -> bool:
    try:
        return exchanges(str(folder.path))
    except OSError:
        return True


def _tree(top: Path) -> Iterator[str]:
    for where, inner, _ in os.walk(top):
        inner[:] = [name for name in inner if counts_as_folder(name)]
        yield where
