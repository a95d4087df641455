"""One picture, its sidecar, and what captiond and other programs do with them."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from metadata import sidecar
from metadata.asset import Asset, MediaKind, Stat
from metadata.change import Ours, Prepared, Rules
from metadata.description import (
    Code,
    Colour,
    Description,
    Fact,
    Look,
    Provenance,
    Record,
    Sentiment,
    Spoken,
    Tag,
    TextLine,
    Video,
)
from metadata.exiftool import ExifTool
from metadata.fields import KEYWORDS, Properties, words

BUILTIN = Provenance("builtin", "builtin@0.1.0", None, "2024-07-03T18:20:11Z", "run-1")
MODEL = Provenance("openai", "qwen@8b", "caption@1", "2024-07-03T18:20:12Z", "run-1")
SMALL = Description(
    caption={"en": "A red picture.", "es": "Una imagen roja."},
    alt={"en": "Red."},
    tags=(Tag("red", "builtin", {"es": "rojo"}), Tag("summer", "builtin")),
    provenance={"caption": BUILTIN, "tags": BUILTIN, "translate": BUILTIN},
)
LARGEST = Description(
    caption={
        "en": " $x\n-execute\n",
        "es": "Él",
        "hi": "लाल",
        "zh-Hans": "红",
        "pt-BR": "vermelho",
    },
    alt={"en": "Red.", "sr-Cyrl": "црвено"},
    summary={"en": "sum"},
    creative={"fr": "poème"},
    tags=(
        Tag("zebra", "builtin", {"es": "cebra", "zh-Hans": "斑马"}),
        *(Tag(name, "openai") for name in ("2024", "TRUE", "1.10", "apple", "ñandú 😀")),
    ),
    sentiment=Sentiment("mixed", 0.30000000000000004, ("calm", "TRUE", "a, b"), {"en": "why"}),
    text=(
        TextLine("BYE\nBYE", "en", 1.5),
        TextLine("C:\\users\\u0041"),
        TextLine("true", None, 0.0),
    ),
    codes=(Code("https://x/?a=1&b=<2>", "QR"), Code("4006381333931", "EAN13")),
    transcript=(Spoken(1.25, 3.5, "en", "hello"), Spoken(4.0, 5.0, None, "hm")),
    look=Look(
        (Colour("red", 0.31, "#d6282c"), Colour("dark blue", 0.1, "#000011")),
        (
            Fact("blurry", False, "measured", 0.98),
            Fact("faces", 0, "rule"),
            Fact("mean", 3.0, "measured", 1.0),
            Fact("season", "summer", "rule"),
            *(Fact("odd", odd, "ocr") for odd in ("true", "3", "", '"', "NaN", "[1]", "{}")),
        ),
    ),
    video=Video(29.97, True, 3, (1.0, 2.502)),
    provenance={name: MODEL for name in ("caption", "alt", "text")}
    | {name: BUILTIN for name in ("look", "translate", "tags", "sentiment", "speech")},
)
FOREIGN = """<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>
<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>
<rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/'
 xmlns:odd='http://example.org/odd/' xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Rating='4'
 odd:attribute='kept'>
<odd:thing rdf:parseType='Resource'><odd:part>1.10</odd:part><odd:list><rdf:Seq><rdf:li>b</rdf:li>
<rdf:li>a</rdf:li></rdf:Seq></odd:list></odd:thing>CAPTION
<dc:subject><rdf:Bag>WORDS</rdf:Bag></dc:subject>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end='w'?>"""
HUMAN_CAPTION = (
    "<dc:description><rdf:Alt><rdf:li xml:lang='x-default'>Oma's garden</rdf:li></rdf:Alt>"
    "</dc:description>"
)


def foreign(*words: str, caption: bool = True) -> bytes:
    items = "".join(f"<rdf:li>{word}</rdf:li>" for word in words)
    text = FOREIGN.replace("CAPTION", HUMAN_CAPTION if caption else "")
    return text.replace("WORDS", items).encode()


class Desk:
    """One picture in a folder, and what captiond does with it."""

    def __init__(self, exiftool: ExifTool, folder: Path) -> None:
        self.exiftool = exiftool
        self.rules = Rules()
        self.base = Ours()
        self.picture(folder / "a.jpg")

    def picture(self, path: Path, format: str = "jpeg") -> None:
        Image.new("RGB", (8, 8), "red").save(path, "JPEG")
        self.asset = Asset(
            path=path,
            kind=MediaKind.IMAGE,
            format=format,
            content="sha256:abc",
            stat=Stat.of(path.stat()),
            width=8,
            height=8,
        )
        self.sidecar = path.with_name(path.name + ".xmp")

    def prepare(self, said: Description = SMALL) -> Prepared:
        return sidecar.prepare(self.exiftool, self.asset, said, self.rules, self.base)

    def write(self, said: Description = SMALL) -> Record:
        prepared = self.prepare(said)
        for change in prepared.changes:
            sidecar.place(change)
        assert self.read() == prepared.record
        return prepared.record

    def read(self) -> Record:
        return sidecar.read(self.exiftool, self.asset, self.rules)

    def strip(self, *fields: str) -> Prepared:
        prepared = sidecar.strip(
            self.exiftool, self.asset, self.sidecar, self.base, fields, self.rules
        )
        for change in prepared.changes:
            sidecar.place(change)
        assert self.read() == prepared.record
        return prepared

    def edit(self, *arguments: str, path: Path | None = None) -> None:
        """Change a file as another program does, with an ExifTool that knows nothing of ours."""
        options = ["-q", "-config", "", "-overwrite_original", *arguments]
        subprocess.run(["exiftool", *options, path or self.sidecar], check=True)

    def tags(self) -> Properties:
        """Read the sidecar afresh, in ExifTool's own spelling."""
        return self.exiftool.read([self.sidecar.read_bytes()], ("-XMP:all",))[0]

    def words(self) -> dict[str, list[str]]:
        found = self.tags()
        return {name.split(":")[1]: words(found, name) for name in KEYWORDS}


@pytest.fixture(scope="module")
def exiftool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExifTool]:
    with ExifTool("exiftool", tmp_path_factory.mktemp("scratch")) as tool:
        yield tool


@pytest.fixture
def desk(exiftool: ExifTool, tmp_path: Path) -> Desk:
    return Desk(exiftool, tmp_path)


def everywhere(*names: str) -> dict[str, list[str]]:
    return {name: list(names) for name in ("Subject", "HierarchicalSubject", "TagsList")}


def named(record: Record, source: str = "human") -> list[str]:
    return [tag.name for tag in record.description.tags if tag.source == source]
