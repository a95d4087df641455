"""Say in words where the values of one hot folder's files go, and which setting says so. Pure."""

from daemon.config import Folder
from metadata.change import Rules, SidecarName, Write
from metadata.formats import FORMATS

NAMES = {
    SidecarName.APPEND: "IMG.jpg.xmp",
    SidecarName.REPLACE: "IMG.xmp",
    SidecarName.EXISTING: "whichever is there, else IMG.jpg.xmp,",
}


def plan(folder: Folder, rules: Rules) -> str:
    """Say what will be written where, and why, for files of *folder* under *rules*."""
    if rules.write is Write.NONE:
        return 'nothing is written, because write = "none"; the index alone knows'
    return f"{_where(rules)}, because {_why(folder)}"


def _where(rules: Rules) -> str:
    beside = f"sidecars {NAMES[rules.sidecar_name]} beside"
    if rules.write is Write.SIDECAR or not rules.embeds:
        return f"{beside} the files"
    inside = _listed([FORMATS[name].suffixes[0].removeprefix(".") for name in rules.embeds])
    if rules.write is Write.BOTH:
        return f"into {inside} files, and {beside} them and all others"
    return f"into {inside} files; {beside} all others"


def _why(folder: Folder) -> str:
    """Name the tool, and what of its ways is set otherwise."""
    write = f'write = "{folder.write}"' if folder.write else ""
    name = f'sidecar_name = "{folder.sidecar_name}"' if folder.sidecar_name else ""
    tool = "" if write and name else f'dam = "{folder.dam}"'
    return _listed([each for each in (tool, write, name) if each])


def _listed(words: list[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
