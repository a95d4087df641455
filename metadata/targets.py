"""Where the values of one media file go under its folder's rules, and why not as they say.

It looks at the names beside the file, at who may write it and at whether it is sealed; it reads
no metadata and writes nothing.
"""

import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path

from metadata.asset import Asset
from metadata.beside import existing_sidecars, new_sidecar
from metadata.blocks import BlocksError, manifest
from metadata.change import Rules, SidecarName, Write


@dataclass(frozen=True, slots=True)
class Targets:
    """What is written for one media file: the file itself where *inside*, and *sidecars*.

    *lean* leaves the longest texts to the sidecars. *notes* say, each in a line for people, what
    is otherwise than the rules have it.
    """

    inside: bool
    sidecars: tuple[Path, ...]
    lean: bool = False
    notes: tuple[str, ...] = ()


def targets(asset: Asset, rules: Rules) -> Targets:
    """Decide where the values of *asset* go; raises OSError.

    Sidecars that exist are always among them: they would hide what is embedded.
    """
    if not rules.embeds_in(asset.format):
        return _beside(asset, rules)
    why = obstacle(asset.path, asset.format)
    if why:
        return instead(asset, rules, why)
    sidecars = existing_sidecars(asset.path, asset.content)
    if rules.write is Write.BOTH and not sidecars:
        return replace(_beside(asset, rules), inside=True)
    return Targets(True, sidecars)


def instead(asset: Asset, rules: Rules, why: str) -> Targets:
    """Give the sidecars in which everything stands where the file itself cannot hold it."""
    beside = _beside(asset, rules)
    note = f"values go into {_named(beside.sidecars)} and not into the file, because {why}"
    return replace(beside, notes=(note, *beside.notes))


def divided(asset: Asset, rules: Rules, why: str) -> Targets:
    """Have the longest texts stand in a sidecar alone, and everything else in the file as well."""
    beside = _beside(asset, rules)
    note = f"the longest texts stand in {_named(beside.sidecars)} alone, because {why}"
    return replace(beside, inside=True, lean=True, notes=(note, *beside.notes))


def obstacle(path: Path, format: str) -> str | None:
    """Say why nothing may be written into a media file; None where it may. Raises OSError."""
    if why := closed(path):
        return why
    try:
        sealed = manifest(path, format)
    except BlocksError as error:
        return f"it cannot be read block by block: {error}"
    return "it holds a C2PA manifest, which any change would break" if sealed else None


def closed(path: Path) -> str | None:
    """Say why a media file may not be written, as far as that is seen without opening it.

    None where it may. Raises OSError.
    """
    held = path.lstat()
    if stat.S_ISLNK(held.st_mode):
        return "it is a symbolic link"
    if held.st_nlink > 1:
        return f"it has {held.st_nlink} names (hard links), and writing would make two files of it"
    if held.st_uid != os.geteuid():
        return "it belongs to another user"
    if not held.st_mode & stat.S_IWUSR or not os.access(path, os.W_OK):
        return "it is read-only"
    return None


def _beside(asset: Asset, rules: Rules) -> Targets:
    path = asset.path
    found = existing_sidecars(path, asset.content)
    if found:
        return Targets(False, found)
    new = new_sidecar(path, rules.sidecar_name)
    notes: tuple[str, ...] = ()
    if rules.sidecar_name is SidecarName.REPLACE and new.stem != path.stem:
        other = path.with_suffix(new.suffix).name
        notes = (f"the sidecar is called {new.name}: other files would read {other} as theirs",)
    return Targets(False, (new,), notes=notes)


def _named(sidecars: tuple[Path, ...]) -> str:
    return " and ".join(path.name for path in sidecars)
