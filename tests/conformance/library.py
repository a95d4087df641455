"""A library as people have them: what stood in the files before, and what tools are to show after.

One captiond describes all of it, as a user runs it; a server that we scripted says what is in each
picture, and knows them by their colours.
"""

import base64
import io
import json
import struct
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, TiffImagePlugin

from tests import drawn
from tests.conformance.shown import Shown, Word
from tests.running import Captiond
from tests.scripted_server import ANSWERS, MODEL, Asked, Said, ScriptedServer, completed, honest

Colour = tuple[int, int, int]

WAYS = {
    "append": 'dam = "any"',
    "replace": 'sidecar_name = "replace"',
    "existing": 'sidecar_name = "existing"',
    "embed": 'dam = "bridge"',
    "both": 'write = "both"',
}
"""The ways to write that a folder can have, as its settings; each has a folder of that name."""

INSIDE = {".jpg", ".tif", ".png", ".psd", ".mp4"}
"""What ``bridge`` wants to have embedded."""

_NOTED = ("-XMP-dc:Subject=Oma", "-XMP-dc:Subject=Garten", "-XMP-dc:Description=Oma's garden")
_GARDEN: tuple[Word, ...] = (("Oma",), ("Garten",))


@dataclass(frozen=True, slots=True)
class Case:
    """One file: what somebody wrote of it before, and what of that is to be seen.

    *inside* and *beside* are ExifTool's arguments for the file itself and for its sidecars, whose
    suffixes *sidecars* names; *above* are words that stand in dc:subject as well.
    """

    name: str
    inside: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    sidecars: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()
    above: tuple[str, ...] = ()
    caption: str | None = None

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix

    @property
    def is_film(self) -> bool:
        return self.suffix in (".mp4", ".mkv")


CASES = (
    Case("plain.jpg"),
    Case("noted.jpg", inside=_NOTED, words=_GARDEN, caption="Oma's garden"),
    Case(
        "beside.jpg",
        beside=_NOTED,
        sidecars=(".jpg.xmp",),
        words=_GARDEN,
        caption="Oma's garden",
    ),
    Case("short.jpg", beside=_NOTED, sidecars=(".xmp",), words=_GARDEN, caption="Oma's garden"),
    Case(
        "twice.jpg",
        beside=("-XMP-dc:Subject=Oma", "-XMP-dc:Description=Oma's garden"),
        sidecars=(".jpg.xmp", ".xmp"),
        words=_GARDEN[:1],
        caption="Oma's garden",
    ),
    Case(
        "lightroom.jpg",
        inside=(
            *("-XMP-lr:HierarchicalSubject=Place|Garden", "-XMP-dc:Subject=Place"),
            "-XMP-dc:Subject=Garden",
        ),
        words=(("Place", "Garden"),),
        above=("Place",),
    ),
    Case(
        "digikam.jpg",
        inside=("-XMP-digiKam:TagsList=Family/Oma", "-XMP-dc:Subject=Oma"),
        words=(("Family", "Oma"),),
    ),
    Case(
        "iptc.jpg",
        inside=(
            *("-IPTC:CodedCharacterSet=UTF8", "-IPTC:Keywords=Ulm", "-IPTC:Keywords=Münster"),
            "-IPTC:Caption-Abstract=Das Münster zu Ulm",
        ),
        words=(("Ulm",), ("Münster",)),
        caption="Das Münster zu Ulm",
    ),
    Case(
        "exif.jpg",
        inside=("-IFD0:ImageDescription=Noted in the camera",),
        caption="Noted in the camera",
    ),
    Case("olympus.jpg", inside=("-IFD0:ImageDescription=OLYMPUS DIGITAL CAMERA",)),
    Case("spelled.jpg", inside=("-XMP-dc:Subject=KETTLE",), words=(("KETTLE",),)),
    Case(
        "odd.jpg",
        inside=tuple(f"-XMP-dc:Subject={word}" for word in ("2024", "true", "1.10", "ñandú 😀")),
        words=(("2024",), ("true",), ("1.10",), ("ñandú 😀",)),
    ),
    Case("pair.jpg", inside=("-XMP-dc:Subject=left",), words=(("left",),)),
    Case("pair.png", inside=("-XMP-dc:Subject=right",), words=(("right",),)),
    Case("page.tif", inside=_NOTED, words=_GARDEN, caption="Oma's garden"),
    Case("layers.psd"),
    Case("small.webp", inside=_NOTED, words=_GARDEN, caption="Oma's garden"),
    Case("phone.heic"),
    Case("camera.arw", beside=_NOTED, sidecars=(".xmp",), words=_GARDEN, caption="Oma's garden"),
    Case("film.mp4"),
    Case("noted.mkv", beside=_NOTED, sidecars=(".mkv.xmp",), words=_GARDEN, caption="Oma's garden"),
    Case("first.mp4", inside=_NOTED, words=_GARDEN, caption="Oma's garden"),
)
THINGS = (
    "apple", "boat", "castle", "desert", "engine", "fern", "goat", "harbour", "igloo", "jacket",
    "kettle", "lemon", "mirror", "nest", "owl", "piano", "quilt", "rabbit", "saddle", "tunnel",
    "umbrella", "violin",
)  # fmt: skip


