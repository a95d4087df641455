"""Three hundred files in a folder for each preset, as people leave them: the cases, and the files.

Where captiond is to write each of them is told here a second time, from the documents alone.
"""

import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from tests.lifecycle import drawings
from tests.lifecycle.people import EMBEDDED, SIDECARS

STILLS = ("jpg", "tif", "png", "psd")
FILMS = ("mp4", "mov")
RAW = ("dng", "nef")
_BESIDE: tuple[str, ...] = ()
PRESETS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "any": ('dam = "any"', _BESIDE, "append"),
    "digikam": ('dam = "digikam"', _BESIDE, "append"),
    "darktable": ('dam = "darktable"', _BESIDE, "append"),
    "immich": ('dam = "immich"', _BESIDE, "append"),
    "photoprism": ('dam = "photoprism"', _BESIDE, "append"),
    "lightroom": ('dam = "lightroom"', STILLS, "replace"),
    "bridge": ('dam = "bridge"', (*STILLS, *FILMS), "replace"),
    "capture-one": ('dam = "capture-one"', STILLS, "replace"),
    "photo-mechanic": ('dam = "photo-mechanic"', STILLS, "replace"),
    "premiere": ('dam = "premiere"', FILMS, "replace"),
    "both": ('dam = "bridge"\nwrite = "both"', (*STILLS, *FILMS), "replace"),
    "renamed": ('dam = "lightroom"\nsidecar_name = "append"', STILLS, "append"),
}
"""By the folder's name: its keys, the formats embedded into, how new sidecars are named."""
_HOLDS_XMP = ("jpg", "tif", "png", "psd", "webp", "gif", "heic", "avif", "dng", "nef", *FILMS)
_HOLDS_IPTC = ("jpg", "tif", "psd")
_HOLDS_EXIF = ("jpg", "tif", "png", "webp")
_FAMILIES = {"IPTC": _HOLDS_IPTC, "Photoshop": _HOLDS_IPTC, "XMP": _HOLDS_XMP}
ODD = ("", "times", "attributes", "name", "pair", "links")
NAMES = (
    "-all=", "a b", "100% $x @y", "#[CSTR]", "Käse 日本 🎞", "line\nbreak", "q'uote\"s", "%d%f;|&<>",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One file: the folder it lies in, its format, what people did to it and beside it."""

    number: int
    preset: str
    format: str
    embedded: str = "nothing"
    beside: str = "none"
    odd: str = ""

    @property
    def name(self) -> str:
        if self.odd == "name":
            return f"{NAMES[self.number % len(NAMES)]} {self.number}.{self.format}"
        return f"IMG_{self.number:04}.{self.format}"

    @property
    def embeds(self) -> bool:
        """Tell whether values are to go into the file itself."""
        refused = self.embedded == "a manifest" or self.odd == "links"
        return self.format in PRESETS[self.preset][1] and not refused

    @property
    def sidecars(self) -> tuple[str, ...]:
        """Name the sidecars that are to stand beside it once it is described."""
        existing = tuple(SIDECARS[self.beside])
        if existing or (self.embeds and self.preset != "both"):
            return tuple(self.beside_as(name) for name in existing)
        alone = self.odd != "pair" or self.format in RAW
        replace = PRESETS[self.preset][2] == "replace" and alone
        return (self.beside_as("replace" if replace else "append"),)

    def beside_as(self, name: str) -> str:
        """Give the name of a sidecar that is named in one of the two ways."""
        return self.name + ".xmp" if name == "append" else self.name.rpartition(".")[0] + ".xmp"

    def __str__(self) -> str:
        parts = (self.embedded, f"{self.beside} beside", self.odd)
        return f"{self.preset}/{self.name!r} ({', '.join(filter(None, parts))})"


def cases(step: int = 1) -> tuple[Case, ...]:
    """List the cases, or each *step*-th: each format in each preset, then what is embedded into.

    A prime number for *step* leaves out no preset, state or edit.
    """
    found = [*_grid(), *_embedding(), *_oddities()]
    return tuple(Case(number, *rest) for number, rest in enumerate(found) if number % step == 0)


_Rest = tuple[str, str, str, str, str]


def _grid() -> Iterator[_Rest]:
    embedded, beside, odd = list(EMBEDDED), list(SIDECARS), list(ODD)
    for number, (preset, format) in enumerate(product(PRESETS, drawings.FORMATS)):
        held = [name for name in embedded if may_hold(format, name)]
        chosen = odd[number * 5 // 3 % len(odd)]
        yield (
            preset,
            format,
            held[number % len(held)],
            "none" if chosen == "pair" else beside[number * 3 // 2 % len(beside)],
            chosen,
        )


def _embedding() -> Iterator[_Rest]:
    """Each state in each format that is embedded into."""
    for format, state in product((*STILLS, *FILMS), EMBEDDED):
        if may_hold(format, state):
            yield ("bridge" if format in FILMS else "lightroom", format, state, "none", "")


def _oddities() -> Iterator[_Rest]:
    for format, beside in product(("jpg", "mp4"), SIDECARS):
        yield ("both", format, "nothing", beside, "")
    for format, odd in product(("jpg", "png", "mov"), ODD):
        yield ("bridge", format, "flat words", "none", odd)


def may_hold(format: str, state: str) -> bool:
    """Tell whether a file of *format* can be brought into a state."""
    found = EMBEDDED[state]
    families = {_family(name) for name in found.values} | ({"XMP"} if found.packet else set())
    blocks = filter(None, found.blocks.split("+"))
    return all(format in _FAMILIES.get(each, _HOLDS_EXIF) for each in families) and all(
        drawings.has(format, block) for block in blocks
    )


def _family(name: str) -> str:
    return name.partition(":")[0].partition("-")[0]


def make(root: Path, cases: Sequence[Case], private: Path) -> None:
    """Draw the files of *cases* below *root*, and let people do to them what they did."""
    for case in cases:
        path = root / case.preset / case.name
        path.parent.mkdir(exist_ok=True)
        drawings.draw(path, case.number, EMBEDDED[case.embedded].blocks)
        for name, text in SIDECARS[case.beside].items():
            path.with_name(case.beside_as(name)).write_text(text, encoding="utf-8")
    _embed(root, cases, private)
    for case in cases:
        _twist(root / case.preset / case.name, case)


def _embed(root: Path, cases: Iterable[Case], private: Path) -> None:
    """Write into all files at once: an ExifTool for each would take most of the time."""
    private.mkdir()
    told, links, packets = [], [], []
    for case in cases:
        link = private / f"{case.number}.{case.format}"
        os.link(root / case.preset / case.name, link)  # a name that is no option and no pattern
        links.append(link)
        found = EMBEDDED[case.embedded]
        if found.packet:
            link.with_suffix(".packet").write_text(_wrapped(found.packet), encoding="utf-8")
            packets.append(link)
        if found.values:
            told.append({"SourceFile": str(link), **found.values})
    _exiftool(f"-json={_spelled(private / 'told.json', told)}", [t["SourceFile"] for t in told])
    _exiftool("-XMP<=%d%f.packet", packets)
    for link in links:
        link.unlink()


def _wrapped(document: str) -> str:
    """Put XMP into the frame that it has inside of other files."""
    begin = "<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?>"
    return f"{begin}{document.partition('?>')[2]}<?xpacket end='w'?>"


def _spelled(path: Path, told: object) -> Path:
    path.write_text(json.dumps(told))
    return path


def _exiftool(option: str, files: Sequence[Path | object]) -> None:
    command = ["exiftool", "-config", "", "-q", "-m", "-overwrite_original_in_place", option]
    if files:
        subprocess.run([*command, *map(str, files)], check=True)


def _twist(path: Path, case: Case) -> None:
    """Do what a file system allows, and others do not expect."""
    match case.odd:
        case "attributes":
            os.setxattr(path, "user.xdg.tags", b"Oma,Ulm")
            for sidecar in SIDECARS[case.beside]:
                os.setxattr(path.with_name(case.beside_as(sidecar)), "user.note", b"\0\xff")
            path.chmod(0o604)
        case "pair":
            other = path.with_suffix(".webp" if case.format != "webp" else ".gif")
            drawings.draw(other, case.number + 1000)
        case "links":
            os.link(path, path.with_name(f".{case.number}.kept"))
    os.utime(path, ns=(1_500_000_000_123_456_789, 1_400_000_000_987_654_321 + case.number))