def colour_of(number: int) -> Colour:
    """Give each case a colour that a JPEG leaves unmistakable."""
    levels = (25, 125, 225)
    return levels[number % 3], levels[number // 3 % 3], levels[number // 9 % 3]


def said_of(number: int) -> tuple[str, tuple[str, ...]]:
    """Say what the model sees in a picture: a caption and words."""
    thing = THINGS[number]
    return f"The {thing} stands in a meadow. Nothing moves.", (thing, "meadow", "quiet place")


def expected(number: int) -> Shown:
    """Say what every tool is to show: a human's words and ours, a human's caption or ours."""
    case, (caption, words) = CASES[number], said_of(number)
    known = {word[-1].casefold() for word in case.words}
    ours = ((word,) for word in words if word.casefold() not in known)
    return Shown(frozenset((*case.words, *ours)), case.caption or caption)


def everything() -> dict[str, Shown]:
    """Say what a tool shows that shows everything, by the names of the files."""
    return {case.name: expected(number) for number, case in enumerate(CASES)}


def flat(name: str) -> Shown:
    """Say what of a file a tool shows that takes all words for single ones."""
    case = next(case for case in CASES if case.name == name)
    shown = everything()[name].flat
    return Shown(shown.words | {(word,) for word in case.above}, shown.caption)


def answer(asked: Asked) -> Said:
    """Answer as a model that knows each picture by its colour."""
    if not asked.pictures or not set(asked.tasks) <= set(ANSWERS):
        return honest(asked)
    picture = Image.open(io.BytesIO(base64.b64decode(asked.pictures[0].partition(",")[2])))
    red, green, blue = picture.convert("RGB").getpixel((picture.width - 4, picture.height - 4))
    number = sum(round((level - 25) / 100) * 3**place
                 for place, level in enumerate((red, green, blue)))  # fmt: skip
    caption, words = said_of(number)
    told = {**ANSWERS, "caption": caption, "alt": caption.partition(".")[0] + ".", "tags": words}
    return completed(json.dumps({task: told[task] for task in asked.tasks}))


def draw(case: Case, path: Path, size: drawn.Size) -> None:
    """Draw the file of *case* in its colour, with what was in it before."""
    colour = colour_of(CASES.index(case))
    _PENCILS.get(case.suffix, drawn.jpeg)(path, size=size, colour=colour)
    if case.inside:
        tool("exiftool", *case.inside, path)
    for suffix in case.sidecars:
        tool("exiftool", *case.beside, path.with_name(path.stem + suffix))


def tool(name: str, *arguments: str | Path) -> None:
    """Have ExifTool write as a person does who knows nothing of captiond."""
    options = ["-q", "-config", "", "-overwrite_original", "-charset", "filename=utf8"]
    subprocess.run([name, *options[1:3], *options[:1], *options[3:], *arguments], check=True)


def described(
    root: Path, ways: Iterable[str] = WAYS, cases: Iterable[Case] = CASES, more: str = ""
) -> Captiond:
    """Draw *cases* once for each of *ways*, and have captiond describe all of it."""
    captiond = Captiond(root, more=more, languages=("es",))
    before, _, _ = captiond.config.read_text().partition("[[folders]]")
    for number, way in enumerate(ways):
        place = captiond.inbox / way
        place.mkdir()
        for case in cases:  # each of another size: digiKam takes equal files for one
            draw(case, place / case.name, (64 + 8 * number, 48))
        before += f'[[folders]]\npath = "in/{way}"\nsettle_s = 0.3\n{WAYS[way]}\n'
    with ScriptedServer(answer) as server:
        captiond.config.write_text(before + engine(server.url))
        captiond("run", "--once", timeout=300)
    return captiond


def engine(url: str) -> str:
    """Give the part of a configuration that names the scripted server."""
    return f'[engine]\nuse = "openai"\n[[engine.endpoints]]\nurl = "{url}"\nmodel = "{MODEL}"\n'


def camera_raw(path: Path, size: drawn.Size, colour: Colour) -> None:
    """Draw a Sony RAW file as far as tools that read its tags and its preview can tell."""
    preview = io.BytesIO()
    drawn.picture(size, colour).save(preview, "JPEG")
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[0x00FE], tags[0x0100], tags[0x0101], tags[0x0112] = 1, *size, 1
    tags[0x0103], tags[0x0106] = 32767, 32803  # a sensor picture, packed as Sony does
    tags[0x010F], tags[0x0110] = "SONY", "DSLR-A100"
    tags.tagtype[0x0201] = tags.tagtype[0x0202] = 4
    tags[0x0111], tags[0x0117] = 0, len(preview.getvalue())  # counted from the end of the tags
    tags[0x0201], tags[0x0202] = 0, len(preview.getvalue())
    tags[0x0201] = 8 + len(tags.tobytes(8))
    path.write_bytes(struct.pack("<2sHI", b"II", 42, 8) + tags.tobytes(8) + preview.getvalue())


def _film(path: Path, size: drawn.Size, colour: Colour) -> None:
    drawn.clip(path, seconds=0.5, size=(size[0] * 2, size[1] * 2), colours=(colour,))


_PENCILS: dict[str, Callable[..., object]] = {
    ".png": drawn.png,
    ".tif": drawn.tiff,
    ".psd": drawn.psd,
    ".webp": drawn.webp,
    ".heic": drawn.heic,
    ".arw": camera_raw,
    ".mp4": _film,
    ".mkv": _film,
}
